import type { ServingMachine } from '../../kubernetes/serving/replica-layout';
import type { AwsMachine } from '../machine/machine';

/** Accelerators of a machine as pods count them: a slice of a GPU is one. */
export function acceleratorsOf({ spec }: AwsMachine): number {
  return Math.ceil(spec.accelerators);
}

/** The machine as replicas are laid out on it. */
export function servingMachine(machine: AwsMachine): ServingMachine {
  const { acceleratorMemoryGiB } = machine.spec;
  return { name: machine.name, accelerators: acceleratorsOf(machine), acceleratorMemoryGiB };
}
