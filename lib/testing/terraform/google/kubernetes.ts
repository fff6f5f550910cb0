import type { ComputeGroup, Market, Sections } from '../../architecture';
import {
  block,
  list,
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
import { acceleratorsOf, diskText, placementOf } from './compute';

/** Readers of GKE clusters and node pools. */
export const GOOGLE_KUBERNETES_READERS: Readers = {
  google_container_cluster: cluster,
  google_container_node_pool: (resource, view) => {
    const network = block(resource.props.network_config);
    return group(pool(resource.name, resource.props, view), publicNodes(view, resource, network));
  },
};

function cluster(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const kind = view.flag(props.enable_autopilot) ? 'GKE Autopilot cluster' : 'GKE cluster';
  const closed = view.flag(block(props.private_cluster_config).enable_private_endpoint) === true;
  const ranges = records(block(props.master_authorized_networks_config).cidr_blocks).map(
    (one) => view.text(one.cidr_block) ?? '',
  );
  const dns = view.flag(block(block(props.control_plane_endpoints_config).dns_endpoint_config).allow_external_traffic);
  const restricted = props.master_authorized_networks_config !== undefined;
  const from = restricted ? ranges.join(', ') || 'no range' : '0.0.0.0/0';
  const encryption = block(props.database_encryption);
  const ownPools = records(props.node_pool).map((each, index) =>
    pool(`${name}/${view.text(each.name) ?? String(index)}`, { ...zonesOf(props), ...each }, view),
  );
  const keepsDefault =
    view.flag(props.remove_default_node_pool) !== true && ownPools.length === 0 && !props.enable_autopilot;
  const defaultPool = keepsDefault
    ? [pool(`${name}/default-pool`, { ...props, node_config: props.node_config }, view)]
    : [];
  const exposure = [
    ...(closed ? [] : [{ name, kind, why: `Kubernetes API, from ${from}` }]),
    ...(dns ? [{ name, kind, why: 'Kubernetes API by its DNS name, with credentials' }] : []),
  ];
  return {
    endpoints: [
      {
        name,
        kind,
        access: exposure.length > 0 ? 'public' : 'private',
        encryption: encryption.key_name === undefined ? MANAGED : view.encryption(encryption.key_name),
        ...details({
          version: view.text(props.min_master_version),
          channel: view.text(block(props.release_channel).channel),
        }),
      },
    ],
    compute: [...ownPools, ...defaultPool],
    exposure,
  };
}

function zonesOf({ location, node_locations }: Props): Props {
  return { location, node_locations };
}

function pool(name: string, props: Props, view: View): ComputeGroup {
  const node = block(props.node_config);
  const scaling = block(props.autoscaling);
  const extra = records(block(props.network_config).additional_node_network_configs).length;
  const queued = view.flag(block(props.queued_provisioning).enabled) === true;
  const flex = view.flag(node.flex_start) === true;
  const { type, policy_name: policy, tpu_topology: topology } = block(props.placement_policy);
  return {
    name,
    kind: 'GKE node pool',
    cloud: 'google',
    machines: textsOf(view, node.machine_type ?? 'e2-medium'),
    count: counts(view, {
      min: scaling.total_min_node_count ?? scaling.min_node_count,
      desired: props.node_count ?? props.initial_node_count,
      max: scaling.total_max_node_count ?? scaling.max_node_count,
    }),
    market: marketOf(view, node),
    accelerators: acceleratorsOf(view, node.guest_accelerator),
    interfaces: extra > 0 ? { primary: 1, additional: extra } : undefined,
    placement:
      [policy === undefined ? view.text(type)?.toLowerCase() : placementOf(view, policy), view.text(topology)]
        .filter(Boolean)
        .join(', ') || undefined,
    disks: [diskText(view, node.disk_size_gb ?? 100, node.disk_type)],
    encryption: view.encryption(node.boot_disk_kms_key),
    notPriced: whyNotPriced(props, view, flex || queued),
    ...details({
      start: flex ? 'flex-start' : queued && 'queued',
      'local ssd': amount(view.number(block(node.ephemeral_storage_local_ssd_config).local_ssd_count), 'disks'),
      accelerator: view.text(block(node.guest_accelerator).gpu_partition_size),
    }),
  };
}

/** Returns why a pool has no price. The counts of a pool apply to each of its zones: those of its cluster, or of the region, if it names none. */
function whyNotPriced(props: Props, view: View, flex: boolean): string | undefined {
  if (flex) return 'flex-start has separate prices';
  const cluster = block(view.find(props.cluster)?.props);
  const zones = [props.node_locations, cluster.node_locations].map(list).find((named) => named.length > 0);
  if (zones) return zones.length > 1 ? `its counts apply to each of ${zones.length} zones` : undefined;
  const location = view.text(props.location ?? cluster.location);
  return location !== undefined && REGION.test(location) ? `its counts apply to each zone of ${location}` : undefined;
}

const REGION = /^[a-z]+-[a-z]+\d+$/;

function marketOf(view: View, node: Props): Market {
  if (view.flag(node.spot) || view.flag(node.preemptible)) return 'spot';
  return view.text(block(node.reservation_affinity).consume_reservation_type) === 'SPECIFIC_RESERVATION'
    ? 'reservation'
    : 'on-demand';
}

function publicNodes(view: View, { props }: Resource, network: Props): string | undefined {
  const parent = block(view.find(props.cluster)?.props.private_cluster_config);
  const stated = view.flag(network.enable_private_nodes) ?? view.flag(parent.enable_private_nodes);
  // The settings of a cluster outside this stack are unknown.
  const known = stated !== undefined || view.find(props.cluster) !== undefined;
  return known && stated !== true ? 'nodes have public IP addresses' : undefined;
}
