import type { Prices } from '../../core/catalog/own-prices';
import type { PlannedBatchWork } from '../../core/planning/planned-batch-work';
import type { Capacity } from '../capacity/capacity';
import type { ModelArtifact } from '../inference/model-artifact';
import { ServingContainer } from '../inference/serving-container';
import type { AzureMachine } from '../machine/machine';
import type { IMachineLearningCluster } from '../machine-learning/machine-learning-cluster';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';

/** A compute cluster of Azure ML for batch runs, for example a `MachineLearningCluster`. */
export interface IBatchCluster extends IMachineLearningCluster {
  /** Machine type of the nodes. */
  readonly machine: AzureMachine;
  /** Maximum number of nodes. */
  readonly maxNodes: number;
  /** Purchase option of the nodes. */
  readonly capacity: Capacity;
}

/**
 * How a run stores what the scoring script returns.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/reference-yaml-deployment-batch
 */
export enum BatchOutputAction {
  /** Azure ML appends the returned rows to one file, `predictions.csv`. */
  APPEND_ROW = 'AppendRow',
  /** The scoring script writes the files itself. */
  SUMMARY_ONLY = 'SummaryOnly',
}

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** Workspace of the endpoint. */
  readonly workspace: IMachineLearningWorkspace;
  /** Model to run. */
  readonly artifact: ModelArtifact;
  /** Environment and scoring script, whose `run()` gets paths of files. MLflow models need none. @default ServingContainer.mlflow() */
  readonly container?: ServingContainer;
  /** Machine type of a new cluster. @default - the machine type of `cluster`; required without one */
  readonly machine?: AzureMachine;
  /** Maximum number of machines of a run. @default - 1 for a new cluster; all nodes of `cluster` */
  readonly maxMachines?: number;
  /** Purchase option of the machines of a new cluster. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Existing cluster that runs share with other jobs. @default - a new cluster, which scales from zero */
  readonly cluster?: IBatchCluster;
  /** Number of shards in one call of the scoring script, 1 to 10,000. A shard is a file. @default 10 */
  readonly shardsPerTask?: number;
  /**
   * Accelerators of one process of the scoring script. A machine runs as many processes as its accelerators allow, so this number must divide
   * them.
   *
   * @default - all accelerators of the machine, in one process
   */
  readonly acceleratorsPerReplica?: number;
  /** Maximum duration of one call of the scoring script, in seconds, 1 to 86,400. @default 3600 */
  readonly taskTimeoutSeconds?: number;
  /** Number of attempts for a call that fails or times out, including the first. 1 to 10. @default 5 */
  readonly attempts?: number;
  /** Number of shards that can fail before the run fails. Azure ML counts shards and has no percentage (`error_threshold`). @default 0 */
  readonly toleratedFailures?: number;
  /** How a run stores the results of the scoring script. @default BatchOutputAction.APPEND_ROW */
  readonly outputAction?: BatchOutputAction;
  /** Work of each run. It is estimated, and its limits are validated. @default - no estimate */
  readonly work?: PlannedBatchWork;
  /**
   * Name of the endpoint, unique in the region: 3 to 32 letters, digits and hyphens.
   *
   * @default - derived from the construct path and the subscription
   */
  readonly endpointName?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Accelerators of a machine. A machine with a part of an accelerator counts as one. */
export function acceleratorsOf({ spec }: AzureMachine): number {
  return Math.max(1, spec.accelerators);
}

/** The props with their default values. */
export function batchDefaults<P extends Partial<BatchInferenceProps>>(props: P) {
  const { container = ServingContainer.mlflow(), outputAction = BatchOutputAction.APPEND_ROW } = props;
  const { shardsPerTask = 10, taskTimeoutSeconds = 3600, attempts = 5, toleratedFailures = 0 } = props;
  const machine = props.cluster?.machine ?? props.machine;
  const accelerators = machine ? acceleratorsOf(machine) : 1;
  const { acceleratorsPerReplica = accelerators } = props;
  const maxMachines = props.maxMachines ?? props.cluster?.maxNodes ?? 1;
  const numbers = { shardsPerTask, taskTimeoutSeconds, attempts, toleratedFailures, maxMachines };
  const replicasPerMachine = accelerators / acceleratorsPerReplica;
  return { ...props, ...numbers, container, outputAction, acceleratorsPerReplica, replicasPerMachine };
}
