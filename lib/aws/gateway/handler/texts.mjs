// @ts-check
import { Fault } from './faults.mjs';

/** Maximum nesting: deeper than any valid request, and far below a stack overflow. */
const MAX_DEPTH = 64;

/** Fields with names. A single word in them is not part of a prompt or an answer. */
const LABELS = new Set(
  'id object model role type finish_reason stop_reason system_fingerprint service_tier tool_call_id'.split(' '),
);
const ONE_WORD = /^[\w.:/+-]{1,128}$/;

/** Settings with lists of numbers. Any other list of numbers is a prompt as tokens or vectors, which cannot be screened. */
const NUMBER_SETTINGS = new Set(['stop_token_ids', 'timestamp_granularities', 'bad_words_ids']);

/** Parts of a message without text. */
const OPAQUE_FIELDS = new Set(
  'image_url image input_image input_audio audio_url video_url file input_file prompt_embeds'.split(' '),
);

/** A usual field name. Any other key can contain words for the model, for example in the schema of a tool. */
const FIELD = /^[\w.-]{1,64}$/;

/** Base64 data, which is longer than any word. */
const ENCODED = /^data:|^[A-Za-z0-9+/=_-]{1024,}$/;

/**
 * A string in a JSON value, its path, and a function that replaces it.
 *
 * @typedef {object} TextField
 * @property {string} path the same for all pieces of one text in a stream
 * @property {string} text
 * @property {(text: string) => void} replace
 */

/**
 * Returns every string in a JSON value, also in unknown fields, because the model can read them.
 *
 * @param {unknown} value
 * @returns {TextField[]}
 */
export function textFieldsOf(value) {
  /** @type {TextField[]} */
  const fields = [];
  visit({ value }, 'value', '', 0, fields);
  return fields;
}

/**
 * Returns the texts of a request. Refuses other content, because it would pass unscreened.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
export function textsToScreen(value) {
  const fields = textFieldsOf(value);
  if (holdsOpaque(value, '')) throw new Fault('malformed', 'This gateway screens requests, and supports only text.');
  return fields.map(({ text }) => text);
}

/**
 * @param {any} holder
 * @param {string | number} key
 * @param {string} path
 * @param {number} depth
 * @param {TextField[]} fields
 */
function visit(holder, key, path, depth, fields) {
  if (depth > MAX_DEPTH) throw new Fault('malformed', 'The body is nested too deeply.');
  const value = holder[key];
  if (typeof value === 'string') {
    if (value === '' || (LABELS.has(String(key)) && ONE_WORD.test(value))) return;
    fields.push({ path, text: value, replace: (text) => void (holder[key] = text) });
  } else if (Array.isArray(value)) {
    // Choices of a stream arrive one by one. Their `index` identifies them, not their position in the list.
    value.forEach((item, at) => visit(value, at, `${path}.${item?.index ?? at}`, depth + 1, fields));
  } else if (typeof value === 'object' && value !== null) {
    for (const field of Object.keys(value)) {
      if (!FIELD.test(field)) fields.push({ path: `${path}.key`, text: field, replace: () => {} });
      visit(value, field, `${path}.${field}`, depth + 1, fields);
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
  return Object.entries(value).some(
    ([field, one]) => (OPAQUE_FIELDS.has(field) && one !== null) || holdsOpaque(one, field),
  );
}

/**
 * Deletes the fields that repeat a masked text token by token.
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
