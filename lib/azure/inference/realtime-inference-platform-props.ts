import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkGatewayOptions } from '../gateway/gateway-checks';
import type { InferenceGatewayProps } from '../gateway/gateway-options';
import type { IMlNetwork } from '../network/network-attributes';
import { ownsSubnets } from '../network/own-subnets';
import { checkBudget } from '../operations/cost-budget';
import type { IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import type { RealtimeServing } from './realtime-serving';
import { REALTIME_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';

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
  /** Email addresses that receive alerts of the gateway and of the budget. @default - only the owners of the subscription, for the budget */
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
