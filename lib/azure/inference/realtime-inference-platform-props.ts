import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import type { Problems } from '../../core/errors';
import { ANYTHING, fits, listOf, objectOf, oneOf, required, type Shape, TEXT, without } from '../../core/shapes';
import { checkGatewayOptions } from '../gateway/gateway-checks';
import { GatewayExposure } from '../gateway/gateway-exposure';
import { GATEWAY_OPTIONS, type InferenceGatewayProps } from '../gateway/gateway-options';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { ownsSubnets } from '../network/own-subnets';
import { checkBudget } from '../operations/cost-budget';
import { type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { REALTIME_SERVING, type RealtimeServing } from './realtime-serving';

/** The gateway of a platform: what it takes but for its place and its endpoint, which are those of the platform. */
export interface PlatformGatewayOptions extends Omit<
  InferenceGatewayProps,
  'endpoint' | 'resourceGroup' | 'exposure' | 'logRetentionDays'
> {
  /** Who can reach it: anybody on the internet, or the network of the platform alone. */
  readonly exposure: 'public' | 'private';
}

/** Properties for `RealtimeInferencePlatform`. */
export interface RealtimeInferencePlatformProps {
  /** Where all of it stands. */
  readonly resourceGroup: IResourceGroup;
  /** What answers. */
  readonly serving: RealtimeServing;
  /** Who pays: on every resource that takes tags. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** The face for callers: authentication, limits and screening before the endpoint. @default - none: nothing is public */
  readonly gateway?: PlatformGatewayOptions;
  /** Who is told of alarms and of the budget. @default - the owners of the subscription, of the budget alone */
  readonly alertEmails?: readonly string[];
  /** How sensitive requests and answers are. @default - no tag says it */
  readonly dataClass?: DataClass;
  /** The network of all of it. @default - a new one */
  readonly network?: IMlNetwork;
  /** Resource id of a subnet of the gateway, in a network that was brought. @default - a new one in a new network */
  readonly gatewaySubnetId?: string;
  /** Resource id of a subnet of the apps, in a network that was brought. @default - a new one in a new network */
  readonly appSubnetId?: string;
}

const PLATFORM_GATEWAY: Shape<PlatformGatewayOptions> = {
  ...without(GATEWAY_OPTIONS, 'resourceGroup', 'exposure', 'logRetentionDays'),
  exposure: required(oneOf(['public', 'private'])),
};

const PLATFORM: Shape<RealtimeInferencePlatformProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  serving: required(REALTIME_SERVING),
  // The first two are judged by rules of their own.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  gateway: objectOf(PLATFORM_GATEWAY, 'a gateway { exposure, authorization, publisherEmail }'),
  alertEmails: listOf(TEXT),
  dataClass: oneOf(Object.values(DataClass)),
  network: ML_NETWORK,
  gatewaySubnetId: TEXT,
  appSubnetId: TEXT,
};

/** Addresses of subnets in a new network, in the half that it keeps for services. */
export const SUBNETS = { gateway: '10.0.128.0/27', apps: '10.0.129.0/24' } as const;

const SUBNET = 'Microsoft.Network/virtualNetworks/subnets';

/** Adds what is wrong with a platform, beside what its parts refuse themselves. */
export function checkPlatform(problems: Problems, props: RealtimeInferencePlatformProps): void {
  const typed = fits(problems, props, PLATFORM);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    const emails = Array.isArray(props.alertEmails) ? props.alertEmails : undefined;
    checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd, emails }, 'monthlyBudgetUsd');
  }
  if (!typed) return;
  const { gateway, network, serving, gatewaySubnetId, appSubnetId } = props;
  checkResourceId(problems, 'gatewaySubnetId', gatewaySubnetId, SUBNET);
  checkResourceId(problems, 'appSubnetId', appSubnetId, SUBNET);
  const needs = (prop: string, got: string | undefined, needed: boolean) => {
    if (!network || ownsSubnets(network) || !needed || got !== undefined) return;
    const fix = 'Its subnets are yours to make: name the one.';
    problems.add({ code: 'ValueMissing', prop, allowed: 'given, where the network was brought', got, fix });
  };
  needs('gatewaySubnetId', gatewaySubnetId, gateway !== undefined);
  needs('appSubnetId', appSubnetId, serving.containerAppOptions !== undefined);
  if (gateway) checkGatewayOptions(problems.within('gateway'), { ...gateway, ...placeOf(props, gateway) });
}

/** The gateway is judged before its subnet is made: one of the right form stands for it. */
function placeOf({ resourceGroup }: RealtimeInferencePlatformProps, { exposure }: PlatformGatewayOptions) {
  const subnetId = '/subscriptions/-/resourceGroups/-/providers/Microsoft.Network/virtualNetworks/-/subnets/-';
  const isPrivate = exposure === 'private';
  return {
    resourceGroup,
    exposure: isPrivate ? GatewayExposure.private({ subnetId }) : GatewayExposure.public({ subnetId }),
  };
}
