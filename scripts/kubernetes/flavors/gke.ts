import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import {
  BatchInference,
  Capacity,
  GoogleMachine,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  ServingIngress,
  ServingModel,
  ServingScaling,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from '../../../lib/google';
import { GKE_NODES } from '../nodes/allocatable';
import { gkeNodeGroups, type TerraformStackFile } from '../nodes/gke-nodes';
import { BATCH_RUN, ONE_RUN } from '../scenarios/batch';
import { NOT_BLOCKED, QUEUED_PROVISIONING, SCALE_FROM_ZERO } from '../scenarios/elastic';
import type { Scenario, SynthesizedApp } from '../scenarios/scenario';
import { FINDS_LEADER, SCALES_OUT, SERVES } from '../scenarios/serving';
import { ALL_SLICES, ONE_SLICE } from '../scenarios/slices';
import { ACCEPTANCE, ACCEPTED, CHANGED, CONTROLLERS_FIT, LOST_NODE, QUEUE, TOO_LARGE } from '../scenarios/training';
import { readSoftware } from '../software';
import type { Flavor } from './flavor';

const ZONE = 'us-central1-b';

function synthesized(
  folder: string,
  build: (stack: TerraformStack) => Omit<SynthesizedApp, 'software'>,
): SynthesizedApp {
  // The stack has no provider, which only a deployment needs.
  const app = new App({ outdir: folder, skipValidation: true });
  const stack = new TerraformStack(app, 'stack');
  const created = build(stack);
  app.synth();
  const file = readFileSync(join(folder, 'stacks', 'stack', 'cdk.tf.json'), 'utf8');
  return { ...created, software: readSoftware(folder, gkeNodeGroups(JSON.parse(file) as TerraformStackFile)) };
}

type Training = Partial<TrainingClusterProps> & Pick<TrainingClusterProps, 'machine'>;

/** A training cluster, with four nodes if it has GPUs. */
function training(name: string, title: string, props: Training, scenarios: readonly Scenario[]): Flavor {
  const common = {
    zone: ZONE,
    installation: Installation.gitOps(),
    storage: TrainingStorage.none(),
    // There is no public image of the acceptance job for all transports.
    images: { acceptance: 'example.com/nccl-tests:1' },
    ...(props.machine.isTpu ? {} : { nodes: 4 }),
  };
  const build = (folder: string, changes: Partial<Training> = {}) =>
    synthesized(folder, (stack) => {
      const cluster = new TrainingCluster(stack, 'Training', { ...common, ...props, ...changes });
      return { trainJob: (options) => cluster.trainJob(options) };
    });
  const synthesize = (folder: string) => ({
    ...build(folder),
    changed: () => build(join(folder, 'changed'), { capacity: Capacity.spot() }).software,
  });
  return { name: `gke-${name}`, title, cloud: GKE_NODES, synthesize, scenarios };
}

type Inference = Partial<KubernetesInferenceProps> & Pick<KubernetesInferenceProps, 'machine' | 'model'>;

function inference(name: string, title: string, props: Inference, scenarios: readonly Scenario[]): Flavor {
  const synthesize = (folder: string) =>
    synthesized(folder, (stack) => {
      new KubernetesInference(stack, 'Chat', { zone: ZONE, installation: Installation.gitOps(), ...props });
      return {};
    });
  return { name: `gke-${name}`, title, cloud: GKE_NODES, synthesize, scenarios };
}

const RESERVED = Capacity.reservation('reserved');
const BLOCK = Capacity.reservation('reserved', { project: 'atlas', block: 'block-1', subBlock: 'sub-1' });
const INSTALLED = [ACCEPTED, CONTROLLERS_FIT];
const JOBS = [QUEUE, TOO_LARGE, LOST_NODE];
const FABRIC = [...INSTALLED, ACCEPTANCE, ...JOBS];

const SMALL = ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB: 15.3 });
const LARGE = ServingModel.huggingFace('meta-llama/Llama-3.1-405B', { revision: '0123456789'.repeat(4), sizeGiB: 756 });

