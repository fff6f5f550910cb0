import { exposed, ofTerraform } from '../support';

const BUCKET = '${alicloud_oss_bucket.data.id}';

test('a bucket has the settings of its resources, and is one part', () => {
  const { storage, other, exposure } = ofTerraform({
    'alicloud_oss_bucket.data': { bucket: 'data', storage_class: 'Standard', redundancy_type: 'ZRS' },
    'alicloud_oss_bucket_acl.acl': { bucket: BUCKET, acl: 'private' },
    'alicloud_oss_bucket_public_access_block.block': { bucket: BUCKET, block_public_access: true },
    'alicloud_oss_bucket_server_side_encryption.sse': {
      bucket: BUCKET,
      sse_algorithm: 'KMS',
      kms_master_key_id: '${alicloud_kms_key.key.id}',
    },
    'alicloud_oss_bucket_versioning.versions': { bucket: BUCKET, status: 'Enabled' },
    'alicloud_oss_bucket_worm.lock': { bucket: BUCKET, retention_period_in_days: 30, status: 'Locked' },
    'alicloud_kms_key.key': { automatic_rotation: 'Enabled', rotation_interval: '90d' },
  });
  expect(storage).toEqual([
    {
      name: 'data',
      kind: 'OSS bucket',
      encryption: { key: 'customer', name: 'key' },
      retention: 'locked for 30 days',
      onDelete: 'kept',
      details: { class: 'Standard', copies: 'ZRS', versions: 'kept', 'public access': 'blocked' },
    },
  ]);
  expect(other).toEqual({});
  expect(exposure).toEqual([]);
});

test.each([
  [{}, 'none'],
  [{ 'alicloud_oss_bucket_server_side_encryption.sse': { bucket: BUCKET, sse_algorithm: 'KMS' } }, 'managed'],
])('a bucket without a key of yours: %j', (settings, key) => {
  const { storage } = ofTerraform({ 'alicloud_oss_bucket.data': {}, ...settings });
  expect(storage).toMatchObject([{ encryption: { key } }]);
});

test('a public bucket is exposed, unless public access is blocked', () => {
  const open = {
    'alicloud_oss_bucket.data': {},
    'alicloud_oss_bucket_acl.acl': { bucket: BUCKET, acl: 'public-read' },
  };
  expect(exposed(ofTerraform(open))).toEqual(['data: everyone can access it: public-read']);
  const block = { 'alicloud_oss_bucket_public_access_block.block': { bucket: BUCKET, block_public_access: true } };
  expect(exposed(ofTerraform({ ...open, ...block }))).toEqual([]);
});

test('a network shows its vSwitches, NAT gateway, and public address', () => {
  const { network, exposure } = ofTerraform({
    'alicloud_vpc.net': { cidr_block: '10.0.0.0/13' },
    'alicloud_vswitch.a': { vpc_id: '${alicloud_vpc.net.id}', cidr_block: '10.0.8.0/21' },
    'alicloud_vswitch.b': { vpc_id: '${alicloud_vpc.net.id}', cidr_block: '10.0.0.0/21' },
    'alicloud_nat_gateway.nat': { vpc_id: '${alicloud_vpc.net.id}' },
    'alicloud_eip_address.ip': { bandwidth: '200' },
    'alicloud_security_group_rule.inside': { type: 'ingress', cidr_ip: '10.0.0.0/13', ip_protocol: 'all' },
    'alicloud_security_group_rule.out': { type: 'egress', cidr_ip: '0.0.0.0/0', ip_protocol: 'all' },
  });
  expect(network).toMatchObject([
    { name: 'ip', kind: 'public address' },
    { name: 'nat', kind: 'NAT gateway', details: { of: 'net' } },
    { name: 'net', kind: 'VPC', details: { vswitches: '10.0.0.0/21, 10.0.8.0/21' } },
  ]);
  expect(exposure).toEqual([]);
});

test('a rule that admits everyone is exposed', () => {
  const rule = { type: 'ingress', cidr_ip: '0.0.0.0/0', ip_protocol: 'tcp', port_range: '22/22' };
  expect(exposed(ofTerraform({ 'alicloud_security_group_rule.ssh': rule }))).toEqual(['ssh: tcp 22/22 from anywhere']);
  expect(exposed(ofTerraform({ 'alicloud_security_group_rule.ssh': { ...rule, policy: 'drop' } }))).toEqual([]);
});

test('a cluster and its node pools have their access, markets, and encryption', () => {
  const { endpoints, compute, exposure, other } = ofTerraform({
    'alicloud_cs_managed_kubernetes.ack': { slb_internet_enabled: true, cluster_spec: 'ack.pro.small' },
    'alicloud_cs_kubernetes_addon.erdma': { cluster_id: '${alicloud_cs_managed_kubernetes.ack.id}' },
    'alicloud_cs_kubernetes_node_pool.spot': {
      instance_types: ['ecs.gn7i-8x.32xlarge'],
      scaling_config: { min_size: 0, max_size: 4 },
      spot_strategy: 'SpotAsPriceGo',
      system_disk_size: 500,
      system_disk_category: 'cloud_essd',
      system_disk_encrypted: true,
    },
    'alicloud_cs_kubernetes_node_pool.reserved': {
      instance_types: ['ecs.ebmgn8v.48xlarge'],
      desired_size: '2',
      private_pool_options: { private_pool_options_id: 'crp-bp1' },
    },
    'alicloud_cs_kubernetes_node_pool.lingjun': { type: 'lingjun' },
  });
  expect(endpoints).toMatchObject([{ kind: 'ACK cluster', access: 'public', encryption: { key: 'managed' } }]);
  expect(exposed({ exposure })).toEqual(['ack: Kubernetes API, from 0.0.0.0/0']);
  expect(compute.map(({ name, market, encryption }) => [name, market, encryption?.key])).toEqual([
    ['lingjun', 'on-demand', undefined],
    ['reserved', 'reservation', 'none'],
    ['spot', 'spot', 'managed'],
  ]);
  expect(compute[2]).toMatchObject({ disks: ['500 GiB cloud_essd'], machines: ['ecs.gn7i-8x.32xlarge'] });
  expect(other).toEqual({});
});
