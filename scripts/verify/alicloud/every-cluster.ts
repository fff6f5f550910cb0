/** Clusters and nodes with every option and every machine, which `verify:terraform` validates in addition to the examples. */
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass, ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  AlicloudMachine,
  ApiAccess,
  Capacity,
  ClusterSource,
  ClusterTier,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  GpuAlarms,
  GpuSharing,
  Installation,
  JobPriority,
  JobVolume,
  MlNetwork,
  OsHardening,
  SystemNodePool,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingPlatform,
  TrainingStorage,
  UpgradeChannel,
  WeekDay,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const ZONE = 'cn-hangzhou-i';
const COSTS = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' };
const app = new App();

function newStack(id: string): TerraformStack {
  const stack = new TerraformStack(app, `every-cluster-${id}`);
  new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
  return stack;
}

const pools = newStack('pools');
const key = EncryptionKey.fromEncryptionKeyId(pools, 'Key', 'key-hzz63d2c8d3dfv8cv0000');
const network = new MlNetwork(pools, 'Network', { zones: [ZONE, 'cn-hangzhou-j'] });
const cluster = new ControlPlane(pools, 'ControlPlane', {
  zones: [ZONE],
  network,
  kubernetesVersion: '1.34.1-aliyun.1',
  upgradeChannel: UpgradeChannel.RAPID,
  maintenance: { window: { days: [WeekDay.MONDAY, WeekDay.SUNDAY], start: '18:30', hours: 4 } },
  name: 'research',
  tier: ClusterTier.XLARGE_2,
  encryptionKey: key,
  apiAccess: ApiAccess.PUBLIC,
  networkPolicies: false,
  addonVersions: { 'terway-eniip': 'v1.17.6', 'terway-controlplane': 'v1.17.6' },
  logRetentionDays: 90,
  admins: ['2000000000000000001', 'role/3000000000000000001'],
  deletionProtection: false,
});
const system = new SystemNodePool(pools, 'System', {
  cluster,
  machineTypes: ['ecs.c8i.2xlarge'],
  minNodes: 3,
  maxNodes: 3,
  zones: [ZONE],
  bootDiskKey: key,
  after: network.egress,
  name: 'controllers',
});
cluster.addAddOn('ack-koordinator', { config: { feature: true }, after: [system.resource] });
new GpuAlarms(pools, 'Alarms', { cluster, after: [system.resource] });

const GN7 = AlicloudMachine.ECS_GN7I_8X_32XLARGE;
const POOLS: Readonly<Record<string, Partial<AcceleratorNodePoolProps>>> = {
  spot: { capacity: Capacity.spot({ fallback: Capacity.onDemand(), maxPricePerHour: 50 }), minNodes: 1 },
  existing: { capacity: Capacity.reservation('crp-bp67acfmxazb4wxyz', { zone: ZONE }), compactPlacement: true },
  reserved: { capacity: Capacity.newReservation({ confirm: 'costs until deleted', until: new Date('2030-01-31') }) },
  assured: { capacity: Capacity.assurance({ confirm: 'costs for the whole period', months: 12 }) },
  lingjun: { capacity: Capacity.lingjun({ clusterId: 'i115982311648', nodeGroupId: 'i1200210', fabricGbps: 3200 }) },
  shared: { machine: GN7, gpuSharing: GpuSharing.MEMORY_ISOLATION, minNodes: 0 },
  options: {
    machine: GN7,
    driver: '550.163.01',
    bootDiskGiB: 200,
    bootDiskKey: key,
    labels: { team: 'research' },
    taints: [{ key: 'example.com/team', value: 'a', effect: 'PreferNoSchedule' }],
    maxPodsPerNode: 64,
    kubelet: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'best-effort', podPidsLimit: 65_536 },
    hardening: OsHardening.MLPS,
    workerRole: 'nodes',
    group: 'all',
    name: 'with-options',
    after: [system.resource],
  },
};
for (const [name, props] of Object.entries(POOLS)) {
  const machine = AlicloudMachine.ECS_EBMGN8V_48XLARGE;
  new AcceleratorNodePool(pools, name, { cluster, zone: ZONE, nodes: 2, machine, ...props });
}

