import { type IResourceGroup, checkResourceGroup } from '../props/resource-group';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import { GatewayTier } from './gateway-tier';
import type { IInferenceTarget } from './inference-target';
import { PromptScreening } from './prompt-screening';
import { ResponseMode } from './response-mode';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkBounds } from '../../terraform/tokens';
import { checkResourceId } from '../props/resource-id';
import { INFERENCE_GATEWAY_ATTRIBUTES } from '../prop-schemas';

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

/** An inference gateway: an `InferenceGateway`, or an existing one. */
export interface IInferenceGateway extends IConstruct {
  /** Base address for clients of the OpenAI protocol. */
  readonly url: string;
  /** Resource id of the API Management service. */
  readonly serviceId: string;
  /** Resource group of the gateway. */
  readonly resourceGroup: IResourceGroup;
  /** Maximum duration of a request, in seconds. */
  readonly timeoutSeconds: number;
}

/** Attributes of an existing gateway, for `InferenceGateway.fromInferenceGatewayAttributes`. */
export interface InferenceGatewayAttributes {
  /** Base address for clients of the OpenAI protocol, for example `https://atlas.azure-api.net/v1`. */
  readonly url: string;
  /** Resource id of the API Management service. */
  readonly serviceId: string;
  /** Resource group of the gateway. */
  readonly resourceGroup: IResourceGroup;
  /** Maximum duration of a request, in seconds, 1 to 240. @default 240 */
  readonly timeoutSeconds?: number;
}

/** An existing gateway, by its attributes. It creates no resources. */
export class ImportedGateway extends Construct implements IInferenceGateway {
  public readonly url: string;
  public readonly serviceId: string;
  public readonly resourceGroup: IResourceGroup;
  public readonly timeoutSeconds: number;

  constructor(scope: Construct, id: string, attrs: InferenceGatewayAttributes) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, attrs, INFERENCE_GATEWAY_ATTRIBUTES, 'attrs')) checkAttributes(problems, attrs);
    problems.throwIfAny(this);
    this.url = attrs.url;
    this.serviceId = attrs.serviceId;
    this.resourceGroup = attrs.resourceGroup;
    this.timeoutSeconds = attrs.timeoutSeconds ?? MAX_SECONDS;
  }
}

function checkAttributes(problems: ProblemCollector, attrs: InferenceGatewayAttributes): void {
  checkResourceId(problems, 'serviceId', attrs.serviceId, 'Microsoft.ApiManagement/service');
  checkResourceGroup(problems, 'resourceGroup', attrs.resourceGroup);
  checkBounds(problems, 'GatewayLimit', 'timeoutSeconds', attrs.timeoutSeconds, { min: 1, max: MAX_SECONDS });
}

/*
 * Limits of API Management and Content Safety. Read 2026-11 unless stated otherwise.
 *
 * Azure API Management policy reference (MicrosoftDocs/azure-docs, articles/api-management): forward-request, rate-limit-by-key,
 * llm-token-limit, llm-content-safety, validate-content. Units of a tier: the check of azurerm for `sku_name`, which the Azure verified module
 * for API Management repeats.
 */

/** Maximum duration of a request, in seconds. After that, the network drops idle connections. */
export const MAX_SECONDS = 240;

/** Maximum body for `validate-content`, in KiB: 4 MiB. */
export const MAX_BODY_KIB = 4096;

/** Maximum window of `rate-limit-by-key`, in seconds. Requests of an address are counted in it. */
export const RATE_WINDOW_SECONDS = 300;

/** Window in which requests per second are counted. */
export const SECONDS_A_MINUTE = 60;

/** Maximum endpoints of a pool. @see https://learn.microsoft.com/en-us/azure/api-management/backends#load-balanced-pool */
export const MAX_ENDPOINTS = 30;

/** Priorities and weights of a pool. Source: Microsoft.ApiManagement/service/backends@2024-05-01. */
export const POOL = { min: 0, max: 100 } as const;

/** Counters of policies are 32-bit integers. */
export const MAX_COUNT = 2 ** 31 - 1;
