import { type RemovalPolicy } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { branded, demand, FLAG, type Kind, required, type Shape } from '../../core/shapes';
import { ChosenStorage } from '../../core/planning/chosen-storage';
import { givenBy, sizedStorage, STORAGE_SIZES } from '../../core/planning/open-storage';
import type { GivenStorage, PlanStorage } from '../../core/planning/plan';
import { type DataRepositoryProps, DataRepositoryEvent } from '../storage/data-repository';
import { type ILustreFileSystem, LUSTRE_FILE_SYSTEM } from '../storage/lustre-attributes';
import { LustreFileSystem } from '../storage/lustre-file-system';
import { LUSTRE_METADATA, type LustreMetadata } from '../storage/lustre-metadata';
import { checkLustre, DEFAULT_THROUGHPUT_MBPS_PER_TIB, smallestLustre } from '../storage/lustre-rules';
import { lustreFor } from '../storage/planned-lustre';
import type { AwsMachine } from '../machine/machine';
import { SUBNET } from '../props/shapes';

/** A new file system for training. What is left out is sized for the job, or for the nodes where there is no job. */
export interface LustreStorageOptions {
  /** In GiB, on the grid of the service. It can grow, and never shrink. @default - what the job keeps and moves, or 1200 GiB for each node, rounded up to the grid */
  readonly sizeGiB?: number;
  /** 125, 250, 500 or 1000 MB/s for each TiB. With EFA it can never change. @default - what makes it cheapest for the job; 250 without a job */
  readonly throughputMBpsPerTiB?: number;
  /** What all nodes together must read or write. @default - decided by the size */
  readonly requiredThroughputMBps?: number;
  /**
   * Whether nodes reach it over EFA, with GPUDirect Storage: the file system offers it, and each node runs AWS's client set-up, which it
   * fetches from the internet. A node whose set-up fails mounts over TCP.
   *
   * @default false
   */
  readonly efa?: boolean;
  /** @default LustreMetadata.automatic() */
  readonly metadata?: LustreMetadata;
  /** Where it stands. To move it makes a new, empty one. @default - the first subnet of the first group */
  readonly subnet?: ISubnet;
}

/** What a file system is made for. */
export interface StorageContext {
  /** Machines of all groups. */
  readonly machines: readonly AwsMachine[];
  /** Nodes of the whole cluster. */
  readonly nodes: number;
  readonly datasets?: IBucket;
  readonly checkpoints?: IBucket;
  /** What the job keeps and moves. @default - there is no job, or it finds all stated */
  readonly need?: PlanStorage;
}

/** Where a new file system is made. */
export interface StoragePlace {
  readonly vpc: IVpc;
  readonly subnet: ISubnet;
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  readonly removalPolicy?: RemovalPolicy;
}

/** Directories of the file system that mirror buckets. */
export const DATASETS_PATH = '/datasets';
export const CHECKPOINTS_PATH = '/checkpoints';

/** The parallel file system of a training cluster: a new one, one that exists, or none. */
export class TrainingStorage extends ChosenStorage<LustreStorageOptions, ILustreFileSystem> {
  /** A new FSx for Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    demand(options, LUSTRE, { name: 'options' });
    return new TrainingStorage(options, undefined);
  }

  /** A file system that exists. Link its buckets where it is made. */
  static existing(fileSystem: ILustreFileSystem): TrainingStorage {
    demand({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system: training reads and writes object storage. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** Whether a new file system is to be reached over EFA. */
  get wantsEfa(): boolean {
    return this.options?.efa ?? false;
  }

  /** The file system as a plan takes it; nothing where there is none, what it gives is not known, or the service would refuse it. */
  given(context: StorageContext): GivenStorage | undefined {
    if (!this.options) return givenBy(this.fileSystem);
    const problems = new Problems();
    const size = checkLustre(problems, sizedFor(this.options, context));
    return problems.all.length > 0 ? undefined : size;
  }

  /** Adds what the service would refuse. */
  check(problems: Problems, context: StorageContext): void {
    if (!this.options) return;
    const sized = sizedFor(this.options, context);
    checkLustre(problems, { ...sized, dataRepositories: repositoriesOf(context) });
    // FSx for Lustre guide, "Working with EFA-enabled file systems": Trainium 2 is excluded as a client.
    const excluded = context.machines.find(({ spec }) => spec.chip === 'Trainium2');
    if (this.options.efa && excluded) {
      problems.add({
        code: 'LustreEfaClient',
        prop: 'efa',
        allowed: `false for ${excluded.name}: FSx excludes Trainium 2 from EFA clients`,
        got: true,
        fix: 'Leave efa out: the nodes mount over TCP.',
      });
    }
  }

  /** The file system, made below a scope where there is none yet. */
  provide(scope: Construct, id: string, context: StorageContext, place: StoragePlace): ILustreFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    return new LustreFileSystem(scope, id, {
      ...place,
      ...sizedFor(this.options, context),
      subnet: this.options.subnet ?? place.subnet,
      dataRepositories: repositoriesOf(context),
    });
  }
}

/** A storage, of whichever copy of the package. */
export const TRAINING_STORAGE: Kind = branded(
  TrainingStorage,
  'TrainingStorage',
  'a TrainingStorage',
  'Use TrainingStorage.lustre(), TrainingStorage.existing(…) or TrainingStorage.none().',
);

const LUSTRE: Shape<LustreStorageOptions> = {
  ...STORAGE_SIZES,
  efa: FLAG,
  metadata: LUSTRE_METADATA,
  subnet: SUBNET,
};

function sizedFor(options: LustreStorageOptions, { nodes, need }: StorageContext): LustreStorageOptions {
  return sizedStorage(options, {
    nodes,
    planned: need && lustreFor(need, options),
    throughputMBpsPerTiB: DEFAULT_THROUGHPUT_MBPS_PER_TIB,
    smallest: (gib, tier) => smallestLustre(gib, options.efa ?? false, tier),
  });
}

function repositoriesOf({ datasets, checkpoints }: StorageContext): DataRepositoryProps[] {
  return [
    ...(datasets ? [{ bucket: datasets, path: DATASETS_PATH }] : []),
    ...(checkpoints
      ? [
          {
            bucket: checkpoints,
            path: CHECKPOINTS_PATH,
            exports: [DataRepositoryEvent.NEW, DataRepositoryEvent.CHANGED],
          },
        ]
      : []),
  ];
}
