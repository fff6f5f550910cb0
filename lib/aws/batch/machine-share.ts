import type { Problems } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';

/**
 * Share of a machine's memory that no container gets: hypervisor, kernel and system. Karpenter counts the same for the hypervisor alone;
 * a job that asks for more than ECS registers waits for ever.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/memory-management.html
 */
const RESERVED_MEMORY_SHARE = 0.075;
/** What AWS Batch has the ECS agent keep back. */
const AGENT_MIB = 32;
const MIB_PER_GIB = 1024;
/** Share of the container's memory that /dev/shm may take, and the most of it: NCCL and data loaders need no more. */
const SHARED_SHARE = 0.25;
const MOST_SHARED_GIB = 64;

/** What the container of one shard gets of a machine. */
export interface MachineShare {
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly sharedMemoryMiB: number;
  /** Shards that one machine works on at once. */
  readonly shardsPerMachine: number;
}

/** Splits a machine by its accelerators: each shard takes as much of cores and memory as of these. */
export function shareOf(machine: AwsMachine, gpusPerShard?: number, sharedMemoryGiB?: number): MachineShare {
  const { accelerators, vcpus, memoryGiB } = machine.spec;
  const gpus = gpusPerShard ?? accelerators;
  const shardsPerMachine = Math.floor(accelerators / gpus);
  const usableMiB = memoryGiB * MIB_PER_GIB * (1 - RESERVED_MEMORY_SHARE) - AGENT_MIB;
  const memoryMiB = Math.floor(usableMiB / shardsPerMachine);
  const sharedMemoryMiB = Math.floor(
    sharedMemoryGiB === undefined
      ? Math.min(memoryMiB * SHARED_SHARE, MOST_SHARED_GIB * MIB_PER_GIB)
      : sharedMemoryGiB * MIB_PER_GIB,
  );
  return {
    gpus,
    vcpus: Math.max(1, Math.floor(vcpus / shardsPerMachine)),
    memoryMiB,
    sharedMemoryMiB,
    shardsPerMachine,
  };
}

/**
 * Adds a problem where AWS Batch has no image that boots the machine, or no way to hand out its accelerators: it does that for whole
 * NVIDIA GPUs, on x86.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_Ec2Configuration.html
 */
export function checkBatchMachine(problems: Problems, { name, chip, spec }: AwsMachine): void {
  const wrong = (allowed: string, got: string, fix: string) =>
    problems.add({ code: 'BatchMachine', prop: 'machine', allowed, got: `${name}, ${got}`, fix });
  if (chip.vendor !== 'NVIDIA') {
    wrong(
      'a machine with NVIDIA GPUs: AWS Batch hands out no other accelerator',
      `of ${chip.vendor}`,
      'Take one of the P or G families.',
    );
  } else if (spec.arch !== 'amd64') {
    wrong('an x86 machine: AWS Batch has no GPU image for ARM', spec.arch, 'Take an x86 machine, or EKS for this one.');
  } else if (!Number.isInteger(spec.accelerators)) {
    wrong(
      'a machine with whole GPUs: a job asks for whole ones',
      `which has ${spec.accelerators} of one`,
      'Take a larger size of the family.',
    );
  }
}

/** Adds a problem where a shard cannot have that share of a machine. */
export function checkShare(
  problems: Problems,
  machine: AwsMachine,
  gpusPerShard: number | undefined,
  sharedMemoryGiB: number | undefined,
): void {
  const { accelerators } = machine.spec;
  if (
    gpusPerShard !== undefined &&
    !(Number.isInteger(gpusPerShard) && gpusPerShard >= 1 && gpusPerShard <= accelerators)
  ) {
    problems.add({
      code: 'BatchShare',
      prop: 'gpusPerShard',
      allowed: `a whole number from 1 to ${accelerators}, the GPUs of ${machine.name}`,
      got: gpusPerShard,
      fix: 'Leave it out for a whole machine: a job does not span machines.',
    });
    return;
  }
  const most = Math.floor(shareOf(machine, gpusPerShard).memoryMiB / MIB_PER_GIB);
  if (sharedMemoryGiB === undefined || (sharedMemoryGiB > 0 && sharedMemoryGiB <= most)) return;
  problems.add({
    code: 'BatchShare',
    prop: 'sharedMemoryGiB',
    allowed: `more than 0 and at most the ${most} GiB of the container`,
    got: sharedMemoryGiB,
    fix: 'Leave it out for a quarter of the memory.',
  });
}
