/*
 * What the services behind a gateway take. Read 2026-11 unless said otherwise.
 *
 * API Gateway developer guide, "Quotas for REST APIs" and "Stream the integration response"; Lambda developer guide, "Lambda quotas";
 * SageMaker Runtime API reference, InvokeEndpoint; WAF API reference, Body and RateBasedStatement. Of topics and rates of the firewall:
 * botocore 1.44.8, bedrock 2023-04-20, GuardrailTopicsConfig and GuardrailTopicConfig, and wafv2 2019-07-29, RateLimit; read 2026-11-26.
 */

/** Seconds that API Gateway waits for a whole answer, before the quota is raised. */
export const BUFFERED_SECONDS = 29;

/** Seconds that SageMaker waits for a whole answer, whatever the quota of API Gateway is. */
export const MODEL_SECONDS = 60;

/** Seconds that a stream lasts at most: API Gateway's limit, and Lambda's. */
export const STREAM_SECONDS = 900;

/** Largest body, in KiB: Lambda takes 6 MB with its envelope, in which a quote or a line break of the body takes two bytes. */
export const MOST_BODY_KIB = 5120;

/** What WAF reads of a body behind API Gateway, in KiB, at its largest setting. */
export const WAF_BODY_KIB = 64;

/** Requests of a rate-based rule, in its window. */
export const WAF_RATE = { least: 10, most: 2_000_000_000 };

/** Requests a second, and at once, that an account takes in a region before its quota is raised. */
export const ACCOUNT_RATE = { perSecond: 10_000, burst: 5000 };

/** Requests of a key in a day: the quota of a usage plan is an integer of 32 bits. Botocore 1.44.8, apigateway 2015-07-09, QuotaSettings. */
export const MOST_REQUESTS_PER_DAY = 2 ** 31 - 1;

/** Characters that one call of the guardrail judges of a stream: the overlap of two windows is 200. */
export const WINDOW = { least: 400, most: 10_000 };

/** Topics of a guardrail, its examples, and their lengths. */
export const TOPICS = { most: 30, nameCharacters: 100, definitionCharacters: 200, examples: 5, exampleCharacters: 100 };

/** Seconds in which a rate-based rule counts. */
export const RATE_WINDOW_SECONDS = 300;

/**
 * Requests of one key in five minutes at which the firewall steps in: twice what the fastest of the callers was promised, since it has one
 * rule for all keys, and API Gateway holds each to its own rate.
 */
export function firewallRateOf(clients: readonly { readonly requestsPerSecond: number }[]): number | undefined {
  if (clients.length === 0) return undefined;
  const fastest = Math.max(...clients.map(({ requestsPerSecond }) => requestsPerSecond));
  return Math.max(WAF_RATE.least, Math.ceil(2 * RATE_WINDOW_SECONDS * fastest));
}
