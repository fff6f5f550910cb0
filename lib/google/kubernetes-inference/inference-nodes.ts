import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Capacity } from '../capacity/capacity';
import type { IGkeCluster } from '../cluster/cluster-source';
import { type AcceleratorNetwork, AcceleratorNetworks } from '../network/accelerator-networks';
import { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ResolvedInference } from './resolved-inference';
import type { AcceleratorPool } from '../../kubernetes';
import type { ServingMachine } from '../../kubernetes/serving/replica-layout';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import { COMPUTE_CLASS_LABEL } from '../nodes/node-config';
import { acceleratorPool, groupLabels } from '../nodes/accelerator-pool';
import type { KubernetesInferenceProps } from './kubernetes-inference';

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

/** Returns the machine with the sizes that the layout of replicas uses. */
export function servingMachine(machine: GoogleMachine): ServingMachine {
  const { accelerators, acceleratorMemoryGB } = machine.spec;
  // Google prints more memory, in GB, than the chip makes available. The planner uses the same minimum.
  const acceleratorMemoryGiB = Math.min(acceleratorMemoryGB, machine.chip.memoryGiB * Math.min(1, accelerators));
  return { name: machine.name, accelerators: Math.ceil(accelerators), acceleratorMemoryGiB };
}

/** A model with its machines. */
export interface PlacedModel {
  readonly props: Required<Pick<KubernetesInferenceProps, 'machine' | 'capacity' | 'name'>> &
    Pick<KubernetesInferenceProps, 'nodePool' | 'nodeOptions'>;
  /** Maximum number of machines. */
  readonly machines: number;
  /** TPU slice of each machine. @default - GPUs */
  readonly slice?: TpuSlice;
}

/**
 * Returns the machines as a pool of the Kubernetes layer.
 *
 * @param networks networks of the additional interfaces, for replicas on several machines; empty before they are created
 */
export function acceleratorPoolOf(
  { props, machines, slice }: PlacedModel,
  networks: readonly AcceleratorNetwork[] = [],
): AcceleratorPool {
  const { machine, capacity, name, nodePool, nodeOptions } = props;
  const extraTaints = nodePool?.extraTaints ?? nodeOptions?.taints;
  const group = {
    ...{ name: nodePool?.group ?? name, machine, capacity, nodes: machines, slice, networks, extraTaints },
    pools: [name],
  };
  const pool = acceleratorPool(group);
  return {
    ...pool,
    acceleratorsPerNode: Math.ceil(pool.acceleratorsPerNode),
    taints: [...pool.taints, ...(capacity.fallback ? [computeClassTaint(name)] : [])],
  };
}

function computeClassTaint(value: string) {
  return { key: COMPUTE_CLASS_LABEL, value, effect: 'NoSchedule' } as const;
}

/** Returns the node selector of the pods. GKE requires it for TPUs and for a ComputeClass. */
export function nodeSelectorOf({ props, slice }: PlacedModel): Readonly<Record<string, string>> | undefined {
  const { machine, capacity, name, nodePool } = props;
  const selector = {
    ...(slice && groupLabels({ name: nodePool?.group ?? name, machine, slice })),
    ...(capacity.fallback && { [COMPUTE_CLASS_LABEL]: name }),
  };
  return Object.keys(selector).length > 0 ? selector : undefined;
}
