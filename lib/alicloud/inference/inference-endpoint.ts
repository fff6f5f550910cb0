import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { validated, validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { recordWorkload } from '../../terraform/recorded-workload';
import { isUnknown } from '../../terraform/tokens';
import type { AlicloudMachine } from '../machine/machine';
import { CurrentAccount } from '../operations/current-account';
import { checkRegion, requireRegionOfProvider } from '../props/location';
import { INFERENCE_ENDPOINT_ATTRIBUTES, INFERENCE_ENDPOINT_PROPS } from '../prop-schemas';
import { grantBucket } from '../storage/bucket-grants';
import { checkedEndpoint } from './endpoint-checks';
import { recordEndpointFindings } from './endpoint-findings';
import type { InferenceEndpointProps } from './endpoint-options';
import { EndpointService } from './endpoint-service';
import type { EndpointMonitoring } from './inference-observability';
import { easOffers, type ResolvedEndpoint } from './resolved-endpoint';
import { servingRole } from './serving-role';

/** An endpoint of PAI-EAS: an `InferenceEndpoint`, or an existing one. */
export interface IInferenceEndpoint {
  /** Name of the endpoint: of its service, or of its service group. */
  readonly endpointName: string;
  /** Region of the endpoint. */
  readonly region: string;
  /** Address for requests on the shared gateway. Callers send the token of the endpoint as `Authorization` header. @default - requests go through a dedicated gateway, which has its own address */
  readonly url?: string;
}

/** Attributes of an existing endpoint, for `InferenceEndpoint.fromInferenceEndpointAttributes`. */
export interface InferenceEndpointAttributes {
  /** Name of the service, or of the service group. */
  readonly endpointName: string;
  /** Region of the endpoint, for example `cn-hangzhou`. */
  readonly region: string;
  /** Whether `url` is the address on the internet. @default false */
  readonly publicAccess?: boolean;
}

/** An existing endpoint, by its attributes. It creates no resources. */
export class ExistingEndpoint extends Construct implements IInferenceEndpoint {
  public readonly endpointName: string;
  public readonly region: string;
  private readonly publicAccess: boolean;

  constructor(scope: Construct, id: string, attributes: InferenceEndpointAttributes) {
    super(scope, id);
    checkProviders(this);
    checkAttributes(this, attributes);
    this.endpointName = attributes.endpointName;
    this.region = attributes.region;
    this.publicAccess = attributes.publicAccess ?? false;
  }

  get url(): string {
    return endpointUrl(this, this.publicAccess);
  }
}

/** Maximum length of the name of an endpoint. A service name has 20 more, for the model. */
const MAX_NAME_LENGTH = 40;
const SERVICE = 'eas.pai.aliyuncs.com';
/** Code of PAI in Cloud Monitor. @see https://www.alibabacloud.com/help/en/pai/view-serviceinstance-events-in-cloudmonitor */
const EVENT_PRODUCT = 'learn';

/**
 * Models on PAI-EAS, on machines with GPUs that the service manages: identity, timeouts, scaling by requests, spot machines, and a traffic split.
 * The instances are in your network. Clients of any VPC of the region reach the endpoint with its token.
 *
 * EAS creates the token. No Terraform resource returns it: copy it from the console or from `aliyun eas DescribeServiceEndpoints`.
 *
 * @see https://www.alibabacloud.com/help/en/pai/user-guide/overview-2
 * @example
 * ```ts
 * import { AlicloudMachine, DataBucket, EndpointModel, InferenceEndpoint, MlNetwork } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const models = DataBucket.fromBucketName(stack, 'Models', 'my-models');
 * new InferenceEndpoint(stack, 'Chat', {
 *   network: new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] }),
 *   machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
 *   models: { chat: { model: EndpointModel.bucket(models, { prefix: 'qwen3-8b/v2/', sizeGiB: 16 }) } },
 * });
 * ```
 */
export class InferenceEndpoint extends Construct implements IInferenceEndpoint {
  /** Uses an existing endpoint. */
  static fromInferenceEndpointAttributes(
    scope: Construct,
    id: string,
    attributes: InferenceEndpointAttributes,
  ): IInferenceEndpoint {
    return new ExistingEndpoint(scope, id, attributes);
  }

  /** Services by the name of their model. */
  public readonly models: Readonly<Record<string, EndpointService>>;
  /** Name of the service with one model, and of the service group with several. */
  public readonly endpointName: string;
  /** Region of the endpoint. */
  public readonly region: string;
  /** Machine type of the instances, unless a model has its own. */
  public readonly machine: AlicloudMachine;
  /** Name of the RAM role of the containers. */
  public readonly roleName: string;
  /** Replicas, memory, latency and cost for the load. @default - no plan without a load */
  public readonly plan?: ServingPlan;
  private readonly publicAccess: boolean;
  private readonly hasOwnGateway: boolean;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    checkProviders(this);
    const resolved = validated(this, props, INFERENCE_ENDPOINT_PROPS, (problems) => checkedEndpoint(problems, props));
    requireRegionOfProvider(this, 'network', props.network.vswitches[0]!.zone);
    this.region = props.network.region;
    this.machine = props.machine;
    this.publicAccess = props.publicAccess ?? false;
    this.hasOwnGateway = props.gatewayId !== undefined;
    const name = props.endpointName ?? physicalName(this, MAX_NAME_LENGTH).replaceAll('-', '_');
    const role = servingRole(this, SERVICE, props.roleName);
    this.roleName = role.name;
    const group = resolved.models.length > 1 ? name : undefined;
    const dependsOn = this.grantModels(props, role.name);
    this.models = Object.fromEntries(
      resolved.models.map((model) => {
        const serviceName = group === undefined ? name : `${name}_${model.name}`;
        const context = { props, serviceName, servedName: name, group, roleArn: role.arn, dependsOn };
        return [model.name, new EndpointService(this, `Model-${model.name}`, model, context)];
      }),
    );
    this.endpointName = name;
    this.plan = resolved.plan;
    this.report(props, resolved);
  }

  /**
   * Address for requests on the shared gateway. Callers send the token of the endpoint as `Authorization` header. A server with the OpenAI protocol
   * has `…/v1/chat/completions`.
   *
   * @default - requests go through a dedicated gateway, which has its own address
   */
  get url(): string | undefined {
    return this.hasOwnGateway ? undefined : endpointUrl(this, this.publicAccess);
  }

  /** What Cloud Monitor has about the endpoint: events of all EAS services of the account. */
  get monitoring(): EndpointMonitoring {
    return { eventProduct: EVENT_PRODUCT };
  }

  private grantModels({ models }: InferenceEndpointProps, roleName: string): ITerraformDependable[] {
    const buckets = new Set(Object.values(models).flatMap(({ model: { bucket } }) => bucket ?? []));
    return [...buckets].map((bucket, index) =>
      grantBucket(this, index === 0 ? 'Models' : `Models-${index}`, { bucket, roleName, write: false }),
    );
  }

  private report(props: InferenceEndpointProps, resolved: ResolvedEndpoint): void {
    recordEndpointFindings(this, props, resolved);
    const { load: workload, prices } = props;
    if (this.plan) recordWorkload(this, { plan: this.plan, workload, prices, offers: easOffers });
  }
}

/**
 * Returns the address of an endpoint on the shared gateway. The private one works from every VPC of the region.
 *
 * @see https://www.alibabacloud.com/help/en/pai/call-via-shared-gateway-public-network-intranet
 */
function endpointUrl(endpoint: Construct & IInferenceEndpoint, publicAccess: boolean): string {
  const { accountId } = CurrentAccount.of(endpoint);
  const host = [accountId, ...(publicAccess ? [] : ['vpc']), endpoint.region, 'pai-eas.aliyuncs.com'].join('.');
  return `http://${host}/api/predict/${endpoint.endpointName}`;
}

function checkAttributes(scope: Construct, attributes: InferenceEndpointAttributes): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, attributes, INFERENCE_ENDPOINT_ATTRIBUTES, 'attributes')) {
    const { endpointName, region } = attributes;
    checkRegion(problems, 'region', region);
    if (!isUnknown(endpointName) && !/^[a-z][a-z0-9_.]{2,127}$/.test(endpointName)) {
      problems.add({
        code: 'ResourceIdInvalid',
        prop: 'endpointName',
        allowed: 'the name of a service or a service group',
        got: endpointName,
        fix: 'Copy the name from the console, without its address.',
      });
    }
  }
  problems.throwIfAny(scope);
}
