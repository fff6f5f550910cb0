import type { ServingMachine } from '../../kubernetes/serving/replica-layout';
import type { AwsMachine } from '../machine/machine';

/** Number of accelerators of a machine for pods. A slice of a GPU counts as one. */
export function acceleratorsOf({ spec }: AwsMachine): number {
  return Math.ceil(spec.accelerators);
}

/** The machine for the layout of replicas. */
export function servingMachine(machine: AwsMachine): ServingMachine {
  const { acceleratorMemoryGiB } = machine.spec;
  return { name: machine.name, accelerators: acceleratorsOf(machine), acceleratorMemoryGiB };
}
