import type { ComputeGroup, Known, Market } from '../architecture';
import { AT_DEPLOYMENT } from '../architecture';
import { textsOf } from '../group';
import { countsOf, type Props, record, records } from '../json';
import { amount, type Resource, UNENCRYPTED, type View } from '../view';

/** Facts of a launch template. An instance has the same properties. */
export type LaunchFacts = Pick<
  ComputeGroup,
  'machines' | 'market' | 'interfaces' | 'placement' | 'disks' | 'encryption' | 'notPriced'
>;

/** Returns the data of a launch template, or an empty object if it is not in this stack. */
export function launchDataOf(view: View, specification: unknown): Props {
  const { LaunchTemplateId, LaunchTemplateName, Id, Name } = record(specification);
  const template = view.find(LaunchTemplateId ?? LaunchTemplateName ?? Id ?? Name);
  return record(template?.props.LaunchTemplateData);
}

/** Returns the facts of the data of a launch template. */
export function launchFacts(view: View, data: Props): LaunchFacts {
  return {
    machines: textsOf(view, data.InstanceType),
    market: marketOf(view, data),
    interfaces: interfacesOf(view, data),
    placement: placementOf(view, data.Placement),
    ...diskFacts(view, data.BlockDeviceMappings),
    notPriced: reservedBy(view, data),
  };
}

function marketOf(view: View, data: Props): Known<Market> | undefined {
  const type = view.text(record(data.InstanceMarketOptions).MarketType);
  if (type === 'spot' || type === 'capacity-block' || type === AT_DEPLOYMENT) return type;
  return reservationOf(data) === undefined ? undefined : 'reservation';
}

function reservationOf(data: Props): unknown {
  const target = record(record(data.CapacityReservationSpecification).CapacityReservationTarget);
  return target.CapacityReservationId ?? target.CapacityReservationResourceGroupArn;
}

/** Returns why machines in a reservation have no price: the reservation is paid even if it is not used. */
function reservedBy(view: View, data: Props): string | undefined {
  const reservation = view.find(reservationOf(data));
  return reservation?.type === 'AWS::EC2::CapacityReservation' ? `paid for as ${reservation.name}` : undefined;
}

function interfacesOf(view: View, data: Props): Readonly<Record<string, number>> | undefined {
  const types = records(data.NetworkInterfaces).map((nic) => view.text(nic.InterfaceType) ?? 'interface');
  return types.length > 0 ? countsOf(types) : undefined;
}

function placementOf(view: View, placement: unknown): string | undefined {
  const { GroupName, GroupId, Tenancy } = record(placement);
  const tenancy = view.text(Tenancy);
  const words = [placementGroup(view, GroupName ?? GroupId), tenancy === 'default' ? undefined : tenancy];
  return words.filter((word) => word !== undefined).join(', ') || undefined;
}

/** Returns the strategy of a placement group. */
export function placementGroup(view: View, group: unknown): string | undefined {
  if (group === undefined) return undefined;
  const { Strategy, PartitionCount } = view.find(group)?.props ?? {};
  const strategy = view.text(Strategy);
  return strategy === 'partition'
    ? `${view.text(PartitionCount) ?? '1'} partitions`
    : (strategy ?? 'an existing group');
}

/** Returns the disks of a machine, and the weakest encryption of them. */
export function diskFacts(view: View, mappings: unknown): Pick<LaunchFacts, 'disks' | 'encryption'> {
  const disks = records(mappings)
    .map((mapping) => record(mapping.Ebs))
    .filter((ebs) => Object.keys(ebs).length > 0);
  if (disks.length === 0) return {};
  const open = disks.filter((ebs) => view.flag(ebs.Encrypted) !== true && ebs.KmsKeyId === undefined);
  const key = disks.find((ebs) => ebs.KmsKeyId !== undefined)?.KmsKeyId;
  return {
    disks: disks.map((ebs) => [amount(view.number(ebs.VolumeSize), 'GiB'), view.text(ebs.VolumeType)].join(' ').trim()),
    encryption: open.length > 0 ? UNENCRYPTED : view.encryption(key),
  };
}

/** Returns why machines have public IP addresses, or undefined if they have none. */
export function publicAddress(view: View, data: Props, subnets: readonly unknown[]): string | undefined {
  const stated = records(data.NetworkInterfaces).map((nic) => view.flag(nic.AssociatePublicIpAddress));
  if (stated.includes(true)) return 'public IP address, requested by its network interface';
  if (stated.includes(false)) return undefined;
  const open = subnets.map((subnet) => view.find(subnet)).filter((subnet) => subnet && isPublic(view, subnet));
  return open.length > 0 ? 'public IP address, assigned by its subnet' : undefined;
}

/** Returns whether a subnet assigns public IP addresses. */
export function isPublic(view: View, subnet: Resource): boolean {
  return view.flag(subnet.props.MapPublicIpOnLaunch) === true;
}
