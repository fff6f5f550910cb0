import { Stack } from 'aws-cdk-lib';
import { CfnDataRepositoryAssociation } from 'aws-cdk-lib/aws-fsx';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../props/tokens';

/** A change of a file or an object. */
export enum DataRepositoryEvent {
  /** Created. */
  NEW = 'NEW',
  /** Changed. */
  CHANGED = 'CHANGED',
  /** Deleted. */
  DELETED = 'DELETED',
}

/** A directory of a Lustre file system that mirrors a prefix of a bucket. */
export interface DataRepositoryProps {
  /**
   * Bucket, in the region of the file system. FSx sets an event notification on it. Do not manage its notifications elsewhere: they
   * overwrite each other.
   */
  readonly bucket: IBucket;
  /**
   * Prefix of the objects, without a leading slash.
   *
   * @default - the whole bucket
   * @schema STRING_OR_EMPTY
   */
  readonly prefix?: string;
  /** Directory in the file system, for example `/datasets`. `/` works only if it is the only repository. */
  readonly path: string;
  /** Changes of the bucket that FSx applies to the directory. @default - all */
  readonly imports?: readonly DataRepositoryEvent[];
  /** Changes of the directory that FSx applies to the bucket. @default - none, so that `rm` cannot delete a dataset */
  readonly exports?: readonly DataRepositoryEvent[];
}

/** Properties for `DataRepository`. */
export interface DataRepositoryOfFileSystemProps extends DataRepositoryProps {
  /** ID of the file system. */
  readonly fileSystemId: string;
}

const ALL_EVENTS = Object.values(DataRepositoryEvent);

/**
 * Links a directory of a file system to a bucket.
 *
 * FSx accesses a bucket in the same account through a service-linked role, and writes the policy of that role itself. The bucket policy needs
 * no statement. The deployment needs `iam:CreateServiceLinkedRole`, `iam:AttachRolePolicy`, and `iam:PutRolePolicy` on that role.
 * The KMS key of the bucket needs a statement. The construct adds it, except to an imported key, which must have it already.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/create-dra-linked-data-repo.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/s3-server-side-encryption-support.html
 */
export class DataRepository extends Construct {
  /** The FSx data repository association. */
  public readonly resource: CfnDataRepositoryAssociation;

  constructor(scope: Construct, id: string, props: DataRepositoryOfFileSystemProps) {
    super(scope, id);
    const { bucket, imports = ALL_EVENTS, exports = [] } = props;

    allowLustreToUseKey(bucket);
    this.resource = new CfnDataRepositoryAssociation(this, 'Resource', {
      fileSystemId: props.fileSystemId,
      fileSystemPath: props.path,
      dataRepositoryPath: ['s3:/', bucket.bucketName, ...(props.prefix ? [prefixOf(props)] : [])].join('/'),
      batchImportMetaDataOnCreate: imports.length > 0,
      s3: {
        ...(imports.length > 0 && { autoImportPolicy: { events: [...imports] } }),
        ...(exports.length > 0 && { autoExportPolicy: { events: [...exports] } }),
      },
    });
    this.resource.node.addDependency(bucket);
  }
}

/** Adds each problem with the data repositories of one file system. */
export function checkDataRepositories(problems: ProblemCollector, repositories: readonly DataRepositoryProps[]): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'DataPath', prop, allowed, got, fix });

  if (repositories.length > FSX_LUSTRE.maxDataRepositories) {
    const max = `at most ${FSX_LUSTRE.maxDataRepositories} for one file system`;
    wrong('dataRepositories', max, `${repositories.length}`, 'Link a shorter prefix, or use a second file system.');
  }
  for (const [index, repository] of repositories.entries()) {
    const prop = `dataRepositories[${index}]`;
    const { path, prefix = '' } = repository;
    if (!isKnown(problems, `${prop}.path`, path)) continue;
    if (!PATH.test(path)) {
      wrong(
        `${prop}.path`,
        'an absolute directory, for example /datasets',
        path,
        'Start with one slash, and do not use "." or "..".',
      );
    }
    if (prefix.startsWith('/')) {
      wrong(`${prop}.prefix`, 'a prefix without a leading slash', prefix, 'Remove the slash.');
    }
    for (const [otherIndex, other] of repositories.slice(0, index).entries()) {
      if (nested(path, other.path)) {
        const fix = `Use a directory outside that of dataRepositories[${otherIndex}].`;
        wrong(`${prop}.path`, `separate from '${other.path}'`, path, fix);
      }
      if (other.bucket === repository.bucket && prefixOf(other) === prefixOf(repository)) {
        wrong(`${prop}.prefix`, 'linked only once', prefix, `Remove it here or in dataRepositories[${otherIndex}].`);
      }
    }
  }
}

const PATH = /^\/(?:(?!\.{1,2}(?:\/|$))[^/\0\r\n]+(?:\/|$))*$/;

/** Whether one directory holds the other, or both are the same. */
function nested(a: string, b: string): boolean {
  const [one, two] = [a, b].map((path) => (path.endsWith('/') ? path : `${path}/`)) as [string, string];
  return one.startsWith(two) || two.startsWith(one);
}

function prefixOf({ prefix = '' }: DataRepositoryProps): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/**
 * Allows the service-linked roles of FSx to use a key. The role name contains the ID of a future file system, so the condition uses a
 * pattern. A condition on the ARN of the bucket would create a dependency cycle.
 */
function allowLustreToUseKey(bucket: IBucket): void {
  const { account, partition, region } = Stack.of(bucket);
  const lustreRoles = `arn:${partition}:iam::${account}:role/aws-service-role/s3.data-source.lustre.fsx.amazonaws.com/AWSServiceRoleForFSxS3Access_fs-*`;
  bucket.encryptionKey?.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LustreThroughS3',
      principals: [new AnyPrincipal()],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `s3.${region}.amazonaws.com` },
        ArnLike: { 'aws:PrincipalArn': lustreRoles },
      },
    }),
  );
}
