import type { IResourceGroup } from '../props/resource-group';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import { GatewayTier } from './gateway-tier';
import type { IInferenceTarget } from './inference-target';
import { PromptScreening } from './prompt-screening';
import { ResponseMode } from './response-mode';

/** Limits of a gateway: over all callers, and for each address. */
export interface GatewayLimits {
  /** Requests per second of all callers, averaged over a minute. @default 50 */
  readonly requestsPerSecond?: number;
  /** Tokens per minute of all callers, for prompts and answers. @default - only the limits of the endpoints */
  readonly tokensPerMinute?: number;
  /** Requests of one IP address in five minutes. Callers behind a NAT gateway share one address. @default 1000 */
  readonly requestsPerAddress?: number;
}

/** A caller with its own limits. */
export interface GatewayClient {
  /** Application id of its app registration or its managed identity. */
  readonly applicationId: string;
  /** Tokens per minute, for prompts and answers. */
  readonly tokensPerMinute: number;
  /** Tokens per day, for prompts and answers. @default - no quota */
  readonly tokensPerDay?: number;
  /** Requests per second, averaged over a minute. @default - only the limit of the gateway */
  readonly requestsPerSecond?: number;
}

/** One of several endpoints behind a gateway. */
export interface PooledEndpoint {
  /** The endpoint itself. */
  readonly endpoint: IInferenceTarget;
  /** Priority, 0 to 100. Endpoints with a higher number get requests only while all with a lower number fail. @default 1 */
  readonly priority?: number;
  /** Weight among the endpoints with the same priority, 0 to 100. @default 1 */
  readonly weight?: number;
}

/** Properties for `InferenceGateway`. */
export interface InferenceGatewayProps {
  /** Resource group of the gateway. */
  readonly resourceGroup: IResourceGroup;
  /** The endpoint, or several by name. Several endpoints must serve the same models, and replace each other on failure. */
  readonly endpoint: IInferenceTarget | Readonly<Record<string, PooledEndpoint>>;
  /** Who can reach the gateway. There is no default, so nothing becomes public by accident. */
  readonly exposure: GatewayExposure;
  /** Who can call the gateway. */
  readonly authorization: GatewayAuthorization;
  /** Email address for notices of Azure about the service. */
  readonly publisherEmail: string;
  /** Pricing tier and units. @default - GatewayTier.standardV2(), or GatewayTier.premium() for a private gateway */
  readonly tier?: GatewayTier;
  /** Screening of prompts and answers in the gateway. @default PromptScreening.none(), because endpoints can screen themselves */
  readonly screening?: PromptScreening;
  /** How answers are sent to the caller. @default ResponseMode.streamed() */
  readonly responses?: ResponseMode;
  /** Maximum body of a request, in KiB, 1 to 4096. @default 1024 */
  readonly maxBodyKiB?: number;
  /** Limits over all callers, and for each address. @default - the defaults of `GatewayLimits` */
  readonly limits?: GatewayLimits;
  /** Callers by name, each with its own limits. @default - only the limits of the gateway */
  readonly clients?: Readonly<Record<string, GatewayClient>>;
  /** Retention of the logs, in days, 30 to 730. Logs contain no prompts. @default 365 */
  readonly logRetentionDays?: number;
  /**
   * Name of the service, unique in Azure. Its address is `https://<name>.azure-api.net`.
   *
   * @default - derived from the construct path and the subscription
   */
  readonly serviceName?: string;
}

/** The props of a gateway with all settings resolved. */
export interface ResolvedGateway extends Required<Omit<InferenceGatewayProps, 'endpoint' | 'serviceName' | 'limits'>> {
  readonly endpoints: ReadonlyMap<string, Required<PooledEndpoint>>;
  readonly limits: GatewayLimits & Required<Omit<GatewayLimits, 'tokensPerMinute'>>;
}

/** Resolves the settings that are left out. */
export function resolveGateway(props: InferenceGatewayProps): ResolvedGateway {
  const { requestsPerSecond = 50, requestsPerAddress = 1000, tokensPerMinute } = props.limits ?? {};
  return {
    ...props,
    tier: props.tier ?? (props.exposure.isPrivate ? GatewayTier.premium() : GatewayTier.standardV2()),
    screening: props.screening ?? PromptScreening.none(),
    responses: props.responses ?? ResponseMode.streamed(),
    maxBodyKiB: props.maxBodyKiB ?? 1024,
    clients: props.clients ?? {},
    logRetentionDays: props.logRetentionDays ?? 365,
    endpoints: endpointsOf(props.endpoint),
    limits: { requestsPerSecond, requestsPerAddress, tokensPerMinute },
  };
}

/** The endpoints by name. A single endpoint has the name `model`. */
export function endpointsOf(
  endpoint: InferenceGatewayProps['endpoint'],
): ReadonlyMap<string, Required<PooledEndpoint>> {
  const pool = isPool(endpoint) ? endpoint : { model: { endpoint } };
  return new Map(
    Object.entries<PooledEndpoint>(pool).map(([name, { endpoint: target, priority = 1, weight = 1 }]) => [
      name,
      { endpoint: target, priority, weight },
    ]),
  );
}

function isPool(value: unknown): value is Readonly<Record<string, PooledEndpoint>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('url' in value);
}
