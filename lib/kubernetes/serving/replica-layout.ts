import type { Problems } from '../../core/errors';
import type { PlannedInference } from './load-plan';
import { VLLM_MEMORY_SHARE } from './server';

/** What of a machine decides how replicas lie on it. */
export interface ServingMachine {
  readonly name: string;
  /** As pods count them: a slice of an accelerator is one. */
  readonly accelerators: number;
  readonly acceleratorMemoryGiB: number;
}

/** What decides how large a replica is. */
export interface ReplicaProps {
  readonly machine: ServingMachine;
  /** Size of the weights. */
  readonly sizeGiB: number;
  /** Share of an accelerator's memory that the server takes. @default 0.9, vLLM's own */
  readonly memoryShare?: number;
  /** Accelerators of one replica, where they are stated. @default - planned, or the fewest that hold the weights */
  readonly acceleratorsPerReplica?: number;
  /** Whether there is a load, whose plan judges the memory. */
  readonly hasLoad: boolean;
}

/** Machines that so many replicas take. */
export function machinesFor(
  { accelerators }: Pick<ServingMachine, 'accelerators'>,
  acceleratorsPerReplica: number,
  replicas: number,
): number {
  if (acceleratorsPerReplica > accelerators) return replicas * Math.ceil(acceleratorsPerReplica / accelerators);
  return Math.ceil(replicas / Math.floor(accelerators / acceleratorsPerReplica));
}

/** Accelerators of a replica: stated, planned, or the fewest that hold the weights. */
export function replicaSize(problems: Problems, props: ReplicaProps, planned: PlannedInference | undefined): number {
  const { machine, sizeGiB, memoryShare = VLLM_MEMORY_SHARE, acceleratorsPerReplica, hasLoad } = props;
  if (planned) return acceleratorsPerReplica ?? planned.plan.replica.accelerators;
  const room = machine.acceleratorMemoryGiB * memoryShare;
  const least = Math.max(1, Math.ceil(sizeGiB / room));
  const size = acceleratorsPerReplica ?? sizeFrom(least, machine.accelerators);
  if (!hasLoad && Number.isSafeInteger(size) && size >= 1 && size < least) {
    problems.add({
      code: 'MemoryTooSmall',
      prop: 'acceleratorsPerReplica',
      allowed: `at least ${least}: the weights take ${Math.ceil(sizeGiB)} GiB, and the server ${Math.floor(room)} GiB of each accelerator of ${machine.name}`,
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
