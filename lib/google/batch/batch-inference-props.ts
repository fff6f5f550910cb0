import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import type { BatchWork } from '../../core/planning/batch-estimate';
import { listOf, NUMBER, objectOf, recordOf, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { SERVING_LOAD } from '../../core/workload/serving-load';
import { SERVING_SERVER, type ServingServer } from '../../kubernetes';
import { type Installation, INSTALLATION } from '../../terraform/installation';
import type { Capacity } from '../capacity/capacity';
import { GKE_CLUSTER, type IGkeCluster, NAMED_BUCKET } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';
import { NEW_CLUSTER_OPTIONS, type NewClusterOptions } from '../cluster/new-cluster-options';
import { SERVING_MODEL, type ServingModel } from '../kubernetes-inference/serving-model';
import type { GoogleMachine } from '../machine/machine';
import { NODE_POOL_OPTIONS } from '../nodes/node-pool-checks';
import type { AcceleratorNodePoolOptions } from '../nodes/node-pool-options';

/** What the runs of a workflow have to do, each of them, and by when. */
export interface PlannedBatchWork extends BatchWork {
  /** Hours in which a run must end. @default - none */
  readonly finishWithinHours?: number;
  /** Most that the machines of a run may cost, in US dollars. @default - none */
  readonly budgetUsd?: number;
}

/** Properties for `BatchInference`. */
export interface BatchInferenceProps
  extends
    Pick<AcceleratorNodePoolOptions, 'topology' | 'networks' | 'driver' | 'bootDiskGiB' | 'imageStreaming'>,
    NewClusterOptions {
  /** The zone of the machines. */
  readonly zone: string;
  /** The bucket of the shards, best in the region of the machines. */
  readonly input: INamedBucket;
  /** Prefix of the shards: each object below it is one, a request in JSON a line. It ends in a slash; an empty text stands for the whole bucket. */
  readonly inputPrefix: string;
  /** The bucket of answers and markers. It may be that of the input. */
  readonly results: INamedBucket;
  /** Prefix of all that is written. It ends in a slash, lies outside the input prefix, and is that of no other workflow. @default 'batch/' */
  readonly resultsPrefix?: string;
  /** The machine that works on the shards, e.g. `GoogleMachine.G2_STANDARD_48`. */
  readonly machine: GoogleMachine;
  /** Most machines at once. None stands while there is no work. */
  readonly mostMachines: number;
  /** What answers. */
  readonly model: ServingModel;
  /** vLLM, with an image or arguments of your own. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /** Accelerators of one pod. @default - the fewest that hold the weights */
  readonly acceleratorsPerReplica?: number;
  /** How the machines are bought. @default Capacity.spot({ fallback: Capacity.onDemand() }) */
  readonly capacity?: Capacity;
  /** Shards that one start of the model works on: more of them save starts, and a machine that is taken away loses more. 1 to 1000. @default 20 */
  readonly shardsPerStart?: number;
  /** Attempts at a pod's part, the first among them, where its program failed. What its machine takes away is tried again in any case. 1 to 10. @default 3 */
  readonly attempts?: number;
  /** Share of the pods that may fail for good, in whole percent: above it the run stops, and fails. @default 5 */
  readonly toleratedFailurePercent?: number;
  /** Hours that a run may take, up to a year. @default 168 */
  readonly timeoutHours?: number;
  /** When runs start, in words of cron and UTC, e.g. `0 2 * * *`. @default - when someone starts one */
  readonly schedule?: string;
  /** A queue of Kueue in the namespace that admits runs. @default - runs start at once */
  readonly queue?: string;
  /** What each run has to do: it is estimated, and what is stated is checked against it. @default - nothing is estimated */
  readonly work?: PlannedBatchWork;
  /** Name of all Kubernetes objects and of the node pool. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Namespace of the runs, made here: no other construct may make it. @default - the name */
  readonly namespace?: string;
  /** A cluster that exists, with workload identity, the GCS FUSE driver and system nodes of its own. @default - a new one */
  readonly cluster?: IGkeCluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Who installs what runs on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Prices of your own, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

const WORK: Shape<PlannedBatchWork> = {
  load: required(SERVING_LOAD),
  requests: required(NUMBER),
  finishWithinHours: NUMBER,
  budgetUsd: NUMBER,
};

const { topology, networks, driver, bootDiskGiB, imageStreaming, capacity, machine } = NODE_POOL_OPTIONS;

/** A cluster, as the shape of a cloud's props has it. */
const OF_CLUSTER = {
  ...NEW_CLUSTER_OPTIONS,
  cluster: GKE_CLUSTER,
  systemLabels: recordOf(TEXT),
  installation: INSTALLATION,
};

/** The kinds of its props. */
export const BATCH_INFERENCE: Shape<BatchInferenceProps> = {
  ...{ topology, networks, driver, bootDiskGiB, imageStreaming, capacity, machine },
  ...OF_CLUSTER,
  zone: required(TEXT),
  input: required(NAMED_BUCKET),
  inputPrefix: required(TEXT_OR_EMPTY),
  results: required(NAMED_BUCKET),
  resultsPrefix: TEXT,
  mostMachines: required(NUMBER),
  model: required(SERVING_MODEL),
  server: SERVING_SERVER,
  acceleratorsPerReplica: NUMBER,
  shardsPerStart: NUMBER,
  attempts: NUMBER,
  toleratedFailurePercent: NUMBER,
  timeoutHours: NUMBER,
  schedule: TEXT,
  queue: TEXT,
  work: objectOf(WORK, 'work { load, requests }'),
  name: TEXT,
  namespace: TEXT,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
