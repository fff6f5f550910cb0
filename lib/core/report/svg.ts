import { escapeHtml } from './escape';

type Attributes = Readonly<Record<string, string | number>>;

/** An element with attributes; `inner` is markup. */
export function element(name: string, attributes: Attributes, inner = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(show(value))}"`);
  return `<${name}${list.join('')}>${inner}</${name}>`;
}

/** A line of text; it is escaped, and squeezed rather than cut where it is wider than `width`. */
export function label(text: string, x: number, y: number, width: number, attributes: Attributes = {}): string {
  const size = Number(attributes['font-size'] ?? DEFAULT_SIZE);
  const shown = shorten(text, Math.floor(width / (size * LETTER)));
  return element('text', { x, y, 'font-size': size, ...attributes }, escapeHtml(shown));
}

const DEFAULT_SIZE = 13;
/** Width of a letter of the system's sans-serif, as a share of the size: a little wide, to be safe. */
const LETTER = 0.56;

/** Text in lines that are no wider than `width`, and no more than `most`: the last takes the rest. */
export function wrap(text: string, width: number, most: number, size = DEFAULT_SIZE): string[] {
  const letters = Math.floor(width / (size * LETTER));
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined) return [word];
    const fits = last.length + 1 + word.length <= letters || lines.length === most;
    return fits ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);
}

function shorten(text: string, letters: number): string {
  const plain = Array.from(text);
  return plain.length <= letters ? text : `${plain.slice(0, Math.max(1, letters - 1)).join('')}…`;
}

/** A picture with a name and a description for those who do not see it. */
export function picture(id: string, title: string, description: string, box: Box, inner: string): string {
  const { width, height } = box;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${show(width)} ${show(height)}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      style: 'height:auto',
    },
    element('title', { id: `${id}-title` }, escapeHtml(title)) +
      element('desc', { id: `${id}-desc` }, escapeHtml(description)) +
      inner,
  );
}

/** Size of a picture in its own units. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

function show(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
}
