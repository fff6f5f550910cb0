import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { IResourceGroup } from '../props/resource-group';
import { API_PATH, GatewayApi } from './gateway-api';
import { type IInferenceGateway, ImportedGateway, type InferenceGatewayAttributes } from './gateway-attributes';
import { GatewayBackends } from './gateway-backends';
import { checkGateway } from './gateway-checks';
import { recordGatewayFindings } from './gateway-findings';
import { type InferenceGatewayProps, resolveGateway } from './gateway-options';
import { GatewayService } from './gateway-service';
import { GatewayTelemetry } from './gateway-telemetry';

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
