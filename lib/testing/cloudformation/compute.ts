import { type Market, type Sections, type ComputeGroup, type Known, AT_DEPLOYMENT } from '../architecture';
import {
  counts,
  group,
  textsOf,
  details,
  type Reader,
  type Readers,
  type Resource,
  type View,
  amount,
  UNENCRYPTED,
  list,
  type Props,
  record,
  records,
  countsOf,
} from '../view';

const MARKETS: Readonly<Record<string, Market>> = {
  ON_DEMAND: 'on-demand',
  SPOT: 'spot',
  CAPACITY_BLOCK: 'capacity-block',
};

/** Readers of EC2 instances and the resources that launch them. */
export const COMPUTE_READERS: Readers = {
  'AWS::EKS::Nodegroup': nodeGroup,
  'AWS::AutoScaling::AutoScalingGroup': autoScalingGroup,
  'AWS::EC2::Instance': instance,
  'AWS::EC2::CapacityReservation': reservation,
  'AWS::EC2::LaunchTemplate': launchTemplate,
  'AWS::AutoScaling::LaunchConfiguration': (resource, view) =>
    view.ofType('AWS::AutoScaling::AutoScalingGroup').some((group) => uses(view, group, resource)) ? {} : undefined,
  'AWS::EC2::PlacementGroup': () => ({}),
};

function nodeGroup(resource: Resource, view: View): Partial<Sections> {
  const { props } = resource;
  const data = launchDataOf(view, props.LaunchTemplate);
  const facts = launchFacts(view, data);
  const stated = textsOf(view, props.InstanceTypes);
  // EKS uses t3.medium by default, unless a launch template, which can be in another stack, sets the type.
  const otherwise = props.LaunchTemplate === undefined ? ['t3.medium'] : facts.machines;
  const disk = view.number(props.DiskSize);
  const { MinSize, DesiredSize, MaxSize } = record(props.ScalingConfig);
  return group(
    {
      ...facts,
      name: resource.name,
      kind: 'EKS node group',
      cloud: 'aws',
      machines: stated.length > 0 ? stated : otherwise,
      count: counts(view, { min: MinSize, desired: DesiredSize, max: MaxSize }),
      market: facts.market ?? MARKETS[view.text(props.CapacityType) ?? 'ON_DEMAND'],
      disks: facts.disks ?? (disk === undefined ? undefined : [`${disk} GiB`]),
      ...details({ image: view.text(props.AmiType) }),
    },
    publicAddress(view, data, list(props.Subnets)),
  );
}

function autoScalingGroup(resource: Resource, view: View): Partial<Sections> {
  const { props } = resource;
  const mixed = record(props.MixedInstancesPolicy);
  const template = record(mixed.LaunchTemplate);
  const own = record(view.find(props.LaunchConfigurationName)?.props);
  const data = {
    ...launchDataOf(view, props.LaunchTemplate ?? template.LaunchTemplateSpecification),
    ...own,
  };
  const facts = launchFacts(view, data);
  const overrides = records(template.Overrides).flatMap((one) => textsOf(view, one.InstanceType));
  return group(
    {
      ...facts,
      name: resource.name,
      kind: 'Auto Scaling group',
      cloud: 'aws',
      machines: overrides.length > 0 ? overrides : facts.machines,
      count: counts(view, {
        min: props.MinSize,
        desired: props.DesiredCapacity ?? props.MinSize,
        max: props.MaxSize,
      }),
      market: facts.market ?? (own.SpotPrice === undefined ? 'on-demand' : 'spot'),
      placement: facts.placement ?? placementGroup(view, props.PlacementGroup),
      ...details({ mix: mixOf(view, record(mixed.InstancesDistribution)) }),
    },
    view.flag(own.AssociatePublicIpAddress)
      ? 'public IP address, requested by its launch configuration'
      : publicAddress(view, data, list(props.VPCZoneIdentifier)),
  );
}

function mixOf(view: View, distribution: Props): string | undefined {
  if (Object.keys(distribution).length === 0) return undefined;
  const base = view.text(distribution.OnDemandBaseCapacity) ?? '0';
  const share = view.text(distribution.OnDemandPercentageAboveBaseCapacity) ?? '100';
  return `${base} on demand, ${share}% of the rest`;
}

function instance(resource: Resource, view: View): Partial<Sections> {
  const { props } = resource;
  const data = { ...launchDataOf(view, props.LaunchTemplate), ...props };
  const facts = launchFacts(view, data);
  return group(
    {
      ...facts,
      ...diskFacts(view, data.BlockDeviceMappings),
      name: resource.name,
      kind: 'EC2 instance',
      cloud: 'aws',
      market: facts.market ?? 'on-demand',
      placement: facts.placement ?? placementGroup(view, props.PlacementGroupName),
      count: { desired: 1 },
    },
    publicAddress(view, data, list(props.SubnetId)),
  );
}

function reservation(resource: Resource, view: View): Partial<Sections> {
  const { InstanceType, InstanceCount, EndDateType } = resource.props;
  return group({
    name: resource.name,
    kind: 'capacity reservation',
    cloud: 'aws',
    machines: textsOf(view, InstanceType),
    count: { desired: view.number(InstanceCount) },
    market: 'reservation',
    ...details({ ends: view.text(EndDateType) === 'limited' ? 'on a day' : 'when it is canceled' }),
  });
}

/** Reads a launch template. It is a part of the group that uses it, or a separate part without a group. */
function launchTemplate(resource: Resource, view: View): ReturnType<Reader> {
  const { LaunchTemplateData } = resource.props;
  const types = ['AWS::EKS::Nodegroup', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance'];
  if (view.ofType(...types).some((user) => uses(view, user, resource))) return {};
  const environments = view.ofType('AWS::Batch::ComputeEnvironment');
  if (environments.some(({ props }) => view.find(record(props.ComputeResources).LaunchTemplate) === resource))
    return {};
  const facts: LaunchFacts = launchFacts(view, record(LaunchTemplateData));
  return group({ ...facts, name: resource.name, kind: 'launch template', cloud: 'aws' });
}

function uses(view: View, { props }: Resource, launched: Resource): boolean {
  const { LaunchTemplate, MixedInstancesPolicy, LaunchConfigurationName } = props;
  const mixed = record(record(MixedInstancesPolicy).LaunchTemplate).LaunchTemplateSpecification;
  return [LaunchTemplate, mixed, LaunchConfigurationName].some((value) => view.find(value) === launched);
}

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
