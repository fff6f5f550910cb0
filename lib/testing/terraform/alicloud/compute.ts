import type { ComputeGroup, Market, Sections } from '../../architecture';
import {
  amount,
  block,
  counts,
  details,
  list,
  MANAGED,
  type Readers,
  type Resource,
  textsOf,
  UNENCRYPTED,
  type View,
} from '../../view';

/** Readers of ACK clusters, node pools, and reserved capacity. */
export const ALICLOUD_COMPUTE_READERS: Readers = {
  alicloud_cs_managed_kubernetes: cluster,
  alicloud_cs_kubernetes_node_pool: (resource, view) => ({ compute: [pool(resource, view)] }),
  alicloud_cs_kubernetes_addon: ({ props }, view) => (view.find(props.cluster_id) ? {} : undefined),
  alicloud_cs_autoscaling_config: ({ props }, view) => (view.find(props.cluster_id) ? {} : undefined),
};

function cluster({ name, props }: Resource, view: View): Partial<Sections> {
  const kind = 'ACK cluster';
  const isPublic = view.flag(props.slb_internet_enabled) === true;
  return {
    endpoints: [
      {
        name,
        kind,
        access: isPublic ? 'public' : 'private',
        encryption:
          props.encryption_provider_key === undefined ? MANAGED : view.encryption(props.encryption_provider_key),
        ...details({
          tier: view.text(props.cluster_spec),
          version: view.text(props.version),
          channel: view.text(block(block(props.operation_policy).cluster_auto_upgrade).channel),
        }),
      },
    ],
    exposure: isPublic ? [{ name, kind, why: 'Kubernetes API, from 0.0.0.0/0' }] : [],
  };
}

function pool({ name, props }: Resource, view: View): ComputeGroup {
  const scaling = block(props.scaling_config);
  const isLingjun = view.text(props.type) === 'lingjun';
  const size = amount(view.number(props.system_disk_size), 'GiB');
  return {
    name,
    kind: isLingjun ? 'Lingjun node pool' : 'ACK node pool',
    cloud: 'alicloud',
    machines: textsOf(view, list(props.instance_types)),
    count: counts(view, { min: scaling.min_size, desired: props.desired_size, max: scaling.max_size }),
    market: marketOf(props, view),
    placement: view.find(props.deployment_set_id) ? 'low-latency deployment set' : undefined,
    disks: size === undefined ? undefined : [`${size} ${view.text(props.system_disk_category) ?? ''}`.trim()],
    encryption: isLingjun ? undefined : encryptionOf(props, view),
    notPriced: isLingjun ? 'Lingjun nodes are bought by contract' : undefined,
  };
}

function marketOf(props: Resource['props'], view: View): Market {
  if (view.text(props.spot_strategy)?.startsWith('Spot')) return 'spot';
  return block(props.private_pool_options).private_pool_options_id === undefined ? 'on-demand' : 'reservation';
}

function encryptionOf(props: Resource['props'], view: View) {
  if (view.flag(props.system_disk_encrypted) !== true) return UNENCRYPTED;
  return props.system_disk_kms_key === undefined ? MANAGED : view.encryption(props.system_disk_kms_key);
}
