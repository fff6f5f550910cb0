/** Networks, control planes, nodes, buckets, file systems, labels, budgets and inference platforms with every option, which `verify:terraform` validates in addition to the examples. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AcceleratorNetworks,
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  ApiAccess,
  Capacity,
  CloudRunGpu,
  CloudRunModel,
  ClusterSource,
  ControlPlane,
  CostAllocation,
  CostBudget,
  DataBucket,
  type DataBucketProps,
  DataPurpose,
  EncryptionKey,
  GardenModel,
  GoogleMachine,
  GpuDriver,
  KubernetesInference,
  LustreFileSystem,
  type LustreFileSystemProps,
  MaintenanceScope,
  MlNetwork,
  ProxySubnet,
  RealtimeInferencePlatform,
  RealtimeServing,
  ReleaseChannel,
  ServiceAgent,
  ServingIngress,
  ServingModel,
  SystemNodePool,
  WeekDay,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const REGION = 'us-central1';
const ZONE = 'us-central1-b';
const BILLING = '012345-567890-ABCDEF';
const WHO_PAYS = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' };
const CHANNELS = ['projects/p/notificationChannels/1', 'projects/p/notificationChannels/2'];
const app = new App();

const stack = newStack('every-foundation');
const encryptionKey = new EncryptionKey(stack, 'Key', { region: REGION });
const network = new MlNetwork(stack, 'Network', {
  region: REGION,
  nodeCidr: '10.128.0.0/20',
  podCidr: '10.132.0.0/14',
  serviceCidr: '10.136.0.0/20',
});
new ProxySubnet(network, 'Proxies', { network, cidr: '10.137.0.0/24' });

const cluster = new ControlPlane(stack, 'ControlPlane', {
  region: REGION,
  network,
  encryptionKey,
  releaseChannel: ReleaseChannel.EXTENDED,
  kubernetesVersion: '1.34',
  maintenance: {
    window: { days: [WeekDay.SUNDAY, WeekDay.WEDNESDAY], start: '02:30', hours: 7 },
    exclusions: Object.entries(MaintenanceScope).map(([name, scope]) => ({
      name,
      scope,
      from: new Date('2027-01-01'),
      until: new Date('2027-01-20'),
    })),
  },
  zones: [ZONE, 'us-central1-c'],
  apiAccess: ApiAccess.DNS_BY_IAM,
  authorizedCidrs: ['10.0.0.0/8', '192.0.2.1/32'],
  betaApis: ['resource.k8s.io/v1beta1/deviceclasses', 'resource.k8s.io/v1beta1/resourceclaims'],
  serviceAccount: 'nodes@p.iam.gserviceaccount.com',
  legacyLustrePort: true,
  shieldedNodes: false,
  deletionProtection: false,
});
for (const channel of [ReleaseChannel.RAPID, ReleaseChannel.STABLE]) {
  new ControlPlane(stack, `ControlPlane-${channel}`, { region: REGION, releaseChannel: channel });
}
new SystemNodePool(stack, 'System', {
  cluster,
  machineType: 'n4-standard-4',
  minNodesPerZone: 2,
  maxNodesPerZone: 5,
  serviceAccount: 'nodes@p.iam.gserviceaccount.com',
  bootDiskKey: encryptionKey,
  name: 'controllers',
  after: [cluster.resource],
});

const networks = new AcceleratorNetworks(stack, 'Networks', {
  machine: GoogleMachine.A3_MEGAGPU_8G,
  zone: ZONE,
  cidr: '172.16.0.0/17',
});
const POOLS: Readonly<Record<string, Partial<AcceleratorNodePoolProps>>> = {
  Apart: { compactPlacement: false },
  Chosen: { computeClass: 'servers', minNodes: 1, group: 'servers' },
  Bare: { driver: GpuDriver.NONE, imageStreaming: false, bootDiskGiB: 65_536 },
  Shared: { capacity: Capacity.reservation('r', { project: 'owner' }) },
  Block: { capacity: Capacity.reservation('r', { block: 'b' }) },
  Short: { capacity: Capacity.flexStart({ maxRunDays: 0.5 }) },
  Own: { serviceAccount: 'nodes@p.iam.gserviceaccount.com', after: encryptionKey.grantTo(ServiceAgent.COMPUTE) },
};
for (const [name, props] of Object.entries(POOLS)) {
  const machine = GoogleMachine.A3_MEGAGPU_8G;
  new AcceleratorNodePool(stack, name, { cluster, machine, nodes: 2, zone: ZONE, networks, ...props });
}

const logs = new DataBucket(stack, 'Logs', { region: REGION, purpose: DataPurpose.LOGS, expirationDays: 30 });
const BUCKETS: Readonly<Record<string, Partial<DataBucketProps>>> = {
  Datasets: { accessLogs: logs, softDeleteDays: 90, cacheZones: [ZONE, 'us-central1-c'] },
  Folders: { hierarchical: true, softDeleteDays: 0 },
  Checkpoints: { purpose: DataPurpose.CHECKPOINTS, versioned: true, noncurrentVersionExpirationDays: 3 },
  Restricted: { purpose: DataPurpose.MODELS, dataClass: DataClass.RESTRICTED, encryptionKey },
  Locked: { retention: { days: 24_855, permanent: true } },
  Kept: { retention: { days: 1 }, versioned: true },
  Plain: { versioned: false },
};
for (const [name, props] of Object.entries(BUCKETS)) new DataBucket(stack, name, { region: REGION, ...props });

const FILE_SYSTEMS: Readonly<Record<string, Partial<LustreFileSystemProps>>> = {
  Sized: { sizeGiB: 18_000, fsName: 'scratch1', legacyGkePort: true },
  Slow: { sizeGiB: 72_000, throughputMBpsPerTiB: 125 },
  Coarse: { sizeGiB: 10_008_000, throughputMBpsPerTiB: 1000 },
  Sought: { requiredThroughputMBps: 40_000 },
};
for (const [name, props] of Object.entries(FILE_SYSTEMS))
  new LustreFileSystem(stack, `Lustre-${name}`, { network, zone: ZONE, ...props });

CostAllocation.apply(stack, {
  ...WHO_PAYS,
  dataClass: 'internal',
  workload: 'pretraining',
  endDate: '2031-01-01',
  additionalTags: { grant: 'g-1' },
});
new CostBudget(stack, 'Budget', { billingAccount: BILLING, monthlyUsd: 800_000 });
new CostBudget(stack, 'LabelBudget', {
  billingAccount: BILLING,
  monthlyUsd: 1000,
  label: { key: 'project', value: 'atlas' },
  alertEmails: ['finance@example.com'],
  alertChannels: CHANNELS,
  actualPercent: [33.3],
  forecastPercent: [90, 110],
});

const MODEL = ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB: 15.3 });
const PLATFORMS: Readonly<Record<string, RealtimeServing>> = {
  'by-cloud-run': RealtimeServing.cloudRun({
    region: 'europe-west4',
    gpu: CloudRunGpu.L4,
    model: CloudRunModel.bucket({ name: 'models' }, { prefix: 'v1/', sizeGiB: 8.5 }),
    vcpus: 4,
    memoryGiB: 16,
  }),
  'by-vertex': RealtimeServing.vertex({
    region: REGION,
    machine: GoogleMachine.G2_STANDARD_24,
    model: GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it'),
  }),
  'by-kubernetes': RealtimeServing.kubernetes({
    zone: ZONE,
    machine: GoogleMachine.G2_STANDARD_24,
    model: MODEL,
    name: 'chat',
    namespace: 'serving',
    acceleratorsPerReplica: 2,
    ingress: ServingIngress.clusterOnly(),
    cluster: ClusterSource.create({ apiAccess: ApiAccess.DNS_BY_IAM }),
  }),
};
for (const [name, serving] of Object.entries(PLATFORMS)) {
  const served = newStack(name);
  const { endpoint } = new RealtimeInferencePlatform(served, 'Platform', {
    serving,
    load: ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      weightPrecision: 'fp8',
      inputTokens: 500,
      outputTokens: 100,
      requestsPerSecond: 1,
    }),
    prices: Prices.asOf('2026-11-26'),
    costAllocation: WHO_PAYS,
    billingAccount: BILLING,
    monthlyBudgetUsd: 5000,
    alertChannels: CHANNELS,
  });
  if (endpoint instanceof KubernetesInference) {
    new HelmProvider(served, 'Helm', { kubernetes: endpoint.controlPlane!.connection });
  }
}

app.synth();

function newStack(name: string): TerraformStack {
  const newOne = new TerraformStack(app, name);
  new GoogleProvider(newOne, 'Google', { project: 'p', region: REGION });
  return newOne;
}
