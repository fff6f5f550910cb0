// @ts-check
import { Fault } from './faults.mjs';

/**
 * The fields of an API Gateway event that the function reads.
 *
 * @typedef {object} GatewayEvent
 * @property {string | null} [body]
 * @property {boolean} [isBase64Encoded]
 * @property {Readonly<Record<string, string | undefined>> | null} [headers]
 * @property {{ requestId?: string }} [requestContext]
 *
 * @typedef {object} ModelRequest
 * @property {Record<string, unknown>} json
 * @property {string} payload JSON for the model, serialized again, so that a duplicate key cannot hide text from the screening
 * @property {number} bytes
 * @property {boolean} stream whether the caller requested a stream
 */

/**
 * Parses and validates a request, before it causes costs.
 *
 * @param {GatewayEvent} event
 * @param {number} maxBodyBytes
 * @returns {ModelRequest}
 */
export function readRequest(event, maxBodyBytes) {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) throw new Fault('oversized', `The body must be at most ${maxBodyBytes} bytes.`);
  if (!isJson(event.headers)) throw new Fault('malformed', 'The content-type must be application/json.');
  const json = parsed(textOf(bytes));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Fault('malformed');
  // Model servers also accept "true" and 1. The gateway would not detect such a stream, and would screen fragments of words.
  if (![undefined, null, true, false].includes(json.stream))
    throw new Fault('malformed', 'stream must be true or false.');
  return { json, payload: JSON.stringify(json), bytes: bytes.length, stream: json.stream === true };
}

/** @param {GatewayEvent['headers']} headers */
function isJson(headers) {
  const type = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new Fault('malformed', 'The body must be UTF-8.');
  }
}

/**
 * @param {string} payload
 * @returns {any}
 */
function parsed(payload) {
  try {
    return JSON.parse(payload);
  } catch {
    throw new Fault('malformed');
  }
}
