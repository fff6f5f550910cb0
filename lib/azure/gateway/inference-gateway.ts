import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import type { IResourceGroup } from '../props/resource-group';
import { API_PATH, GatewayApi } from './gateway-api';
import { GatewayBackends } from './gateway-backends';
import { checkGateway } from './gateway-checks';
import { recordGatewayFindings } from './gateway-findings';
import { type InferenceGatewayProps, settledGateway } from './gateway-options';
import { GatewayService } from './gateway-service';
import { GatewayTelemetry } from './gateway-telemetry';

/**
 * The face of inference endpoints: it knows its callers, meters their requests and tokens, refuses what is too large or too much, has prompts
 * and answers screened, moves on when an endpoint is full, and logs no word of either.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/genai-gateway-capabilities
 */
export class InferenceGateway extends Construct {
  public readonly service: GatewayService;
  public readonly backends: GatewayBackends;
  public readonly telemetry: GatewayTelemetry;
  public readonly api: GatewayApi;
  /** Where it stands. */
  public readonly resourceGroup: IResourceGroup;
  /** Seconds that a request may take. */
  public readonly timeoutSeconds: number;

  constructor(scope: Construct, id: string, props: InferenceGatewayProps) {
    super(scope, id);
    const problems = new Problems();
    checkGateway(problems, props);
    problems.throwIfAny(this);
    const gateway = settledGateway(props);
    this.resourceGroup = gateway.resourceGroup;
    this.timeoutSeconds = gateway.responses.timeoutSeconds;
    this.service = new GatewayService(this, 'Service', gateway, props);
    this.backends = new GatewayBackends(this, 'Backends', gateway, this.service);
    this.telemetry = new GatewayTelemetry(this, 'Telemetry', gateway, this.service);
    const { service, backends, telemetry } = this;
    this.api = new GatewayApi(this, 'Api', gateway, { service, backends, telemetry });
    recordGatewayFindings(this, gateway);
  }

  /** Address that clients of the OpenAI protocol take as their base. */
  get url(): string {
    return `${this.service.url}/${API_PATH}`;
  }
}
