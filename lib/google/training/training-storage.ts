import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { ChosenStorage } from '../../core/planning/chosen-storage';
import { declaredStorage } from '../../core/planning/open-storage';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import type { DeclaredStorage } from '../../core/planning/plan';
import { assertProps, required, brand } from '../../core/prop-schema';
import type { IMlNetwork } from '../network/network-attributes';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { LustreFileSystem } from '../storage/lustre-file-system';
import { LUSTRE_GRID } from '../storage/lustre-rules';
import { STORAGE_SIZING } from '../../core/prop-schemas';
import { LUSTRE_FILE_SYSTEM } from '../prop-schemas';

/** Options for a new file system. Settings you leave out are sized for the job, or for the nodes without a job. */
export interface LustreStorageOptions {
  /** Size in GiB, in the steps of its tier. It can grow but never shrink. @default - derived from the job, or 1200 GiB for each node */
  readonly sizeGiB?: number;
  /** Throughput for each TiB: 125, 250, 500 or 1000 MB/s. It can never change. @default - the cheapest tier for the job, or 500 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** Total throughput that all nodes need, in MB/s. @default - derived from the size */
  readonly requiredThroughputMBps?: number;
}

/**
 * The parallel file system of a training cluster: a new one, an existing one, or none.
 *
 * @example
 * ```ts
 * import { TrainingStorage } from 'ai-infra-constructs/google';
 *
 * const storage = TrainingStorage.lustre({ sizeGiB: 18_000, throughputMBpsPerTiB: 500 });
 * ```
 */
export class TrainingStorage extends ChosenStorage<LustreStorageOptions, ILustreFileSystem> {
  /** A new Managed Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    assertProps(options, STORAGE_SIZING, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** An existing file system, in a network that is peered with the network of the nodes. */
  static fromFileSystem(fileSystem: ILustreFileSystem): TrainingStorage {
    assertProps({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system. Training reads and writes object storage. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** @internal The file system for the planner; nothing if its size or throughput is unknown or invalid. */
  given(context: StorageContext): DeclaredStorage | undefined {
    if (this.options) return LUSTRE_GRID.check(new ProblemCollector(), LUSTRE_GRID.sized(this.options, context));
    return declaredStorage(this.fileSystem);
  }

  /** @internal Adds each problem that the service would report. */
  check(problems: ProblemCollector, context: StorageContext): void {
    if (this.options) LUSTRE_GRID.check(problems, LUSTRE_GRID.sized(this.options, context));
  }

  /** @internal The existing file system, or a new one below `scope`. */
  provide(
    scope: Construct,
    id: string,
    context: StorageContext,
    place: { readonly network: IMlNetwork; readonly zone: string } | undefined,
  ): ILustreFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    return new LustreFileSystem(scope, id, { ...place!, ...LUSTRE_GRID.sized(this.options, context) });
  }
}

brand(TrainingStorage, 'google.TrainingStorage');
