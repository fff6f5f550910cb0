import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { AcceleratorNodeOptions, NodeOptions } from '../nodes/node-pool-options';

/** Options for a group of equal nodes of a training cluster. */
export interface TrainingGroupOptions extends AcceleratorNodeOptions {
  /** Number of equal TPU slices. Each is a node pool, and jobs can span them over the data center network. @default 1 */
  readonly slices?: number;
  /**
   * Rarely used settings of the nodes.
   *
   * @default - groups of one machine type share new `networks`; the boot disks use the key of a new cluster
   */
  readonly nodeOptions?: NodeOptions;
}

/** Properties for `TrainingGroup`. */
export interface TrainingGroupProps extends TrainingGroupOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IGkeCluster;
  /** Zone of the nodes. */
  readonly zone: string;
  /** Email of the service account of the nodes. */
  readonly serviceAccount: string;
  /** Name of the group. */
  readonly name: string;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
}

/** A group of equal nodes that a queue counts together: one node pool, or one for each TPU slice. */
export class TrainingGroup extends Construct {
  /** Name of the group. */
  public readonly name: string;
  /** Node pools of the group. */
  public readonly pools: readonly [AcceleratorNodePool, ...AcceleratorNodePool[]];
  /** Number of nodes in all pools. */
  public readonly nodes: number;

  constructor(scope: Construct, id: string, props: TrainingGroupProps) {
    super(scope, id);
    const { slices = 1, name, nodeOptions, ...pool } = props;
    this.name = name;
    this.pools = Array.from({ length: slices }, (_, index) => {
      const poolName = slices > 1 ? `${name}-${index}` : name;
      return new AcceleratorNodePool(this, `Pool${index}`, { ...pool, ...nodeOptions, name: poolName, group: name });
    }) as unknown as typeof this.pools;
    this.nodes = this.pools.reduce((sum, one) => sum + one.nodes, 0);
  }

  /** Machine type of the nodes. */
  get machine(): GoogleMachine {
    return this.pools[0].machine;
  }

  /** How the nodes are bought. */
  get capacity(): Capacity {
    return this.pools[0].capacity;
  }

  /** Zone of the nodes. */
  get zone(): string {
    return this.pools[0].zone;
  }

  /** TPU slice that the nodes of each pool form. @default - the nodes have GPUs */
  get slice(): TpuSlice | undefined {
    return this.pools[0].slice;
  }

  /** VPC networks of the additional network interfaces. */
  get networks(): readonly AcceleratorNetwork[] {
    return this.pools[0].networks;
  }
}
