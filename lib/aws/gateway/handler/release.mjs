// @ts-check
import { Fault } from './faults.mjs';
import { OVERLAP } from './screen.mjs';
import { textFieldsOf } from './texts.mjs';

/** Maximum length of a line. A longer line is split, so a stream without line breaks cannot fill the memory. */
const MAX_LINE = 65_536;

/**
 * Releases a streamed answer in windows. A window is held until its text was screened, together with the end of the previous window. A
 * window that does not pass ends the stream with a `Fault`, and none of it is released.
 *
 * @param {AsyncIterable<string>} parts
 * @param {(texts: string[]) => Promise<boolean>} passes
 * @param {number} windowCharacters characters of text in one call of the guardrail
 * @returns {AsyncGenerator<string>}
 */
export async function* releaseScreened(parts, passes, windowCharacters) {
  const window = new Window();
  for await (const line of linesOf(parts)) {
    window.add(line);
    if (window.characters < windowCharacters - OVERLAP) continue;
    yield await released(window, passes);
  }
  if (window.held !== '') yield await released(window, passes);
}

/**
 * @param {Window} window
 * @param {(texts: string[]) => Promise<boolean>} passes
 */
async function released(window, passes) {
  const texts = window.texts;
  if (texts.length > 0 && !(await passes(texts))) throw new Fault('screened');
  return window.take();
}

/** The part of a stream that is held, and its texts. Pieces of one text are joined, because tokens split words. */
class Window {
  held = '';
  characters = 0;
  /** @type {Map<string, { tail: string, text: string }>} */
  #byPath = new Map();

  /** @param {string} line */
  add(line) {
    this.held += line;
    for (const { path, text } of textsIn(line)) {
      const { tail = '', text: before = '' } = this.#byPath.get(path) ?? {};
      this.#byPath.set(path, { tail, text: before + text });
      this.characters += text.length;
    }
  }

  get texts() {
    return [...this.#byPath.values()].filter(({ text }) => text !== '').map(({ tail, text }) => tail + text);
  }

  take() {
    const { held } = this;
    for (const [path, { tail, text }] of this.#byPath) {
      this.#byPath.set(path, { tail: (tail + text).slice(-OVERLAP), text: '' });
    }
    this.held = '';
    this.characters = 0;
    return held;
  }
}

/**
 * Returns the texts of a line: a server-sent event, a line of JSON, or plain text.
 *
 * @param {string} line
 * @returns {{ path: string, text: string }[]}
 */
function textsIn(line) {
  const data = line.replace(/^data:/, '').trim();
  if (data === '' || data === '[DONE]') return [];
  try {
    return textFieldsOf(JSON.parse(data));
  } catch {
    return [{ path: '', text: line }];
  }
}

/**
 * @param {AsyncIterable<string>} parts
 * @returns {AsyncGenerator<string>}
 */
async function* linesOf(parts) {
  let rest = '';
  for await (const part of parts) {
    const lines = (rest + part).split(/(?<=\n)/);
    rest = '';
    if (!lines.at(-1)?.endsWith('\n')) rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length <= MAX_LINE) continue;
    yield rest;
    rest = '';
  }
  if (rest !== '') yield rest;
}
