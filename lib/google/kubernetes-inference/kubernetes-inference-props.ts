import type { ITerraformDependable } from 'cdktf';
import type { PriceOverride } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingCache, ServingScaling, ServingServer } from '../../kubernetes';
import type { Installation } from '../../terraform/installation';
import type { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { NewClusterOptions } from '../cluster/new-cluster-options';
import type { GoogleMachine } from '../machine/machine';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { AcceleratorNodePoolOptions } from '../nodes/node-pool-options';
import type { ServingIngress } from './serving-ingress';
import type { ServingModel } from './serving-model';

/** What a cluster may run already: a chart, or the kinds that an endpoint picker watches. */
export type SharedChart = 'keda' | 'kube-prometheus-stack' | 'lws' | 'picker-kinds';

/** Properties for `KubernetesInference`. */
export interface KubernetesInferenceProps
  extends
    Pick<
      AcceleratorNodePoolOptions,
      'topology' | 'networks' | 'driver' | 'bootDiskGiB' | 'imageStreaming' | 'preloadedImages'
    >,
    NewClusterOptions {
  /** The zone of the machines. */
  readonly zone: string;
  /** The machine that replicas run on, e.g. `GoogleMachine.G2_STANDARD_48`. */
  readonly machine: GoogleMachine;
  /** What is served. */
  readonly model: ServingModel;
  /** What serves it. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * What the model must bear. It sizes what is left open, a replica and how many there are, and what is stated is checked against it.
   *
   * @default - only that the weights fit is checked
   */
  readonly load?: ServingLoad;
  /** Accelerators of one replica: a part of a machine, or whole machines. @default - the fewest that bear `load`, or hold the weights */
  readonly acceleratorsPerReplica?: number;
  /** How many replicas there are. @default - as many as `load` takes, or one */
  readonly scaling?: ServingScaling;
  /** How the machines are bought. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** A node pool that exists, of that machine and in that zone, and holds enough nodes. @default - a new one, which follows the replicas */
  readonly nodePool?: AcceleratorNodePool;
  /** The way in, which is always private. @default ServingIngress.clusterOnly() */
  readonly ingress?: ServingIngress;
  /** Where the files of the model are kept between starts. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Name of all Kubernetes objects, of the node pool, and of the model in requests. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** Namespace of the model, made here: no other construct may make it. @default - the name */
  readonly namespace?: string;
  /** A cluster that exists, with Dataplane V2, workload identity and system nodes of its own. @default - a new one */
  readonly cluster?: IGkeCluster;
  /** Labels of the nodes of `cluster` that controllers run on: they carry no taint. @default - those of the new system nodes */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** What `cluster` runs already, and is not to be installed again. @default - nothing */
  readonly existingCharts?: readonly SharedChart[];
  /** What must stand before the objects of the model, e.g. `first.software.objects!.release` of the model whose charts it shares. @default - what it refers to */
  readonly after?: readonly ITerraformDependable[];
  /** Who installs what runs on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Prices of your own for the plan of `load`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}
