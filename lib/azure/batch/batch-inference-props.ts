import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { having, type Kind, listOf, NUMBER, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { CAPACITY, type Capacity } from '../capacity/capacity';
import { MODEL_ARTIFACT, type ModelArtifact } from '../inference/model-artifact';
import { SERVING_CONTAINER, ServingContainer } from '../inference/serving-container';
import { AZURE_MACHINE, type AzureMachine } from '../machine/machine';
import type { IMachineLearningCluster } from '../machine-learning/machine-learning-cluster';
import { type IMachineLearningWorkspace, WORKSPACE } from '../machine-learning/workspace-attributes';

/** A compute cluster of Azure ML, and what it is: a `MachineLearningCluster` is one. */
export interface IBatchCluster extends IMachineLearningCluster {
  readonly machine: AzureMachine;
  /** Most nodes. */
  readonly nodes: number;
  readonly capacity: Capacity;
}

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** The workspace that it belongs to. */
  readonly workspace: IMachineLearningWorkspace;
  /** The model. */
  readonly artifact: ModelArtifact;
  /** What runs it: a scoring script whose `run()` gets paths of files, or nothing for MLflow models. @default ServingContainer.mlflow() */
  readonly container?: ServingContainer;
  /** The machine of a new cluster. @default - given with `cluster` */
  readonly machine?: AzureMachine;
  /** Most machines of a run. @default - 1 for a new cluster; all of `cluster` */
  readonly mostMachines?: number;
  /** How machines of a new cluster are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** A cluster that runs share with others. @default - a new one, whose machines come with a run and go */
  readonly cluster?: IBatchCluster;
  /** Shards, which are files, that one call of the script gets, 1 to 10,000. @default 10 */
  readonly shardsPerBatch?: number;
  /** Calls at once on each machine: each has its share of the accelerators. @default 1 */
  readonly batchesPerMachine?: number;
  /** Time that a call may take, in seconds, up to a day. @default 3600 */
  readonly batchTimeoutSeconds?: number;
  /** Attempts at a call that failed or took too long, the first among them. 1 to 10. @default 4 */
  readonly attempts?: number;
  /** Shards that may fail in a run before it stops, and fails. @default 0 */
  readonly toleratedFailures?: number;
  /** Whether what the script returns becomes rows of one file, or the script writes files itself. @default rows */
  readonly answers?: 'rows' | 'files';
  /** Name of the endpoint, 3 to 32 letters, digits and hyphens: no other endpoint of the region has it. @default - made of its path and the subscription */
  readonly endpointName?: string;
  /** Prices of your own for estimates, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day that prices are for: their age counts from it. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

const CLUSTER: Kind = having(
  'a compute cluster of Azure ML',
  ['id', 'machine', 'nodes', 'capacity'],
  'Use new MachineLearningCluster(scope, id, { workspace, machine }).',
);

/** The kinds of its props. */
export const BATCH_INFERENCE: Shape<BatchInferenceProps> = {
  workspace: required(WORKSPACE),
  artifact: required(MODEL_ARTIFACT),
  container: SERVING_CONTAINER,
  machine: AZURE_MACHINE,
  mostMachines: NUMBER,
  capacity: CAPACITY,
  cluster: CLUSTER,
  shardsPerBatch: NUMBER,
  batchesPerMachine: NUMBER,
  batchTimeoutSeconds: NUMBER,
  attempts: NUMBER,
  toleratedFailures: NUMBER,
  answers: oneOf(['rows', 'files']),
  endpointName: TEXT,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};

/** Its props with what is taken where nothing is said. */
export function batchDefaults<P extends Partial<BatchInferenceProps>>(props: P) {
  const { container = ServingContainer.mlflow(), shardsPerBatch = 10, batchesPerMachine = 1 } = props;
  const { batchTimeoutSeconds = 3600, attempts = 4, toleratedFailures = 0, answers = 'rows' as const } = props;
  const mostMachines = props.mostMachines ?? props.cluster?.nodes ?? 1;
  const numbers = { shardsPerBatch, batchesPerMachine, batchTimeoutSeconds, attempts, toleratedFailures };
  return { ...props, ...numbers, container, answers, mostMachines };
}
