/*
 * Limits of the services of a gateway. Read 2026-11 unless stated otherwise.
 *
 * - API Gateway developer guide: "Quotas for REST APIs" and "Stream the integration response"
 * - Lambda developer guide: "Lambda quotas"
 * - SageMaker Runtime API reference: InvokeEndpoint
 * - WAF API reference: Body and RateBasedStatement
 * - Topics of a guardrail: botocore 1.44.8, bedrock 2023-04-20, GuardrailTopicsConfig and GuardrailTopicConfig; read 2026-11-26
 * - Rates of the firewall: botocore 1.44.8, wafv2 2019-07-29, RateLimit; read 2026-11-26
 */

/** Maximum seconds for a whole answer in API Gateway, with the default quota. */
export const BUFFERED_SECONDS = 29;

/** Maximum seconds for a whole answer in SageMaker, regardless of the quota of API Gateway. */
export const MODEL_SECONDS = 60;

/** Maximum seconds of a stream, in API Gateway and in Lambda. */
export const STREAM_SECONDS = 900;

/** Maximum body, in KiB. Lambda accepts 6 MB with its envelope, in which a quote or a line break of the body needs two bytes. */
export const MAX_BODY_KIB = 5120;

/** Maximum part of a body that WAF inspects for API Gateway, in KiB. */
export const WAF_BODY_KIB = 64;

/** Requests of a rate-based rule in its window. */
export const WAF_RATE = { min: 10, max: 2_000_000_000 };

/** Requests per second and burst of an account in a region, with the default quota. */
export const ACCOUNT_RATE = { perSecond: 10_000, burst: 5000 };

/** Maximum requests of a key per day. The quota of a usage plan is a 32-bit integer. Botocore 1.44.8, apigateway 2015-07-09, QuotaSettings. */
export const MAX_REQUESTS_PER_DAY = 2 ** 31 - 1;

/** Characters of a stream that the guardrail screens in one call. Two windows overlap by 200. */
export const WINDOW = { min: 400, max: 10_000 };

/** Limits of the topics of a guardrail and their examples. */
export const TOPICS = { max: 30, nameCharacters: 100, definitionCharacters: 200, examples: 5, exampleCharacters: 100 };

/** Window of a rate-based rule, in seconds. */
export const RATE_WINDOW_SECONDS = 300;

/**
 * Requests of one key in five minutes above which the firewall blocks it: twice the rate of the fastest client. The firewall has one rule
 * for all keys, and API Gateway enforces the rate of each key.
 */
export function firewallRateOf(clients: readonly { readonly requestsPerSecond: number }[]): number | undefined {
  if (clients.length === 0) return undefined;
  const fastest = Math.max(...clients.map(({ requestsPerSecond }) => requestsPerSecond));
  return Math.max(WAF_RATE.min, Math.ceil(2 * RATE_WINDOW_SECONDS * fastest));
}
