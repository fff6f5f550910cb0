import type { RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import { firewallRateOf } from './gateway-limits';
import type { IInferenceTarget } from './inference-target';
import type { PromptScreening } from './prompt-screening';
import type { ResponseMode } from './response-mode';

/** What a gateway takes from all of its callers together, and from an address. */
export interface GatewayLimits {
  /** Requests a second, on average. @default 50 */
  readonly requestsPerSecond?: number;
  /** Requests at once, before the average counts. @default 100 */
  readonly burst?: number;
  /**
   * Requests of one address in five minutes. Callers behind one NAT gateway share an address.
   *
   * @default - 1000, or twice what the fastest of `clients` may send, if that is more
   */
  readonly requestsPerAddress?: number;
}

/** A caller with an API key, and what it may use. */
export interface GatewayClient {
  /** Requests a second, on average. */
  readonly requestsPerSecond: number;
  /** Requests at once, before the average counts. @default - twice `requestsPerSecond` */
  readonly burst?: number;
  /** Requests a day. @default - no quota */
  readonly requestsPerDay?: number;
}

/** Properties for `InferenceGateway`. */
export interface InferenceGatewayProps {
  /** The endpoint behind it, e.g. an `InferenceEndpoint`. */
  readonly endpoint: IInferenceTarget;
  /** Who can reach it: nothing becomes public by default. */
  readonly exposure: GatewayExposure;
  /** Who may call it. */
  readonly authorization: GatewayAuthorization;
  /** What judges prompts and answers. @default PromptScreening.guardrail() */
  readonly screening?: PromptScreening;
  /** How answers reach the caller. @default ResponseMode.streamed() */
  readonly responses?: ResponseMode;
  /** Largest body of a request, in KiB, up to 5120. Beyond 64, the firewall sees only its beginning. @default 64 */
  readonly maxBodyKiB?: number;
  /** What it takes from all callers together. @default - see `GatewayLimits` */
  readonly limits?: GatewayLimits;
  /**
   * Callers by name, each with an API key, a rate and a quota of its own. A key tells callers apart for metering: it authenticates nobody.
   *
   * @default - no keys: the limits of the gateway are all
   */
  readonly clients?: Readonly<Record<string, GatewayClient>>;
  /** How long access, firewall and function logs stay. None holds a prompt. @default RetentionDays.ONE_YEAR */
  readonly logRetention?: RetentionDays;
  /**
   * Whether the role by which API Gateway writes logs is set here. It is one an account and region, and stays when the gateway goes.
   *
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly setsLoggingRole?: boolean;
  /** What becomes of logs and keys when they leave the stack. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}

/** Defaults of `InferenceGatewayProps`. */
export const DEFAULT_MAX_BODY_KIB = 64;

/** The limits of a gateway, with what was left out. */
export function limitsOf({ limits = {}, clients = {} }: InferenceGatewayProps): Required<GatewayLimits> {
  const fastest = firewallRateOf(Object.values(clients)) ?? 0;
  const { requestsPerSecond = 50, burst = 100, requestsPerAddress = Math.max(1000, fastest) } = limits;
  return { requestsPerSecond, burst, requestsPerAddress };
}
