import { type RemovalPolicy, Size } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import {
  ChosenStorage,
  declaredStorage,
  resolveStorage,
  type StorageSizing,
} from '../../core/planning/storage/open-storage';
import type { DeclaredStorage, PlanStorage } from '../../core/planning/plan';
import { type DataRepositoryProps, DataRepositoryEvent } from '../storage/data-repository';
import {
  type ILustreFileSystem,
  LustreFileSystem,
  type LustreMetadata,
  lustreFor,
  zoneOf,
} from '../storage/lustre-file-system';
import { checkLustre, DEFAULT_THROUGHPUT_MBPS_PER_TIB, smallestLustre } from '../storage/lustre-rules';
import type { AwsMachine } from '../machine/machine';
import { gibOf } from '../props/prop-types';
import { LUSTRE_FILE_SYSTEM, LUSTRE_STORAGE_OPTIONS } from '../prop-schemas';

/** Options for a new file system. The library sizes what you leave out for the job, or for the nodes without a job. */
export interface LustreStorageOptions {
  /**
   * Storage capacity: 1200 GiB, or a multiple of 2400 GiB. With EFA, a multiple of 38400, 19200, 9600, or 4800 GiB, which depends on
   * `throughputMBpsPerTiB`. It can grow, but never shrink.
   *
   * @default - derived from the job; without a job, 1200 GiB for each node, rounded up to a valid size
   */
  readonly size?: Size;
  /**
   * Throughput for each TiB, in MB/s: 125, 250, 500, or 1000. With EFA it can never change.
   *
   * @default - the cheapest tier for the job; 250 without a job
   */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput that all nodes need together, in MB/s. @default - from `size` */
  readonly requiredThroughputMBps?: number;
  /**
   * Whether nodes use EFA to reach the file system, with GPUDirect Storage. Each node downloads and runs the client set-up of AWS. If the
   * set-up fails, the node mounts over TCP.
   *
   * @default false
   */
  readonly efa?: boolean;
  /** Metadata performance. @default LustreMetadata.automatic() */
  readonly metadata?: LustreMetadata;
  /** Subnet of the file system. A change replaces the file system with an empty one. @default - the first subnet of the first group */
  readonly subnet?: ISubnet;
}

/** What a file system is used for. */
export interface StorageContext {
  /** Machines of all groups. */
  readonly machines: readonly AwsMachine[];
  /** Nodes of the whole cluster. */
  readonly nodes: number;
  /** Bucket that the file system imports. @default - none */
  readonly datasets?: IBucket;
  /** Bucket that the file system exports to. @default - none */
  readonly checkpoints?: IBucket;
  /** What the job needs. @default - there is no job, or all sizes are given */
  readonly need?: PlanStorage;
}

/** Where a new file system is created. */
export interface StoragePlacement {
  readonly vpc: IVpc;
  readonly subnet: ISubnet;
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /** @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}

/** The options of a new file system, with the size as a number. */
export type LustreSizing = StorageSizing & Omit<LustreStorageOptions, 'size'>;

/** Directories of the file system that mirror buckets. */
export const DATASETS_PATH = '/datasets';
export const CHECKPOINTS_PATH = '/checkpoints';

/**
 * The parallel file system of a training cluster: a new one, an existing one, or none.
 *
 * @example
 * ```ts
 * import { TrainingStorage } from 'ai-infra-constructs/aws';
 * import { Size } from 'aws-cdk-lib';
 *
 * const storage = TrainingStorage.lustre({ size: Size.tebibytes(18.75), efa: true, throughputMBpsPerTiB: 250 });
 * ```
 */
export class TrainingStorage extends ChosenStorage<LustreSizing, ILustreFileSystem> {
  /** A new FSx for Lustre file system in the zone of the nodes. */
  static lustre(options: LustreStorageOptions = {}): TrainingStorage {
    assertProps(options, LUSTRE_STORAGE_OPTIONS, { name: 'options' });
    const { size, ...rest } = options;
    return new TrainingStorage({ ...rest, sizeGiB: gibOf(size) }, undefined);
  }

  /** An existing file system. Its data repositories are your responsibility. */
  static fromFileSystem(fileSystem: ILustreFileSystem): TrainingStorage {
    assertProps({ fileSystem }, { fileSystem: required(LUSTRE_FILE_SYSTEM) });
    return new TrainingStorage(undefined, fileSystem);
  }

  /** No file system. Jobs read and write object storage. */
  static none(): TrainingStorage {
    return new TrainingStorage(undefined, undefined);
  }

  /** Whether nodes use EFA to reach a new file system. */
  get wantsEfa(): boolean {
    return this.options?.efa ?? false;
  }

  /** @internal Zone of the existing file system, or of the subnet in the options. Undefined if a new one follows the nodes. */
  get zone(): string | undefined {
    const { subnet } = this.options ?? {};
    return this.fileSystem?.availabilityZone ?? (subnet && zoneOf(subnet));
  }

  /** @internal The size and throughput for a plan. Undefined if there is no file system, or they are unknown or invalid. */
  given(context: StorageContext): DeclaredStorage | undefined {
    if (!this.options) return declaredStorage(this.fileSystem);
    const problems = new ProblemCollector();
    const size = checkLustre(problems, sizedFor(this.options, context));
    return problems.all.length > 0 ? undefined : size;
  }

  /** @internal Adds each problem that FSx would report at deployment. */
  check(problems: ProblemCollector, context: StorageContext): void {
    if (!this.options) return;
    const sized = sizedFor(this.options, context);
    checkLustre(problems, { ...sized, dataRepositories: repositoriesOf(context) });
    // FSx for Lustre guide, "Working with EFA-enabled file systems": Trainium 2 is excluded as a client.
    const excluded = context.machines.find(({ spec }) => spec.chip === 'Trainium2');
    if (this.options.efa && excluded) {
      problems.add({
        code: 'LustreEfaClient',
        prop: 'efa',
        allowed: `false for ${excluded.name}, because FSx does not support Trainium 2 as an EFA client`,
        got: true,
        fix: 'Remove efa. The nodes then mount over TCP.',
      });
    }
  }

  /** @internal Returns the existing file system, or creates one below a scope. */
  provide(
    scope: Construct,
    id: string,
    context: StorageContext,
    placement: StoragePlacement,
  ): ILustreFileSystem | undefined {
    if (!this.options) return this.fileSystem;
    const { sizeGiB, ...sized } = sizedFor(this.options, context);
    return new LustreFileSystem(scope, id, {
      ...placement,
      ...sized,
      size: sizeGiB === undefined ? undefined : Size.gibibytes(sizeGiB),
      subnet: this.options.subnet ?? placement.subnet,
      dataRepositories: repositoriesOf(context),
    });
  }
}

brand(TrainingStorage, 'aws.TrainingStorage');

function sizedFor(options: LustreSizing, { nodes, need }: StorageContext): LustreSizing {
  return resolveStorage(options, {
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
