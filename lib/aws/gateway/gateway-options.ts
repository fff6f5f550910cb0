import { type RemovalPolicy, type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import { firewallRateOf } from './gateway-limits';
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
