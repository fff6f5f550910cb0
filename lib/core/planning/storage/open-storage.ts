import type { DeclaredStorage } from '../plan';

/** Size and throughput props of a new parallel file system. */
export interface StorageSizing {
  /** Size in GiB. @default - the size that the job needs */
  readonly sizeGiB?: number;
  /** Throughput in MB/s per TiB. @default - the throughput that the job needs */
  readonly throughputMBpsPerTiB?: number;
  /** Required throughput of the whole file system in MB/s. @default - the throughput that the job needs */
  readonly requiredThroughputMBps?: number;
}

/** Default size per node, for data and checkpoints. A choice of this library. */
const GIB_PER_NODE = 1200;

/** Returns whether the library chooses the size or the throughput of a new file system. False without a new file system. */
export function isOpen(sizing: StorageSizing | undefined): boolean {
  if (!sizing || sizing.requiredThroughputMBps !== undefined) return false;
  return sizing.sizeGiB === undefined || sizing.throughputMBpsPerTiB === undefined;
}

/** Returns whether the size of a new file system depends on the job or the nodes. */
export function followsNodes(sizing: StorageSizing | undefined): boolean {
  return isOpen(sizing) && sizing?.sizeGiB === undefined;
}

/** Inputs for the size and the throughput that the library chooses. */
export interface OpenSizes {
  readonly nodes: number;
  /** Sizes that the job requires. @default - no job, or no size of the service is sufficient */
  readonly planned?: StorageSizing;
  /** Default throughput per TiB, in MB/s. It does not depend on the number of nodes, because it can never change. */
  readonly throughputMBpsPerTiB: number;
  /** Returns the smallest size of the service for the data at that throughput. */
  readonly smallest: (gib: number, throughputMBpsPerTiB: number) => number;
}

/** Returns the sizing with the missing values: from the job, or else from the number of nodes. Values of the user stay. */
export function resolveStorage<S extends StorageSizing>(
  stated: S,
  { nodes, planned, throughputMBpsPerTiB: defaultThroughput, smallest }: OpenSizes,
): S {
  if (stated.requiredThroughputMBps !== undefined) return stated;
  if (planned) return { ...stated, ...planned };
  if (stated.sizeGiB !== undefined) return stated;
  const { throughputMBpsPerTiB = defaultThroughput } = stated;
  // Another check reports an invalid number of nodes.
  const gib = GIB_PER_NODE * (Number.isFinite(nodes) ? nodes : 1);
  return { ...stated, throughputMBpsPerTiB, sizeGiB: smallest(gib, throughputMBpsPerTiB) };
}

/** Returns an existing file system as input of a plan, or `undefined` if its size or throughput is unknown. */
export function declaredStorage({ sizeGiB, throughputMBps }: Partial<DeclaredStorage> = {}):
  DeclaredStorage | undefined {
  return sizeGiB === undefined || throughputMBps === undefined ? undefined : { sizeGiB, throughputMBps };
}

/** The choice of a parallel file system for a cluster: a new one with options, an existing one, or no file system. */
export abstract class ChosenStorage<O extends StorageSizing, F extends object> {
  protected constructor(
    /** @internal Options of a new file system. */
    protected readonly options: O | undefined,
    /** @internal An existing file system. */
    protected readonly fileSystem: F | undefined,
  ) {}

  /** Whether the cluster has a file system. */
  get isAny(): boolean {
    return this.options !== undefined || this.fileSystem !== undefined;
  }

  /** Whether the file system is new. */
  get isNew(): boolean {
    return this.options !== undefined;
  }

  /** Whether the library chooses the size or the throughput of a new file system. */
  get isOpen(): boolean {
    return isOpen(this.options);
  }

  /** Whether the size of a new file system depends on the job or the nodes. */
  get followsNodes(): boolean {
    return followsNodes(this.options);
  }
}
