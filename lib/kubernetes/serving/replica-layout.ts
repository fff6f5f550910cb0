import type { Problems } from '../../core/errors';
import type { PlannedInference } from './load-plan';
import { VLLM_MEMORY_SHARE } from './server';
import { diskGiB } from './startup';

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

/** What decides the size of the replicas of a served model, from its props. */
export function replicaOf(
  machine: ServingMachine,
  props: {
    readonly model: { readonly sizeGiB: number };
    readonly server?: { readonly memoryShare?: number };
    readonly acceleratorsPerReplica?: number;
    readonly load?: object;
  },
): ReplicaProps {
  const { model, server, acceleratorsPerReplica, load } = props;
  const { sizeGiB } = model;
  return { machine, sizeGiB, memoryShare: server?.memoryShare, acceleratorsPerReplica, hasLoad: load !== undefined };
}

/** A disk that images, logs and models share. */
export interface SharedDisk {
  /** What images and logs take. */
  readonly systemGiB: number;
  /** The largest that there is. */
  readonly mostGiB: number;
}

/** Size of such a disk, with the model for each replica that fits onto the machine. A size that is none counts nothing. */
export function diskFor(
  { systemGiB, mostGiB }: SharedDisk,
  { accelerators }: Pick<ServingMachine, 'accelerators'>,
  { acceleratorsPerReplica, sizeGiB }: { readonly acceleratorsPerReplica: number; readonly sizeGiB: number },
): number {
  if (!(sizeGiB > 0)) return systemGiB;
  const pods = Math.max(1, Math.floor(accelerators / Math.max(1, acceleratorsPerReplica)));
  return Math.min(mostGiB, systemGiB + pods * diskGiB(sizeGiB));
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
