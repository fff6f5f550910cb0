// @ts-check
import { Fault } from './faults.mjs';

/**
 * Headers of every answer: it is for this caller alone, and is what it says it is.
 *
 * @param {string} contentType
 */
export function headersOf(contentType) {
  return /** @type {Record<string, string>} */ ({
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
}

/** @param {string} text */
export async function* one(text) {
  yield text;
}

/**
 * The text of a stream, whose parts may end within a character.
 *
 * @param {AsyncIterable<Uint8Array>} parts
 */
export async function* textParts(parts) {
  const decoder = new TextDecoder();
  for await (const part of parts) {
    const text = decoder.decode(part, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** @param {Uint8Array} bytes */
export function decoded(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('model_failed', 'The model answered with something that is no text.');
  }
}

/**
 * @param {string} text
 * @returns {unknown}
 */
export function jsonOrText(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
