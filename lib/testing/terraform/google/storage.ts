import type { Part, Sections } from '../../architecture';
import {
  block,
  list,
  records,
  word,
  amount,
  details,
  type Readers,
  type Resource,
  type View,
  EVERYONE,
  textsOf,
} from '../../view';

/** Readers of storage, messaging, keys, networks and permissions on Google Cloud. */
export const GOOGLE_STORAGE_READERS: Readers = {
  google_storage_bucket: bucket,
  google_storage_bucket_iam_member: (resource, view) => members(resource, view, resource.props.member),
  google_storage_bucket_iam_binding: (resource, view) => members(resource, view, resource.props.members),
  google_lustre_instance: ({ name, props }, view) => ({
    storage: [
      {
        name,
        kind: 'Managed Lustre',
        sizeGiB: view.number(props.capacity_gib),
        throughput: amount(view.number(props.per_unit_storage_throughput), 'MB/s per TiB'),
        encryption: view.encryption(props.kms_key),
      },
    ],
  }),
  google_filestore_instance: ({ name, props }, view) => ({
    storage: [
      {
        name,
        kind: `Filestore ${view.text(props.tier) ?? ''}`.trim(),
        sizeGiB: view.number(block(props.file_shares).capacity_gb),
        encryption: view.encryption(props.kms_key_name),
        onDelete: view.flag(props.deletion_protection_enabled) === true ? 'kept' : 'deleted',
      },
    ],
  }),
  google_compute_disk: ({ name, props }, view) => ({
    storage: [
      {
        name,
        kind: view.text(props.type) ?? 'pd-standard',
        sizeGiB: view.number(props.size),
        encryption: view.encryption(block(props.disk_encryption_key).kms_key_self_link),
      },
    ],
  }),
  google_pubsub_topic: ({ name, props }, view) => ({
    queues: [{ name, kind: 'Pub/Sub topic', encryption: view.encryption(props.kms_key_name) }],
  }),
  google_pubsub_subscription: ({ name, props }, view) => ({
    queues: [
      {
        name,
        kind: 'Pub/Sub subscription',
        ...details({
          of: view.find(props.topic)?.name,
          kept: view.text(props.message_retention_duration),
          'dead letters': block(props.dead_letter_policy).dead_letter_topic !== undefined && 'yes',
        }),
      },
    ],
  }),
  google_kms_crypto_key: ({ name, props }, view) => ({
    keys: [
      {
        name,
        kind: 'Cloud KMS key',
        ...details({
          rotation:
            props.rotation_period === undefined
              ? 'does not rotate'
              : `rotates every ${view.text(props.rotation_period) ?? ''}`,
        }),
      },
    ],
  }),
  google_compute_network: network,
  google_compute_subnetwork: ({ props }, view) => (view.find(props.network) ? {} : undefined),
  google_compute_address: ({ name, props }, view) => ({
    network: [
      {
        name,
        kind: (view.text(props.address_type) ?? 'EXTERNAL') === 'INTERNAL' ? 'private address' : 'public address',
        ...details({ subnetwork: view.find(props.subnetwork)?.name }),
      },
    ],
  }),
  google_compute_firewall: firewall,
  google_project_iam_member: (resource, view) => ({ permissions: broadRoles(resource, view, resource.props.member) }),
  google_project_iam_binding: (resource, view) => ({ permissions: broadRoles(resource, view, resource.props.members) }),
  google_billing_budget: ({ name, props }, view) => {
    const { units, currency_code: currency } = block(block(props.amount).specified_amount);
    const limit = [view.text(units), view.text(currency) ?? 'in the account currency'].filter(Boolean).join(' ');
    const notifications = records(props.threshold_rules).length;
    return { watch: [{ name, kind: 'budget', ...details({ limit, notifications: `${notifications} thresholds` }) }] };
  },
  google_monitoring_alert_policy: ({ name, props }) => ({
    watch: [
      { name, kind: 'alert policy', ...details({ conditions: `${records(props.conditions).length} conditions` }) },
    ],
  }),
};

function bucket({ name, props }: Resource, view: View): Partial<Sections> {
  const retention = amount(view.number(block(props.retention_policy).retention_period), 's');
  return {
    storage: [
      {
        name,
        kind: 'Cloud Storage bucket',
        encryption: view.encryption(block(props.encryption).default_kms_key_name),
        retention: retention && `locked for ${retention}`,
        onDelete: view.flag(props.force_destroy) === true ? 'deleted' : 'kept',
        ...details({
          class: view.text(props.storage_class),
          versions: view.flag(block(props.versioning).enabled) === true && 'kept',
          'public access':
            view.text(props.public_access_prevention) === 'enforced' ? 'blocked' : 'set by the organization',
        }),
      },
    ],
  };
}

function members({ name, props }: Resource, view: View, of: unknown): Partial<Sections> | undefined {
  const everyone = list(of)
    .map(word)
    .filter((member) => ['allUsers', 'allAuthenticatedUsers'].includes(member));
  if (everyone.length === 0) return undefined;
  const why = `${everyone.join(', ')} has ${view.text(props.role) ?? 'a role'}`;
  return { exposure: [{ name: view.find(props.bucket)?.name ?? name, kind: 'Cloud Storage bucket', why }] };
}

function network(resource: Resource, view: View): Partial<Sections> {
  const subnets = view.ofType('google_compute_subnetwork').filter(({ props }) => view.find(props.network) === resource);
  const ranges = subnets.map(({ props }) => view.text(props.ip_cidr_range) ?? '').sort();
  return {
    network: [
      {
        name: resource.name,
        kind: 'VPC network',
        ...details({
          subnets:
            ranges.join(', ') || (view.flag(resource.props.auto_create_subnetworks) !== false && 'one per region'),
          mtu: view.text(resource.props.mtu),
          profile: resource.props.network_profile !== undefined && 'RDMA',
        }),
      },
    ],
  };
}

function firewall({ name, props }: Resource, view: View): Partial<Sections> | undefined {
  const incoming = (view.text(props.direction) ?? 'INGRESS') === 'INGRESS' && view.flag(props.disabled) !== true;
  const from = textsOf(view, props.source_ranges).filter((range) => EVERYONE.includes(range));
  const rules = records(props.allow).map((rule) =>
    [view.text(rule.protocol), textsOf(view, rule.ports).join(', ')].filter(Boolean).join(' '),
  );
  if (!incoming || from.length === 0 || rules.length === 0) return undefined;
  return {
    exposure: [{ name, kind: 'firewall rule', why: `${rules.sort().join('; ')} from ${from.sort().join(', ')}` }],
  };
}

function broadRoles({ name, props }: Resource, view: View, members: unknown): Part[] {
  const role = view.text(props.role) ?? '';
  if (!['roles/owner', 'roles/editor'].includes(role)) return [];
  return list(members).map(() => ({ name, kind: 'project member', ...details({ may: `${role} of the project` }) }));
}
