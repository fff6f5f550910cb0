// @ts-check
import { Fault } from './faults.mjs';

/**
 * Headers of every answer. They forbid caches and content sniffing.
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
 * Decodes a stream. Its parts can end within a character.
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
    throw new Fault('model_failed', 'The answer of the model is not valid UTF-8.');
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
