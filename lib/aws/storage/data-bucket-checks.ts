import { type Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { DataBucketAttributes, DataBucketProps } from './data-bucket';
import { isKnown } from '../props/tokens';
import { DATA_BUCKET_ATTRIBUTES, DATA_BUCKET_PROPS } from '../prop-schemas';

const ENDPOINT_ID = /^vpce-[0-9a-f]{8,17}$/;

/** Throws if attributes do not identify a bucket. */
export function checkBucketAttributes(scope: Construct, attrs: DataBucketAttributes): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, attrs, DATA_BUCKET_ATTRIBUTES, 'attrs');
  if (typed && attrs.bucketName === undefined && attrs.bucketArn === undefined) {
    const fix = 'Set bucketName or bucketArn.';
    problems.add({ code: 'ValueMissing', prop: 'bucketName', allowed: 'a string', got: undefined, fix });
  }
  problems.throwIfAny(scope);
}

/** Adds each problem with the props of a bucket, and returns its retention times. */
export function checkDataBucket(problems: ProblemCollector, props: DataBucketProps): Retention {
  return validateProps(problems, props, DATA_BUCKET_PROPS) ? checkRetention(problems, props) : {};
}

function checkRetention(problems: ProblemCollector, props: DataBucketProps): Retention {
  const { dataClass = DataClass.INTERNAL, purpose = DataPurpose.DATASETS, versioned = true } = props;
  const floor = DATA_CLASS_FLOORS[dataClass];
  const below = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'DataClassFloor', prop, allowed: `${allowed} for ${dataClass} data`, got, fix });

  if (floor.versioned && !versioned) below('versioned', 'true', versioned, 'Remove versioned.');
  if (floor.retained && !retains(props.removalPolicy)) {
    below('removalPolicy', 'RETAIN or RETAIN_ON_UPDATE_OR_DELETE', props.removalPolicy, 'Remove removalPolicy.');
  }
  if (floor.customerKey && isAwsManaged(props.encryptionKey)) {
    below(
      'encryptionKey',
      'a customer managed key',
      'an AWS managed key',
      'Pass your own key, or remove it for a new one.',
    );
  }
  checkEndpoints(problems, props.vpcEndpoints);

  const lockDays = daysOf(problems, 'retention', props.retention?.duration);
  const expirationDays = daysOf(problems, 'expiration', props.expiration) ?? defaultKeepDays(purpose, lockDays);
  const givenDays = daysOf(problems, 'noncurrentVersionExpiration', props.noncurrentVersionExpiration);
  if (givenDays !== undefined && Math.max(givenDays, lockDays ?? 0) < floor.oldVersionDays) {
    below(
      'noncurrentVersionExpiration',
      `at least ${floor.oldVersionDays} days`,
      `${givenDays} days`,
      'Raise it, or set a retention of that length.',
    );
  }
  const oldVersionDays = givenDays ?? Math.max(PURPOSES[purpose].oldVersionDays, floor.oldVersionDays, lockDays ?? 0);
  checkLock(problems, { versioned, lockDays, expirationDays, oldVersionDays });
  return { expirationDays, oldVersionDays: versioned ? oldVersionDays : undefined };
}

function retains(policy = RemovalPolicy.RETAIN): boolean {
  return policy === RemovalPolicy.RETAIN || policy === RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}

function defaultKeepDays(purpose: DataPurpose, lockDays = 0): number | undefined {
  const { expirationDays } = PURPOSES[purpose];
  return expirationDays === undefined ? undefined : Math.max(expirationDays, lockDays);
}

interface LockCheck extends Retention {
  readonly versioned: boolean;
  readonly lockDays?: number;
}

function checkLock(
  problems: ProblemCollector,
  { versioned, lockDays, expirationDays, oldVersionDays }: LockCheck,
): void {
  if (lockDays === undefined) return;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'BucketRetention', prop, allowed, got, fix });
  if (!versioned) wrong('versioned', 'true, because Object Lock protects versions', versioned, 'Remove versioned.');
  const min = `at least the ${lockDays} days of retention`;
  if (expirationDays !== undefined && expirationDays < lockDays) {
    wrong('expiration', min, `${expirationDays} days`, 'Raise expiration, or shorten the retention.');
  }
  if (oldVersionDays !== undefined && oldVersionDays < lockDays) {
    wrong('noncurrentVersionExpiration', min, `${oldVersionDays} days`, 'Raise it, or shorten the retention.');
  }
}

function daysOf(problems: ProblemCollector, prop: string, duration: Duration | undefined): number | undefined {
  if (duration === undefined) return undefined;
  if (duration.isUnresolved()) {
    isKnown(problems, prop, duration.toDays());
    return undefined;
  }
  const days = duration.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 1) return days;
  problems.add({
    code: 'BucketRetention',
    prop,
    allowed: 'a whole number of days, at least 1',
    got: duration.toHumanString(),
    fix: 'Use Duration.days(…).',
  });
  return undefined;
}

function checkEndpoints(problems: ProblemCollector, endpoints: readonly string[] = []): void {
  for (const [index, id] of endpoints.entries()) {
    if (Token.isUnresolved(id) || ENDPOINT_ID.test(id)) continue;
    problems.add({
      code: 'EndpointId',
      prop: `vpcEndpoints[${index}]`,
      allowed: 'a VPC endpoint ID, for example vpce-0123456789abcdef0',
      got: id,
      fix: 'Pass the ID of the endpoint, not of the VPC.',
    });
  }
}

/** Only an alias shows this: the ARN of a key does not say who manages it. */
function isAwsManaged(key: IKey | undefined): boolean {
  const alias: unknown = key !== undefined && 'aliasName' in key ? key.aliasName : undefined;
  return typeof alias === 'string' && alias.startsWith('alias/aws/');
}
