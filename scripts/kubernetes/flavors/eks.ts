import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import {
  AwsMachine,
  Capacity,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  ServingIngress,
  ServingModel,
  ServingNodes,
  ServingScaling,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from '../../../lib/aws';
import { EKS_NODES } from '../nodes/allocatable';
import { type CloudFormation, eksNodeGroups } from '../nodes/eks-nodes';
import { NOT_BLOCKED, SCALE_FROM_ZERO } from '../scenarios/elastic';
import type { Scenario, SynthesizedApp } from '../scenarios/scenario';
import { FINDS_LEADER, SCALES_OUT, SERVES } from '../scenarios/serving';
import {
  ACCEPTANCE,
  ACCEPTED,
  CHANGED,
  CONTROLLERS_FIT,
  LOST_NODE,
  ORDER,
  PRIORITY,
  QUEUE,
  RESTARTS,
  TOO_LARGE,
} from '../scenarios/training';
import { readSoftware } from '../software';
import type { Flavor } from './flavor';

function synthesized(folder: string, build: (stack: Stack) => Omit<SynthesizedApp, 'software'>): SynthesizedApp {
  const app = new App({ outdir: folder, analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const created = build(stack);
  app.synth();
  const template = JSON.parse(readFileSync(join(folder, 'Stack.template.json'), 'utf8')) as CloudFormation;
  return { ...created, software: readSoftware(folder, eksNodeGroups(template)) };
}

type Training = Partial<TrainingClusterProps> & Pick<TrainingClusterProps, 'machine'>;

/** A training cluster with four nodes. */
function training(name: string, title: string, props: Training, scenarios: readonly Scenario[]): Flavor {
  const common = { nodes: 4, installation: Installation.gitOps(), storage: TrainingStorage.none() };
  const build = (folder: string, changes: Partial<Training> = {}) =>
    synthesized(folder, (stack) => {
      const cluster = new TrainingCluster(stack, 'Training', { ...common, ...props, ...changes });
      return { trainJob: (options) => cluster.trainJob(options) };
    });
  const synthesize = (folder: string) => ({
    ...build(folder),
    changed: () => build(join(folder, 'changed'), { capacity: Capacity.spot() }).software,
  });
  return { name: `eks-${name}`, title, cloud: EKS_NODES, synthesize, scenarios };
}

type Inference = Partial<KubernetesInferenceProps> & Pick<KubernetesInferenceProps, 'machine' | 'model'>;

/** A model with managed nodes. */
function inference(name: string, title: string, props: Inference, scenarios: readonly Scenario[]): Flavor {
  const synthesize = (folder: string) =>
    synthesized(folder, (stack) => {
      const common = { installation: Installation.gitOps(), nodes: ServingNodes.managed() };
      new KubernetesInference(stack, 'Chat', { ...common, ...props });
      return {};
    });
  return { name: `eks-${name}`, title, cloud: EKS_NODES, synthesize, scenarios };
}

const ZONES = ['us-east-1a', 'us-east-1b'];

const INSTALLED = [ACCEPTED, CONTROLLERS_FIT];
const JOBS = [QUEUE, TOO_LARGE, LOST_NODE];
const FABRIC = [...INSTALLED, ACCEPTANCE, ...JOBS];

const SMALL = ServingModel.huggingFace('meta-llama/Llama-3.1-8B', { revision: 'b'.repeat(40), sizeGiB: 15 });
const LARGE = ServingModel.huggingFace('meta-llama/Llama-3.1-405B', { revision: 'b'.repeat(40), sizeGiB: 756 });

/** Flavors on Amazon EKS. */
export const EKS_FLAVORS: readonly Flavor[] = [
  training(
    'p5',
    'p5.48xlarge with EFA and Lustre',
    { machine: AwsMachine.P5_48XLARGE, storage: TrainingStorage.lustre() },
    FABRIC,
  ),
  training(
    'p5en',
    'p5en.48xlarge in a new reservation',
    { machine: AwsMachine.P5EN_48XLARGE, capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
    [...FABRIC, CHANGED],
  ),
  training('p6-b200', 'p6-b200.48xlarge', { machine: AwsMachine.fromName('p6-b200.48xlarge') }, [...FABRIC, PRIORITY]),
  training(
    'gb200',
    'an UltraServer of nine p6e-gb200.36xlarge in a capacity block',
    {
      machine: AwsMachine.P6E_GB200_36XLARGE,
      nodes: 9,
      capacity: Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: ZONES[0], desiredNodes: 9 }),
      availabilityZones: ZONES,
      images: { training: 'example.com/pytorch:arm64', acceptance: 'example.com/nccl-tests:arm64' },
    },
    FABRIC,
  ),
  training('trn2', 'trn2.48xlarge with Neuron', { machine: AwsMachine.fromName('trn2.48xlarge') }, [...FABRIC, ORDER]),
  training('g5', 'g5.xlarge, whole small nodes without a fabric', { machine: AwsMachine.fromName('g5.xlarge') }, [
    ...INSTALLED,
    ...JOBS,
    RESTARTS,
  ]),
  training(
    'spot',
    'g6e.48xlarge on spot capacity with an on-demand fallback, and a group with a fixed size',
    {
      machine: AwsMachine.P5_48XLARGE,
      groups: {
        debug: {
          machine: AwsMachine.fromName('g6e.48xlarge'),
          nodes: 2,
          capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
        },
      },
    },
    [...INSTALLED, ACCEPTANCE, SCALE_FROM_ZERO, NOT_BLOCKED],
  ),
  inference(
    'inference',
    'a model on a part of a g6e.12xlarge, with autoscaling and a load balancer',
    {
      machine: AwsMachine.G6E_12XLARGE,
      model: SMALL,
      scaling: ServingScaling.keda({ minReplicas: 1, maxReplicas: 4, targetConcurrency: 32 }),
      ingress: ServingIngress.internalLoadBalancer(),
    },
    [...INSTALLED, SERVES, SCALES_OUT],
  ),
  inference(
    'inference-lws',
    'a model on two p5.48xlarge, with a leader and a worker',
    {
      machine: AwsMachine.P5_48XLARGE,
      model: LARGE,
      acceleratorsPerReplica: 16,
      scaling: ServingScaling.keda({ minReplicas: 1, maxReplicas: 2, targetConcurrency: 32 }),
    },
    [...INSTALLED, SERVES, FINDS_LEADER, SCALES_OUT],
  ),
];
