import type { ComputeGroup, Known, Market, Sections } from '../../architecture';
import {
  block,
  countsOf,
  list,
  type Props,
  records,
  amount,
  details,
  type Reader,
  type Readers,
  type Resource,
  type View,
  counts,
  group,
  textsOf,
} from '../../view';

const TEMPLATES = ['google_compute_instance_template', 'google_compute_region_instance_template'];
const MANAGERS = ['google_compute_instance_group_manager', 'google_compute_region_instance_group_manager'];

/** Readers of Compute Engine machines. */
export const GOOGLE_COMPUTE_READERS: Readers = {
  google_compute_instance: (resource, view) =>
    group({ ...machineOf(resource, view), kind: 'instance', count: { desired: 1 } }, publicAddress(resource.props)),
  ...Object.fromEntries(TEMPLATES.map((type): [string, Reader] => [type, template])),
  ...Object.fromEntries(MANAGERS.map((type): [string, Reader] => [type, manager])),
  google_compute_reservation: reservation,
  google_compute_resource_policy: ({ props }) =>
    props.group_placement_policy || props.workload_policy ? {} : undefined,
};

function template(resource: Resource, view: View): ReturnType<Reader> {
  if (view.ofType(...MANAGERS).some((each) => templateOf(each, view) === resource)) return {};
  return group({ ...machineOf(resource, view), kind: 'instance template' });
}

function templateOf({ props }: Resource, view: View): Resource | undefined {
  return view.find(block(props.version).instance_template);
}

function manager(resource: Resource, view: View): Partial<Sections> {
  const launched = templateOf(resource, view);
  const machine = launched && machineOf(launched, view);
  return group(
    {
      ...machine,
      name: resource.name,
      kind: 'instance group',
      cloud: 'google',
      machines: machine?.machines ?? [],
      count: counts(view, { min: undefined, desired: resource.props.target_size, max: undefined }),
    },
    launched && publicAddress(launched.props),
  );
}

function machineOf({ name, props }: Resource, view: View): Omit<ComputeGroup, 'kind'> {
  const boot = block(props.boot_disk);
  const disks = records(props.disk).concat(boot.initialize_params ? [block(boot.initialize_params)] : []);
  const keys = [
    boot.kms_key_self_link,
    ...records(props.disk).map((disk) => block(disk.disk_encryption_key).kms_key_self_link),
  ];
  return {
    name,
    cloud: 'google',
    machines: textsOf(view, props.machine_type),
    market: marketOf(view, props),
    accelerators: acceleratorsOf(view, props.guest_accelerator),
    interfaces: interfacesOf(view, props.network_interface),
    placement: placementOf(view, list(props.resource_policies)[0]),
    disks: disks.map((disk) => diskText(view, disk.size ?? disk.disk_size_gb, disk.type ?? disk.disk_type)),
    encryption: view.encryption(keys.find((key) => key !== undefined)),
  };
}

function marketOf(view: View, props: Props): Known<Market> {
  const scheduling = block(props.scheduling);
  const model = view.text(scheduling.provisioning_model);
  if (model === 'SPOT' || view.flag(scheduling.preemptible)) return 'spot';
  const { type, consume_reservation_type: consumed } = block(props.reservation_affinity);
  return [view.text(type), view.text(consumed)].includes('SPECIFIC_RESERVATION') ? 'reservation' : 'on-demand';
}

/** Returns the accelerators that are attached to a machine, for example `8 nvidia-h100-80gb`. */
export function acceleratorsOf(view: View, blocks: unknown): string | undefined {
  const attached = records(blocks).map((one) => [view.text(one.count ?? 1), view.text(one.type)].join(' '));
  return attached.join(', ') || undefined;
}

/** Returns the size and the type of a disk. */
export function diskText(view: View, sizeGB: unknown, type: unknown): string {
  return [amount(view.number(sizeGB), 'GB'), view.text(type) ?? 'disk'].filter(Boolean).join(' ');
}

function interfacesOf(view: View, blocks: unknown): Readonly<Record<string, number>> | undefined {
  const types = records(blocks).map((nic) => view.text(nic.nic_type) ?? 'VIRTIO_NET');
  return types.length > 0 ? countsOf(types) : undefined;
}

/** Returns the placement of a resource policy. */
export function placementOf(view: View, policy: unknown): string | undefined {
  const found = view.find(policy);
  if (policy === undefined || policy === null) return undefined;
  const { collocation, max_distance: distance } = block(found?.props.group_placement_policy);
  const { type } = block(found?.props.workload_policy);
  const words = [
    view.text(collocation),
    view.text(type),
    distance !== undefined && `distance ${view.text(distance) ?? ''}`,
  ];
  return words.filter(Boolean).join(', ').toLowerCase() || 'an existing policy';
}

function publicAddress(props: Props): string | undefined {
  const open = records(props.network_interface).some(
    (nic) => nic.access_config !== undefined || nic.ipv6_access_config,
  );
  return open ? 'public IP address, because its network interface has an access config' : undefined;
}

function reservation({ name, props }: Resource, view: View): Partial<Sections> {
  const specific = block(props.specific_reservation);
  const instance = block(specific.instance_properties);
  return group({
    name,
    kind: 'reservation',
    cloud: 'google',
    machines: textsOf(view, instance.machine_type),
    count: { desired: view.number(specific.count) },
    accelerators: acceleratorsOf(view, records(instance.guest_accelerators).map(renamed)),
    market: 'reservation',
    ...details({ ends: view.text(props.delete_at_time) !== undefined && 'on a day' }),
  });
}

function renamed(one: Props): Props {
  return { count: one.accelerator_count, type: one.accelerator_type };
}
