import { type Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import type { Problems } from '../../core/errors';
import { FLAG, fits, listOf, oneOf, type Shape } from '../../core/shapes';
import type { DataBucketProps } from './data-bucket';
import { BUCKET, DURATION, KEY, OBJECT_LOCK, REMOVAL_POLICY, ROLE, TEXTS } from '../props/shapes';
import { isKnown } from '../props/tokens';

const ENDPOINT_ID = /^vpce-[0-9a-f]{8,17}$/;

const BUCKET_PROPS: Shape<DataBucketProps> = {
  purpose: oneOf(Object.values(DataPurpose)),
  dataClass: oneOf(Object.values(DataClass)),
  encryptionKey: KEY,
  accessLogs: BUCKET,
  versioned: FLAG,
  keepFor: DURATION,
  keepOldVersionsFor: DURATION,
  objectLock: OBJECT_LOCK,
  vpcEndpoints: TEXTS,
  endpointExemptRoles: listOf(ROLE),
  removalPolicy: REMOVAL_POLICY,
};

/** Adds what is wrong with the props of a bucket, and tells how long it keeps things. */
export function checkDataBucket(problems: Problems, props: DataBucketProps): Retention {
  return fits(problems, props, BUCKET_PROPS) ? checkRetention(problems, props) : {};
}

function checkRetention(problems: Problems, props: DataBucketProps): Retention {
  const { dataClass = DataClass.INTERNAL, purpose = DataPurpose.DATASETS, versioned = true } = props;
  const floor = DATA_CLASS_FLOORS[dataClass];
  const below = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'DataClassFloor', prop, allowed: `${allowed} for ${dataClass} data`, got, fix });

  if (floor.versioned && !versioned) below('versioned', 'true', versioned, 'Leave versioned out.');
  if (floor.retained && !retains(props.removalPolicy)) {
    below('removalPolicy', 'RETAIN or RETAIN_ON_UPDATE_OR_DELETE', props.removalPolicy, 'Leave removalPolicy out.');
  }
  if (floor.customerKey && isAwsManaged(props.encryptionKey)) {
    below('encryptionKey', 'a key of your own', 'an AWS managed key', 'Bring your key, or leave it out for a new one.');
  }
  checkEndpoints(problems, props.vpcEndpoints);

  const lockDays = daysOf(problems, 'objectLock', props.objectLock?.duration);
  const keepDays = daysOf(problems, 'keepFor', props.keepFor) ?? defaultKeepDays(purpose, lockDays);
  const asked = daysOf(problems, 'keepOldVersionsFor', props.keepOldVersionsFor);
  if (asked !== undefined && Math.max(asked, lockDays ?? 0) < floor.oldVersionDays) {
    below(
      'keepOldVersionsFor',
      `at least ${floor.oldVersionDays} days`,
      `${asked} days`,
      'Raise it, or set an objectLock of that length.',
    );
  }
  const oldVersionDays = asked ?? Math.max(PURPOSES[purpose].oldVersionDays, floor.oldVersionDays, lockDays ?? 0);
  checkLock(problems, { versioned, lockDays, keepDays, oldVersionDays });
  return { keepDays, oldVersionDays: versioned ? oldVersionDays : undefined };
}

function retains(policy = RemovalPolicy.RETAIN): boolean {
  return policy === RemovalPolicy.RETAIN || policy === RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}

function defaultKeepDays(purpose: DataPurpose, lockDays = 0): number | undefined {
  const { keepDays } = PURPOSES[purpose];
  return keepDays === undefined ? undefined : Math.max(keepDays, lockDays);
}

interface LockCheck extends Retention {
  readonly versioned: boolean;
  readonly lockDays?: number;
}

function checkLock(problems: Problems, { versioned, lockDays, keepDays, oldVersionDays }: LockCheck): void {
  if (lockDays === undefined) return;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'BucketRetention', prop, allowed, got, fix });
  if (!versioned) wrong('versioned', 'true, since Object Lock guards versions', versioned, 'Leave versioned out.');
  const least = `at least the ${lockDays} days of objectLock`;
  if (keepDays !== undefined && keepDays < lockDays) {
    wrong('keepFor', least, `${keepDays} days`, 'Raise keepFor, or shorten the lock.');
  }
  if (oldVersionDays !== undefined && oldVersionDays < lockDays) {
    wrong('keepOldVersionsFor', least, `${oldVersionDays} days`, 'Raise it, or shorten the lock.');
  }
}

function daysOf(problems: Problems, prop: string, duration: Duration | undefined): number | undefined {
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
    fix: 'S3 counts in days: use Duration.days(…).',
  });
  return undefined;
}

function checkEndpoints(problems: Problems, endpoints: readonly string[] = []): void {
  for (const [index, id] of endpoints.entries()) {
    if (Token.isUnresolved(id) || ENDPOINT_ID.test(id)) continue;
    problems.add({
      code: 'EndpointId',
      prop: `vpcEndpoints[${index}]`,
      allowed: 'a VPC endpoint id, e.g. vpce-0123456789abcdef0',
      got: id,
      fix: 'Pass the id of the endpoint, not of the VPC.',
    });
  }
}

/** Only an alias tells it: the ARN of a key does not say who manages it. */
function isAwsManaged(key: IKey | undefined): boolean {
  const alias: unknown = key !== undefined && 'aliasName' in key ? key.aliasName : undefined;
  return typeof alias === 'string' && alias.startsWith('alias/aws/');
}
