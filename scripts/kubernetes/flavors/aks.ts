import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import {
  AzureMachine,
  Capacity,
  ClusterSource,
  InfinibandFeature,
  Installation,
  KubernetesInference,
  ResourceGroup,
  ServingModel,
  ServingScaling,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from '../../../lib/azure';
import { AKS_NODES } from '../nodes/allocatable';
import { aksNodeGroups } from '../nodes/aks-nodes';
import type { TerraformStackFile } from '../nodes/gke-nodes';
import { NOT_BLOCKED, SCALE_FROM_ZERO } from '../scenarios/elastic';
import type { Scenario, SynthesizedApp } from '../scenarios/scenario';
import { SCALES_OUT, SERVES } from '../scenarios/serving';
import { ACCEPTANCE, ACCEPTED, CONTROLLERS_FIT, DISCOVERED, LOST_NODE, QUEUE, TOO_LARGE } from '../scenarios/training';
import { readSoftware } from '../software';
import type { Flavor } from './flavor';

type Build = (stack: TerraformStack, resourceGroup: ResourceGroup) => Omit<SynthesizedApp, 'software'>;

function synthesized(folder: string, build: Build): SynthesizedApp {
  // The stack has no provider, which only a deployment needs.
  const app = new App({ outdir: folder, skipValidation: true });
  const stack = new TerraformStack(app, 'stack');
  const created = build(stack, new ResourceGroup(stack, 'Group', { location: 'swedencentral' }));
  app.synth();
  const file = readFileSync(join(folder, 'stacks', 'stack', 'cdk.tf.json'), 'utf8');
  return { ...created, software: readSoftware(folder, aksNodeGroups(JSON.parse(file) as TerraformStackFile)) };
}

type Training = Partial<TrainingClusterProps> & Pick<TrainingClusterProps, 'machine'>;

/** A training cluster with four nodes. */
function training(name: string, title: string, props: Training, scenarios: readonly Scenario[]): Flavor {
  const common = { zone: '1', nodes: 4, installation: Installation.gitOps(), storage: TrainingStorage.none() };
  const synthesize = (folder: string) =>
    synthesized(folder, (stack, resourceGroup) => {
      const cluster = new TrainingCluster(stack, 'Training', { resourceGroup, ...common, ...props });
      return { trainJob: (options) => cluster.trainJob(options) };
    });
  return { name: `aks-${name}`, title, cloud: AKS_NODES, synthesize, scenarios };
}

const INSTALLED = [ACCEPTED, CONTROLLERS_FIT];
const JOBS = [QUEUE, TOO_LARGE, LOST_NODE];
const FABRIC = [...INSTALLED, ACCEPTANCE, ...JOBS];
const { REGISTERED } = InfinibandFeature;

/** Flavors on Azure Kubernetes Service. */
export const AKS_FLAVORS: readonly Flavor[] = [
  training(
    'h100',
    'Standard_ND96isr_H100_v5 with InfiniBand and Lustre',
    { machine: AzureMachine.ND96ISR_H100_V5, infinibandFeature: REGISTERED, storage: TrainingStorage.lustre() },
    FABRIC,
  ),
  training(
    'mi300x',
    'Standard_ND96isr_MI300X_v5 with InfiniBand',
    {
      machine: AzureMachine.ND96ISR_MI300X_V5,
      infinibandFeature: REGISTERED,
      images: { acceptance: 'example.com/rccl-tests:1' },
    },
    FABRIC,
  ),
  training(
    'gb200',
    'Standard_ND128isr_NDR_GB200_v6 with InfiniBand in one rack',
    {
      machine: AzureMachine.ND128ISR_NDR_GB200_V6,
      infinibandFeature: InfinibandFeature.UNREGISTERED,
      cluster: ClusterSource.create({ kubernetesVersion: '1.35' }),
    },
    FABRIC,
  ),
  training(
    'gb300',
    'Standard_ND128isr_GB300_v6 with InfiniBand in one rack',
    {
      machine: AzureMachine.ND128ISR_GB300_V6,
      infinibandFeature: InfinibandFeature.UNREGISTERED,
      cluster: ClusterSource.create({ kubernetesVersion: '1.35' }),
    },
    FABRIC,
  ),
  training(
    'spot',
    'Standard_NC24ads_A100_v4 on spot capacity, and fixed nodes with InfiniBand',
    {
      machine: AzureMachine.ND96ISR_H100_V5,
      infinibandFeature: REGISTERED,
      groups: { debug: { machine: AzureMachine.NC24ADS_A100_V4, nodes: 2, capacity: Capacity.spot() } },
    },
    [...INSTALLED, DISCOVERED, SCALE_FROM_ZERO, NOT_BLOCKED],
  ),
  training('t4', 'Standard_NC4as_T4_v3, whole small nodes without a fabric', { machine: AzureMachine.NC4AS_T4_V3 }, [
    ...INSTALLED,
    ...JOBS,
  ]),
  {
    name: 'aks-inference',
    title: 'a model on Standard_NC24ads_A100_v4, with autoscaling',
    cloud: AKS_NODES,
    synthesize: (folder) =>
      synthesized(folder, (stack, resourceGroup) => {
        new KubernetesInference(stack, 'Chat', {
          resourceGroup,
          zone: '1',
          machine: AzureMachine.NC24ADS_A100_V4,
          model: ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: 'a'.repeat(40), sizeGiB: 15.3 }),
          scaling: ServingScaling.keda({ minReplicas: 1, maxReplicas: 4, targetConcurrency: 32 }),
          installation: Installation.gitOps(),
        });
        return {};
      }),
    scenarios: [...INSTALLED, SERVES, SCALES_OUT],
  },
];
