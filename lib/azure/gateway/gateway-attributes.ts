import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkBounds } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { MAX_SECONDS } from './gateway-limits';
import { INFERENCE_GATEWAY_ATTRIBUTES } from '../prop-schemas';

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
