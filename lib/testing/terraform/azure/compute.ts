import type { ComputeGroup, Sections } from '../../architecture';
import {
  block,
  type Props,
  records,
  amount,
  details,
  MANAGED,
  type Readers,
  type Resource,
  type View,
  counts,
  group,
  textsOf,
} from '../../view';

/** Readers of Azure machines: AKS, scale sets, virtual machines and Azure Machine Learning compute. */
export const AZURE_COMPUTE_READERS: Readers = {
  azurerm_kubernetes_cluster: cluster,
  azurerm_kubernetes_cluster_node_pool: ({ name, props }, view) =>
    group(pool(name, props, view, clusterOf(view, props)), publicNodes(view, props)),
  azurerm_linux_virtual_machine: ({ name, props }, view) =>
    group({
      ...machine(name, props, view),
      kind: 'virtual machine',
      machines: textsOf(view, props.size),
      count: { desired: 1 },
    }),
  azurerm_linux_virtual_machine_scale_set: scaleSet,
  azurerm_machine_learning_compute_cluster: ({ name, props }, view) => {
    const { min_node_count: min, max_node_count: max } = block(props.scale_settings);
    return group(
      {
        name,
        kind: 'Azure ML compute cluster',
        cloud: 'azure',
        machines: textsOf(view, props.vm_size),
        count: counts(view, { min, desired: min, max }),
        market: view.text(props.vm_priority) === 'LowPriority' ? 'spot' : 'on-demand',
      },
      view.flag(props.node_public_ip_enabled) === false ? undefined : 'nodes have public IP addresses',
    );
  },
  azurerm_machine_learning_compute_instance: ({ name, props }, view) =>
    group(
      {
        name,
        kind: 'Azure ML compute instance',
        cloud: 'azure',
        machines: textsOf(view, props.virtual_machine_size),
        count: { desired: 1 },
        market: 'on-demand',
      },
      view.flag(props.node_public_ip_enabled) === false ? undefined : 'it has a public IP address',
    ),
};

function cluster({ name, props }: Resource, view: View): Partial<Sections> {
  const kind = 'AKS cluster';
  const closed = view.flag(props.private_cluster_enabled) === true;
  const ranges = textsOf(view, block(props.api_server_access_profile).authorized_ip_ranges);
  const own = block(props.default_node_pool);
  const nodes = publicNodes(view, own);
  const poolName = `${name}/${view.text(own.name) ?? 'default'}`;
  return {
    endpoints: [
      {
        name,
        kind,
        access: closed ? 'private' : 'public',
        encryption: view.encryption(block(props.key_management_service).key_vault_key_id, MANAGED),
        ...details({ version: view.text(props.kubernetes_version) }),
      },
    ],
    compute: props.default_node_pool === undefined ? [] : [pool(poolName, own, view, props)],
    exposure: [
      ...(closed ? [] : [{ name, kind, why: `Kubernetes API, from ${ranges.join(', ') || '0.0.0.0/0'}` }]),
      ...(nodes === undefined ? [] : [{ name: poolName, kind: 'AKS node pool', why: nodes }]),
    ],
  };
}

/** Returns the cluster of a pool if it is in the same stack. */
function clusterOf(view: View, { kubernetes_cluster_id: id, parent_id: parent }: Props): Props {
  return view.find(id ?? parent)?.props ?? {};
}

/** Reads an AKS node pool. Its disks use the key of the cluster. */
function pool(name: string, props: Props, view: View, cluster: Props): ComputeGroup {
  const key = cluster.disk_encryption_set_id;
  return {
    name,
    kind: 'AKS node pool',
    cloud: 'azure',
    machines: textsOf(view, props.vm_size),
    count: counts(view, { min: props.min_count, desired: props.node_count ?? props.min_count, max: props.max_count }),
    market: marketOf(view, props),
    placement: placementOf(view, props),
    disks: props.os_disk_size_gb === undefined ? undefined : [amount(view.number(props.os_disk_size_gb), 'GB') ?? ''],
    ...(key !== undefined && { encryption: view.encryption(key) }),
    ...details({
      zones: textsOf(view, props.zones).join(', '),
      'gpu driver': view.text(props.gpu_driver),
      'host encryption': view.flag(props.host_encryption_enabled) === true && 'on',
    }),
  };
}

/** Reads a node pool of the azapi provider, whose body uses the names of the API. */
export function agentPool(name: string, props: Props, body: Props, view: View): Partial<Sections> {
  const own = {
    vm_size: body.vmSize,
    node_count: body.count,
    min_count: body.minCount,
    max_count: body.maxCount,
    priority: body.scaleSetPriority,
    zones: body.availabilityZones,
    os_disk_size_gb: body.osDiskSizeGB,
    gpu_driver: block(body.gpuProfile).driver,
    host_encryption_enabled: body.enableEncryptionAtHost,
    node_public_ip_enabled: body.enableNodePublicIP,
    capacity_reservation_group_id: body.capacityReservationGroupID,
    proximity_placement_group_id: body.proximityPlacementGroupID,
  };
  return group(pool(name, own, view, clusterOf(view, props)), publicNodes(view, own));
}

function marketOf(view: View, props: Props): ComputeGroup['market'] {
  if (view.text(props.priority) === 'Spot') return 'spot';
  return props.capacity_reservation_group_id === undefined ? 'on-demand' : 'reservation';
}

function placementOf(view: View, props: Props): string | undefined {
  const words = [
    props.proximity_placement_group_id !== undefined && 'proximity group',
    view.flag(props.single_placement_group) === true && 'single placement group',
  ];
  return words.filter(Boolean).join(', ') || undefined;
}

/** Returns why nodes are open. Version 3 of the provider uses another argument name. */
function publicNodes(view: View, props: Props): string | undefined {
  const open = view.flag(props.node_public_ip_enabled ?? props.enable_node_public_ip) === true;
  return open ? 'nodes have public IP addresses' : undefined;
}

function machine(name: string, props: Props, view: View): Omit<ComputeGroup, 'kind' | 'machines'> {
  const disk = block(props.os_disk);
  const size = amount(view.number(disk.disk_size_gb), 'GB');
  return {
    name,
    cloud: 'azure',
    market: marketOf(view, props),
    placement: placementOf(view, props),
    disks: [[size, view.text(disk.storage_account_type) ?? 'disk'].filter(Boolean).join(' ')],
    encryption: view.encryption(disk.disk_encryption_set_id ?? disk.secure_vm_disk_encryption_set_id),
    ...details({ 'host encryption': view.flag(props.encryption_at_host_enabled) === true && 'on' }),
  };
}

function scaleSet({ name, props }: Resource, view: View): Partial<Sections> {
  const addresses = records(props.network_interface).flatMap((nic) => records(nic.ip_configuration));
  return group(
    {
      ...machine(name, props, view),
      kind: 'scale set',
      machines: textsOf(view, props.sku),
      count: counts(view, { min: undefined, desired: props.instances, max: undefined }),
      interfaces: { interface: records(props.network_interface).length },
    },
    addresses.some((one) => one.public_ip_address !== undefined) ? 'public IP address of each machine' : undefined,
  );
}