const CLUSTERS: Readonly<Record<string, Partial<TrainingClusterProps>>> = {
  several: {
    cluster: ClusterSource.create({
      zones: ['cn-hangzhou-j'],
      systemNodes: { machineTypes: ['ecs.g8i.2xlarge', 'ecs.g7.2xlarge'], minNodes: 3, maxNodes: 6 },
      upgradeChannel: UpgradeChannel.NONE,
    }),
    groups: {
      debug: { machine: GN7, nodes: 1, capacity: Capacity.spot(), nodeOptions: { bootDiskGiB: 100 } },
      lingjun: { machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE, nodes: 2, capacity: POOLS.lingjun!.capacity },
    },
    compactPlacement: true,
    images: { training: 'image:1', acceptance: 'image:2' },
    storage: TrainingStorage.cpfs({
      sizeGiB: 4800,
      mountAddress: { server: 'cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com', path: '/share/data' },
    }),
  },
  planned: {
    nodes: undefined,
    job: TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9 }),
    prices: Prices.of([
      {
        cloud: 'alicloud',
        machine: 'ecs.ebmgn8v.48xlarge',
        market: 'on-demand',
        region: 'cn-hangzhou',
        usdPerHour: 40,
        source: 'the contract of the account',
      },
    ]),
  },
};
for (const [name, props] of Object.entries(CLUSTERS)) {
  const stack = newStack(name);
  const training = new TrainingCluster(stack, 'Cluster', {
    machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE,
    zone: ZONE,
    nodes: 2,
    encryptionKey: EncryptionKey.fromEncryptionKeyId(stack, 'Key', 'key-hzz63d2c8d3dfv8cv0000'),
    datasets: DataBucket.fromBucketName(stack, 'Datasets', 'datasets'),
    checkpoints: DataBucket.fromBucketName(stack, 'Checkpoints', 'checkpoints'),
    ...props,
    network: name === 'planned' ? new MlNetwork(stack, 'Network', { zones: [ZONE] }) : undefined,
  });
  training.trainJob({
    name: 'train',
    group: 'nodes',
    command: ['train'],
    image: 'image:3',
    priority: JobPriority.URGENT,
    nodes: 1,
    env: { A: 'b', TOKEN: { secret: 'tokens', key: 'token' } },
    volumes: [JobVolume.scratch({ mountPath: '/scratch' })],
  });
  if (name !== 'gitops') new HelmProvider(stack, 'Helm', { kubernetes: training.controlPlane!.connection });
}

const existing = newStack('existing');
const imported = ControlPlane.fromControlPlaneAttributes(existing, 'Imported', {
  clusterId: 'c0123456789abcdef0123456789abcdef',
  network: MlNetwork.fromMlNetworkAttributes(existing, 'Network', {
    vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
    region: 'cn-hangzhou',
    securityGroupId: 'sg-bp1fg655nh68xyz90000',
    vswitches: [{ zone: ZONE, vswitchId: 'vsw-bp12mw1f8k3jgygk90000' }],
    podVswitches: [{ zone: ZONE, vswitchId: 'vsw-bp12mw1f8k3jgygk90001' }],
  }),
  kubernetesVersion: '1.34.1-aliyun.1',
  oidcProviderArn: 'acs:ram::1234567890123456:oidc-provider/ack-rrsa-c0123',
  oidcIssuerUrl: 'https://oidc-ack-cn-hangzhou.oss-cn-hangzhou.aliyuncs.com/c0123',
});
new TrainingPlatform(existing, 'Platform', {
  machine: GN7,
  zone: ZONE,
  nodes: 2,
  cluster: ClusterSource.fromCluster(imported, {
    existingCharts: ['kueue', 'jobset'],
    systemLabels: { role: 'system' },
  }),
  storage: TrainingStorage.none(),
  installation: Installation.gitOps(),
  costAllocation: COSTS,
  dataClass: DataClass.CONFIDENTIAL,
});

const wired = newStack('machines');
const everyMachine = new ControlPlane(wired, 'ControlPlane', { zones: [ZONE] });
for (const machine of AlicloudMachine.all) {
  if (machine.family.includes('-tee') || machine.spec.accelerators < 1) continue;
  const name = machine.name.replace(/[^a-z0-9]+/g, '-');
  new AcceleratorNodePool(wired, name, { cluster: everyMachine, machine, zone: ZONE, nodes: 2 });
}

app.synth();
