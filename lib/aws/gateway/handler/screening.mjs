// @ts-check
import { Fault } from './faults.mjs';
import { jsonOrText } from './output.mjs';
import { releaseScreened } from './release.mjs';
import { dropTokenCopies, placesOf, textsToScreen } from './texts.mjs';

/**
 * @typedef {import('./screen.mjs').Screen} Screen
 * @typedef {import('./screen.mjs').Verdict} Verdict
 */

/** Screens one request and its answer. Without a guardrail both pass as they are. */
export class Screening {
  /** @type {Set<string>} */
  #policies = new Set();

  /** @param {Screen} [screen] */
  constructor(screen) {
    this.screen = screen;
  }

  /** Names of what intervened, for the log: never what was found. */
  get policies() {
    return [...this.#policies];
  }

  /**
   * Lets a request pass, or throws: what can only be masked is refused, since the model must read what was asked.
   *
   * @param {Record<string, unknown>} json
   */
  async request(json) {
    if (this.screen) this.#pass(await this.screen.judge('INPUT', textsToScreen(json)));
  }

  /**
   * A whole answer as the caller may see it.
   *
   * @param {string} text
   */
  async whole(text) {
    const { screen } = this;
    if (!screen) return text;
    const holder = { answer: jsonOrText(text) };
    const places = placesOf(holder);
    const verdict = await screen.judge(
      'OUTPUT',
      places.map((place) => place.text),
    );
    if (verdict.action !== 'mask') {
      this.#pass(verdict);
      return text;
    }
    this.#note(verdict);
    for (const place of places) place.replace(await screen.mask(place.text));
    dropTokenCopies(holder.answer);
    return typeof holder.answer === 'string' ? holder.answer : JSON.stringify(holder.answer);
  }

  /**
   * A streamed answer, as far as the caller may see it.
   *
   * @param {AsyncGenerator<string>} texts
   * @param {number} windowCharacters
   * @returns {AsyncGenerator<string>}
   */
  stream(texts, windowCharacters) {
    const { screen } = this;
    if (!screen) return texts;
    /** @param {string[]} found */
    const passes = async (found) => this.#note(await screen.judge('OUTPUT', found)).action === 'pass';
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
