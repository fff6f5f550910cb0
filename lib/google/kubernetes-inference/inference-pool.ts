import type { AcceleratorPool } from '../../kubernetes';
import type { ServingMachine } from '../../kubernetes/serving/replica-layout';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { COMPUTE_CLASS_LABEL } from '../nodes/node-config';
import { acceleratorPool, groupLabels } from '../training/accelerator-pool';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';

/** The machine as replicas are laid out on it. */
export function servingMachine(machine: GoogleMachine): ServingMachine {
  const { accelerators, acceleratorMemoryGB } = machine.spec;
  // Google prints GB, and more than the chip hands out: the planner takes the same.
  const acceleratorMemoryGiB = Math.min(acceleratorMemoryGB, machine.chip.memoryGiB * Math.min(1, accelerators));
  return { name: machine.name, accelerators: Math.ceil(accelerators), acceleratorMemoryGiB };
}

/** A model that was placed on machines. */
export interface PlacedModel {
  readonly props: Required<Pick<KubernetesInferenceProps, 'machine' | 'capacity' | 'name'>> &
    Pick<KubernetesInferenceProps, 'nodePool'>;
  /** Most machines at any time. */
  readonly machines: number;
  /** The slice that each machine is. @default - GPUs */
  readonly slice?: TpuSlice;
}

/**
 * The machines in the words of the Kubernetes layer.
 *
 * @param networks of the further interfaces, which replicas of several machines talk over; none while they are not made
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

/** What pods ask of nodes by name: GKE wants it of those of TPUs, and of those that a ComputeClass finds nodes for. */
export function nodeSelectorOf({ props, slice }: PlacedModel): Readonly<Record<string, string>> | undefined {
  const { machine, capacity, name, nodePool } = props;
  const selector = {
    ...(slice && groupLabels({ name: nodePool?.group ?? name, machine, slice })),
    ...(capacity.fallback && { [COMPUTE_CLASS_LABEL]: name }),
  };
  return Object.keys(selector).length > 0 ? selector : undefined;
}
