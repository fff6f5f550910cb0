import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { IResourceGroup } from '../props/resource-group';
import { API_PATH, GatewayApi } from './gateway-api';
import {
  type IInferenceGateway,
  ImportedGateway,
  type InferenceGatewayAttributes,
  type InferenceGatewayProps,
  resolveGateway,
  type ResolvedGateway,
} from './gateway-options';
import { GatewayBackends } from './gateway-backends';
import { checkGateway } from './gateway-checks';
import { GatewayService } from './gateway-service';
import { GatewayTelemetry } from './gateway-telemetry';
import { buffered, screenedInWindows, openToNetwork, unscreened } from '../../core/gateway-authorization';
import { record } from '../../terraform/findings';

/**
 * A gateway in front of inference endpoints, on API Management. It authenticates callers, limits requests and tokens, screens prompts and
 * answers, and fails over between endpoints. Its logs contain no prompts.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/genai-gateway-capabilities
 *
 * @example
 * ```ts
 * import { GatewayAuthorization, GatewayExposure, InferenceGateway, InferenceTarget, ResourceGroup } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new InferenceGateway(stack, 'Gateway', {
 *   resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
 *   endpoint: InferenceTarget.fromUrl('https://models.example.com/v1', { screens: true }),
 *   exposure: GatewayExposure.public(),
 *   authorization: GatewayAuthorization.entra({ audiences: ['api://atlas-models'] }),
 *   clients: { web: { applicationId: '0f4a3c1e-7a0b-4f53-9d1c-2b6f3d7c8e90', tokensPerMinute: 50_000 } },
 *   publisherEmail: 'ml-platform@example.com',
 * });
 * ```
 */
export class InferenceGateway extends Construct implements IInferenceGateway {
  /** Uses an existing gateway. */
  static fromInferenceGatewayAttributes(
    scope: Construct,
    id: string,
    attrs: InferenceGatewayAttributes,
  ): IInferenceGateway {
    return new ImportedGateway(scope, id, attrs);
  }

  /** The API Management service, its identity and its private DNS zone. */
  public readonly service: GatewayService;
  /** The backends of the service: one for each endpoint, and the pool over them. */
  public readonly backends: GatewayBackends;
  /** Logs and metrics of the gateway. */
  public readonly telemetry: GatewayTelemetry;
  /** The API with its operations and policies. */
  public readonly api: GatewayApi;
  /** Resource group of the gateway. */
  public readonly resourceGroup: IResourceGroup;
  /** Maximum duration of a request, in seconds. */
  public readonly timeoutSeconds: number;

  constructor(scope: Construct, id: string, props: InferenceGatewayProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    checkGateway(problems, props);
    problems.throwIfAny(this);
    const gateway = resolveGateway(props);
    this.resourceGroup = gateway.resourceGroup;
    this.timeoutSeconds = gateway.responses.timeoutSeconds;
    this.service = new GatewayService(this, 'Service', gateway, props);
    this.backends = new GatewayBackends(this, 'Backends', gateway, this.service);
    this.telemetry = new GatewayTelemetry(this, 'Telemetry', gateway, this.service);
    const { service, backends, telemetry } = this;
    this.api = new GatewayApi(this, 'Api', gateway, { service, backends, telemetry });
    recordGatewayFindings(this, gateway);
  }

  /** Base address for clients of the OpenAI protocol. */
  get url(): string {
    return `${this.service.url}/${API_PATH}`;
  }

  /** Resource id of the API Management service. */
  get serviceId(): string {
    return this.service.resource.id;
  }
}

/** Records the findings of a gateway. */
export function recordGatewayFindings(scope: Construct, gateway: ResolvedGateway): void {
  const { authorization, screening, endpoints, responses, tier, exposure } = gateway;
  if (!authorization.authenticates) recordOpen(scope);
  const unscreenedEndpoints = [...endpoints]
    .filter(([, { endpoint }]) => endpoint.screens !== true)
    .map(([name]) => name);
  if (!screening.screens && unscreenedEndpoints.length > 0) recordUnscreened(scope, unscreenedEndpoints);
  if (screening.screens) recordUnprovenScreening(scope);
  if (screening.screens && responses.streams && (screening.options.answers ?? true)) recordScreenedStream(scope);
  if (!responses.streams) recordBuffered(scope);
  if (!tier.hasSla) recordNoSla(scope);
  if (exposure.isPrivate && exposure.virtualNetworkId === undefined) recordUnresolved(scope);
}

function recordOpen(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/api-management/virtual-network-concepts';
  record(scope, openToNetwork('the network', 'GatewayAuthorization.entra()', evidence));
}

function recordUnscreened(scope: Construct, names: readonly string[]): void {
  record(scope, unscreened(names.join(', '), 'PromptScreening.contentSafety()', 'the callers'));
}

function recordUnprovenScreening(scope: Construct): void {
  record(scope, {
    id: 'gateway/unproven-screening',
    level: 'warning',
    message:
      'The gateway authenticates to Content Safety with its identity, as in the samples of Microsoft. No published schema of a backend includes it. If Azure rejects it, each request fails.',
    fix: 'Send one request after the first deployment. If it fails, set the identity of the backend content-safety in the portal. Then acknowledge this finding.',
    evidence: 'https://github.com/Azure-Samples/AI-Gateway/blob/main/labs/content-safety/main.bicep',
  });
}

function recordScreenedStream(scope: Construct): void {
  const how = 'is screened in windows, and a blocked window cuts it off after the caller has read a part';
  record(
    scope,
    screenedInWindows(how, 'https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy'),
  );
}

function recordBuffered(scope: Construct): void {
  record(scope, buffered('https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events'));
}

function recordNoSla(scope: Construct): void {
  record(scope, {
    id: 'gateway/no-sla',
    level: 'warning',
    message: 'The Developer tier has no SLA. Its only unit stops during updates.',
    fix: 'Use GatewayTier.premium() for production, or acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/api-management/api-management-features',
  });
}

function recordUnresolved(scope: Construct): void {
  record(scope, {
    id: 'gateway/unresolved',
    level: 'warning',
    message: 'No private DNS zone resolves the name of the private gateway.',
    fix: 'Set virtualNetworkId in GatewayExposure.private(), or resolve the name yourself and acknowledge this finding.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/api-management/api-management-using-with-internal-vnet#dns-configuration',
  });
}
