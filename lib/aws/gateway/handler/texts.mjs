// @ts-check
import { Fault } from './faults.mjs';

/** Deeper than any request of a model, and far from the end of the stack. */
const MOST_DEPTH = 64;

/** Fields that name things: one word there is no text that a model reads or wrote. */
const LABELS = new Set(
  'id object model role type finish_reason stop_reason system_fingerprint service_tier tool_call_id'.split(' '),
);
const ONE_WORD = /^[\w.:/+-]{1,128}$/;

/** Lists of numbers that are settings. Any other is a prompt in tokens or vectors, which no screening reads. */
const NUMBER_SETTINGS = new Set(['stop_token_ids', 'timestamp_granularities', 'bad_words_ids']);

/** Parts of a message that are no text. */
const NO_TEXT = new Set(
  'image_url image input_image input_audio audio_url video_url file input_file prompt_embeds'.split(' '),
);

/** A field name of an interface. Any other key may hold words for the model, as those of a tool's schema do. */
const FIELD = /^[\w.-]{1,64}$/;

/** Data in Base64: longer than any word. */
const ENCODED = /^data:|^[A-Za-z0-9+/=_-]{1024,}$/;

/**
 * A text in a JSON value, where it stands, and how to put another in its place.
 *
 * @typedef {object} Place
 * @property {string} path the same for all pieces of one text in a stream
 * @property {string} text
 * @property {(text: string) => void} replace
 */

/**
 * Every text in a JSON value: not only the fields that a known interface has, since the model may read others.
 *
 * @param {unknown} value
 * @returns {Place[]}
 */
export function placesOf(value) {
  /** @type {Place[]} */
  const places = [];
  visit({ value }, 'value', '', 0, places);
  return places;
}

/**
 * The texts of a request. What is no text is refused, since it would pass unscreened.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
export function textsToScreen(value) {
  const places = placesOf(value);
  if (holdsOpaque(value, ''))
    throw new Fault('malformed', 'This gateway screens what it passes on, and takes text only.');
  return places.map(({ text }) => text);
}

/**
 * @param {any} holder
 * @param {string | number} key
 * @param {string} path
 * @param {number} depth
 * @param {Place[]} places
 */
function visit(holder, key, path, depth, places) {
  if (depth > MOST_DEPTH) throw new Fault('malformed', 'The body is nested too deeply.');
  const value = holder[key];
  if (typeof value === 'string') {
    if (value === '' || (LABELS.has(String(key)) && ONE_WORD.test(value))) return;
    places.push({ path, text: value, replace: (text) => void (holder[key] = text) });
  } else if (Array.isArray(value)) {
    // Choices of a stream come one by one: their own number tells them apart, not their place in the list.
    value.forEach((item, at) => visit(value, at, `${path}.${item?.index ?? at}`, depth + 1, places));
  } else if (typeof value === 'object' && value !== null) {
    for (const field of Object.keys(value)) {
      if (!FIELD.test(field)) places.push({ path: `${path}.key`, text: field, replace: () => {} });
      visit(value, field, `${path}.${field}`, depth + 1, places);
    }
  }
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {boolean}
 */
function holdsOpaque(value, key) {
  if (typeof value === 'string') return ENCODED.test(value);
  if (Array.isArray(value)) {
    if (!NUMBER_SETTINGS.has(key) && value.some((item) => typeof item === 'number')) return true;
    return value.some((item) => holdsOpaque(item, key));
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([field, one]) => (NO_TEXT.has(field) && one !== null) || holdsOpaque(one, field));
}

/**
 * Takes out what repeats a text token by token, once the text itself was masked.
 *
 * @param {unknown} value
 */
export function dropTokenCopies(value) {
  if (typeof value !== 'object' || value === null) return;
  const holder = /** @type {Record<string, unknown>} */ (value);
  for (const field of Object.keys(holder)) {
    if (field === 'logprobs' || field === 'prompt_logprobs' || field === 'token_ids') delete holder[field];
    else dropTokenCopies(holder[field]);
  }
}
