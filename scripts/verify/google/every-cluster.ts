/** Training clusters with every type of fabric, capacity, storage and installation, which `verify:terraform` validates in addition to the examples. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import {
  AcceleratorNetworks,
  ApiAccess,
  Capacity,
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  ClusterSource,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  GoogleMachine,
  GpuDriver,
  JobPriority,
  Installation,
  KubernetesInference,
  LustreFileSystem,
  MlNetwork,
  PrivateConnection,
  ServingIngress,
  ServingModel,
  ServingServer,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
  BucketVolume,
  JobVolume,
} from 'ai-infra-constructs/google';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const REGION = 'us-central1';
const ZONE = 'us-central1-b';
const app = new App();

const G2 = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 2 };

const FABRICS: Readonly<Record<string, Partial<TrainingClusterProps>>> = {
  tcpx: {
    machine: GoogleMachine.A3_HIGHGPU_8G,
    nodes: 2,
    cluster: ClusterSource.create({ apiAccess: ApiAccess.DNS_BY_IAM }),
  },
  tcpxo: {
    machine: GoogleMachine.A3_MEGAGPU_8G,
    nodes: 2,
    images: { training: 'image:1', acceptance: 'image:2' },
    storage: TrainingStorage.lustre({ sizeGiB: 36_000, throughputMBpsPerTiB: 250 }),
  },
  roce: { machine: GoogleMachine.A4_HIGHGPU_8G, nodes: 2, capacity: Capacity.flexStart({ queued: true }) },
  domain: { machine: GoogleMachine.A4X_HIGHGPU_4G, nodes: 18, capacity: Capacity.reservation('r') },
  metal: {
    machine: GoogleMachine.A4X_MAXGPU_4G_METAL,
    nodes: 18,
    capacity: Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' }),
  },
  fallback: {
    machine: GoogleMachine.A2_ULTRAGPU_8G,
    nodes: 2,
    capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
    groups: {
      january: {
        machine: GoogleMachine.A3_HIGHGPU_8G,
        nodes: 1,
        capacity: Capacity.calendarReservation('january-run', { until: new Date('2031-02-01') }),
      },
    },
  },
  slices: {
    machine: GoogleMachine.CT6E_STANDARD_4T,
    topology: '4x4',
    slices: 2,
    capacity: Capacity.flexStart({ queued: true }),
    groups: { small: { machine: GoogleMachine.CT5LP_HIGHTPU_1T, nodes: 2 } },
  },
  several: {
    machine: GoogleMachine.A3_ULTRAGPU_8G,
    nodes: 2,
    capacity: Capacity.spot(),
    storage: TrainingStorage.lustre({ requiredThroughputMBps: 10_000 }),
    job: TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9 }),
    prices: Prices.of(
      [
        {
          cloud: 'google',
          machine: 'a3-ultragpu-8g',
          market: 'spot',
          region: REGION,
          usdPerHour: 30,
          date: '2026-11-25',
          source: 'the price list of the account',
        },
      ],
      { asOf: '2026-11-26' },
    ),
    groups: {
      debug: { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 },
      more: { machine: GoogleMachine.A3_ULTRAGPU_8G, nodes: 4, capacity: Capacity.flexStart() },
    },
    cluster: ClusterSource.create({
      name: 'research',
      securityGroup: 'gke-security-groups@example.com',
      admins: ['user:ada@example.com', 'serviceAccount:ci@p.iam.gserviceaccount.com', 'group:ml@example.com'],
    }),
  },
};

const JOBS: Readonly<Record<string, TrainingJob>> = {
  pretraining: TrainingJob.pretrain({
    model: ModelSpec.LLAMA_3_1_8B,
    tokens: 1e9,
    sequenceLength: 8192,
    globalBatch: 512,
    microBatch: 1,
    precision: 'bf16',
    optimizer: 'adam',
    sharding: 'zero-1',
    parallelism: { tensor: 8, pipeline: 1, context: 1, expert: 1, data: 2 },
    recompute: 'selective',
    finishWithinDays: 300,
    budgetUsd: 1e9,
  }),
  lora: TrainingJob.lora({
    model: ModelSpec.LLAMA_3_1_8B,
    tokens: 1e9,
    rank: 16,
    finishWithin: { toSeconds: () => 86_400 * 300 },
  }),
};

for (const [name, job] of Object.entries(JOBS)) {
  const stack = newStack(name);
  const { controlPlane } = new TrainingCluster(stack, 'Cluster', {
    machine: GoogleMachine.A3_MEGAGPU_8G,
    nodes: 2,
    zone: ZONE,
    job,
  });
  new HelmProvider(stack, 'Helm', { kubernetes: controlPlane!.connection });
}

for (const [name, props] of Object.entries(FABRICS)) {
  const stack = newStack(name);
  const training = new TrainingCluster(stack, 'Cluster', withBuckets(stack, props));
  new HelmProvider(stack, 'Helm', { kubernetes: training.controlPlane!.connection });
  const part = training.nodeGroup.machine.isTpu ? { slices: 1 } : { nodes: 1 };
  const job = training.trainJob({
    ...part,
    name: 'pretraining',
    group: 'nodes',
    command: ['python', 'train.py'],
    image: 'image:3',
    priority: JobPriority.URGENT,
    env: { LOG_LEVEL: 'debug', TOKEN: { secret: 'hub', key: 'token' } },
    volumes: [
      BucketVolume.mount({ name: 'tokens' }, { mountPath: '/tokens', readOnly: true, folder: 'v1' }),
      JobVolume.claim('results', { mountPath: '/results', readOnly: false }),
      JobVolume.configMap('settings', { mountPath: '/settings' }),
      JobVolume.secret('keys', { mountPath: '/keys' }),
      JobVolume.scratch({ mountPath: '/tmp/work', sizeGiB: 200 }),
    ],
  });
  new TerraformOutput(stack, 'Job', { value: JSON.stringify(job) });
}

const gitOps = newStack('git-ops');
new TrainingCluster(gitOps, 'Cluster', withBuckets(gitOps, { ...FABRICS.tcpxo, installation: Installation.gitOps() }));

const existing = newStack('existing');
const network = new MlNetwork(existing, 'Network', { region: REGION });
const cluster = new ControlPlane(existing, 'ControlPlane', { region: REGION, network });
new HelmProvider(existing, 'Helm', { kubernetes: cluster.connection });
new TrainingCluster(existing, 'Cluster', {
  machine: GoogleMachine.A3_ULTRAGPU_8G,
  nodes: 2,
  capacity: Capacity.reservation('r'),
  zone: ZONE,
  cluster: ClusterSource.fromCluster(cluster, {
    systemLabels: { role: 'system' },
    admins: ['user:grace@example.com'],
  }),
  storage: TrainingStorage.fromFileSystem(
    LustreFileSystem.fromLustreFileSystemAttributes(existing, 'FileSystem', {
      volumeHandle: 'p/z/i',
      serverIp: '10.0.0.2',
      fsName: 'lustre',
      zone: ZONE,
      sizeGiB: 18_000,
      throughputMBps: 9000,
    }),
  ),
});

const byName = newStack('by-name');
new HelmProvider(byName, 'Helm');
new TrainingCluster(byName, 'Cluster', {
  ...G2,
  cluster: ClusterSource.fromCluster(
    ControlPlane.fromControlPlaneAttributes(byName, 'Research', {
      name: 'research',
      location: REGION,
      kubernetesVersion: '1.34',
    }),
  ),
  storage: TrainingStorage.none(),
  datasets: DataBucket.fromBucketName(byName, 'Datasets', 'datasets'),
});

const inNetwork = newStack('existing-network');
const vpc = MlNetwork.fromMlNetworkAttributes(inNetwork, 'Network', {
  networkId: 'projects/p/global/networks/ml',
  subnetworkId: `projects/p/regions/${REGION}/subnetworks/nodes`,
  region: REGION,
  rangeNames: { pods: 'pods', services: 'services' },
});
const encryptionKey = EncryptionKey.fromEncryptionKeyId(
  inNetwork,
  'Key',
  `projects/p/locations/${REGION}/keyRings/r/cryptoKeys/k`,
);
const bootDiskKey = EncryptionKey.fromEncryptionKeyId(
  inNetwork,
  'DiskKey',
  `projects/security/locations/${REGION}/keyRings/r/cryptoKeys/disks`,
  { grants: false },
);
const within = new TrainingCluster(inNetwork, 'Cluster', {
  zone: ZONE,
  machine: GoogleMachine.A3_HIGHGPU_8G,
  nodes: 2,
  network: vpc,
  cluster: ClusterSource.create({
    encryptionKey,
    zones: [ZONE, 'us-central1-c'],
    systemNodes: { machineType: 'n4-standard-8', minNodesPerZone: 2, maxNodesPerZone: 4 },
  }),
  nodeOptions: {
    networks: new AcceleratorNetworks(inNetwork, 'Further', { machine: GoogleMachine.A3_HIGHGPU_8G, zone: ZONE }),
    bootDiskKey,
    bootDiskGiB: 500,
    driver: GpuDriver.LATEST,
    labels: { team: 'vision' },
  },
});
new HelmProvider(inNetwork, 'Helm', { kubernetes: within.controlPlane!.connection });
new LustreFileSystem(inNetwork, 'Scratch', { network: vpc, zone: ZONE, sizeGiB: 18_000 });

const shared = newStack('shared');
const sharedVpc = MlNetwork.fromMlNetworkAttributes(shared, 'Network', {
  networkId: 'https://www.googleapis.com/compute/v1/projects/host/global/networks/ml',
  subnetworkId: `projects/host/regions/${REGION}/subnetworks/nodes`,
  region: REGION,
  rangeNames: { pods: 'pods', services: 'services' },
  nodeCidr: '10.0.0.0/18',
  podCidr: '10.4.0.0/14',
  serviceCidr: '10.8.0.0/20',
  peeringCidrs: ['10.20.0.0/20'],
  proxyCidr: '10.9.0.0/23',
  shared: true,
});
const trained = new TrainingCluster(shared, 'Cluster', { ...G2, network: sharedVpc });
new HelmProvider(shared, 'Helm', { kubernetes: trained.controlPlane!.connection });
new KubernetesInference(shared, 'Chat', {
  cluster: ClusterSource.fromCluster(trained.cluster),
  network: sharedVpc,
  zone: ZONE,
  machine: GoogleMachine.G2_STANDARD_24,
  model: ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB: 15.3 }),
  ingress: ServingIngress.inferenceGateway(),
});
new CloudRunInference(shared, 'Small', {
  region: REGION,
  gpu: CloudRunGpu.L4,
  model: CloudRunModel.image({ path: '/models/llama', sizeGiB: 15 }),
  server: ServingServer.vllm({ image: 'us-docker.pkg.dev/p/serving/vllm:1' }),
  network: sharedVpc,
});
new PrivateConnection(shared, 'Clients', {
  network: sharedVpc,
  serviceAttachment: `projects/t/regions/${REGION}/serviceAttachments/a`,
});

app.synth();

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
  return stack;
}

function withBuckets(stack: TerraformStack, props: Partial<TrainingClusterProps>): TrainingClusterProps {
  const datasets = new DataBucket(stack, 'Datasets', { region: REGION });
  return { machine: GoogleMachine.A3_ULTRAGPU_8G, zone: ZONE, datasets, checkpoints: { name: 'runs' }, ...props };
}
