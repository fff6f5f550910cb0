import { Token } from 'aws-cdk-lib';
import type { Problems } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { checkTime, checkWhole } from './batch-numbers';
import { transformDefaults, type TransformOptions } from './transform-options';

// botocore 1.44.8, sagemaker 2017-07-24, TransformInstanceType: every size of these families but metal; read 2026-11-25.
const FAMILIES = ['g4dn', 'g5', 'g6', 'g6e', 'inf2', 'trn1'];

/** Most MB of all requests to a machine at once. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html */
const MOST_MB = 100;
// Of `InvocationsTimeoutInSeconds`: botocore 1.44.8, sagemaker 2017-07-24; read 2026-11-25.
const MOST_REQUEST_SECONDS = 3600;
/** Of one job, and a bound of this library: the API names none, and the account's quota is often lower. */
const MOST_INSTANCES = 100;

/** Adds what SageMaker would refuse of a transform. */
export function checkTransform(problems: Problems, given: TransformOptions, shardsPerJob: number): void {
  checkTransformMachine(problems, given.machine);
  const { requestTimeout, instances, usdPerHour } = given;
  checkWhole(problems, instances, {
    prop: 'instances',
    least: 1,
    most: Math.min(MOST_INSTANCES, shardsPerJob),
    of: 'the shards of one job: SageMaker gives a shard to one machine, and more would stand idle',
    fix: 'Raise shardsPerJob, or leave it out: the workflow runs many jobs at once.',
  });
  checkTime(problems, requestTimeout, {
    prop: 'requestTimeout',
    least: 1,
    most: MOST_REQUEST_SECONDS,
    of: 'what SageMaker waits for an answer',
    fix: 'Split shards into smaller requests with splitBy.',
  });
  checkPayload(problems, given);
  if (usdPerHour !== undefined && !(Number.isFinite(usdPerHour) && usdPerHour > 0) && !Token.isUnresolved(usdPerHour)) {
    problems.add({
      code: 'PriceInvalid',
      prop: 'usdPerHour',
      allowed: 'more than 0',
      got: usdPerHour,
      fix: 'Read it off the price list of SageMaker.',
    });
  }
}

function checkTransformMachine(problems: Problems, { name }: AwsMachine): void {
  const [family = '', size] = name.split('.');
  if (FAMILIES.includes(family) && size !== 'metal') return;
  problems.add({
    code: 'BatchMachine',
    prop: 'machine',
    allowed: `a machine of ${FAMILIES.join(', ')}: SageMaker offers transforms on no other accelerators`,
    got: name,
    fix: 'Take one of these, or BatchCompute.awsBatch for this machine.',
  });
}

function checkPayload(problems: Problems, options: TransformOptions): void {
  const { payloadMB: size, concurrentRequests: count } = transformDefaults(options);
  const whole = [size, count].every((value) => Number.isInteger(value) && value >= 1);
  if (whole && size * count <= MOST_MB) return;
  problems.add({
    code: 'TransformPayload',
    prop: 'payloadMB and concurrentRequests',
    allowed: `whole numbers of at least 1, whose product is at most ${MOST_MB}`,
    got: [size, count],
    fix: 'Lower one of them.',
  });
}
