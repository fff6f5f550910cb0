import { Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { type Problems } from '../../core/errors';
import { privateSubnets } from '../cluster/control-plane';
import { newVpc } from '../network/ml-vpc';
import { checkSubnets, chooseNodeSubnets, mayBe, selectSubnets, type SubnetsOfVpc } from '../network/node-subnets';
import type { SizedInference } from './sized-inference';

/** Adds what is wrong with the places of machines, of the control plane and of a load balancer. */
export function checkPlaces(problems: Problems, sized: SizedInference, scope: Construct): void {
  const { props } = sized;
  const brought = props.vpc ?? props.cluster?.vpc;
  const vpc = brought ?? newVpc(problems, props, scope);
  if (!vpc) return;
  chooseSubnets(problems, vpc, props);
  if (props.ingress.kind === 'load-balancer' && brought && cidrOf(brought) === undefined) {
    problems.add({
      code: 'IngressInvalid',
      prop: 'vpc',
      allowed: 'a VPC whose vpcCidrBlock is known: pods admit the load balancer by its addresses',
      got: brought.node.path,
      fix: 'Pass vpcCidrBlock to Vpc.fromVpcAttributes.',
    });
  }
  if (props.cluster) return;
  const { controlPlaneSubnets: selection } = props;
  if (selection) checkSubnets(problems, 'controlPlaneSubnets', selectSubnets(vpc, selection));
  else checkSubnets(problems, 'vpc', privateSubnets(vpc));
}

/** The subnets of the machines: Karpenter spreads them over zones, but where capacity is in one; a managed group is in one zone. */
export function chooseSubnets(
  problems: Problems,
  vpc: SubnetsOfVpc,
  { nodes, subnets: selection, capacity }: SizedInference['props'],
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
      allowed: `in ${zone}, where the capacity is reserved`,
      got: given.map(({ availabilityZone }) => (Token.isUnresolved(availabilityZone) ? 'a token' : availabilityZone)),
      fix: `Select a private subnet in ${zone}, or name the zone in availabilityZones of a new VPC.`,
    });
  } else checkSubnets(problems, 'subnets', found);
}

/** The subnets that Karpenter may use; a new reservation is made in the first of them. */
export function karpenterSubnets(vpc: IVpc, { subnets, capacity }: SizedInference['props']): ISubnet[] {
  const given = subnets ? selectSubnets(vpc, subnets) : privateSubnets<ISubnet>(vpc);
  const { availabilityZone: zone } = capacity;
  const found = zone === undefined ? given : given.filter(({ availabilityZone }) => mayBe(availabilityZone, zone));
  return capacity.createsReservation ? found.slice(0, 1) : found;
}

/** The addresses of a VPC. @default - it was imported without them */
export function cidrOf(vpc: IVpc): string | undefined {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return undefined;
  }
}
