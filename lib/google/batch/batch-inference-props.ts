import type { Prices } from '../../core/catalog/own-prices';
import type { PlannedBatchWork } from '../../core/planning/planned-batch-work';
import type { ServingServer } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { Capacity } from '../capacity/capacity';
import type { ClusterSource } from '../cluster/cluster-source';
import type { ServingModel } from '../kubernetes-inference/serving-model';
import type { GoogleMachine } from '../machine/machine';
import type { IMlNetwork } from '../network/network-attributes';
import type { NodeOptions } from '../nodes/node-pool-options';
import type { IDataBucket } from '../storage/bucket-attributes';

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** Zone of the machines. A new cluster is created in its region. */
  readonly zone: string;
  /** Bucket of the shards. Use a bucket in the region of the machines. */
  readonly input: IDataBucket;
  /**
   * Prefix of the shards. Each object is a shard, with one JSON request per line. Ends with a slash; an empty string means the whole bucket.
   * @schema STRING_OR_EMPTY
   */
  readonly inputPrefix: string;
  /** Bucket of the results and markers. It can be the bucket of the shards. */
  readonly results: IDataBucket;
  /** Prefix of the results and markers. Ends with a slash, is outside the input prefix, and belongs to one workflow only. @default 'batch/' */
  readonly resultsPrefix?: string;
  /** Machine type, for example `GoogleMachine.G2_STANDARD_48`. */
  readonly machine: GoogleMachine;
  /** Maximum number of machines, 1 to 1000. They scale to zero between runs. */
  readonly maxMachines: number;
  /** Source of the model. */
  readonly model: ServingModel;
  /** Server program: vLLM, optionally with your own image or arguments. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /** Accelerators of one pod. @default - the minimum for the weights */
  readonly acceleratorsPerReplica?: number;
  /** Capacity of the machines. @default Capacity.spot({ fallback: Capacity.onDemand() }) */
  readonly capacity?: Capacity;
  /** Topology of the TPU slice of one machine. @default - the topology of the machine */
  readonly topology?: string;
  /** Rarely used settings of the nodes. @default - the defaults of the node pool; the boot disk is sized for the model */
  readonly nodeOptions?: NodeOptions;
  /** Shards for one start of the model, 1 to 1000. More shards save starts, but a reclaimed machine loses more work. @default 20 */
  readonly shardsPerTask?: number;
  /** Maximum attempts for a pod whose program fails, including the first one, 1 to 10. A reclaimed machine does not count as a failure. @default 5 */
  readonly attempts?: number;
  /** Percentage of pods that can fail permanently before the run stops and fails, 0 to 100. @default 5 */
  readonly toleratedFailurePercent?: number;
  /** Time limit of a run in hours, up to one year. @default 168 */
  readonly timeoutHours?: number;
  /** Schedule of the runs: a cron expression in UTC, for example `0 2 * * *`. @default - you start each run yourself */
  readonly schedule?: string;
  /** Kueue queue in the namespace that admits runs. @default - runs start immediately */
  readonly queue?: string;
  /** Work of each run. It is estimated, and its limits are validated. @default - no estimate */
  readonly work?: PlannedBatchWork;
  /** Name of the Kubernetes objects and of the node pool. @default - the ID of the construct, in lowercase */
  readonly name?: string;
  /** Namespace of the runs. The construct creates it, so no other construct can create the same one. @default - the name */
  readonly namespace?: string;
  /** New or existing cluster. An existing one needs the Cloud Storage FUSE CSI driver. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Network of the cluster, in the region of `zone`. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** Who installs the software on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
