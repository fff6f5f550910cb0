import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { ChosenStorage } from '../../core/planning/chosen-storage';
import { givenBy, STORAGE_SIZES } from '../../core/planning/open-storage';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import type { GivenStorage } from '../../core/planning/plan';
import { branded, demand, type Kind, required } from '../../core/shapes';
import type { IMlNetwork } from '../network/network-attributes';
import { type ILustreFileSystem, LUSTRE_FILE_SYSTEM } from '../storage/lustre-attributes';
import { LustreFileSystem } from '../storage/lustre-file-system';
import { LUSTRE_GRID } from '../storage/lustre-rules';

/** A new file system for training. What is left out is sized for the job, or for the nodes where there is no job. */
export interface LustreStorageOptions {
  /** In GiB, on the grid of its tier. It can grow, and never shrink. @default - what the job keeps and moves, or 1200 GiB for each node */
  readonly sizeGiB?: number;
  /** 125, 250, 500 or 1000 MB/s for each TiB. It can never change. @default - what makes it cheapest for the job; 500 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** What all nodes together must read or write. @default - decided by the size */
  readonly requiredThroughputMBps?: number;
}

/** The parallel file system of a training cluster: a new one, one that exists, or none. */
export class TrainingStorage extends ChosenStorage<LustreStorageOptions, ILustreFileSystem> {
  /** A new Managed Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    demand(options, STORAGE_SIZES, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** A file system that exists, in a network that is peered with that of the nodes. */
  static existing(fileSystem: ILustreFileSystem): TrainingStorage {
    demand({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system: training reads and writes object storage. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** The file system as a plan takes it; nothing where there is none, what it gives is not known, or the service would refuse it. */
  given(context: StorageContext): GivenStorage | undefined {
    if (this.options) return LUSTRE_GRID.check(new Problems(), LUSTRE_GRID.sized(this.options, context));
    return givenBy(this.fileSystem);
  }

  /** Adds what the service would refuse. */
  check(problems: Problems, context: StorageContext): void {
    if (this.options) LUSTRE_GRID.check(problems, LUSTRE_GRID.sized(this.options, context));
  }

  /** The file system, made below a scope where there is none yet. */
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

/** A storage, of whichever copy of the package. */
export const TRAINING_STORAGE: Kind = branded(
  TrainingStorage,
  'GoogleTrainingStorage',
  'a TrainingStorage',
  'Use TrainingStorage.lustre(), TrainingStorage.existing(…) or TrainingStorage.none().',
);
