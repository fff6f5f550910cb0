import type { Sections } from '../../architecture';
import {
  amount,
  block,
  details,
  MANAGED,
  type Readers,
  type Resource,
  textsOf,
  UNENCRYPTED,
  type View,
  EVERYONE,
} from '../../view';

/** Settings of a bucket that resources of their own have. Other readers find them from the bucket. */
const BUCKET_SETTINGS = [
  'acl',
  'https_config',
  'logging',
  'policy',
  'public_access_block',
  'server_side_encryption',
  'versioning',
  'worm',
].map((name) => `alicloud_oss_bucket_${name}`);

/** Readers of buckets, keys, networks, and permissions on Alibaba Cloud. */
export const ALICLOUD_FOUNDATION_READERS: Readers = {
  alicloud_oss_bucket: bucket,
  ...Object.fromEntries(BUCKET_SETTINGS.map((type) => [type, setting])),
  alicloud_kms_key: ({ name, props }, view) => ({
    keys: [
      {
        name,
        kind: 'KMS key',
        ...details({
          rotation:
            view.text(props.automatic_rotation) === 'Enabled'
              ? `rotates every ${parseInt(view.text(props.rotation_interval) ?? '') / 86_400} days`
              : 'does not rotate',
        }),
      },
    ],
  }),
  alicloud_kms_alias: ({ props }, view) => (view.find(props.key_id) ? {} : undefined),
  alicloud_vpc: vpc,
  alicloud_vswitch: ({ props }, view) => (view.find(props.vpc_id) ? {} : undefined),
  alicloud_nat_gateway: ({ name, props }, view) => ({
    network: [{ name, kind: 'NAT gateway', ...details({ of: view.find(props.vpc_id)?.name }) }],
  }),
  alicloud_eip_address: ({ name, props }, view) => ({
    network: [
      { name, kind: 'public address', ...details({ bandwidth: amount(view.number(props.bandwidth), 'Mbps') }) },
    ],
  }),
  alicloud_eip_association: ({ props }, view) => (view.find(props.allocation_id) ? {} : undefined),
  alicloud_snat_entry: ({ props }, view) => (view.find(props.snat_table_id) ? {} : undefined),
  alicloud_security_group: ({ props }, view) => (view.find(props.vpc_id) ? {} : undefined),
  alicloud_security_group_rule: rule,
};

function setting({ props }: Resource, view: View): Partial<Sections> | undefined {
  return bucketOf(props.bucket, view) ? {} : undefined;
}

function bucketOf(bucket: unknown, view: View): Resource | undefined {
  const found = view.find(bucket);
  return found?.type === 'alicloud_oss_bucket' ? found : undefined;
}

function bucket(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const of = (setting: string) =>
    view.ofType(`alicloud_oss_bucket_${setting}`).find((each) => bucketOf(each.props.bucket, view) === resource)?.props;
  const encryption = of('server_side_encryption') ?? block(props.server_side_encryption_rule);
  const days = amount(view.number(of('worm')?.retention_period_in_days), 'days');
  const acl = view.text(of('acl')?.acl ?? props.acl);
  const isOpen =
    acl?.startsWith('public-') === true && view.flag(of('public_access_block')?.block_public_access) !== true;
  return {
    storage: [
      {
        name,
        kind: 'OSS bucket',
        encryption: encryptionOf(encryption, view),
        retention: days && `locked for ${days}`,
        onDelete: view.flag(props.force_destroy) === true ? 'deleted' : 'kept',
        ...details({
          class: view.text(props.storage_class),
          copies: view.text(props.redundancy_type),
          versions: view.text(of('versioning')?.status ?? block(props.versioning).status) === 'Enabled' && 'kept',
          'public access':
            view.flag(of('public_access_block')?.block_public_access) === true ? 'blocked' : 'set by the account',
        }),
      },
    ],
    exposure: isOpen ? [{ name, kind: 'OSS bucket', why: `everyone can access it: ${acl}` }] : [],
  };
}

function encryptionOf(rule: Readonly<Record<string, unknown>>, view: View) {
  if (rule.sse_algorithm === undefined) return UNENCRYPTED;
  return rule.kms_master_key_id === undefined ? MANAGED : view.encryption(rule.kms_master_key_id);
}

function vpc(resource: Resource, view: View): Partial<Sections> {
  const ranges = view
    .ofType('alicloud_vswitch')
    .filter(({ props }) => view.find(props.vpc_id) === resource)
    .map(({ props }) => view.text(props.cidr_block) ?? '');
  return { network: [{ name: resource.name, kind: 'VPC', ...details({ vswitches: ranges.sort().join(', ') }) }] };
}

function rule({ name, props }: Resource, view: View): Partial<Sections> | undefined {
  const isOpen = textsOf(view, [props.cidr_ip, props.ipv6_cidr_ip]).some((range) => EVERYONE.includes(range));
  if (view.text(props.type) !== 'ingress' || view.text(props.policy) === 'drop' || !isOpen)
    return view.find(props.security_group_id) ? {} : undefined;
  const ports = [view.text(props.ip_protocol), view.text(props.port_range)].filter(Boolean).join(' ');
  return { exposure: [{ name, kind: 'security group rule', why: `${ports} from anywhere` }] };
}
