/** Training clusters of every kind of fabric, capacity, storage and installation: what `verify:terraform` proves beside the examples. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, TrainingJob } from 'ai-infra-constructs';
import {
  ApiAccess,
  Capacity,
  ControlPlane,
  DataBucket,
  GoogleMachine,
  Installation,
  MlNetwork,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const REGION = 'us-central1';
const ZONE = 'us-central1-b';
const app = new App();

const FABRICS: Readonly<Record<string, Partial<TrainingClusterProps>>> = {
  tcpx: { machine: GoogleMachine.A3_HIGHGPU_8G, nodes: 2, apiAccess: ApiAccess.DNS_BY_IAM },
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
    pricesAsOf: '2026-11-26',
    prices: [
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
    groups: {
      debug: { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 },
      more: { machine: GoogleMachine.A3_ULTRAGPU_8G, nodes: 4, capacity: Capacity.flexStart() },
    },
    admins: ['user:ada@example.com', 'serviceAccount:ci@p.iam.gserviceaccount.com'],
  },
};

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
    priority: 'urgent',
  });
  new TerraformOutput(stack, 'Job', { value: JSON.stringify(job) });
}

const gitOps = newStack('git-ops');
new TrainingCluster(gitOps, 'Cluster', withBuckets(gitOps, { ...FABRICS.tcpxo, installation: Installation.gitOps() }));

const brought = newStack('brought');
const network = new MlNetwork(brought, 'Network', { region: REGION });
const cluster = new ControlPlane(brought, 'ControlPlane', { region: REGION, network });
new HelmProvider(brought, 'Helm', { kubernetes: cluster.connection });
new TrainingCluster(brought, 'Cluster', {
  machine: GoogleMachine.A3_ULTRAGPU_8G,
  nodes: 2,
  capacity: Capacity.reservation('r'),
  zone: ZONE,
  cluster,
  systemLabels: { role: 'system' },
  storage: TrainingStorage.existing({ volumeHandle: 'p/z/i', serverIp: '10.0.0.2', fsName: 'lustre', zone: ZONE }),
});

app.synth();

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
  return stack;
}

function withBuckets(stack: TerraformStack, props: Partial<TrainingClusterProps>): TrainingClusterProps {
  const datasets = new DataBucket(stack, 'Datasets', { location: REGION });
  return { machine: GoogleMachine.A3_ULTRAGPU_8G, zone: ZONE, datasets, checkpoints: { name: 'runs' }, ...props };
}
