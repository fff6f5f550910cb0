import type { CostAllocationProps } from '../../core/cost-allocation';
import {
  ANYTHING,
  having,
  type Kind,
  listOf,
  NUMBER,
  objectOf,
  required,
  type Shape,
  TEXT,
  without,
} from '../../core/shapes';
import { TRAINING_JOB, type TrainingJob } from '../../core/workload/training-job';
import { CAPACITY, type Capacity } from '../capacity/capacity';
import { INFERENCE_ENDPOINT, type InferenceEndpointProps } from '../inference/endpoint-options';
import { AZURE_MACHINE, type AzureMachine } from '../machine/machine';
import { MODEL_MONITOR, type ModelMonitorProps } from './model-monitor-props';
import type { ModelRegistry } from './model-registry';
import { MACHINE_LEARNING_WORKSPACE, type MachineLearningWorkspaceProps } from './workspace-props';

/** Properties for `MlopsPlatform`: those of its workspace, what pipelines run on, what is served, and who pays. */
export interface MlopsPlatformProps extends MachineLearningWorkspaceProps {
  /** The machine of pipelines. */
  readonly machine: AzureMachine;
  /** Most machines of pipelines. @default - what `job` takes; 1 without one */
  readonly nodes?: number;
  /** How they are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** What pipelines train. @default - none */
  readonly job?: TrainingJob;
  /** A registry that workspaces share already. @default - a new one */
  readonly registry?: Pick<ModelRegistry, 'id' | 'registryName' | 'registryUri'>;
  /** What is served. @default - nothing yet: serve once a model is registered */
  readonly endpoint?: Omit<InferenceEndpointProps, 'workspace'>;
  /** What watches the model that is served. @default - nothing */
  readonly monitor?: Omit<ModelMonitorProps, 'endpoint'>;
  /** Who pays: on every resource that takes tags. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Who is told of the budget. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
}

const REGISTRY: Kind = having('a ModelRegistry', ['id', 'registryName', 'registryUri'], 'Pass a ModelRegistry.');

/** The kinds of its props. */
export const MLOPS_PLATFORM: Shape<MlopsPlatformProps> = {
  ...MACHINE_LEARNING_WORKSPACE,
  machine: required(AZURE_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  job: TRAINING_JOB,
  registry: REGISTRY,
  endpoint: objectOf(without(INFERENCE_ENDPOINT, 'workspace'), 'an endpoint { models, machine }'),
  monitor: objectOf(without(MODEL_MONITOR, 'endpoint'), 'a monitor { task, emails }'),
  // These two are judged by rules of their own.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertEmails: listOf(TEXT),
};
