import type { Market, Sections } from '../architecture';
import { counts, group, textsOf } from '../group';
import { list, type Props, record, records } from '../json';
import { details, type Reader, type Readers, type Resource, type View } from '../view';
import { diskFacts, launchDataOf, launchFacts, type LaunchFacts, placementGroup, publicAddress } from './launch-data';

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
