import type { ProblemCollector } from '../../core/errors';
import { type PlannedInference, diskGiB } from './load-plan';
import { VLLM_MEMORY_SHARE } from './server';

/** Properties of a machine that determine the layout of replicas. */
export interface ServingMachine {
  /** Name of the machine. */
  readonly name: string;
  /** Number of accelerators that pods can request. A slice of an accelerator counts as one. */
  readonly accelerators: number;
  /** Memory per accelerator. */
  readonly acceleratorMemoryGiB: number;
}

/** Properties that determine the size of a replica. */
export interface ReplicaProps {
  /** Machine that the replica runs on. */
  readonly machine: ServingMachine;
  /** Size of the weights. */
  readonly sizeGiB: number;
  /** Share of the memory of an accelerator that the server uses. @default 0.9, the default of vLLM */
  readonly memoryShare?: number;
  /** Accelerators per replica. @default - planned, or the minimum for the weights */
  readonly acceleratorsPerReplica?: number;
  /** Whether there is a load, whose plan checks the memory. */
  readonly hasLoad: boolean;
}

/** Returns the properties that determine the size of the replicas of a served model. */
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

/** Size limits of a disk for images, logs and models. */
export interface SharedDisk {
  /** Space for images and logs. */
  readonly systemGiB: number;
  /** Maximum size of the disk. */
  readonly maxGiB: number;
}

/** Returns the size of a disk with one copy of the model for each replica that fits on the machine. Ignores an invalid size of the model. */
export function diskFor(
  { systemGiB, maxGiB }: SharedDisk,
  { accelerators }: Pick<ServingMachine, 'accelerators'>,
  { acceleratorsPerReplica, sizeGiB }: { readonly acceleratorsPerReplica: number; readonly sizeGiB: number },
): number {
  if (!(sizeGiB > 0)) return systemGiB;
  const pods = Math.max(1, Math.floor(accelerators / Math.max(1, acceleratorsPerReplica)));
  return Math.min(maxGiB, systemGiB + pods * diskGiB(sizeGiB));
}

/** Returns the number of machines for a number of replicas. */
export function machinesFor(
  { accelerators }: Pick<ServingMachine, 'accelerators'>,
  acceleratorsPerReplica: number,
  replicas: number,
): number {
  if (acceleratorsPerReplica > accelerators) return replicas * Math.ceil(acceleratorsPerReplica / accelerators);
  return Math.ceil(replicas / Math.floor(accelerators / acceleratorsPerReplica));
}

/** Returns the number of accelerators of a replica: as set, planned, or the minimum for the weights. */
export function replicaSize(
  problems: ProblemCollector,
  props: ReplicaProps,
  planned: PlannedInference | undefined,
): number {
  const { machine, sizeGiB, memoryShare = VLLM_MEMORY_SHARE, acceleratorsPerReplica, hasLoad } = props;
  if (planned) return acceleratorsPerReplica ?? planned.plan.replica.accelerators;
  const usableGiB = machine.acceleratorMemoryGiB * memoryShare;
  const min = Math.max(1, Math.ceil(sizeGiB / usableGiB));
  const size = acceleratorsPerReplica ?? sizeFrom(min, machine.accelerators);
  if (!hasLoad && Number.isSafeInteger(size) && size >= 1 && size < min) {
    problems.add({
      code: 'MemoryTooSmall',
      prop: 'acceleratorsPerReplica',
      allowed: `at least ${min} for weights of ${Math.ceil(sizeGiB)} GiB, with ${Math.floor(usableGiB)} GiB per accelerator of ${machine.name}`,
      got: size,
      fix: 'Use more accelerators per replica, or a machine with more memory.',
    });
  }
  return size;
}

/** Returns a power of two within one machine, which divides the heads of most models, or a number of whole machines. */
function sizeFrom(min: number, perMachine: number): number {
  const power = 2 ** Math.ceil(Math.log2(min));
  return power <= perMachine ? power : Math.ceil(min / perMachine) * perMachine;
}
