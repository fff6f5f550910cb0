import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { StorageContext } from '../../core/planning/layout/cluster-sizing';
import { ChosenStorage, declaredStorage } from '../../core/planning/storage/open-storage';
import type { DeclaredStorage } from '../../core/planning/plan';
import { assertProps, required, brand } from '../../core/prop-schema';
import {
  type ILustreFileSystem,
  LustreFileSystem,
  LUSTRE_GRID,
  type LustreFileSystemProps,
} from '../storage/lustre-file-system';
import { checkExistingLustre, checkLustre } from '../storage/lustre-checks';
import { LUSTRE_FILE_SYSTEM, LUSTRE_STORAGE_OPTIONS } from '../prop-schemas';

/** Options for a new file system. Sizes that you leave out are derived from the job, or from the number of nodes. */
export interface LustreStorageOptions extends Pick<
  LustreFileSystemProps,
  'subnetId' | 'subnetCidr' | 'blobIntegration' | 'rootSquash'
> {
  /** Size in GiB, a multiple of the step of its tier. It can never change. @default - derived from the job, or 1200 GiB per node */
  readonly sizeGiB?: number;
  /** Throughput per TiB in MB/s: 40, 125, 250, or 500. It can never change. @default - the cheapest tier for the job, or 250 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput of all nodes together, in MB/s. @default - derived from the size */
  readonly requiredThroughputMBps?: number;
}

/** Location and network of a new file system. */
export type FileSystemContext = Pick<LustreFileSystemProps, 'resourceGroup' | 'network' | 'zone' | 'encryptionKey'>;

/**
 * The shared file system of a training cluster: a new one, an existing one, or none.
 *
 * @example
 * ```ts
 * import { TrainingStorage } from 'ai-infra-constructs/azure';
 *
 * const storage = TrainingStorage.lustre({ requiredThroughputMBps: 4000 });
 * ```
 */
export class TrainingStorage extends ChosenStorage<LustreStorageOptions, ILustreFileSystem> {
  /** A new Managed Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    assertProps(options, LUSTRE_STORAGE_OPTIONS, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** An existing file system, in a network that the nodes can reach. */
  static fromFileSystem(fileSystem: ILustreFileSystem): TrainingStorage {
    assertProps({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system: jobs read and write blobs. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** @internal The file system for the planner. Undefined if there is none, its throughput is unknown, or its size is invalid. */
  given(context: StorageContext): DeclaredStorage | undefined {
    if (this.options) return LUSTRE_GRID.check(new ProblemCollector(), LUSTRE_GRID.sized(this.options, context));
    return declaredStorage(this.fileSystem);
  }

  /** @internal Adds each problem of the file system. */
  check(problems: ProblemCollector, context: StorageContext, target: FileSystemContext): void {
    if (this.options) checkLustre(problems, { ...LUSTRE_GRID.sized(this.options, context), ...target });
    else if (this.fileSystem) checkExistingLustre(problems, this.fileSystem);
  }

  /** @internal The existing file system, or a new one below `scope`. */
  provide(
    scope: Construct,
    id: string,
    context: StorageContext,
    target: FileSystemContext,
  ): ILustreFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    return new LustreFileSystem(scope, id, { ...LUSTRE_GRID.sized(this.options, context), ...target });
  }
}

brand(TrainingStorage, 'azure.TrainingStorage');
