import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { listOf, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { TRAINING_JOB, type TrainingJob } from '../../core/workload/training-job';
import { CAPACITY, Capacity } from '../capacity/capacity';
import { AZURE_MACHINE, type AzureMachine } from '../machine/machine';
import { type IManagedIdentity, MANAGED_IDENTITY } from '../operations/identity';
import { type IMachineLearningWorkspace, WORKSPACE } from './workspace-attributes';

/** Properties for `MachineLearningCluster`. */
export interface MachineLearningClusterProps {
  /** The workspace whose jobs run on it, in its region. */
  readonly workspace: IMachineLearningWorkspace;
  /** The machine that every node is. It can never change. */
  readonly machine: AzureMachine;
  /** Most nodes: they come when jobs wait. @default - what `job` takes; 1 without one */
  readonly nodes?: number;
  /** Nodes that stand even when nothing runs. @default 0 */
  readonly minimumNodes?: number;
  /**
   * How nodes are bought: `Capacity.onDemand()` is what Azure ML calls dedicated, `Capacity.spot()` low priority, at whatever price. It can
   * never change.
   *
   * @default Capacity.onDemand()
   */
  readonly capacity?: Capacity;
  /** Minutes without work after which a node goes. @default 15 */
  readonly idleMinutes?: number;
  /** Resource id of a subnet of yours that nodes stand in, without public addresses. @default - the managed network of the workspace */
  readonly subnetId?: string;
  /** What is to be trained: it decides the nodes that were left open, and what is stated is checked against it. @default - none */
  readonly job?: TrainingJob;
  /** What jobs act as where they act as no user. @default - a new identity that pulls images, and reads and writes the storage of the workspace */
  readonly identity?: IManagedIdentity;
  /** Its name, 3 to 24 letters, digits and hyphens: no other compute of the region has it. @default - made of its path and the subscription */
  readonly clusterName?: string;
  /** Prices of your own for the plan of `job`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** The kinds of its props. */
export const MACHINE_LEARNING_CLUSTER: Shape<MachineLearningClusterProps> = {
  workspace: required(WORKSPACE),
  machine: required(AZURE_MACHINE),
  nodes: NUMBER,
  minimumNodes: NUMBER,
  capacity: CAPACITY,
  idleMinutes: NUMBER,
  subnetId: TEXT,
  job: TRAINING_JOB,
  identity: MANAGED_IDENTITY,
  clusterName: TEXT,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};

/** Its props with what is taken where nothing is said; `nodes` is the job's where it is open. */
export function clusterDefaults<P extends Partial<MachineLearningClusterProps>>(props: P) {
  const { minimumNodes = 0, capacity = Capacity.onDemand(), idleMinutes = 15 } = props;
  return { ...props, minimumNodes, capacity, idleMinutes };
}
