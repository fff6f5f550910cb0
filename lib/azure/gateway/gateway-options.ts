import { demandedAuthorization } from '../../core/gateway-authorization';
import { NUMBER, objectOf, recordOf, required, type Kind, type Shape, TEXT } from '../../core/shapes';
import { RESOURCE_GROUP, type IResourceGroup } from '../props/resource-group';
import { GATEWAY_AUTHORIZATION, type GatewayAuthorization } from './gateway-authorization';
import { GATEWAY_EXPOSURE, type GatewayExposure } from './gateway-exposure';
import { GATEWAY_TIER, GatewayTier } from './gateway-tier';
import { INFERENCE_TARGET, type IInferenceTarget } from './inference-target';
import { PROMPT_SCREENING, PromptScreening } from './prompt-screening';
import { RESPONSE_MODE, ResponseMode } from './response-mode';

/** What a gateway takes from all of its callers together, and from an address. */
export interface GatewayLimits {
  /** Requests a second, on average over a minute. @default 50 */
  readonly requestsPerSecond?: number;
  /** Tokens of prompts and answers in a minute. @default - no limit but that of the endpoints */
  readonly tokensPerMinute?: number;
  /** Requests of one address in five minutes. Callers behind one NAT gateway share an address. @default 1000 */
  readonly requestsPerAddress?: number;
}

/** A caller by its application id, and what it may use. */
export interface GatewayClient {
  /** Of its app registration, or of its managed identity. */
  readonly applicationId: string;
  /** Tokens of prompts and answers in a minute. */
  readonly tokensPerMinute: number;
  /** Tokens of prompts and answers a day. @default - no quota */
  readonly tokensPerDay?: number;
  /** Requests a second, on average over a minute. @default - that of the gateway */
  readonly requestsPerSecond?: number;
}

/** An endpoint of several, and what of the requests it gets. */
export interface PooledEndpoint {
  readonly endpoint: IInferenceTarget;
  /** Lower ones come first, 0 to 100: the others get requests while all of these fail. @default 1 */
  readonly priority?: number;
  /** Its share among those of its priority, 0 to 100. @default 1 */
  readonly weight?: number;
}

/** Properties for `InferenceGateway`. */
export interface InferenceGatewayProps {
  /** Where it stands. */
  readonly resourceGroup: IResourceGroup;
  /** The endpoint behind it, or several by name, which serve the same models and stand in for one another. */
  readonly endpoint: IInferenceTarget | Readonly<Record<string, PooledEndpoint>>;
  /** Who can reach it: nothing becomes public by default. */
  readonly exposure: GatewayExposure;
  /** Who may call it. */
  readonly authorization: GatewayAuthorization;
  /** Whom Azure writes to about the service. */
  readonly publisherEmail: string;
  /** @default GatewayTier.standardV2(), or GatewayTier.premium() where it is private */
  readonly tier?: GatewayTier;
  /** What judges prompts and answers in the gateway. @default PromptScreening.none(): the endpoints do, where they do */
  readonly screening?: PromptScreening;
  /** How answers reach the caller. @default ResponseMode.streamed() */
  readonly responses?: ResponseMode;
  /** Largest body of a request, in KiB, up to 4096. @default 1024 */
  readonly maxBodyKiB?: number;
  /** What it takes from all callers together. @default - see `GatewayLimits` */
  readonly limits?: GatewayLimits;
  /** Callers by name, each with a rate and quota of its own. @default - the limits of the gateway are all */
  readonly clients?: Readonly<Record<string, GatewayClient>>;
  /** Days that logs stay, as Log Analytics has them: 30 to 730. None holds a prompt. @default 365 */
  readonly logRetentionDays?: number;
  /** Name of the service, unique in the world: callers call `https://<name>.azure-api.net`. @default - from its path and subscription */
  readonly serviceName?: string;
}

const LIMITS: Shape<GatewayLimits> = { requestsPerSecond: NUMBER, tokensPerMinute: NUMBER, requestsPerAddress: NUMBER };

const CLIENT: Shape<GatewayClient> = {
  applicationId: required(TEXT),
  tokensPerMinute: required(NUMBER),
  tokensPerDay: NUMBER,
  requestsPerSecond: NUMBER,
};

const POOLED: Shape<PooledEndpoint> = { endpoint: required(INFERENCE_TARGET), priority: NUMBER, weight: NUMBER };

const POOL = recordOf(objectOf(POOLED, 'an endpoint of several { endpoint, priority, weight }'));

/** One endpoint has an address; several have names. */
const ENDPOINT: Kind = {
  allowed: `${INFERENCE_TARGET.allowed}, or several by name`,
  fits: (problems, prop, value) => (isPool(value) ? POOL : INFERENCE_TARGET).fits(problems, prop, value),
};

/** The kinds of the props of a gateway, but for the endpoint behind it. */
export const GATEWAY_OPTIONS: Shape<Omit<InferenceGatewayProps, 'endpoint'>> = {
  resourceGroup: required(RESOURCE_GROUP),
  exposure: required(GATEWAY_EXPOSURE),
  authorization: demandedAuthorization(GATEWAY_AUTHORIZATION, 'Use GatewayAuthorization.entra({ audiences: […] }).'),
  publisherEmail: required(TEXT),
  tier: GATEWAY_TIER,
  screening: PROMPT_SCREENING,
  responses: RESPONSE_MODE,
  maxBodyKiB: NUMBER,
  limits: objectOf(LIMITS),
  clients: recordOf(objectOf(CLIENT, 'a caller { applicationId, tokensPerMinute }')),
  logRetentionDays: NUMBER,
  serviceName: TEXT,
};

/** The kinds of all props of a gateway. */
export const GATEWAY: Shape<InferenceGatewayProps> = { endpoint: required(ENDPOINT), ...GATEWAY_OPTIONS };

/** A gateway with what was left out. */
export interface SettledGateway extends Required<Omit<InferenceGatewayProps, 'endpoint' | 'serviceName' | 'limits'>> {
  readonly endpoints: ReadonlyMap<string, Required<PooledEndpoint>>;
  readonly limits: GatewayLimits & Required<Omit<GatewayLimits, 'tokensPerMinute'>>;
}

/** Fills in what was left out. */
export function settledGateway(props: InferenceGatewayProps): SettledGateway {
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

/** The endpoints by name; one alone is `model`. */
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
