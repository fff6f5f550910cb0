import { Stack } from 'aws-cdk-lib';
import { CfnDataRepositoryAssociation } from 'aws-cdk-lib/aws-fsx';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { Problems } from '../../core/errors';
import { type Kind, listOf, objectOf, oneOf, required, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { BUCKET } from '../props/shapes';
import { isKnown } from '../props/tokens';

/** What happens to a file or an object. */
export enum DataRepositoryEvent {
  NEW = 'NEW',
  CHANGED = 'CHANGED',
  DELETED = 'DELETED',
}

/** A directory of a Lustre file system that mirrors a prefix of a bucket. */
export interface DataRepositoryProps {
  /**
   * The bucket, in the region of the file system. FSx sets an event notification on it: manage no notifications of it elsewhere,
   * since the last writer wins.
   */
  readonly bucket: IBucket;
  /** Prefix of the objects, without a leading slash. @default - the whole bucket */
  readonly prefix?: string;
  /** The directory, e.g. `/datasets`. `/` only where it is the one repository of the file system. */
  readonly path: string;
  /** Which changes of the bucket show in the directory. @default - all */
  readonly imports?: readonly DataRepositoryEvent[];
  /** Which changes of the directory are written to the bucket. @default - none: nobody deletes a dataset with `rm` */
  readonly exports?: readonly DataRepositoryEvent[];
}

/** Properties for `DataRepository`. */
export interface DataRepositoryOfFileSystemProps extends DataRepositoryProps {
  readonly fileSystemId: string;
}

const ALL_EVENTS = Object.values(DataRepositoryEvent);

const EVENTS = listOf(oneOf(ALL_EVENTS));

/** One data repository, as someone wrote it. */
export const DATA_REPOSITORY: Kind = objectOf<DataRepositoryProps>(
  { bucket: required(BUCKET), prefix: TEXT_OR_EMPTY, path: required(TEXT), imports: EVENTS, exports: EVENTS },
  'a data repository { bucket, path }',
);

/**
 * Links a directory to a bucket.
 *
 * FSx reaches a bucket of its own account through a service-linked role whose policy it writes itself, so the bucket policy needs no
 * statement; whoever deploys needs `iam:CreateServiceLinkedRole`, `iam:AttachRolePolicy` and `iam:PutRolePolicy` on that role. The KMS
 * key of the bucket does need one, which is added here; not to an imported key, which must already carry it.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/create-dra-linked-data-repo.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/s3-server-side-encryption-support.html
 */
export class DataRepository extends Construct {
  public readonly resource: CfnDataRepositoryAssociation;

  constructor(scope: Construct, id: string, props: DataRepositoryOfFileSystemProps) {
    super(scope, id);
    const { bucket, imports = ALL_EVENTS, exports = [] } = props;

    letLustreUseKey(bucket);
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

/** Adds what is wrong with the data repositories of one file system. */
export function checkDataRepositories(problems: Problems, repositories: readonly DataRepositoryProps[]): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'DataPath', prop, allowed, got, fix });

  if (repositories.length > FSX_LUSTRE.mostDataRepositories) {
    const most = `at most ${FSX_LUSTRE.mostDataRepositories} for one file system`;
    wrong('dataRepositories', most, `${repositories.length}`, 'Link a prefix further up, or a second file system.');
  }
  for (const [index, repository] of repositories.entries()) {
    const prop = `dataRepositories[${index}]`;
    const { path, prefix = '' } = repository;
    if (!isKnown(problems, `${prop}.path`, path)) continue;
    if (!PATH.test(path)) {
      wrong(
        `${prop}.path`,
        'an absolute directory, e.g. /datasets',
        path,
        'Begin with one slash, and leave out ".." and "../..".',
      );
    }
    if (prefix.startsWith('/')) {
      wrong(`${prop}.prefix`, 'without a leading slash', prefix, 'Object keys begin with no slash.');
    }
    for (const [otherIndex, other] of repositories.slice(0, index).entries()) {
      if (nested(path, other.path)) {
        const fix = `Choose a directory outside that of dataRepositories[${otherIndex}].`;
        wrong(`${prop}.path`, `apart from '${other.path}'`, path, fix);
      }
      if (other.bucket === repository.bucket && prefixOf(other) === prefixOf(repository)) {
        wrong(`${prop}.prefix`, 'linked once', prefix, `dataRepositories[${otherIndex}] links it, too: drop one.`);
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
 * The role's name holds the id of a file system that is not there yet, so a pattern stands for it. A condition on the bucket's ARN
 * would tie key and bucket into a cycle.
 */
function letLustreUseKey(bucket: IBucket): void {
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
