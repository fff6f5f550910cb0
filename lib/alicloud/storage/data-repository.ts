import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { NasDataFlow, NasFileset } from '../provider/alicloud';
import type { DataBucket, IDataBucket } from './data-bucket';

/** A directory of a CPFS file system that mirrors a bucket. */
export interface DataRepositoryProps {
  /** Bucket, in the region of the file system. The directory mirrors all of its objects. */
  readonly bucket: IDataBucket;
  /** Directory in the file system, for example `/datasets`. Files that are there before the deployment are deleted. */
  readonly path: string;
  /** Maximum throughput of the data flow in MB/s: 600, 1200, or 1500. It must be below the throughput of the file system. @default 600 */
  readonly throughputMBps?: number;
}

/** Properties for `DataRepository`. */
export interface DataRepositoryOfFileSystemProps extends DataRepositoryProps {
  /** ID of the file system. */
  readonly fileSystemId: string;
  /** Resources that must exist first. */
  readonly after: ITerraformDependable[];
}

/** @see https://help.aliyun.com/zh/cpfs/developer-reference/api-nas-2017-06-26-createdataflow-cpfs */
const THROUGHPUTS = [600, 1_200, 1_500];
const [SLOWEST = 0] = THROUGHPUTS;
const MAX_REPOSITORIES = 10;
const SHORTEST_BUCKET_NAME = 8;

/**
 * Links a directory of a CPFS file system to a bucket: a fileset and a data flow over TLS. The service accesses the bucket through its service-linked role,
 * so the deployment needs `ram:CreateServiceLinkedRole`. Tasks of the data flow import and export objects.
 *
 * @see https://help.aliyun.com/zh/cpfs/developer-reference/api-nas-2017-06-26-createdataflow-cpfs
 */
export class DataRepository extends Construct {
  /** The directory in Terraform. */
  public readonly fileset: NasFileset;
  /** The data flow in Terraform. */
  public readonly dataFlow: NasDataFlow;

  /** @internal */
  constructor(scope: Construct, id: string, props: DataRepositoryOfFileSystemProps) {
    super(scope, id);
    const { bucket, path, throughputMBps = SLOWEST, fileSystemId, after } = props;
    if (isNewBucket(bucket)) bucket.allowDataFlow();
    const description = physicalName(this);
    this.fileset = new NasFileset(this, 'Fileset', {
      fileSystemId,
      fileSystemPath: directoryOf(path),
      description,
      deletionProtection: true,
      dependsOn: after,
      lifecycle: { preventDestroy: true },
    });
    this.dataFlow = new NasDataFlow(this, 'DataFlow', {
      fileSystemId,
      fsetId: this.fileset.filesetId,
      description,
      sourceStorage: `oss://${bucket.name}`,
      sourceSecurityType: 'SSL',
      throughput: throughputMBps,
    });
  }
}

/** Whether the stack creates the bucket, so that it can get the tag of data flows. */
export function isNewBucket(bucket: IDataBucket): bucket is DataBucket {
  return 'allowDataFlow' in bucket;
}

/** The service requires a slash at both ends. */
function directoryOf(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

/** Adds each problem of the data repositories of a file system. @param fileSystemMBps throughput of the file system */
export function checkDataRepositories(
  problems: ProblemCollector,
  repositories: readonly DataRepositoryProps[],
  fileSystemMBps: number | undefined,
): void {
  const wrong = (
    prop: string,
    allowed: string,
    got: unknown,
    fix: string,
    code: 'DataPath' | 'CpfsOption' = 'DataPath',
  ) => problems.add({ code, prop, allowed, got, fix });
  if (repositories.length > MAX_REPOSITORIES) {
    const allowed = `at most ${MAX_REPOSITORIES} for one file system`;
    wrong('dataRepositories', allowed, `${repositories.length}`, 'Use a second file system.');
  }
  for (const [index, { path, bucket, throughputMBps = SLOWEST }] of repositories.entries()) {
    const at = `dataRepositories[${index}]`;
    if (isKnown(problems, `${at}.path`, path) && !PATH.test(path)) {
      const allowed = 'a directory below the root, of letters, digits, "-", "_", and ".", for example /datasets';
      wrong(`${at}.path`, allowed, path, 'Start with one slash, and do not use "." or "..".');
    }
    const other = repositories.slice(0, index).find((one) => nested(one.path, path));
    if (other) wrong(`${at}.path`, `separate from '${other.path}'`, path, 'Use a directory outside of it.');
    if (!isUnknown(bucket.name) && bucket.name.length < SHORTEST_BUCKET_NAME) {
      const allowed = `a bucket whose name has at least ${SHORTEST_BUCKET_NAME} characters`;
      wrong(`${at}.bucket`, allowed, bucket.name, 'Use another bucket.', 'CpfsOption');
    }
    if (!isKnown(problems, `${at}.throughputMBps`, throughputMBps)) continue;
    const prop = `${at}.throughputMBps`;
    if (!THROUGHPUTS.includes(throughputMBps)) {
      wrong(prop, `one of ${THROUGHPUTS.join(', ')}`, throughputMBps, 'Use the next higher value.', 'CpfsOption');
    } else if (fileSystemMBps !== undefined && throughputMBps >= fileSystemMBps) {
      const allowed = `less than ${Math.floor(fileSystemMBps)} MB/s, the throughput of the file system`;
      wrong(prop, allowed, throughputMBps, 'Use a larger or faster file system.', 'CpfsOption');
    }
  }
}

const PATH = /^(?!\/$)(\/(?!\.{1,2}(\/|$))[\w.-]+)+\/?$/;

/** Whether one directory holds the other, or both are the same. */
function nested(a: string, b: string): boolean {
  const [one, two] = [directoryOf(a), directoryOf(b)];
  return one.startsWith(two) || two.startsWith(one);
}
