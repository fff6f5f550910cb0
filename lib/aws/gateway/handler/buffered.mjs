// @ts-check
import { Exchange } from './answer.mjs';
import { servicesOf, settingsOf } from './services.mjs';

const services = servicesOf(process.env);
const settings = settingsOf(process.env);

/**
 * Returns the whole answer to API Gateway.
 *
 * @param {import('./answer.mjs').GatewayEvent} event
 * @param {{ getRemainingTimeInMillis(): number }} context
 */
export async function handler(event, context) {
  const exchange = new Exchange(services, settings, event, context);
  const { status, headers, parts } = await exchange.answer();
  let body = '';
  for await (const part of parts) body += part;
  console.info(exchange.finished());
  return { statusCode: status, headers, body };
}
