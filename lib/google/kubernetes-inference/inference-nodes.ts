import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/gke-cluster';
import { type AcceleratorNetwork, AcceleratorNetworks } from '../network/accelerator-networks';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ResolvedInference } from './resolved-inference';

/** Properties for `InferenceNodes`. */
export interface InferenceNodesProps {
  /** The model with its machines. */
  readonly sized: Pick<ResolvedInference, 'machines' | 'minMachines' | 'spansMachines'> & {
    readonly props: Pick<
      ResolvedInference['props'],
      'machine' | 'zone' | 'capacity' | 'name' | 'topology' | 'nodeOptions'
    >;
  };
  /** Cluster of the nodes. */
  readonly cluster: IGkeCluster;
  /** Email of the service account of the nodes. */
  readonly serviceAccount: string;
  /** Default key of the boot disks. @default - Google-managed keys */
  readonly bootDiskKey?: IEncryptionKey;
  /** Resources that must exist before the nodes. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The node pools of a model. With spot capacity and a fallback there are two, and a ComputeClass chooses between them.
 */
export class InferenceNodes extends Construct {
  /** The node pool. */
  public readonly pool: AcceleratorNodePool;
  /** The fallback node pool. @default - the capacity has no fallback */
  public readonly fallback?: AcceleratorNodePool;
  /** Networks of the additional interfaces, new or existing. @default - the machine has no additional interfaces */
  public readonly networks?: AcceleratorNetworks;

  /** @internal */
  constructor(scope: Construct, id: string, props: InferenceNodesProps) {
    super(scope, id);
    const { machine, nodeOptions, zone, capacity, name } = props.sized.props;
    this.networks =
      nodeOptions.networks ??
      (machine.furtherInterfaces > 0 ? new AcceleratorNetworks(this, 'Networks', { machine, zone }) : undefined);
    if (!capacity.fallback) {
      this.pool = this.createPool('Pool', name, capacity, props);
      return;
    }
    this.pool = this.createPool('Pool', name, Capacity.spot(), props);
    this.fallback = this.createPool('Fallback', `${name}-fallback`, capacity.fallback, props);
  }

  /** Additional network interfaces of each node. */
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
    const { machine, zone, topology, nodeOptions, name } = sized.props;
    return new AcceleratorNodePool(this, id, {
      bootDiskKey,
      ...nodeOptions,
      ...{ cluster, machine, zone, topology, serviceAccount, capacity, after },
      name: poolName,
      group: name,
      nodes: sized.machines,
      // Reserved machines are billed at all times, so all of them run.
      minNodes: capacity.market === 'on-demand' ? this.minNodesOf(sized) : undefined,
      networks: this.networks,
      compactPlacement: sized.spansMachines ? undefined : false,
      computeClass: sized.props.capacity.fallback && name,
    });
  }

  /** A fallback pool scales from zero. */
  private minNodesOf({ props, minMachines }: InferenceNodesProps['sized']): number {
    return props.capacity.fallback ? 0 : minMachines;
  }
}
