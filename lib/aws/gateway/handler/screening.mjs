// @ts-check
import { Fault } from './faults.mjs';
import { jsonOrText } from './output.mjs';
import { releaseScreened } from './release.mjs';
import { dropTokenCopies, textFieldsOf, textsToScreen } from './texts.mjs';

/**
 * @typedef {import('./screen.mjs').Screen} Screen
 * @typedef {import('./screen.mjs').Verdict} Verdict
 */

/** Screens a request and its answer. Without a guardrail, both pass unchanged. */
export class Screening {
  /** @type {Set<string>} */
  #policies = new Set();

  /** @param {Screen} [screen] */
  constructor(screen) {
    this.screen = screen;
  }

  /** Names of the policies that intervened, for the log, without the matched text. */
  get policies() {
    return [...this.#policies];
  }

  /**
   * Throws if a request does not pass. Also refuses a request to mask, because the model must get the original prompt.
   *
   * @param {Record<string, unknown>} json
   */
  async request(json) {
    if (this.screen) this.#pass(await this.screen.check('INPUT', textsToScreen(json)));
  }

  /**
   * Returns a whole answer, masked if necessary.
   *
   * @param {string} text
   */
  async whole(text) {
    const { screen } = this;
    if (!screen) return text;
    const holder = { answer: jsonOrText(text) };
    const fields = textFieldsOf(holder);
    const verdict = await screen.check(
      'OUTPUT',
      fields.map((field) => field.text),
    );
    if (verdict.action !== 'mask') {
      this.#pass(verdict);
      return text;
    }
    this.#note(verdict);
    for (const field of fields) field.replace(await screen.mask(field.text));
    dropTokenCopies(holder.answer);
    return typeof holder.answer === 'string' ? holder.answer : JSON.stringify(holder.answer);
  }

  /**
   * Returns the part of a streamed answer that passes.
   *
   * @param {AsyncGenerator<string>} texts
   * @param {number} windowCharacters
   * @returns {AsyncGenerator<string>}
   */
  stream(texts, windowCharacters) {
    const { screen } = this;
    if (!screen) return texts;
    /** @param {string[]} found */
    const passes = async (found) => this.#note(await screen.check('OUTPUT', found)).action === 'pass';
    return releaseScreened(texts, passes, windowCharacters);
  }

  /** @param {Verdict} verdict */
  #pass(verdict) {
    if (this.#note(verdict).action !== 'pass') throw new Fault('screened');
  }

  /** @param {Verdict} verdict */
  #note(verdict) {
    for (const policy of verdict.policies) this.#policies.add(policy);
    return verdict;
  }
}
