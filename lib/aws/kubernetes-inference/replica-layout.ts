import type { Problems } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import type { PlannedInference } from './load-plan';

/** Share of an accelerator's memory that a server takes where nothing else is said: vLLM's own default. */
const MEMORY_SHARE = 0.9;

/** Accelerators of a machine as pods count them: a slice of a GPU is one. */
export function acceleratorsOf({ spec }: AwsMachine): number {
  return Math.ceil(spec.accelerators);
}

/** Machines that so many replicas take. */
export function machinesFor(machine: AwsMachine, acceleratorsPerReplica: number, replicas: number): number {
  const perMachine = acceleratorsOf(machine);
  if (acceleratorsPerReplica > perMachine) return replicas * Math.ceil(acceleratorsPerReplica / perMachine);
  return Math.ceil(replicas / Math.floor(perMachine / acceleratorsPerReplica));
}

/** Accelerators of a replica: stated, planned, or the fewest that hold the weights. */
export function replicaSize(
  problems: Problems,
  props: KubernetesInferenceProps,
  planned: PlannedInference | undefined,
): number {
  const { machine, model, server, acceleratorsPerReplica } = props;
  if (planned) return acceleratorsPerReplica ?? planned.plan.replica.accelerators;
  const room = machine.spec.acceleratorMemoryGiB * (server?.memoryShare ?? MEMORY_SHARE);
  const least = Math.max(1, Math.ceil(model.sizeGiB / room));
  const perMachine = acceleratorsOf(machine);
  const size = acceleratorsPerReplica ?? sizeFrom(least, perMachine);
  if (!props.load && Number.isSafeInteger(size) && size >= 1 && size < least) {
    problems.add({
      code: 'MemoryTooSmall',
      prop: 'acceleratorsPerReplica',
      allowed: `at least ${least}: the weights take ${Math.ceil(model.sizeGiB)} GiB, and the server ${Math.floor(room)} GiB of each accelerator of ${machine.name}`,
      got: size,
      fix: 'Give a replica more accelerators, or take a machine with more memory.',
    });
  }
  return size;
}

/** A power of two within a machine, which divides the heads of most models, or whole machines. */
function sizeFrom(least: number, perMachine: number): number {
  const power = 2 ** Math.ceil(Math.log2(least));
  return power <= perMachine ? power : Math.ceil(least / perMachine) * perMachine;
}
