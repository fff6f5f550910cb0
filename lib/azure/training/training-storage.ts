import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import type { StorageContext } from '../../core/planning/cluster-sizing';
import { ChosenStorage } from '../../core/planning/chosen-storage';
import { givenBy, STORAGE_SIZES } from '../../core/planning/open-storage';
import type { GivenStorage } from '../../core/planning/plan';
import { ANYTHING, branded, demand, type Kind, required, type Shape, TEXT } from '../../core/shapes';
import { type ILustreFileSystem, LUSTRE_FILE_SYSTEM } from '../storage/lustre-attributes';
import { checkLustre } from '../storage/lustre-checks';
import { LustreFileSystem } from '../storage/lustre-file-system';
import type { LustreFileSystemProps } from '../storage/lustre-props';
import { LUSTRE_GRID } from '../storage/lustre-rules';

/** A new file system for training. What is left out of its sizes is sized for the job, or for the nodes where there is no job. */
export interface LustreStorageOptions extends Pick<
  LustreFileSystemProps,
  'subnetId' | 'subnetCidr' | 'blobIntegration' | 'rootSquash'
> {
  /** In GiB, a multiple of the step of its tier. It can never change. @default - what the job keeps and moves, or 1200 GiB for each node */
  readonly sizeGiB?: number;
  /** 40, 125, 250 or 500 MB/s for each TiB. It can never change. @default - what makes it cheapest for the job; 250 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** What all nodes together must read or write. @default - decided by the size */
  readonly requiredThroughputMBps?: number;
}

/** Where a file system is made. */
export type StoragePlace = Pick<LustreFileSystemProps, 'resourceGroup' | 'network' | 'zone' | 'encryptionKey'>;

/** The parallel file system of a training cluster: a new one, one that exists, or none. */
export class TrainingStorage extends ChosenStorage<LustreStorageOptions, ILustreFileSystem> {
  /** A new Managed Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    demand(options, LUSTRE, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** A file system that exists, in a network that the nodes reach. */
  static existing(fileSystem: ILustreFileSystem): TrainingStorage {
    demand({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system: training reads and writes blobs. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** The file system as a plan takes it; nothing where there is none, what it gives is not known, or the service would refuse it. */
  given(context: StorageContext): GivenStorage | undefined {
    if (this.options) return LUSTRE_GRID.check(new Problems(), LUSTRE_GRID.sized(this.options, context));
    return givenBy(this.fileSystem);
  }

  /** Adds what the service would refuse. */
  check(problems: Problems, context: StorageContext, place: StoragePlace): void {
    if (this.options) checkLustre(problems, { ...LUSTRE_GRID.sized(this.options, context), ...place });
  }

  /** The file system, made below a scope where there is none yet. */
  provide(scope: Construct, id: string, context: StorageContext, place: StoragePlace): ILustreFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    return new LustreFileSystem(scope, id, { ...LUSTRE_GRID.sized(this.options, context), ...place });
  }
}

/** A storage, of whichever copy of the package. */
export const TRAINING_STORAGE: Kind = branded(
  TrainingStorage,
  'AzureTrainingStorage',
  'a TrainingStorage',
  'Use TrainingStorage.lustre(), TrainingStorage.existing(…) or TrainingStorage.none().',
);

const LUSTRE: Shape<LustreStorageOptions> = {
  ...STORAGE_SIZES,
  subnetId: TEXT,
  subnetCidr: TEXT,
  // Both are judged with the file system.
  blobIntegration: ANYTHING,
  rootSquash: ANYTHING,
};
