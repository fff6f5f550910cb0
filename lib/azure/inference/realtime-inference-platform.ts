import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { overBudget } from '../../core/planning/over-budget';
import { record } from '../../terraform/findings';
import { GatewayAlarms } from '../gateway/gateway-alarms';
import { GatewayExposure, type PrivateExposureOptions } from '../gateway/gateway-exposure';
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

/** Reference architecture: models that answer at once on Azure, in a network of their own, with a gateway, alarms, a budget and tags. */
export class RealtimeInferencePlatform extends Construct {
  public readonly network: IMlNetwork;
  /** What answers: the construct that was made, or what stands. */
  public readonly endpoint: IInferenceTarget;
  /** Models of the catalogue. @default - others answer */
  public readonly foundry?: FoundryDeployment;
  /** The app. @default - others answer */
  public readonly containerApp?: ContainerAppInference;
  /** What callers reach. @default - none was asked for */
  public readonly gateway?: InferenceGateway;
  /** What tells that callers fail or wait. @default - there is no gateway, or nobody is told */
  public readonly alarms?: GatewayAlarms;
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    const problems = new Problems();
    checkPlatform(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup, serving, costAllocation, dataClass, monthlyBudgetUsd: monthlyUsd, alertEmails = [] } = props;
    const { target, foundryOptions, containerAppOptions } = serving;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    const logs = target ? undefined : new LogWorkspace(this, 'Logs', { resourceGroup });
    const place = { resourceGroup, network: this.network, logs };
    if (foundryOptions) this.foundry = new FoundryDeployment(this, 'Models', { ...foundryOptions, ...place });
    if (containerAppOptions) {
      const { allowedCidrs = this.gatewayCidr(props) } = containerAppOptions;
      const { appSubnetId: subnetId } = props;
      const where = subnetId === undefined ? { cidr: SUBNETS.apps } : { subnetId };
      const app = { ...containerAppOptions, ...place, ...where, allowedCidrs };
      this.containerApp = new ContainerAppInference(this, 'App', app);
    }
    this.endpoint = (target ?? this.foundry ?? this.containerApp)!;
    this.gateway = props.gateway && this.addGateway(props, props.gateway);
    if (this.gateway && alertEmails.length > 0) {
      const alerts = new AlertGroup(this, 'Alerts', { resourceGroup, emails: alertEmails });
      this.alarms = new GatewayAlarms(this, 'Alarms', { gateway: this.gateway, alerts });
    }
    const tags = { project: costAllocation.project };
    this.budget = new CostBudget(this, 'Budget', { monthlyUsd, tags, emails: alertEmails });
    const over = overBudget(this.containerApp?.plan, monthlyUsd, 'keep fewer replicas');
    if (over) record(this, over);
  }

  private addGateway(
    props: RealtimeInferencePlatformProps,
    { exposure, ...options }: PlatformGatewayOptions,
  ): InferenceGateway {
    const { resourceGroup } = props;
    const isPrivate = exposure === 'private';
    const tier = options.tier ?? (isPrivate ? GatewayTier.premium() : GatewayTier.standardV2());
    const where = this.gatewaySubnet(props, tier.delegation(isPrivate ? 'private' : 'public'));
    const { virtualNetworkId } = this.network;
    return new InferenceGateway(this, 'Gateway', {
      ...options,
      resourceGroup,
      tier,
      endpoint: this.endpoint,
      exposure: isPrivate ? GatewayExposure.private({ ...where, virtualNetworkId }) : GatewayExposure.public(where),
    });
  }

  private gatewaySubnet(
    { resourceGroup, gatewaySubnetId }: RealtimeInferencePlatformProps,
    delegation: string | undefined,
  ): PrivateExposureOptions {
    if (gatewaySubnetId !== undefined) return { subnetId: gatewaySubnetId };
    const rules = delegation ? undefined : new GatewaySecurityGroup(this, 'GatewayRules', { resourceGroup });
    const network = this.network as OwnNetwork;
    const options = { cidr: SUBNETS.gateway, delegation, securityGroup: rules?.resource };
    const subnet = network.addSubnet('Gateway', options);
    return { subnetId: subnet.id, after: network.readyOf(subnet) };
  }

  /** An app behind a gateway answers that alone. */
  private gatewayCidr({ gateway, gatewaySubnetId }: RealtimeInferencePlatformProps): readonly string[] | undefined {
    return gateway && gatewaySubnetId === undefined ? [SUBNETS.gateway] : undefined;
  }
}
