import { Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { type ProblemCollector } from '../../core/errors';
import { privateSubnets } from '../cluster/control-plane';
import { newVpc } from '../network/ml-vpc';
import { checkSubnets, chooseNodeSubnets, mayBe, selectSubnets, type SubnetsOfVpc } from '../network/node-subnets';
import type { ResolvedInference } from './resolved-inference';

/** Adds what is wrong with the subnets of nodes, control plane and load balancer. */
export function checkNetwork(problems: ProblemCollector, sized: ResolvedInference, scope: Construct): void {
  const { props } = sized;
  const existing = props.vpc ?? props.cluster?.vpc;
  const vpc = existing ?? newVpc(problems, props, scope);
  if (!vpc) return;
  checkNodeSubnets(problems, vpc, props);
  if (props.ingress.kind === 'load-balancer' && existing && cidrOf(existing) === undefined) {
    problems.add({
      code: 'IngressInvalid',
      prop: 'vpc',
      allowed: 'a VPC with a vpcCidrBlock, because pods accept load balancer requests only from this block',
      got: existing.node.path,
      fix: 'Pass `vpcCidrBlock` to Vpc.fromVpcAttributes.',
    });
  }
  props.source.checkSubnets(problems, vpc);
}

/** Adds a problem if the nodes have no subnet. Karpenter uses all zones unless the capacity is in one. A managed node group uses one zone. */
function checkNodeSubnets(
  problems: ProblemCollector,
  vpc: SubnetsOfVpc,
  { nodes, subnets: selection, capacity }: ResolvedInference['props'],
): void {
  if (nodes.kind === 'managed') {
    chooseNodeSubnets(problems, vpc, selection, capacity);
    return;
  }
  const given = selection ? selectSubnets(vpc, selection) : privateSubnets(vpc);
  const { availabilityZone: zone } = capacity;
  const found = zone === undefined ? given : given.filter(({ availabilityZone }) => mayBe(availabilityZone, zone));
  if (given.length > 0 && found.length === 0) {
    problems.add({
      code: 'CapacityZone',
      prop: 'subnets',
      allowed: `in ${zone}, the zone of the reserved capacity`,
      got: given.map(({ availabilityZone }) => (Token.isUnresolved(availabilityZone) ? 'a token' : availabilityZone)),
      fix: `Select a private subnet in ${zone}, or add the zone to \`availabilityZones\` of a new VPC.`,
    });
  } else checkSubnets(problems, 'subnets', found);
}

/** Subnets for Karpenter nodes. A new reservation uses the zone of the first one. */
export function karpenterSubnets(vpc: IVpc, { subnets, capacity }: ResolvedInference['props']): ISubnet[] {
  const given = subnets ? selectSubnets(vpc, subnets) : privateSubnets<ISubnet>(vpc);
  const { availabilityZone: zone } = capacity;
  const found = zone === undefined ? given : given.filter(({ availabilityZone }) => mayBe(availabilityZone, zone));
  return capacity.createsReservation ? found.slice(0, 1) : found;
}

/** CIDR block of a VPC, undefined if it was imported without one. */
export function cidrOf(vpc: IVpc): string | undefined {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return undefined;
  }
}
