import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { overBudget } from '../../core/planning/over-budget';
import { record } from '../../terraform/findings';
import { GatewayAlarms } from '../gateway/gateway-alarms';
import type { PrivateExposureOptions } from '../gateway/gateway-exposure';
import { GatewaySecurityGroup } from '../gateway/gateway-security-group';
import { GatewayTier } from '../gateway/gateway-tier';
import { InferenceGateway } from '../gateway/inference-gateway';
import type { IInferenceTarget } from '../gateway/inference-target';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import type { OwnNetwork } from '../network/own-subnets';
import { AlertGroup } from '../operations/alert-group';
import { CostAllocation } from '../operations/cost-allocation';
import { CostBudget } from '../operations/cost-budget';
import { LogWorkspace } from '../operations/log-workspace';
import { ContainerAppInference } from './container-app-inference';
import { FoundryDeployment } from './foundry-deployment';
import {
  checkPlatform,
  type PlatformGatewayOptions,
  type RealtimeInferencePlatformProps,
  SUBNETS,
} from './realtime-inference-platform-props';

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
  /** Action group that receives alerts. @default - no gateway, or no `alertEmails` */
  public readonly alerts?: AlertGroup;
  /** Metric alerts of the gateway. @default - no gateway, or no `alertEmails` */
  public readonly observability?: GatewayAlarms;
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
    if (this.gateway && alertEmails.length > 0) {
      this.alerts = new AlertGroup(this, 'Alerts', { resourceGroup, alertEmails });
      this.observability = new GatewayAlarms(this, 'Alarms', { gateway: this.gateway, alerts: this.alerts });
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
