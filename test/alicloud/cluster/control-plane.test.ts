import { findingsOf } from 'ai-infra-constructs';
import {
  ApiAccess,
  ClusterSource,
  ClusterTier,
  ControlPlane,
  type ControlPlaneProps,
  EncryptionKey,
  MlNetwork,
  SystemNodePool,
  UpgradeChannel,
  WeekDay,
} from 'ai-infra-constructs/alicloud';
import type { DataAlicloudCsClusterCredential } from 'ai-infra-constructs/alicloud/provider';
import { TerraformOutput } from 'cdktf';
import { existingCluster, existingNetwork, problemsOf, refusalsOf, resourcesOf, stackIn, theOnly } from '../support';

const ZONES = ['cn-hangzhou-i', 'cn-hangzhou-j'];

function synth(props: Partial<ControlPlaneProps> = {}) {
  const stack = stackIn();
  const cluster = new ControlPlane(stack, 'ControlPlane', { zones: props.network ? undefined : ZONES, ...props });
  return { stack, cluster, resource: theOnly(stack, 'alicloud_cs_managed_kubernetes') };
}

const refused = (props: Partial<ControlPlaneProps>) => refusalsOf(() => synth(props));

describe('a control plane', () => {
  const { stack, cluster, resource } = synth();

  test('is an ACK Pro cluster with a private API, in the vSwitches of its zones', () => {
    expect(resource).toMatchObject({
      profile: 'Default',
      cluster_spec: 'ack.pro.small',
      slb_internet_enabled: false,
      new_nat_gateway: false,
      ip_stack: 'ipv4',
      proxy_mode: 'ipvs',
      deletion_protection: true,
      service_cidr: '10.8.0.0/20',
    });
    expect(resource.vswitch_ids).toEqual(ZONES.map((zone) => expect.stringContaining(`Nodes-${zone}`)));
    expect(resource.pod_vswitch_ids).toEqual(ZONES.map((zone) => expect.stringContaining(`Pods-${zone}`)));
    expect(resource.security_group_id).toMatch(/^\$\{alicloud_security_group\..*\.id\}$/);
    const [{ condition }] = resource.lifecycle.postcondition;
    expect(condition).toBe('${lookup(self.connections, "api_server_internet", "") == ""}');
  });

  test('encrypts secrets with its key, and gives pods RAM roles', () => {
    expect(resource.encryption_provider_key).toMatch(/^\$\{alicloud_kms_key\..*\.id\}$/);
    expect(resource).toMatchObject({ disable_encryption: false, enable_rrsa: true });
    expect(resource.skip_set_certificate_authority).toBe(true);
  });

  test('sends the logs of the control plane and audit logs to its own project', () => {
    const project = expect.stringMatching(/^\$\{alicloud_log_project\..*\.project_name\}$/) as string;
    expect(resource).toMatchObject({
      control_plane_log_components: ['apiserver', 'kcm', 'scheduler', 'ccm', 'controlplane-events'],
      control_plane_log_ttl: '30',
      control_plane_log_project: project,
      audit_log_config: { enabled: true, sls_project_name: project },
    });
    expect(theOnly(stack, 'alicloud_log_project').project_name).toMatch(/\$\{data\.alicloud_caller_identity/);
  });

  test('has network, storage, log, and metric add-ons from the beginning, and no public ingress', () => {
    const addons = resource.addons as { name: string; config?: string; disabled?: boolean }[];
    const config = (name: string) => addons.find((one) => one.name === name)?.config;
    expect(JSON.parse(config('terway-eniip')!)).toEqual({
      IPVlan: 'false',
      NetworkPolicy: 'true',
      ENITrunking: 'true',
    });
    expect(JSON.parse(config('storage-operator')!)).toEqual({ CnfsOssEnable: 'false', CnfsNasEnable: 'false' });
    expect(config('loongcollector')).toMatch(/"sls_project_name":"\$\{alicloud_log_project/);
    expect(addons.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['terway-controlplane', 'csi-plugin', 'managed-csiprovisioner', 'arms-prometheus']),
    );
    expect(addons.find(({ name }) => name === 'nginx-ingress-controller')).toEqual({
      name: 'nginx-ingress-controller',
      disabled: true,
    });
    expect(resource.lifecycle.ignore_changes).toEqual(['addons', 'version']);
  });

  test('waits for outbound internet access and the rules of its security group, and is deleted before them', () => {
    expect(resource.depends_on).toEqual([
      expect.stringMatching(/^alicloud_snat_entry\./),
      expect.stringMatching(/^alicloud_security_group_rule\..*ingress/),
      expect.stringMatching(/^alicloud_security_group_rule\..*egress/),
    ]);
  });

  test('upgrades patches in a night of China', () => {
    expect(resource).toMatchObject({
      operation_policy: { cluster_auto_upgrade: { enabled: true, channel: 'patch' } },
      maintenance_window: {
        enable: true,
        duration: '8h',
        weekly_period: 'Sunday',
        maintenance_time: '2026-01-11T00:00:00.000+08:00',
      },
    });
  });

  test('connects with a certificate of ack-ram-tool, through the private endpoint', () => {
    new TerraformOutput(stack, 'Host', { value: cluster.connection.host });
    new TerraformOutput(stack, 'Ca', { value: cluster.connection.clusterCaCertificate });
    expect(cluster.connection.exec).toMatchObject({
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'ack-ram-tool',
      args: expect.arrayContaining(['get-credential', '--region-id', 'cn-hangzhou']) as string[],
    });
    const credential = cluster.node.findChild('Credential') as DataAlicloudCsClusterCredential;
    expect(credential.temporaryDurationMinutesInput).toBe(15);
  });

  test('names the service roles that the account needs', () => {
    expect(findingsOf(cluster).map(({ id, level }) => `${level} ${id}`)).toContain('warning access/service-roles');
  });
});

test('keeps a chosen version, size, name, and public API', () => {
  const { resource, cluster } = synth({
    kubernetesVersion: '1.35.0-aliyun.1',
    upgradeChannel: UpgradeChannel.NONE,
    tier: ClusterTier.XLARGE,
    name: 'research',
    apiAccess: ApiAccess.PUBLIC,
    networkPolicies: false,
    addonVersions: { 'terway-eniip': 'v1.17.5' },
    logRetentionDays: 90,
    deletionProtection: false,
  });
  expect(resource).toMatchObject({
    version: '1.35.0-aliyun.1',
    proxy_mode: 'nftables',
    cluster_spec: 'ack.pro.xlarge',
    name: 'research',
    slb_internet_enabled: true,
    control_plane_log_ttl: '90',
    deletion_protection: false,
    operation_policy: { cluster_auto_upgrade: { enabled: false } },
  });
  expect(resource.lifecycle).toEqual({ ignore_changes: ['addons'] });
  const terway = (resource.addons as { name: string }[]).find(({ name }) => name === 'terway-eniip');
  expect(terway).toMatchObject({
    version: 'v1.17.5',
    config: expect.stringContaining('"NetworkPolicy":"false"') as string,
  });
  expect(findingsOf(cluster).map(({ id }) => id)).toContain('network/public-api');
});

test.each([
  [{ days: [WeekDay.MONDAY], start: '02:00', hours: 4 }, 'Monday', '2026-01-05T10:00:00.000+08:00'],
  [
    { days: [WeekDay.SUNDAY, WeekDay.FRIDAY], start: '23:30', hours: 1 },
    'Monday,Saturday',
    '2026-01-10T07:30:00.000+08:00',
  ],
])('converts the window %j to the time of China', (window, days, time) => {
  const { resource } = synth({ maintenance: { window } });
  expect(resource.maintenance_window).toMatchObject({ weekly_period: days, maintenance_time: time });
});

test('gives RAM users and roles the permission to administer the cluster', () => {
  const { stack, cluster } = synth({ admins: ['2000000000000000001', 'role/3000000000000000001'] });
  const grants = Object.values(resourcesOf(stack, 'alicloud_cs_kubernetes_permissions'));
  expect(grants.map(({ uid, permissions: [one] }) => [uid, one.role_name, one.is_ram_role])).toEqual([
    ['2000000000000000001', 'admin', false],
    ['3000000000000000001', 'admin', true],
  ]);
  expect(findingsOf(cluster).map(({ id }) => id)).toContain('access/permissions-owner');
});

test('uses an existing network and key', () => {
  const stack = stackIn();
  const network = existingNetwork(stack);
  const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', 'key-hzz63d2c8d3dfv8cv0000');
  new ControlPlane(stack, 'ControlPlane', { network, encryptionKey });
  expect(theOnly(stack, 'alicloud_cs_managed_kubernetes')).toMatchObject({
    vswitch_ids: ['vsw-bp12mw1f8k3jgnodesi', 'vsw-bp12mw1f8k3jgnodesj'],
    encryption_provider_key: 'key-hzz63d2c8d3dfv8cv0000',
    service_cidr: '172.21.0.0/20',
  });
  expect(resourcesOf(stack, 'alicloud_vpc')).toEqual({});
});

test('installs an add-on once', () => {
  const { stack, cluster } = synth();
  const nodes = new SystemNodePool(stack, 'System', { cluster });
  const first = cluster.addAddOn('ack-koordinator', { after: [nodes.resource] });
  expect(cluster.addAddOn('ack-koordinator', { after: [nodes.resource] })).toBe(first);
  expect(refusalsOf(() => cluster.addAddOn('ack-koordinator', { config: { a: 1 }, after: [] }))).toEqual([
    expect.stringContaining('ClusterOption'),
  ]);
  expect(theOnly(stack, 'alicloud_cs_kubernetes_addon')).toMatchObject({ name: 'ack-koordinator' });
});

describe('a control plane rejects', () => {
  test.each<[string, Partial<ControlPlaneProps>, string]>([
    ['no zones without a network', { zones: [] }, 'LocationInvalid'],
    ['six zones', { zones: ['b', 'g', 'h', 'i', 'j', 'k'].map((one) => `cn-hangzhou-${one}`) }, 'LocationInvalid'],
    ['a zone twice', { zones: ['cn-hangzhou-i', 'cn-hangzhou-i'] }, 'LocationInvalid'],
    ['a malformed version', { kubernetesVersion: 'v1.34' }, 'KubernetesVersion'],
    ['an old version', { kubernetesVersion: '1.31.9-aliyun.1' }, 'KubernetesVersion'],
    ['a long name', { name: 'a'.repeat(64) }, 'ResourceIdInvalid'],
    ['an unknown add-on', { addonVersions: { csi: 'v1' } }, 'ClusterOption'],
    ['no days of logs', { logRetentionDays: 0 }, 'LogRetention'],
    ['a window without upgrades', { upgradeChannel: UpgradeChannel.NONE, maintenance: {} }, 'ClusterOption'],
    [
      'a window of 25 hours',
      { maintenance: { window: { days: [WeekDay.MONDAY], start: '01:00', hours: 25 } } },
      'MaintenanceWindow',
    ],
    ['a window on no day', { maintenance: { window: { days: [], start: '01:00', hours: 4 } } }, 'MaintenanceWindow'],
    [
      'a malformed time',
      { maintenance: { window: { days: [WeekDay.MONDAY], start: '1:00', hours: 4 } } },
      'MaintenanceWindow',
    ],
    ['the name of an administrator', { admins: ['ada'] }, 'AdminInvalid'],
    ['an administrator twice', { admins: ['2000000000000000001', '2000000000000000001'] }, 'AdminInvalid'],
  ])('%s', (_, props, code) => {
    expect(refused(props).join('\n')).toContain(code);
  });

  test('a network without vSwitches for pods or without a range for services', () => {
    const stack = stackIn();
    const network = MlNetwork.fromMlNetworkAttributes(stack, 'Network', {
      vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
      region: 'cn-hangzhou',
      securityGroupId: 'sg-bp1fg655nh68xyz90000',
      vswitches: [{ zone: 'cn-hangzhou-i', vswitchId: 'vsw-bp12mw1f8k3jgygk90000' }],
    });
    const problems = problemsOf(() => new ControlPlane(stack, 'ControlPlane', { network }));
    expect(problems.map(({ prop }) => prop)).toEqual(['network.podVswitches', 'network.serviceCidr']);
  });

  test('a zone without a vSwitch of the network', () => {
    const stack = stackIn();
    const network = existingNetwork(stack);
    const [problem] = problemsOf(() => new ControlPlane(stack, 'ControlPlane', { network, zones: ['cn-hangzhou-k'] }));
    expect(problem).toMatchObject({ code: 'LocationInvalid', prop: 'zones[0]' });
    expect(problem!.allowed).toContain('cn-hangzhou-i, cn-hangzhou-j');
  });

  test('an existing cluster with a name instead of an ID', () => {
    const [problem] = problemsOf(() => existingCluster(stackIn(), { clusterId: 'research' }));
    expect(problem).toMatchObject({ code: 'ResourceIdInvalid', prop: 'clusterId' });
  });

  test('a cluster source with a wrong cluster', () => {
    expect(refusalsOf(() => ClusterSource.fromCluster('c1' as never)).join()).toContain('PropType');
  });
});
