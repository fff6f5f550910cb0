import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { isKnown } from '../props/tokens';
import { checkTime, checkWhole } from './batch-numbers';
import { transformDefaults, type TransformOptions } from './transform-options';

// botocore 1.44.8, sagemaker 2017-07-24, TransformInstanceType: all sizes of these families except metal; read 2026-11-25.
const FAMILIES = ['g4dn', 'g5', 'g6', 'g6e', 'inf2', 'trn1'];

/** Maximum MiB of all concurrent requests to a machine. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html */
const MAX_MIB = 100;
// Of `InvocationsTimeoutInSeconds`: botocore 1.44.8, sagemaker 2017-07-24; read 2026-11-25.
const MAX_REQUEST_SECONDS = 3600;
/** Machines of one job, a limit of this library. The API documents no limit, and the quota of the account is often lower. */
const MAX_INSTANCES = 100;

/** Adds a problem for each option that SageMaker rejects. */
export function checkTransform(problems: ProblemCollector, options: TransformOptions, shardsPerTask: number): void {
  checkTransformMachine(problems, options.machine);
  const { requestTimeout, instances, usdPerHour } = options;
  checkWhole(problems, instances, {
    prop: 'instances',
    min: 1,
    max: Math.min(MAX_INSTANCES, shardsPerTask),
    of: 'the shards of one job, because SageMaker assigns each shard to one machine',
    fix: 'Raise shardsPerTask, or leave it out and raise concurrency.',
  });
  checkTime(problems, requestTimeout, {
    prop: 'requestTimeout',
    min: 1,
    max: MAX_REQUEST_SECONDS,
    of: 'the limit of SageMaker for a response',
    fix: 'Use splitBy to split shards into smaller requests.',
  });
  checkPayload(problems, options);
  if (usdPerHour !== undefined && !(Number.isFinite(usdPerHour) && usdPerHour > 0) && !Token.isUnresolved(usdPerHour)) {
    problems.add({
      code: 'PriceInvalid',
      prop: 'usdPerHour',
      allowed: 'a number above 0',
      got: usdPerHour,
      fix: 'Use the price from the SageMaker price list.',
    });
  }
}

function checkTransformMachine(problems: ProblemCollector, { name }: AwsMachine): void {
  const [family = '', size] = name.split('.');
  if (FAMILIES.includes(family) && size !== 'metal') return;
  problems.add({
    code: 'BatchMachine',
    prop: 'machine',
    allowed: `a machine of ${FAMILIES.join(', ')}, the accelerator families for SageMaker transforms`,
    got: name,
    fix: 'Use one of these families, or BatchCompute.awsBatch for this machine.',
  });
}

function checkPayload(problems: ProblemCollector, options: TransformOptions): void {
  const { maxPayload, concurrentRequests: count } = transformDefaults(options);
  const size = maxPayload.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (!isKnown(problems, 'maxPayload', size) || !isKnown(problems, 'concurrentRequests', count)) return;
  const whole = [size, count].every((value) => Number.isInteger(value) && value >= 1);
  if (whole && size * count <= MAX_MIB) return;
  problems.add({
    code: 'TransformPayload',
    prop: 'maxPayload and concurrentRequests',
    allowed: `whole numbers of at least 1, with a product of at most ${MAX_MIB} MiB`,
    got: `${size} MiB and ${count}`,
    fix: 'Lower one of them.',
  });
}
