import { type RemovalPolicy, type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import type { SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import type { IInferenceTarget } from './inference-target';
import type { PromptScreening } from './prompt-screening';
import type { ResponseMode } from './response-mode';

/** Limits of a gateway: over all callers, and for each address. */
export interface GatewayLimits {
  /** Requests per second of all callers, on average. @default 50 */
  readonly requestsPerSecond?: number;
  /** Requests of all callers in a burst above the average. @default 100 */
  readonly burst?: number;
  /**
   * Requests of one IP address in five minutes. Callers behind a NAT gateway share one address.
   *
   * @default - 1000, or twice the rate of the fastest of `clients` if that is more
   */
  readonly requestsPerAddress?: number;
}

/** A caller with an API key and its own limits. */
export interface GatewayClient {
  /** Requests per second, on average. */
  readonly requestsPerSecond: number;
  /** Requests in a burst above the average. @default - twice `requestsPerSecond` */
  readonly burst?: number;
  /** Requests per day. @default - no quota */
  readonly requestsPerDay?: number;
}

/** A custom domain of a public gateway. Callers can then use only this name. */
export interface GatewayDomain {
  /** Domain name, for example `models.example.com`. Point an alias record at `gateway.domain`. */
  readonly domainName: string;
  /** ACM certificate of the domain name, in the region of the gateway. */
  readonly certificate: ICertificate;
  /** TLS versions and ciphers. @default SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09, TLS 1.2 or later with forward secrecy */
  readonly securityPolicy?: SecurityPolicy;
}

/** Properties for `InferenceGateway`. */
export interface InferenceGatewayProps {
  /** The endpoint, for example an `InferenceEndpoint`. */
  readonly endpoint: IInferenceTarget;
  /** Who can reach the gateway. There is no default, so nothing becomes public by accident. */
  readonly exposure: GatewayExposure;
  /** Who can call the gateway. */
  readonly authorization: GatewayAuthorization;
  /** Screening of prompts and answers. @default PromptScreening.guardrail() */
  readonly screening?: PromptScreening;
  /** Custom domain of a public gateway. @default - callers use the domain of API Gateway */
  readonly domain?: GatewayDomain;
  /** How answers are sent to the caller. @default ResponseMode.streamed() */
  readonly responses?: ResponseMode;
  /**
   * Maximum body of a request, 1 to 5120 KiB. The firewall inspects only the first 64 KiB.
   *
   * @default Size.kibibytes(64)
   * @schema BODY_SIZE
   */
  readonly maxBody?: Size;
  /** Limits over all callers, and for each address. @default - the defaults of `GatewayLimits` */
  readonly limits?: GatewayLimits;
  /**
   * Callers by name, each with an API key and its own limits. A key identifies a caller for its limits, but does not authenticate it.
   *
   * @default - no keys, and only the limits of the gateway
   */
  readonly clients?: Readonly<Record<string, GatewayClient>>;
  /** Retention of access, firewall and function logs. Logs contain no prompts. @default RetentionDays.ONE_YEAR */
  readonly logRetention?: RetentionDays;
  /**
   * Whether to set the role with which API Gateway writes logs. An account has one in each region, and it remains after the gateway is
   * deleted.
   *
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly cloudWatchRole?: boolean;
  /** Removal policy of logs and keys. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}

/** The maximum body, in KiB. */
export function maxBodyKiBOf({ maxBody }: Pick<InferenceGatewayProps, 'maxBody'>): number {
  return maxBody?.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) ?? 64;
}

/** The limits of a gateway with their defaults. */
export function limitsOf({ limits = {}, clients = {} }: InferenceGatewayProps): Required<GatewayLimits> {
  const fastest = firewallRateOf(Object.values(clients)) ?? 0;
  const { requestsPerSecond = 50, burst = 100, requestsPerAddress = Math.max(1000, fastest) } = limits;
  return { requestsPerSecond, burst, requestsPerAddress };
}

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
