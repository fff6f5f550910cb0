import { Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Problems } from '../../core/errors';
import type { Capacity } from '../capacity/capacity';
import { SUBNET } from '../props/shapes';

/** What is known of a subnet before it is made. */
export type ZonedSubnet = Pick<ISubnet, 'availabilityZone'>;

/** What of a VPC decides where nodes go; of one to come, its subnets are known by their zones. */
export interface SubnetsOfVpc<S extends ZonedSubnet = ZonedSubnet> extends Pick<IVpc, 'selectSubnets'> {
  readonly privateSubnets: S[];
  readonly isolatedSubnets: S[];
}

/** The subnets of one fabric, all in one zone: those selected, else the first private one in the zone of the capacity. */
export function chooseNodeSubnets<S extends ZonedSubnet>(
  problems: Problems,
  vpc: SubnetsOfVpc<S>,
  selection: SubnetSelection | undefined,
  capacity: Capacity,
): (S | ISubnet)[] {
  if (capacity.usesReservation && capacity.availabilityZone === undefined && selection === undefined) {
    problems.add({
      code: 'CapacityZone',
      prop: 'subnets',
      allowed: 'given, or else the availabilityZone of the capacity: reserved capacity is in one zone',
      got: selection,
      fix: 'Read the zone off `aws ec2 describe-capacity-reservations`, and pass { availabilityZone } to the capacity.',
    });
  }
  const subnets = selection ? selectSubnets(vpc, selection) : defaultSubnets(vpc, capacity);
  const zones = [...new Set(subnets.map(({ availabilityZone }) => availabilityZone))];
  const reserved = capacity.usesReservation;
  if (zones.length !== 1) {
    problems.add({
      code: reserved ? 'CapacityZone' : 'FabricZone',
      prop: 'subnets',
      allowed:
        reserved && capacity.availabilityZone
          ? `in ${show(capacity.availabilityZone)}, where the capacity is reserved`
          : 'in one zone: a fabric never crosses zones',
      got: zones.length === 0 ? 'no subnet' : zones.map(show),
      fix:
        zones.length === 0
          ? 'Select a private subnet in that zone, or name the zone in availabilityZones of a new VPC.'
          : 'Select subnets of one zone.',
    });
    return subnets;
  }
  const [zone] = zones;
  if (capacity.availabilityZone && isKnownZone(zone) && zone !== capacity.availabilityZone) {
    problems.add({
      code: 'CapacityZone',
      prop: 'subnets',
      allowed: `in ${show(capacity.availabilityZone)}, where the capacity is reserved`,
      got: zone,
      fix: `Select a subnet in ${capacity.availabilityZone}.`,
    });
  }
  return subnets;
}

/** Adds a problem where no subnet was found or given. */
export function checkSubnets(problems: Problems, prop: string, subnets: readonly ZonedSubnet[]): void {
  if (subnets.length > 0) return;
  problems.add({
    code: 'SubnetsMissing',
    prop,
    allowed: 'one subnet or more without a way in from the internet',
    got: 'no subnet',
    fix: 'Select private or isolated subnets.',
  });
}

function isSubnet(subnet: unknown): subnet is ISubnet {
  return SUBNET.fits(new Problems(), '', subnet ?? null);
}

/** The CDK throws where a VPC has none such: here that is a problem like any other. */
export function selectSubnets(vpc: Pick<IVpc, 'selectSubnets'>, selection: SubnetSelection): ISubnet[] {
  try {
    const { subnets } = vpc.selectSubnets(selection);
    return Array.isArray(subnets) ? subnets.filter(isSubnet) : [];
  } catch {
    return [];
  }
}

function defaultSubnets<S extends ZonedSubnet>(vpc: SubnetsOfVpc<S>, { availabilityZone }: Capacity): S[] {
  const candidates = vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
  return candidates
    .filter((subnet) => availabilityZone === undefined || mayBe(subnet.availabilityZone, availabilityZone))
    .slice(0, 1);
}

// While the CDK looks zones up, it synthesizes with placeholders: a check must wait for the real names.
function isPlaceholder(zone: string): boolean {
  return /^dummy\d/.test(zone);
}

/** Whether a zone is known by its real name. */
export function isKnownZone(zone: string | undefined): zone is string {
  return zone !== undefined && !Token.isUnresolved(zone) && !isPlaceholder(zone);
}

/** Whether a zone is the wanted one, or a placeholder of the look-up that may turn out to be it. */
export function mayBe(zone: string, wanted: string): boolean {
  return zone === wanted || isPlaceholder(zone);
}

function show(zone: string): string {
  return Token.isUnresolved(zone) ? 'a zone known at deployment' : zone;
}