/** Flavors on Google Kubernetes Engine. */
export const GKE_FLAVORS: readonly Flavor[] = [
  training(
    'a3-high',
    'a3-highgpu-8g with GPUDirect-TCPX',
    { machine: GoogleMachine.A3_HIGHGPU_8G, capacity: RESERVED },
    [...FABRIC, CHANGED],
  ),
  training(
    'a3-mega',
    'a3-megagpu-8g with GPUDirect-TCPXO, and a queued flex-start group in the same queue',
    {
      machine: GoogleMachine.A3_MEGAGPU_8G,
      capacity: RESERVED,
      groups: {
        flex: { machine: GoogleMachine.A3_MEGAGPU_8G, nodes: 2, capacity: Capacity.flexStart({ queued: true }) },
      },
    },
    [...INSTALLED, ACCEPTANCE, QUEUED_PROVISIONING],
  ),
  training(
    'a3-ultra',
    'a3-ultragpu-8g with RDMA and Lustre',
    { machine: GoogleMachine.A3_ULTRAGPU_8G, capacity: RESERVED, storage: TrainingStorage.lustre() },
    FABRIC,
  ),
  training(
    'a4x',
    'a4x-highgpu-4g (GB200) in one NVLink domain',
    { machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: BLOCK },
    FABRIC,
  ),
  training(
    'a4x-max',
    'a4x-maxgpu-4g-metal (GB300), whose pods claim their interfaces',
    { machine: GoogleMachine.A4X_MAXGPU_4G_METAL, capacity: BLOCK },
    FABRIC,
  ),
  training(
    'flex-start',
    'g2-standard-48 on demand, and flex-start nodes that follow the jobs',
    {
      machine: GoogleMachine.G2_STANDARD_48,
      groups: { flex: { machine: GoogleMachine.G2_STANDARD_48, nodes: 2, capacity: Capacity.flexStart() } },
    },
    [...INSTALLED, SCALE_FROM_ZERO, NOT_BLOCKED],
  ),
  training('g2', 'g2-standard-4, whole small nodes without a fabric', { machine: GoogleMachine.G2_STANDARD_4 }, [
    ...INSTALLED,
    ...JOBS,
  ]),
  training(
    'v6e',
    'two slices of four ct6e-standard-4t',
    { machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', slices: 2 },
    [...INSTALLED, ONE_SLICE, ALL_SLICES],
  ),
  training(
    'tpu7x',
    'two slices of four tpu7x-standard-4t',
    { machine: GoogleMachine.TPU7X_STANDARD_4T, topology: '2x2x4', slices: 2 },
    [...INSTALLED, ONE_SLICE, ALL_SLICES],
  ),
  inference(
    'inference',
    'a model on a g2-standard-48, with autoscaling and an internal load balancer',
    {
      machine: GoogleMachine.G2_STANDARD_48,
      model: SMALL,
      ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/18'] }),
      scaling: ServingScaling.keda({ minReplicas: 1, maxReplicas: 4, targetConcurrency: 32 }),
    },
    [...INSTALLED, SERVES, SCALES_OUT],
  ),
  inference(
    'inference-lws',
    'a model on two a3-megagpu-8g, with a leader and a worker',
    {
      machine: GoogleMachine.A3_MEGAGPU_8G,
      model: LARGE,
      acceleratorsPerReplica: 16,
      scaling: ServingScaling.keda({ minReplicas: 1, maxReplicas: 2, targetConcurrency: 32 }),
    },
    [...INSTALLED, SERVES, FINDS_LEADER, SCALES_OUT],
  ),
  {
    name: 'gke-batch',
    title: 'batch inference on spot nodes with an on-demand fallback',
    cloud: GKE_NODES,
    synthesize: (folder) =>
      synthesized(folder, (stack) => {
        const batch = new BatchInference(stack, 'Ranking', {
          zone: ZONE,
          machine: GoogleMachine.G2_STANDARD_48,
          maxMachines: 3,
          model: SMALL,
          acceleratorsPerReplica: 4,
          input: { name: 'requests' },
          inputPrefix: 'in/',
          results: { name: 'answers' },
          schedule: '0 2 * * *',
          installation: Installation.gitOps(),
        });
        return { batchRun: (name) => batch.run(name) };
      }),
    scenarios: [...INSTALLED, BATCH_RUN, ONE_RUN],
  },
];
