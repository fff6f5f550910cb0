import type { Prices } from '../../core/catalog/own-prices';
import type { TrainingJob } from '../../core/workload/training-job';
import { Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import type { IManagedIdentity } from '../operations/identity';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** Properties for `MachineLearningCluster`. */
export interface MachineLearningClusterProps {
  /** Workspace of the cluster. The cluster is in the region of the workspace. */
  readonly workspace: IMachineLearningWorkspace;
  /** Machine type of every node. It can never change. */
  readonly machine: AzureMachine;
  /** Maximum number of nodes. Azure ML adds nodes when jobs are queued. @default - derived from `job`, or 1 without a job */
  readonly maxNodes?: number;
  /** Number of nodes that always run. @default 0 */
  readonly minNodes?: number;
  /**
   * Purchase option of the nodes. `Capacity.onDemand()` means dedicated nodes in Azure ML, and `Capacity.spot()` means low-priority nodes without a
   * price limit. It can never change.
   *
   * @default Capacity.onDemand()
   */
  readonly capacity?: Capacity;
  /** Minutes after which Azure ML removes an idle node. @default 15 */
  readonly idleMinutes?: number;
  /** Resource id of your subnet for the nodes, which have no public addresses. @default - the managed network of the workspace */
  readonly subnetId?: string;
  /** Training job. Sizes `maxNodes` if you leave it out, and validates it if you set it. @default - none */
  readonly job?: TrainingJob;
  /** Identity of jobs that do not run as a user. @default - a new identity that can pull images, and read and write the storage of the workspace */
  readonly identity?: IManagedIdentity;
  /** Name of the cluster: 3 to 24 letters, digits, and hyphens, unique in the region. @default - derived from the construct path and the subscription */
  readonly clusterName?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Adds the defaults. `maxNodes` stays open, because a job can size it. */
export function clusterDefaults<P extends Partial<MachineLearningClusterProps>>(props: P) {
  const { minNodes = 0, capacity = Capacity.onDemand(), idleMinutes = 15 } = props;
  return { ...props, minNodes, capacity, idleMinutes };
}
