import type { CostAllocationProps } from '../../core/cost-allocation';
import type { TrainingJob } from '../../core/workload/training-job';
import type { Capacity } from '../capacity/capacity';
import type { InferenceEndpointProps } from '../inference/endpoint-options';
import type { AzureMachine } from '../machine/machine';
import type { ModelMonitorProps } from './model-monitor-props';
import type { IModelRegistry } from './model-registry';
import type { MachineLearningWorkspaceProps } from './workspace-props';

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
  /**
   * Cost tags for all resources.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars for resources with the tag `project`. It sends alerts and does not stop any resource.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Email addresses that receive budget alerts. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
}
