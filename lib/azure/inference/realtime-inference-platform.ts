import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { overBudget } from '../../core/planning/training-checks';
import { record } from '../../terraform/findings';
import { GatewayAlarms } from '../gateway/gateway-alarms';
import type { PrivateExposureOptions } from '../gateway/gateway-exposure';
import { GatewaySecurityGroup } from '../gateway/gateway-security-group';
import { GatewayTier } from '../gateway/gateway-tier';
import { InferenceGateway } from '../gateway/inference-gateway';
import type { KubernetesInference } from '../kubernetes-inference/kubernetes-inference';
import { KubernetesInferenceObservability } from '../kubernetes-inference/kubernetes-inference-observability';
import type { IInferenceTarget } from '../gateway/inference-target';
import { MlNetwork, type IMlNetwork } from '../network/ml-network';
import { type OwnNetwork, ownsSubnets } from '../network/private-link';
import { AlertGroup } from '../operations/alert-group';
import { CostAllocation } from '../operations/cost-allocation';
import { CostBudget, checkBudget } from '../operations/cost-budget';
import { LogWorkspace } from '../operations/log-workspace';
import { ContainerAppInference } from './container-app-inference';
import { FoundryDeployment } from './foundry-deployment';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { type DataClass } from '../../core/data-class';
import { validateProps } from '../../core/prop-schema';
import { checkGatewayOptions } from '../gateway/gateway-checks';
import type { InferenceGatewayProps } from '../gateway/gateway-options';
import type { IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import type { RealtimeServing } from './realtime-serving';
import { REALTIME_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';

/**
 * Reference architecture: models that answer in real time, in a private network, with a gateway, alerts, a budget and cost tags.
 *
 * @example
 * ```ts
 * import {
 *   GatewayAuthorization,
 *   GatewayExposure,
 *   ModelCapacity,
 *   RealtimeInferencePlatform,
 *   RealtimeServing,
 *   ResourceGroup,
 * } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const capacity = ModelCapacity.dataZoneStandard({ tokensPerMinute: 200_000 });
 * new RealtimeInferencePlatform(stack, 'Platform', {
 *   resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
 *   serving: RealtimeServing.foundry({ models: { chat: { model: 'gpt-5.4-mini', version: '2026-03-17', capacity } } }),
 *   gateway: {
 *     exposure: GatewayExposure.public(),
 *     authorization: GatewayAuthorization.entra({ audiences: ['api://atlas-models'] }),
 *     clients: { web: { applicationId: '0f4a3c1e-7a0b-4f53-9d1c-2b6f3d7c8e90', tokensPerMinute: 150_000 } },
 *     publisherEmail: 'ml-platform@example.com',
 *   },
 *   costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 20_000,
 *   alertEmails: ['ml-platform@example.com'],
 * });
 * ```
 */
export class RealtimeInferencePlatform extends Construct {
  /** Network of the platform. */
  public readonly network: IMlNetwork;
  /** The endpoint: `foundry`, `containerApp`, or the existing one. */
  public readonly endpoint: IInferenceTarget;
  /** Models of Microsoft Foundry. @default - `serving` is something else */
  public readonly foundry?: FoundryDeployment;
  /** Model on Container Apps. @default - `serving` is something else */
  public readonly containerApp?: ContainerAppInference;
  /** Gateway in front of the endpoint. @default - `gateway` is not set */
  public readonly gateway?: InferenceGateway;
  /** Action group that receives alerts. @default - no `alertEmails`, or neither a gateway nor a model on AKS */
  public readonly alerts?: AlertGroup;
  /** Metric alerts of the gateway. @default - no gateway, or no `alertEmails` */
  public readonly observability?: GatewayAlarms;
  /** Alerts of a model on AKS. @default - the endpoint is something else, or nothing collects its metrics */
  public readonly modelObservability?: KubernetesInferenceObservability;
  /** Monthly budget. */
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    checkPlatform(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup, serving, costAllocation, dataClass, monthlyBudgetUsd: monthlyUsd, alertEmails = [] } = props;
    const { target, foundryOptions, containerAppOptions } = serving;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    const logs = target ? undefined : new LogWorkspace(this, 'Logs', { resourceGroup });
    const shared = { resourceGroup, network: this.network, logs };
    if (foundryOptions) this.foundry = new FoundryDeployment(this, 'Models', { ...foundryOptions, ...shared });
    if (containerAppOptions) {
      const { clientCidrs = this.gatewayCidrs(props) } = containerAppOptions;
      const { appSubnetId: subnetId } = props;
      const subnet = subnetId === undefined ? { cidr: SUBNETS.apps } : { subnetId };
      const app = { ...containerAppOptions, ...shared, ...subnet, clientCidrs };
      this.containerApp = new ContainerAppInference(this, 'App', app);
    }
    this.endpoint = (target ?? this.foundry ?? this.containerApp)!;
    this.gateway = props.gateway && this.addGateway(props, props.gateway);
    const model = isObserved(this.endpoint) ? this.endpoint : undefined;
    if ((this.gateway ?? model) && alertEmails.length > 0) {
      this.alerts = new AlertGroup(this, 'Alerts', { resourceGroup, alertEmails });
    }
    if (this.gateway && this.alerts) {
      this.observability = new GatewayAlarms(this, 'Alarms', { gateway: this.gateway, alerts: this.alerts });
    }
    if (model) {
      this.modelObservability = new KubernetesInferenceObservability(this, 'Observability', {
        endpoint: model,
        ...(this.alerts && { alertActionGroups: [this.alerts] }),
      });
    }
    const tags = { project: costAllocation.project };
    this.budget = new CostBudget(this, 'Budget', { monthlyUsd, tags, alertEmails });
    const over = overBudget(this.containerApp?.plan, monthlyUsd, 'keep fewer replicas');
    if (over) record(this, over);
  }

  private addGateway(
    { resourceGroup }: RealtimeInferencePlatformProps,
    { exposure, ...options }: PlatformGatewayOptions,
  ): InferenceGateway {
    const { isPrivate } = exposure;
    const tier = options.tier ?? (isPrivate ? GatewayTier.premium() : GatewayTier.standardV2());
    const delegation = isPrivate ? tier.privateDelegation : tier.publicDelegation;
    const subnet = exposure.subnetId === undefined ? this.addGatewaySubnet({ resourceGroup, delegation }) : {};
    return new InferenceGateway(this, 'Gateway', {
      ...options,
      resourceGroup,
      tier,
      endpoint: this.endpoint,
      exposure: exposure.withDefaults({ ...subnet, virtualNetworkId: this.network.virtualNetworkId }),
    });
  }

  private addGatewaySubnet({
    resourceGroup,
    delegation,
  }: Pick<RealtimeInferencePlatformProps, 'resourceGroup'> & { readonly delegation?: string }): PrivateExposureOptions {
    const rules = delegation ? undefined : new GatewaySecurityGroup(this, 'GatewayRules', { resourceGroup });
    const network = this.network as OwnNetwork;
    const options = { cidr: SUBNETS.gateway, delegation, securityGroup: rules?.resource };
    const subnet = network.addSubnet('Gateway', options);
    return { subnetId: subnet.id, after: network.readyOf(subnet) };
  }

  /** An app behind a new gateway accepts requests from the subnet of that gateway only. */
  private gatewayCidrs({ gateway }: RealtimeInferencePlatformProps): readonly string[] | undefined {
    return gateway && gateway.exposure.subnetId === undefined ? [SUBNETS.gateway] : undefined;
  }
}

/** Whether an endpoint is a model on AKS with metrics. By members, because two copies of the package share no class. */
function isObserved(endpoint: IInferenceTarget): endpoint is KubernetesInference {
  return 'metricsWorkspaceId' in endpoint && endpoint.metricsWorkspaceId !== undefined;
}

/** Options for the gateway of a platform. The platform sets the rest, and creates the subnet that `exposure` does not name. */
export type PlatformGatewayOptions = Omit<InferenceGatewayProps, 'endpoint' | 'resourceGroup' | 'logRetentionDays'>;

/** Properties for `RealtimeInferencePlatform`. */
export interface RealtimeInferencePlatformProps {
  /** Resource group of the platform. */
  readonly resourceGroup: IResourceGroup;
  /** The endpoint: new Foundry models, a new container app, or an existing endpoint. */
  readonly serving: RealtimeServing;
  /**
   * Cost tags, on every resource that supports tags.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget of all resources with the same `project` tag, in US dollars. It sends alerts and stops nothing.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Gateway with authentication, limits and screening in front of the endpoint. @default - no gateway, and nothing public */
  readonly gateway?: PlatformGatewayOptions;
  /** Email addresses that receive alerts of the gateway, of a model on AKS, and of the budget. @default - only the owners of the subscription, for the budget */
  readonly alertEmails?: readonly string[];
  /** Sensitivity of requests and answers, for the tag. @default - no tag */
  readonly dataClass?: DataClass;
  /** Network of the platform. @default - a new `MlNetwork` */
  readonly network?: IMlNetwork;
  /** Resource id of the subnet of a new container app. Required with an existing `network`. @default - a new subnet of the new network */
  readonly appSubnetId?: string;
}

/** Address ranges of subnets in a new network, in the half that `MlNetwork` reserves for services. */
export const SUBNETS = { gateway: '10.0.128.0/27', apps: '10.0.129.0/24' } as const;

const SUBNET = 'Microsoft.Network/virtualNetworks/subnets';

/** Adds each problem in the props of a platform that its parts do not check. */
export function checkPlatform(problems: ProblemCollector, props: RealtimeInferencePlatformProps): void {
  const typed = validateProps(problems, props, REALTIME_INFERENCE_PLATFORM_PROPS);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    const alertEmails = Array.isArray(props.alertEmails) ? props.alertEmails : undefined;
    checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd, alertEmails }, 'monthlyBudgetUsd');
  }
  if (!typed) return;
  const { resourceGroup, gateway, network, serving, appSubnetId } = props;
  checkResourceId(problems, 'appSubnetId', appSubnetId, SUBNET);
  const checkSubnet = (prop: string, got: string | undefined) => {
    if (!network || ownsSubnets(network) || got !== undefined) return;
    const fix = 'Create a subnet in your network, and set its id.';
    problems.add({ code: 'ValueMissing', prop, allowed: 'set for an existing network', got, fix });
  };
  if (gateway) checkSubnet('gateway.exposure.subnetId', gateway.exposure.subnetId);
  if (serving.containerAppOptions) checkSubnet('appSubnetId', appSubnetId);
  if (!gateway) return;
  const exposure = gateway.exposure.withDefaults({ subnetId: PLANNED_SUBNET });
  checkGatewayOptions(problems.within('gateway'), { ...gateway, exposure, resourceGroup });
}

/** Replaces the id of a subnet that is created after the checks. */
const PLANNED_SUBNET = `/subscriptions/-/resourceGroups/-/providers/Microsoft.Network/virtualNetworks/-/subnets/-`;
