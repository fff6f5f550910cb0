import { type Size, SizeRoundingBehavior, type Duration, Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { gibOf } from '../props/prop-types';
import { isKnown } from '../props/tokens';
import type { ErrorCode } from '../../core/error-codes';

/**
 * Share of a machine's memory that containers cannot use: hypervisor, kernel and system. Karpenter reserves the same share for the
 * hypervisor alone. A job that requests more memory than ECS registers waits without a time limit.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/memory-management.html
 */
const RESERVED_MEMORY_SHARE = 0.075;
/** Memory that AWS Batch reserves for the ECS agent. */
const AGENT_MIB = 32;
const MIB_PER_GIB = 1024;
/** Default share of the container's memory for /dev/shm, and its maximum, which is enough for NCCL and data loaders. */
const SHARED_SHARE = 0.25;
const MAX_SHARED_GIB = 64;

/** The part of a machine that the container of one shard uses. */
export interface MachineShare {
  /** Number of GPUs. */
  readonly gpus: number;
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Memory in MiB. */
  readonly memoryMiB: number;
  /** Size of /dev/shm in MiB. */
  readonly sharedMemoryMiB: number;
  /** Number of shards that one machine processes at once. */
  readonly shardsPerMachine: number;
}

/** Divides a machine by its accelerators. Each shard gets proportional cores and memory. */
export function shareOf(machine: AwsMachine, acceleratorsPerReplica?: number, sharedMemory?: Size): MachineShare {
  const { accelerators, vcpus, memoryGiB } = machine.spec;
  const gpus = acceleratorsPerReplica ?? accelerators;
  const shardsPerMachine = Math.floor(accelerators / gpus);
  const usableMiB = memoryGiB * MIB_PER_GIB * (1 - RESERVED_MEMORY_SHARE) - AGENT_MIB;
  const memoryMiB = Math.floor(usableMiB / shardsPerMachine);
  return {
    gpus,
    vcpus: Math.max(1, Math.floor(vcpus / shardsPerMachine)),
    memoryMiB,
    sharedMemoryMiB:
      sharedMemory?.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) ??
      Math.floor(Math.min(memoryMiB * SHARED_SHARE, MAX_SHARED_GIB * MIB_PER_GIB)),
    shardsPerMachine,
  };
}

/**
 * Adds a problem if AWS Batch has no image for the machine, or cannot assign its accelerators. AWS Batch assigns whole NVIDIA GPUs on x86.
 *
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_Ec2Configuration.html
 */
export function checkBatchMachine(problems: ProblemCollector, { name, chip, spec }: AwsMachine): void {
  const add = (allowed: string, got: string, fix: string) =>
    problems.add({ code: 'BatchMachine', prop: 'machine', allowed, got: `${name}, ${got}`, fix });
  if (chip.vendor !== 'NVIDIA') {
    add(
      'a machine with NVIDIA GPUs, because AWS Batch supports no other accelerators',
      `with accelerators of ${chip.vendor}`,
      'Use a machine of the P or G families.',
    );
  } else if (spec.arch !== 'amd64') {
    add(
      'an x86 machine, because AWS Batch has no GPU image for Arm',
      spec.arch,
      'Use an x86 machine, or run this machine on EKS.',
    );
  } else if (!Number.isInteger(spec.accelerators)) {
    add(
      'a machine with whole GPUs, because a job requests whole GPUs',
      `with ${spec.accelerators} GPU`,
      'Use a larger size of the family.',
    );
  }
}

/** Adds a problem if a container cannot have that share of a machine. */
export function checkShare(
  problems: ProblemCollector,
  machine: AwsMachine,
  acceleratorsPerReplica: number | undefined,
  sharedMemory: Size | undefined,
): void {
  const { accelerators } = machine.spec;
  if (
    acceleratorsPerReplica !== undefined &&
    !(Number.isInteger(acceleratorsPerReplica) && acceleratorsPerReplica >= 1 && acceleratorsPerReplica <= accelerators)
  ) {
    problems.add({
      code: 'BatchShare',
      prop: 'acceleratorsPerReplica',
      allowed: `a whole number from 1 to ${accelerators}, the GPUs of ${machine.name}`,
      got: acceleratorsPerReplica,
      fix: 'Leave it out to use a whole machine. A job cannot use several machines.',
    });
    return;
  }
  const max = Math.floor(shareOf(machine, acceleratorsPerReplica).memoryMiB / MIB_PER_GIB);
  const gib = gibOf(sharedMemory);
  if (!isKnown(problems, 'sharedMemory', gib) || (gib > 0 && gib <= max)) return;
  problems.add({
    code: 'BatchShare',
    prop: 'sharedMemory',
    allowed: `more than 0 and at most ${max} GiB, the memory of the container`,
    got: `${gib} GiB`,
    fix: 'Leave it out to use a quarter of the memory.',
  });
}

/**
 * Maximum number of concurrent child executions of a distributed map.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export const MAX_CONCURRENCY = 10_000;

/** The range of a number. */
export interface Range {
  readonly prop: string;
  readonly min: number;
  readonly max: number;
  /** Meaning of the maximum, at the end of the message. */
  readonly of: string;
  readonly fix: string;
}

/** Adds a problem if an optional number is not a whole number in the range, or is not known at synthesis. */
export function checkWhole(
  problems: ProblemCollector,
  value: number | undefined,
  { prop, min, max, of, fix }: Range,
): void {
  if (!isKnown(problems, prop, value) || (Number.isInteger(value) && value >= min && value <= max)) return;
  problems.add({
    code: 'BatchLimit',
    prop,
    allowed: `a whole number from ${min} to ${max.toLocaleString('en-US')}, ${of}`,
    got: value,
    fix,
  });
}

/** Returns whether an optional duration is set and known at synthesis. Adds a problem if it is a token. */
export function isKnownTime(problems: ProblemCollector, prop: string, value: Duration | undefined): value is Duration {
  return isKnown(problems, prop, value?.isUnresolved() ? Token.asAny(value) : value);
}

/** Adds a problem if an optional duration is not a whole number of seconds in the range, or is not known at synthesis. */
export function checkTime(
  problems: ProblemCollector,
  value: Duration | undefined,
  { prop, min, max, of, fix }: Range,
): void {
  if (!isKnownTime(problems, prop, value)) return;
  const seconds = value.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return;
  problems.add({
    code: 'BatchTimeout' satisfies ErrorCode,
    prop,
    allowed: `a whole number of seconds from ${min} to ${max.toLocaleString('en-US')}, ${of}`,
    got: value.toHumanString(),
    fix,
  });
}
