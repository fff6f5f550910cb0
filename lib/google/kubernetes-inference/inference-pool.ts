import type { AcceleratorPool } from '../../kubernetes';
import type { ServingMachine } from '../../kubernetes/serving/replica-layout';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { COMPUTE_CLASS_LABEL } from '../nodes/node-config';
import { acceleratorPool, groupLabels } from '../training/accelerator-pool';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';

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
    Pick<KubernetesInferenceProps, 'nodePool'>;
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
  const { machine, capacity, name, nodePool } = props;
  const group = { name: nodePool?.group ?? name, machine, capacity, nodes: machines, slice, networks, pools: [name] };
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
