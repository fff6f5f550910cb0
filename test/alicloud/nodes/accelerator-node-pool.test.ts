import { findingsOf } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  AlicloudMachine,
  Capacity,
  ControlPlane,
  CostAllocation,
  EncryptionKey,
  GpuSharing,
  OsHardening,
} from 'ai-infra-constructs/alicloud';
import { existingCluster, problemsOf, resourcesOf, stackIn, theOnly, ZONE } from '../support';

function synth(props: Partial<AcceleratorNodePoolProps> = {}) {
  const stack = stackIn();
  const pool = new AcceleratorNodePool(stack, 'Nodes', {
    cluster: existingCluster(stack),
    machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE,
    nodes: 2,
    zone: ZONE,
    ...props,
  });
  return { stack, pool, resource: theOnly(stack, 'alicloud_cs_kubernetes_node_pool') };
}

const idsOf = ({ pool }: ReturnType<typeof synth>) => findingsOf(pool).map(({ id }) => id);
const codesFor = (props: Partial<AcceleratorNodePoolProps>) => problemsOf(() => synth(props)).map(({ code }) => code);
const A10 = AlicloudMachine.ECS_GN7I_8X_32XLARGE;

describe('a pool of accelerator nodes', () => {
  const { stack, resource } = synth();

  test('is in the vSwitch of its zone, with a fixed number of machines', () => {
    expect(resource).toMatchObject({
      node_pool_name: 'nodes',
      vswitch_ids: ['vsw-bp12mw1f8k3jgnodesi'],
      security_group_ids: ['sg-bp1fg655nh68xyz90000'],
      instance_types: ['ecs.ebmgn8v.48xlarge'],
      instance_charge_type: 'PostPaid',
      desired_size: '2',
      multi_az_policy: 'PRIORITY',
    });
    expect(resource.scaling_config).toBeUndefined();
    expect(resource).toMatchObject({
      spot_strategy: 'NoSpot',
      private_pool_options: { private_pool_options_match_criteria: 'None' },
    });
    expect(resource.tags ?? {}).toEqual({});
  });

  test('has an image that ACK resolves, encrypted disks, and IMDSv2', () => {
    expect(resource).toMatchObject({
      image_type: 'AliyunLinux3ContainerOptimized',
      system_disk_category: 'cloud_essd',
      system_disk_size: 500,
      system_disk_encrypted: true,
      instance_metadata_options: { http_tokens: 'required' },
    });
    expect(resource.image_id).toBeUndefined();
  });

  test('has the labels of its group and its driver, and a taint', () => {
    expect(resource.labels).toEqual([
      { key: 'ai-infra/pool', value: 'nodes' },
      { key: 'ack.aliyun.com/nvidia-driver-version', value: '570.195.03' },
    ]);
    expect(resource.taints).toEqual([{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }]);
    expect(resource.update_nodes).toBe(true);
  });

  test('never restarts nodes, and pulls images in parallel', () => {
    expect(resource.management).toMatchObject({
      enable: true,
      auto_repair_policy: { restart_node: false },
      auto_upgrade: false,
      auto_vul_fix: false,
    });
    expect(resource.kubelet_configuration).toMatchObject({ serialize_image_pulls: 'false', read_only_port: '0' });
  });

  test('raises the limit of locked memory before containerd starts', () => {
    const script = Buffer.from(resource.pre_user_data as string, 'base64').toString();
    expect(script).toMatch(/^#!\/bin\/bash\n/);
    expect(script).toContain('LimitMEMLOCK=infinity');
  });

  test('has a RAM role without permissions', () => {
    const role = theOnly(stack, 'alicloud_ram_role');
    expect(resource.ram_role_name).toMatch(/^\$\{alicloud_ram_role\./);
    expect(JSON.parse(role.assume_role_policy_document as string)).toMatchObject({
      Statement: [{ Principal: { Service: ['ecs.aliyuncs.com'] } }],
    });
    expect(resourcesOf(stack, 'alicloud_ram_role_policy_attachment')).toEqual({});
  });
});

test('has a tag that announces eRDMA of new nodes to the autoscaler', () => {
  const erdma = { 'k8s.io/cluster-autoscaler/node-template/resource/aliyun/erdma': '1' };
  expect(synth({ capacity: Capacity.spot() }).resource.tags).toEqual(erdma);
  expect(synth({ capacity: Capacity.spot(), machine: A10 }).resource.tags).toBeUndefined();
});

test('installs a newer driver on Blackwell machines, and no memory limit without eRDMA', () => {
  const { resource } = synth({ machine: AlicloudMachine.ECS_EBMGN9GC_64XLARGE });
  expect(resource.labels).toContainEqual({ key: 'ack.aliyun.com/nvidia-driver-version', value: '580.126.09' });
  expect(synth({ machine: A10 }).resource.pre_user_data).toBeUndefined();
});

test('passes the options of nodes', () => {
  const { resource } = synth({
    machine: A10,
    minNodes: 1,
    driver: '550.163.01',
    bootDiskGiB: 100,
    bootDiskKey: { keyId: 'key-1' },
    labels: { team: 'research' },
    taints: [{ key: 'example.com/team', value: 'a', effect: 'NoExecute' }],
    maxPodsPerNode: 64,
    kubelet: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'restricted', podPidsLimit: 65_536 },
    workerRole: 'nodes',
    group: 'all',
  });
  expect(resource).toMatchObject({
    scaling_config: { enable: true, min_size: 1, max_size: 2, type: 'gpu' },
    system_disk_size: 100,
    system_disk_kms_key: 'key-1',
    ram_role_name: 'nodes',
    kubelet_configuration: {
      cpu_manager_policy: 'static',
      topology_manager_policy: 'restricted',
      pod_pids_limit: '65536',
      max_pods: '64',
    },
  });
  expect(resource.labels).toEqual(
    expect.arrayContaining([
      { key: 'ai-infra/pool', value: 'all' },
      { key: 'team', value: 'research' },
    ]),
  );
});

test.each([
  [OsHardening.ALIBABA_CLOUD, 'security_hardening_os'],
  [OsHardening.MLPS, 'soc_enabled'],
])('sets one hardening for %s', (hardening, attribute) => {
  const { resource } = synth({ hardening });
  const set = ['security_hardening_os', 'soc_enabled', 'cis_enabled'].filter((name) => resource[name] !== undefined);
  expect(set).toEqual([attribute]);
});

describe('capacity', () => {
  test('spot nodes scale from zero, and on-demand nodes compensate for missing ones', () => {
    const { resource } = synth({ capacity: Capacity.spot({ fallback: Capacity.onDemand(), maxPricePerHour: 20 }) });
    expect(resource).toMatchObject({
      scaling_config: { min_size: 0, max_size: 2, type: 'spot' },
      multi_az_policy: 'COST_OPTIMIZED',
      spot_strategy: 'SpotWithPriceLimit',
      spot_price_limit: [{ instance_type: 'ecs.ebmgn8v.48xlarge', price_limit: '20' }],
      compensate_with_on_demand: true,
      on_demand_base_capacity: '0',
      on_demand_percentage_above_base_capacity: '0',
    });
    const alone = synth({ capacity: Capacity.spot() });
    expect(alone.resource).toMatchObject({ spot_strategy: 'SpotAsPriceGo', compensate_with_on_demand: false });
    expect(idsOf(alone)).toContain('spot/no-fallback');
  });

  test('an existing private pool is the only target', () => {
    const { resource } = synth({ capacity: Capacity.reservation('crp-bp67acfmxazb4wxyz', { zone: ZONE }) });
    expect(resource.private_pool_options).toEqual({
      private_pool_options_id: 'crp-bp67acfmxazb4wxyz',
      private_pool_options_match_criteria: 'Target',
    });
  });

  test('a new reservation has the zone and the number of the nodes', () => {
    const until = new Date('2030-01-31T10:00:00.500Z');
    const { stack, resource } = synth({ capacity: Capacity.newReservation({ confirm: 'costs until deleted', until }) });
    expect(theOnly(stack, 'alicloud_ecs_capacity_reservation')).toMatchObject({
      instance_type: 'ecs.ebmgn8v.48xlarge',
      instance_amount: 2,
      zone_ids: [ZONE],
      match_criteria: 'Target',
      end_time_type: 'Limited',
      end_time: '2030-01-31T10:00:00Z',
    });
    expect(resource.private_pool_options.private_pool_options_id).toMatch(/^\$\{alicloud_ecs_capacity_reservation\./);
  });

  test.each([
    [3, 3, 'Month'],
    [24, 2, 'Year'],
  ])('an assurance of %d months is a purchase', (months, period, unit) => {
    const result = synth({ capacity: Capacity.assurance({ months, confirm: 'costs for the whole period' }) });
    expect(theOnly(result.stack, 'alicloud_ecs_elasticity_assurance')).toMatchObject({
      instance_type: ['ecs.ebmgn8v.48xlarge'],
      period,
      period_unit: unit,
      private_pool_options_match_criteria: 'Target',
      lifecycle: { prevent_destroy: true },
    });
    expect(idsOf(result)).toContain('cost/commitment');
  });

  test('Lingjun nodes come from a node group, without settings of ECS', () => {
    const capacity = Capacity.lingjun({ clusterId: 'i115982311648', nodeGroupId: 'i120021051733', fabricGbps: 3200 });
    const { resource } = synth({ capacity });
    expect(resource).toMatchObject({
      type: 'lingjun',
      eflo_node_group: { cluster_id: 'i115982311648', group_id: 'i120021051733' },
    });
    for (const name of ['instance_types', 'vswitch_ids', 'desired_size', 'image_type', 'ram_role_name'])
      expect(resource[name]).toBeUndefined();
    expect(resource.labels).toEqual([{ key: 'ai-infra/pool', value: 'nodes' }]);
  });
});

test('uses a deployment set only if asked, with a finding', () => {
  const result = synth({ compactPlacement: true });
  expect(theOnly(result.stack, 'alicloud_ecs_deployment_set').strategy).toBe('LowLatency');
  expect(result.resource.deployment_set_id).toMatch(/^\$\{alicloud_ecs_deployment_set\./);
  expect(idsOf(result)).toContain('placement/unlisted');
  expect(resourcesOf(synth().stack, 'alicloud_ecs_deployment_set')).toEqual({});
});

test('installs the scheduler for shared GPUs on a new cluster', () => {
  const stack = stackIn();
  const cluster = new ControlPlane(stack, 'ControlPlane', { zones: [ZONE] });
  const gpuSharing = GpuSharing.MEMORY_ISOLATION;
  const options = { cluster, machine: A10, nodes: 2, minNodes: 0, zone: ZONE, gpuSharing };
  new AcceleratorNodePool(stack, 'Shared', options);
  new AcceleratorNodePool(stack, 'More', options);
  expect(theOnly(stack, 'alicloud_cs_kubernetes_addon')).toMatchObject({
    name: 'ack-ai-installer',
    depends_on: [expect.stringMatching(/Shared/)],
  });
  const [pool] = Object.values(resourcesOf(stack, 'alicloud_cs_kubernetes_node_pool'));
  expect(pool.labels).toContainEqual({ key: 'ack.node.gpu.schedule', value: 'cgpu' });
  expect(pool.scaling_config.type).toBe('gpushare');
});

test('records what an account must have', () => {
  expect(idsOf(synth({ bootDiskKey: { keyId: 'key-1' } })).sort()).toEqual([
    'access/node-role',
    'capacity/allowlist',
    'encryption/disk-key',
  ]);
});

describe('a pool rejects', () => {
  const lingjun = Capacity.lingjun({ clusterId: 'c', nodeGroupId: 'g', fabricGbps: 1 });
  const cluster = (kubernetesVersion: string) => existingCluster(stackIn(), { kubernetesVersion });

  test.each<[string, Partial<AcceleratorNodePoolProps>, string]>([
    ['no nodes', { nodes: undefined }, 'ValueMissing'],
    ['1,001 nodes', { nodes: 1001 }, 'NodesOutOfRange'],
    ['more minimum than maximum nodes', { minNodes: 3 }, 'NodesOutOfRange'],
    ['a zone without a vSwitch', { zone: 'cn-hangzhou-k' }, 'LocationInvalid'],
    [
      'a private pool of another zone',
      { capacity: Capacity.reservation('crp-bp67a', { zone: 'cn-hangzhou-j' }) },
      'CapacityZone',
    ],
    ['a confidential machine', { machine: AlicloudMachine.fromName('ecs.gn8v-tee.4xlarge') }, 'MachineUnsupported'],
    ['a machine outside deployment sets', { machine: A10, compactPlacement: true }, 'PlacementInvalid'],
    ['spot nodes in a deployment set', { capacity: Capacity.spot(), compactPlacement: true }, 'PlacementInvalid'],
    ['21 nodes in a deployment set', { nodes: 21, compactPlacement: true }, 'PlacementInvalid'],
    ['an unknown driver', { driver: '999.1' }, 'ChoiceUnknown'],
    [
      'a driver of the right branch that is too old for Blackwell',
      { machine: AlicloudMachine.ECS_EBMGN9G_64XLARGE, driver: '570.133.20' },
      'ChoiceUnknown',
    ],
    [
      'an old driver on Blackwell',
      { machine: AlicloudMachine.ECS_EBMGN9G_64XLARGE, driver: '550.163.01' },
      'ChoiceUnknown',
    ],
    [
      'cGPU with the static CPU policy',
      { machine: A10, gpuSharing: GpuSharing.MPS, kubelet: { cpuManagerPolicy: 'static' } },
      'ClusterOption',
    ],
    [
      'cGPU on a machine without it',
      { machine: AlicloudMachine.ECS_EBMGN9G_64XLARGE, driver: '570.169', gpuSharing: GpuSharing.FULL_ISOLATION },
      'ClusterOption',
    ],
    [
      'cGPU with a new driver',
      { machine: A10, driver: '580.126.09', gpuSharing: GpuSharing.FULL_ISOLATION },
      'ClusterOption',
    ],
    ['a driver of Lingjun nodes', { capacity: lingjun, driver: '570.169' }, 'ClusterOption'],
    ['scaled Lingjun nodes', { capacity: lingjun, minNodes: 0 }, 'ScalingLimits'],
    [
      'Lingjun nodes on an old cluster',
      { capacity: lingjun, cluster: cluster('1.30.7-aliyun.1') },
      'KubernetesVersion',
    ],
    ['IMDSv2 on an old cluster', { machine: A10, cluster: cluster('1.26.3-aliyun.1') }, 'KubernetesVersion'],
    ['a reserved label', { labels: { 'aliyun.accelerator/nvidia_name': 'x' } }, 'NodeLabel'],
    ['the driver as a label', { labels: { 'ack.aliyun.com/nvidia-driver-version': '570.169' } }, 'NodeLabel'],
    [
      'a reserved taint',
      { taints: [{ key: 'node-role.alibabacloud.com/lingjun', effect: 'NoSchedule' }] },
      'NodeTaint',
    ],
    [
      'a taint twice',
      {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'b', effect: 'NoSchedule' },
        ],
      },
      'NodeTaint',
    ],
    ['a malformed taint', { taints: [{ key: 'a b', effect: 'NoSchedule' }] }, 'NodeTaint'],
    ['a small disk', { bootDiskGiB: 39 }, 'VolumeOutOfRange'],
    ['too many pods', { maxPodsPerNode: 513 }, 'NodeSetting'],
    ['too few processes', { kubelet: { podPidsLimit: 10 } }, 'NodeSetting'],
    ['a name with capitals', { name: 'Nodes' }, 'PoolName'],
  ])('%s', (_, props, code) => {
    expect(codesFor(props)).toEqual([code]);
  });

  test('more tags than ECS and ACK leave, also with tags of the autoscaler', () => {
    const stack = stackIn();
    const additionalTags = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`tag${index}`, 'x']));
    CostAllocation.apply(stack, {
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      costCenter: 'r-17',
      owner: 'ml-platform',
      additionalTags,
    });
    const cluster = existingCluster(stack);
    const add = (id: string, minNodes: number) =>
      new AcceleratorNodePool(stack, id, { cluster, machine: A10, nodes: 2, minNodes, zone: ZONE });
    add('Fixed', 2);
    expect(resourcesOf(stack, 'alicloud_cs_kubernetes_node_pool')).not.toEqual({});
    add('Scaled', 0);
    expect(problemsOf(() => resourcesOf(stack, 'alicloud_cs_kubernetes_node_pool')).map(({ code }) => code)).toEqual([
      'TagsTooMany',
    ]);
  });
});

test('encrypts boot disks with a key of the account', () => {
  const stack = stackIn();
  const bootDiskKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', 'key-hzz63d2c8d3dfv8cv0000');
  new AcceleratorNodePool(stack, 'Nodes', {
    cluster: existingCluster(stack),
    machine: A10,
    nodes: 1,
    zone: ZONE,
    bootDiskKey,
  });
  expect(theOnly(stack, 'alicloud_cs_kubernetes_node_pool').system_disk_kms_key).toBe('key-hzz63d2c8d3dfv8cv0000');
});
