import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { StorageContext } from '../../core/planning/layout/cluster-sizing';
import type { DeclaredStorage } from '../../core/planning/plan';
import { ChosenStorage, declaredStorage } from '../../core/planning/storage/open-storage';
import { assertProps, brand, required } from '../../core/prop-schema';
import { CPFS_FILE_SYSTEM, CPFS_STORAGE_OPTIONS } from '../prop-schemas';
import { checkCpfs, checkExistingCpfs } from '../storage/cpfs-checks';
import { CPFS_GRID, CpfsFileSystem, type CpfsFileSystemProps, type ICpfsFileSystem } from '../storage/cpfs-file-system';
import { CpfsProtocol } from '../storage/cpfs-protocol';

/** Options for a new file system. Sizes that you leave out are derived from the job, or from the number of nodes. */
export interface CpfsStorageOptions extends Pick<
  CpfsFileSystemProps,
  'protocol' | 'dataRepositories' | 'mountAddress'
> {
  /** Size in GiB: a multiple of 1,200, from 3,600. It can grow but never shrink. @default - derived from the job, or 1200 GiB for each node */
  readonly sizeGiB?: number;
  /** Throughput for each TiB: 100 or 200 MB/s. It can never change. @default - the tier with the smallest size for the job, or 100 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput of all nodes together, in MB/s. @default - derived from the size */
  readonly requiredThroughputMBps?: number;
}

/** Location and network of a new file system. */
export type FileSystemContext = Pick<CpfsFileSystemProps, 'network' | 'zone' | 'encryptionKey'>;

/**
 * The shared file system of a training cluster: a new one, an existing one, or none.
 *
 * @example
 * ```ts
 * import { TrainingStorage } from 'ai-infra-constructs/alicloud';
 *
 * const storage = TrainingStorage.cpfs({ requiredThroughputMBps: 4000 });
 * ```
 */
export class TrainingStorage extends ChosenStorage<CpfsStorageOptions, ICpfsFileSystem> {
  /** A new CPFS file system in the zone of the nodes. */
  static cpfs(options: CpfsStorageOptions = {}): TrainingStorage {
    assertProps(options, CPFS_STORAGE_OPTIONS, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** An existing file system, in the VPC of the nodes. */
  static fromFileSystem(fileSystem: ICpfsFileSystem): TrainingStorage {
    assertProps({ fileSystem }, { fileSystem: required(CPFS_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system: jobs read and write object storage. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** @internal The file system for the planner, limited by its clients. Undefined if its size or throughput is unknown or invalid. */
  given(context: StorageContext): DeclaredStorage | undefined {
    const size = this.options
      ? CPFS_GRID.check(new ProblemCollector(), CPFS_GRID.sized(this.options, context))
      : declaredStorage(this.fileSystem);
    if (!size) return undefined;
    const { clientMBps = DEFAULT_CLIENT_MBPS } = this.options ? this.protocol : (this.fileSystem ?? {});
    return { sizeGiB: size.sizeGiB, throughputMBps: Math.min(size.throughputMBps, clientMBps * context.nodes) };
  }

  /** @internal Adds each problem of the file system. */
  check(problems: ProblemCollector, context: StorageContext, target: FileSystemContext): void {
    if (this.options) checkCpfs(problems, { ...CPFS_GRID.sized(this.options, context), ...target });
    else if (this.fileSystem) checkExistingCpfs(problems, this.fileSystem);
  }

  /** @internal The existing file system, or a new one below `scope`. */
  provide(
    scope: Construct,
    id: string,
    context: StorageContext,
    target: FileSystemContext,
  ): ICpfsFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    return new CpfsFileSystem(scope, id, { ...CPFS_GRID.sized(this.options, context), ...target });
  }

  private get protocol(): CpfsProtocol {
    return this.options?.protocol ?? CpfsProtocol.general();
  }
}

const DEFAULT_CLIENT_MBPS = CpfsProtocol.general().clientMBps;

brand(TrainingStorage, 'alicloud.TrainingStorage');
