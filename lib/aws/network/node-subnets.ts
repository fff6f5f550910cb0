import { Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ProblemCollector } from '../../core/errors';
import type { Capacity } from '../capacity/capacity';
import { SUBNET } from '../props/prop-types';

/** What is known about a subnet before it exists. */
export type ZonedSubnet = Pick<ISubnet, 'availabilityZone'>;

/** The attributes of a VPC that decide the subnets of nodes. The subnets of a new VPC have only a zone. */
export interface SubnetsOfVpc<S extends ZonedSubnet = ZonedSubnet> extends Pick<IVpc, 'selectSubnets'> {
  readonly privateSubnets: S[];
  readonly isolatedSubnets: S[];
}

/** Returns the subnets of one fabric, all in one zone: the selected ones, or the first private one in the zone of the capacity. */
export function chooseNodeSubnets<S extends ZonedSubnet>(
  problems: ProblemCollector,
  vpc: SubnetsOfVpc<S>,
  selection: SubnetSelection | undefined,
  capacity: Capacity,
): (S | ISubnet)[] {
  if (capacity.usesReservation && capacity.availabilityZone === undefined && selection === undefined) {
    problems.add({
      code: 'CapacityZone',
      prop: 'subnets',
      allowed: 'set if the capacity has no availabilityZone, because a reservation is in one zone',
      got: selection,
      fix: 'Find the zone with `aws ec2 describe-capacity-reservations`, and pass { availabilityZone } to the capacity.',
    });
  }
  const selected = selection && findSubnets(vpc, selection);
  if (selected?.isPendingLookup) return selected.subnets.slice(0, 1);
  const subnets = selected?.subnets ?? defaultSubnets(vpc, capacity);
  const zones = [...new Set(subnets.map(({ availabilityZone }) => availabilityZone))];
  const reserved = capacity.usesReservation;
  if (zones.length !== 1) {
    problems.add({
      code: reserved ? 'CapacityZone' : 'FabricZone',
      prop: 'subnets',
      allowed:
        reserved && capacity.availabilityZone
          ? `in ${show(capacity.availabilityZone)}, the zone of the reservation`
          : 'in one zone, because EFA traffic cannot cross zones',
      got: zones.length === 0 ? 'no subnet' : zones.map(show),
      fix:
        zones.length === 0
          ? 'Select a private subnet in that zone, or add the zone to the availabilityZones of a new VPC.'
          : 'Select subnets in one zone.',
    });
    return subnets;
  }
  const [zone] = zones;
  if (capacity.availabilityZone && isKnownZone(zone) && zone !== capacity.availabilityZone) {
    problems.add({
      code: 'CapacityZone',
      prop: 'subnets',
      allowed: `in ${show(capacity.availabilityZone)}, the zone of the reservation`,
      got: zone,
      fix: `Select a subnet in ${capacity.availabilityZone}.`,
    });
  }
  return subnets;
}

/** Adds a problem if the list of subnets is empty. */
export function checkSubnets(problems: ProblemCollector, prop: string, subnets: readonly ZonedSubnet[]): void {
  if (subnets.length > 0) return;
  problems.add({
    code: 'SubnetsMissing',
    prop,
    allowed: 'at least one private or isolated subnet',
    got: 'no subnet',
    fix: 'Select private or isolated subnets.',
  });
}

function isSubnet(subnet: unknown): subnet is ISubnet {
  return SUBNET.validate(new ProblemCollector(), '', subnet ?? null);
}

/** Subnets that a selection finds. */
interface FoundSubnets {
  readonly subnets: ISubnet[];
  /** Whether the CDK still looks the VPC up. It then synthesizes with placeholders, which must not be checked. */
  readonly isPendingLookup: boolean;
}

/** Selects subnets of a VPC. Returns an empty list if the VPC has none. The CDK throws instead. */
export function selectSubnets(vpc: SubnetsOfVpc, selection: SubnetSelection): ISubnet[] {
  return findSubnets(vpc, selection).subnets;
}

function findSubnets(vpc: SubnetsOfVpc, selection: SubnetSelection): FoundSubnets {
  try {
    const { subnets, isPendingLookup = false } = vpc.selectSubnets(selection);
    const found = Array.isArray(subnets) ? subnets.filter(isSubnet) : [];
    // A selection by zone or name finds nothing among the placeholders.
    const placeholders = isPendingLookup && found.length === 0;
    return { subnets: placeholders ? candidatesOf(vpc).filter(isSubnet) : found, isPendingLookup };
  } catch {
    return { subnets: [], isPendingLookup: false };
  }
}

function candidatesOf<S extends ZonedSubnet>({ privateSubnets, isolatedSubnets }: SubnetsOfVpc<S>): S[] {
  return privateSubnets.length > 0 ? privateSubnets : isolatedSubnets;
}

function defaultSubnets<S extends ZonedSubnet>(vpc: SubnetsOfVpc<S>, { availabilityZone }: Capacity): S[] {
  return candidatesOf(vpc)
    .filter((subnet) => availabilityZone === undefined || mayBe(subnet.availabilityZone, availabilityZone))
    .slice(0, 1);
}

// During a context lookup, the CDK synthesizes with placeholder zones, which must not be checked.
function isPlaceholder(zone: string): boolean {
  return /^dummy\d/.test(zone);
}

/** Returns whether the real name of a zone is known. */
export function isKnownZone(zone: string | undefined): zone is string {
  return zone !== undefined && !Token.isUnresolved(zone) && !isPlaceholder(zone);
}

/** Returns whether a zone is the expected one, or a placeholder for it. */
export function mayBe(zone: string, expected: string): boolean {
  return zone === expected || isPlaceholder(zone);
}

function show(zone: string): string {
  return Token.isUnresolved(zone) ? 'a zone known at deployment' : zone;
}
