import { type Duration, type Size, Token } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection, ISubnet } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Prices } from '../../core/catalog/price-override';
import { Capacity } from '../capacity/capacity';
import type { AwsMachine } from '../machine/machine';
import type { ProblemCollector } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';
import { required } from '../../core/prop-schema';
import { checkSubnets, selectSubnets } from '../network/node-subnets';
import { checkBootDisk } from '../nodes/node-launch-template';
import { VPC } from '../props/prop-types';
import type { ComputeLimits } from './batch-compute';
import { checkTime, checkWhole, checkBatchMachine, checkShare } from './machine-share';
import type { BatchMarket } from './job-workflow';

/** Options for `BatchCompute.awsBatch`: jobs of AWS Batch in your own container. */
export interface AwsBatchOptions {
  /**
   * VPC of the machines. The machines have no public addresses, so their subnets need a route to ECR, ECS, S3 and CloudWatch.
   *
   * @default - a new `MlVpc`
   */
  readonly vpc?: IVpc;
  /** Subnets of `vpc`. @default - the private subnets, or the isolated ones if the VPC has no private subnets */
  readonly subnets?: SubnetSelection;
  /** Machine type: x86 with NVIDIA GPUs. */
  readonly machine: AwsMachine;
  /** Maximum number of machines in each market, 1 to 10,000. AWS Batch can exceed it by one. They scale to zero between runs. */
  readonly maxMachines: number;
  /** On-demand, or spot with or without a fallback to on-demand. @default Capacity.spot({ fallback: Capacity.onDemand() }) */
  readonly capacity?: Capacity;
  /** Time that a job at the head of the spot queue waits for a machine before it moves to the fallback. 10 minutes to 1 day. @default Duration.minutes(30) */
  readonly spotPatience?: Duration;
  /** Container image, preferably with its digest: `…@sha256:…`. The machines can pull from the ECR registry of the account. */
  readonly image: string;
  /**
   * Command of the container.
   *
   * @default - the command of the image
   * @schema LINES
   */
  readonly command?: readonly string[];
  /** Environment variables, in addition to those of the shard. Not for secrets: the console shows them. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** GPUs of one container. Cores and memory are proportional. @default - all GPUs of the machine */
  readonly acceleratorsPerReplica?: number;
  /** Size of /dev/shm in the container. @default - a quarter of the container's memory, at most 64 GiB */
  readonly sharedMemory?: Size;
  /** Boot disk of a machine, for images and scratch data. All containers of the machine share it. @default Size.gibibytes(200) */
  readonly bootDisk?: Size;
  /**
   * KMS key of the boot disks. Its policy must allow `AWSServiceRoleForAutoScaling` to use it. Otherwise no machine starts.
   *
   * @default - the account's default EBS key
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  readonly bootDiskKey?: IKey;
  /** Time limit of one attempt at a shard, from 1 minute to the `timeout` of the run. @default Duration.hours(6) */
  readonly taskTimeout?: Duration;
  /**
   * Maximum attempts at a shard whose machine is reclaimed, including the first one. 1 to 10. A program that fails is not retried.
   *
   * @default 5
   */
  readonly attempts?: number;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_RetryStrategy.html */
const MAX_ATTEMPTS = 10;
/** A limit of this library. A compute environment counts vCPUs in an Integer, and no account has as many machines. */
const MAX_MACHINES = 10_000;

/** The capacity of jobs without `capacity`. */
function defaultCapacity(): Capacity {
  return Capacity.spot({ fallback: Capacity.onDemand() });
}

/** The markets of a capacity, in the order in which a run uses them. */
export function marketsOf(capacity: Capacity = defaultCapacity()): BatchMarket[] {
  return [capacity.market, ...(capacity.fallback ? [capacity.fallback.market] : [])].filter(isMarket);
}

function isMarket(market: string): market is BatchMarket {
  return market === 'spot' || market === 'on-demand';
}

/** The selected subnets. By default the private subnets, or the isolated ones if the VPC has no private subnets. */
export function subnetsOf(vpc: IVpc, selection?: SubnetSelection): ISubnet[] {
  if (selection) return selectSubnets(vpc, selection);
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}

/** Adds a problem for each option that AWS Batch rejects, or that keeps jobs from starting. */
export function checkAwsBatch(problems: ProblemCollector, options: AwsBatchOptions, limits: ComputeLimits): void {
  const { machine, maxMachines, acceleratorsPerReplica, sharedMemory, bootDisk, attempts } = options;
  const before = problems.all.length;
  checkBatchMachine(problems, machine);
  if (problems.all.length === before) checkShare(problems, machine, acceleratorsPerReplica, sharedMemory);
  checkBatchCapacity(problems, options);
  checkBootDisk(problems, 'bootDisk', bootDisk);
  checkWhole(problems, maxMachines, {
    prop: 'maxMachines',
    min: 1,
    max: MAX_MACHINES,
    of: 'the limit of this library for a compute environment',
    fix: 'Set the number of machines that you want to pay for at once.',
  });
  checkWhole(problems, attempts, {
    prop: 'attempts',
    min: 1,
    max: MAX_ATTEMPTS,
    of: 'the attempts that AWS Batch supports',
    fix: 'Write checkpoints, so that a lost attempt repeats little work.',
  });
  checkTimes(problems, options, limits);
  checkImage(problems, options.image);
  checkVariables(problems, options.environment);
  checkNetwork(problems, options);
}

function checkNetwork(problems: ProblemCollector, { vpc, subnets }: AwsBatchOptions): void {
  if (vpc) checkSubnets(problems, 'subnets', subnetsOf(vpc, subnets));
  else if (subnets) required(VPC).validate(problems, 'vpc', vpc);
}

// Of `JobStateTimeLimitAction`: botocore 1.44.8, batch 2016-08-10; read 2026-11-25.
const MIN_PATIENCE_SECONDS = 600;
const MAX_PATIENCE_SECONDS = 86_400;

function checkTimes(
  problems: ProblemCollector,
  { taskTimeout, spotPatience }: AwsBatchOptions,
  limits: ComputeLimits,
): void {
  checkTime(problems, taskTimeout, {
    prop: 'taskTimeout',
    min: 60,
    max: limits.timeoutSeconds,
    of: 'the time limit of the run',
    fix: 'Use smaller shards, or raise timeout.',
  });
  checkTime(problems, spotPatience, {
    prop: 'spotPatience',
    min: MIN_PATIENCE_SECONDS,
    max: MAX_PATIENCE_SECONDS,
    of: 'the limit of an AWS Batch queue',
    fix: 'Use 10 minutes to 1 day.',
  });
}

function checkBatchCapacity(
  problems: ProblemCollector,
  { machine, capacity = defaultCapacity(), attempts }: AwsBatchOptions,
): void {
  const { market, fallback } = capacity;
  for (const [prop, one] of [
    ['capacity', market],
    ['capacity.fallback', fallback?.market],
  ] as const) {
    if (one === undefined) continue;
    if (!isMarket(one) || (prop === 'capacity.fallback' && one === 'spot')) {
      problems.add({
        code: 'BatchCapacity',
        prop,
        allowed: prop === 'capacity' ? 'on-demand or spot' : 'on-demand, as the fallback of spot',
        got: one,
        fix: 'Use Capacity.onDemand(), or Capacity.spot({ fallback: Capacity.onDemand() }).',
      });
    } else if (!machine.markets.includes(one)) {
      problems.add({
        code: 'MarketUnsupported',
        prop,
        allowed: `one of ${machine.markets.join(', ')} for ${machine.name}`,
        got: one,
        fix: 'Use a market that sells this machine.',
      });
    }
  }
  if (market !== 'spot' || fallback || attempts !== 1) return;
  problems.add({
    code: 'SpotRetries',
    prop: 'attempts',
    allowed: '2 or more on spot capacity without a fallback',
    got: attempts,
    fix: 'Leave it out, or add a fallback to on-demand.',
  });
}

function checkImage(problems: ProblemCollector, image: string): void {
  if (Token.isUnresolved(image) || isImageReference(image)) return;
  problems.add({
    code: 'BatchImage',
    prop: 'image',
    allowed: 'an image reference, for example 111122223333.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:…',
    got: image,
    fix: 'Copy the URI from the registry, without https://.',
  });
}

const VARIABLE = /^[A-Za-z_]\w*$/;

/** The variables that the workflow sets for a container. */
const SHARD_VARIABLES = ['RUN', 'SHARDS_URI', 'SHARD', 'INPUT_URI', 'OUTPUT_URI', 'CHECKPOINT_URI', 'MARKER_URI'];

function checkVariables(problems: ProblemCollector, environment: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(environment)) {
    if (VARIABLE.test(name) && !SHARD_VARIABLES.includes(name) && !name.startsWith('AWS_BATCH')) continue;
    problems.add({
      code: 'BatchVariable',
      prop: `environment.${name}`,
      allowed: `a name of letters, digits and _, except AWS_BATCH… and ${SHARD_VARIABLES.join(', ')}`,
      got: name,
      fix: 'Rename the variable.',
    });
  }
}
