import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork, AcceleratorNetworks } from '../network/accelerator-networks';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { AcceleratorNodePoolOptions } from '../nodes/node-pool-options';

/** A group of equal nodes of a training cluster. */
export interface TrainingGroupOptions extends AcceleratorNodePoolOptions {
  /** Equal slices of TPUs, a node pool each: jobs may span them over the data-center network. @default 1 */
  readonly slices?: number;
  /** Networks of the further interfaces. @default - those of the groups of that machine: brought by one, or made here */
  readonly networks?: AcceleratorNetworks;
  /**
   * Id of the Cloud KMS key of the boot disks; Compute Engine's service agent must be allowed to use it.
   *
   * @default - that of the new cluster; Google's keys in a cluster that was brought
   */
  readonly bootDiskKey?: string;
}

/** Properties for `TrainingGroup`. */
export interface TrainingGroupProps extends TrainingGroupOptions {
  readonly cluster: IGkeCluster;
  readonly zone: string;
  /** Email of the account that the nodes run as. */
  readonly serviceAccount: string;
  readonly name: string;
  /** What must stand before the nodes. @default - only what they refer to */
  readonly after?: readonly ITerraformDependable[];
}

/** Equal nodes that a queue counts together: one node pool, or one for each TPU slice. */
export class TrainingGroup extends Construct {
  public readonly name: string;
  public readonly pools: readonly [AcceleratorNodePool, ...AcceleratorNodePool[]];
  /** Nodes of all pools. */
  public readonly nodes: number;

  constructor(scope: Construct, id: string, props: TrainingGroupProps) {
    super(scope, id);
    const { slices = 1, name } = props;
    this.name = name;
    this.pools = Array.from({ length: slices }, (_, index) => {
      const own = slices > 1 ? `${name}-${index}` : name;
      return new AcceleratorNodePool(this, `Pool${index}`, { ...props, name: own, group: name });
    }) as unknown as typeof this.pools;
    this.nodes = this.pools.reduce((sum, pool) => sum + pool.nodes, 0);
  }

  get machine(): GoogleMachine {
    return this.pools[0].machine;
  }

  get capacity(): Capacity {
    return this.pools[0].capacity;
  }

  get zone(): string {
    return this.pools[0].zone;
  }

  /** The slice that the nodes of each pool form. @default - they have GPUs */
  get slice(): TpuSlice | undefined {
    return this.pools[0].slice;
  }

  /** Networks of the further interfaces. */
  get networks(): readonly AcceleratorNetwork[] {
    return this.pools[0].networks;
  }
}
