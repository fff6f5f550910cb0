import type { CostAllocationProps } from '../../core/cost-allocation';
import {
  ANY,
  hasMembers,
  type PropType,
  listOf,
  NUMBER,
  objectOf,
  required,
  type PropSchema,
  STRING,
  without,
} from '../../core/prop-schema';
import { TRAINING_JOB, type TrainingJob } from '../../core/workload/training-job';
import { CAPACITY, type Capacity } from '../capacity/capacity';
import { INFERENCE_ENDPOINT, type InferenceEndpointProps } from '../inference/endpoint-options';
import { AZURE_MACHINE, type AzureMachine } from '../machine/machine';
import { MODEL_MONITOR, type ModelMonitorProps } from './model-monitor-props';
import type { IModelRegistry } from './model-registry';
import { MACHINE_LEARNING_WORKSPACE, type MachineLearningWorkspaceProps } from './workspace-props';

/** Properties for `MlopsPlatform`. */
export interface MlopsPlatformProps extends MachineLearningWorkspaceProps {
  /** Machine type for pipelines. */
  readonly machine: AzureMachine;
  /** Maximum number of nodes for pipelines. @default - derived from `job`, or 1 without a job */
  readonly maxNodes?: number;
  /** Purchase option of the nodes. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Training job of the pipelines. @default - none */
  readonly job?: TrainingJob;
  /** Existing model registry. @default - a new registry */
  readonly registry?: IModelRegistry;
  /** Inference endpoint. @default - none: add it after a model is registered */
  readonly endpoint?: Omit<InferenceEndpointProps, 'workspace'>;
  /** Model monitor of the endpoint. @default - none */
  readonly monitor?: Omit<ModelMonitorProps, 'endpoint'>;
  /** Cost tags for all resources. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Monthly budget in US dollars for resources with the tag `project`. It sends alerts and does not stop any resource. */
  readonly monthlyBudgetUsd: number;
  /** Email addresses that receive budget alerts. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
}

const REGISTRY: PropType = hasMembers(
  'an IModelRegistry',
  ['id', 'registryName', 'registryUri'],
  'Use new ModelRegistry(scope, id, { resourceGroup }) or ModelRegistry.fromModelRegistryAttributes(scope, id, { … }).',
);

/** Types of the props. */
export const MLOPS_PLATFORM: PropSchema<MlopsPlatformProps> = {
  ...MACHINE_LEARNING_WORKSPACE,
  machine: required(AZURE_MACHINE),
  maxNodes: NUMBER,
  capacity: CAPACITY,
  job: TRAINING_JOB,
  registry: REGISTRY,
  endpoint: objectOf(without(INFERENCE_ENDPOINT, 'workspace'), 'an endpoint { models, machine }'),
  monitor: objectOf(without(MODEL_MONITOR, 'endpoint'), 'a monitor { task, alertEmails }'),
  // `checkCostAllocation` and `checkBudget` check these.
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: listOf(STRING),
};
