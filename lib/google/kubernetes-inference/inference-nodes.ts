import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import { type AcceleratorNetwork, AcceleratorNetworks } from '../network/accelerator-networks';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { SizedInference } from './sized-inference';

/** Properties for `InferenceNodes`. */
export interface InferenceNodesProps {
  /** A model that was placed on machines. */
  readonly sized: Pick<SizedInference, 'machines' | 'leastMachines' | 'spansMachines'> & {
    readonly props: Pick<
      SizedInference['props'],
      | 'machine'
      | 'networks'
      | 'zone'
      | 'capacity'
      | 'name'
      | 'topology'
      | 'driver'
      | 'bootDiskGiB'
      | 'imageStreaming'
      | 'preloadedImages'
    >;
  };
  readonly cluster: IGkeCluster;
  /** Email of the account that the nodes run as. */
  readonly serviceAccount: string;
  /** Id of the key of boot disks. @default - Google's keys */
  readonly bootDiskKey?: string;
  /** What must stand before the nodes. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The machines of a model: a pool that follows its replicas, and for spot machines with a fallback a second one, between which a
 * ComputeClass chooses.
 */
export class InferenceNodes extends Construct {
  public readonly pool: AcceleratorNodePool;
  /** The pool that takes over. @default - none was asked for */
  public readonly fallback?: AcceleratorNodePool;
  /** Networks of the further interfaces, made here or brought. @default - the machine has none */
  public readonly networks?: AcceleratorNetworks;

  constructor(scope: Construct, id: string, props: InferenceNodesProps) {
    super(scope, id);
    const { machine, networks, zone, capacity, name } = props.sized.props;
    this.networks =
      networks ??
      (machine.furtherInterfaces > 0 ? new AcceleratorNetworks(this, 'Networks', { machine, zone }) : undefined);
    if (!capacity.fallback) {
      this.pool = this.createPool('Pool', name, capacity, props);
      return;
    }
    this.pool = this.createPool('Pool', name, Capacity.spot(), props);
    this.fallback = this.createPool('Fallback', `${name}-fallback`, capacity.fallback, props);
  }

  /** What replicas of several machines talk over. */
  get interfaces(): readonly AcceleratorNetwork[] {
    return this.networks?.networks ?? [];
  }

  private createPool(
    id: string,
    poolName: string,
    capacity: Capacity,
    props: InferenceNodesProps,
  ): AcceleratorNodePool {
    const { sized, cluster, serviceAccount, bootDiskKey, after } = props;
    const { machine, zone, topology, driver, bootDiskGiB, imageStreaming, preloadedImages, name } = sized.props;
    return new AcceleratorNodePool(this, id, {
      ...{ cluster, machine, zone, topology, driver, bootDiskGiB, imageStreaming, preloadedImages },
      ...{ serviceAccount, bootDiskKey, capacity, after },
      name: poolName,
      group: name,
      nodes: sized.machines,
      // Machines that are reserved are paid, whether they stand or not.
      leastNodes: capacity.market === 'on-demand' ? this.least(sized) : undefined,
      networks: this.networks,
      compact: sized.spansMachines ? undefined : false,
      computeClass: sized.props.capacity.fallback && name,
    });
  }

  /** What takes over stands only when it has to. */
  private least({ props, leastMachines }: InferenceNodesProps['sized']): number {
    return props.capacity.fallback ? 0 : leastMachines;
  }
}
