// @ts-check
import { Exchange } from './answer.mjs';
import { servicesOf, settingsOf } from './services.mjs';
import { writeParts } from './writing.mjs';

/**
 * The stream API of the Node.js runtime of Lambda, which no package declares.
 *
 * @typedef {import('node:stream').Writable} ResponseStream
 * @typedef {(event: import('./answer.mjs').GatewayEvent, stream: ResponseStream, context: { getRemainingTimeInMillis(): number }) => Promise<void>} StreamHandler
 * @typedef {object} AwsLambda
 * @property {(handler: StreamHandler) => StreamHandler} streamifyResponse
 * @property {{ from(stream: ResponseStream, prelude: { statusCode: number, headers: Record<string, string> }): ResponseStream }} HttpResponseStream
 */
const { awslambda } = /** @type {typeof globalThis & { awslambda: AwsLambda }} */ (globalThis);

const services = servicesOf(process.env);
const settings = settingsOf(process.env);

/** Streams the answer to API Gateway: the status first, then each part when it passes. */
export const handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
  const exchange = new Exchange(services, settings, event, context);
  const { status, headers, parts } = await exchange.answer();
  const stream = awslambda.HttpResponseStream.from(responseStream, { statusCode: status, headers });
  stream.on('error', () => exchange.abandon());
  stream.on('close', () => exchange.abandon());
  // Lambda sends the status with the first write. An empty answer has no other one.
  stream.write('');
  await writeParts(parts, stream);
  console.info(exchange.finished());
});
