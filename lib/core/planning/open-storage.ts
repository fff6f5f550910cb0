import { NUMBER, type Shape } from '../shapes';
import type { GivenStorage } from './plan';

/** What is stated of a new parallel file system. */
export interface StorageSizing {
  readonly sizeGiB?: number;
  readonly throughputMBpsPerTiB?: number;
  readonly requiredThroughputMBps?: number;
}

/** The kinds of what is stated. */
export const STORAGE_SIZES: Shape<StorageSizing> = {
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
};

/** What every node of a new file system brings where nobody states a size: room for data and checkpoints, a choice of this library. */
const GIB_PER_NODE = 1200;

/** Whether size or throughput of a new file system are left to be chosen; without one, nothing is. */
export function isOpen(sizing: StorageSizing | undefined): boolean {
  if (!sizing || sizing.requiredThroughputMBps !== undefined) return false;
  return sizing.sizeGiB === undefined || sizing.throughputMBpsPerTiB === undefined;
}

/** Whether the size of a new file system follows the job or the nodes. */
export function followsNodes(sizing: StorageSizing | undefined): boolean {
  return isOpen(sizing) && sizing?.sizeGiB === undefined;
}

/** How the open sizes of a file system are chosen. */
export interface OpenSizes {
  readonly nodes: number;
  /** What the job asks for. @default - there is no job, or no size of the service does */
  readonly planned?: StorageSizing;
  /** MB/s for each TiB where neither the user nor a job says: one, whatever the number of nodes, since it can never change. */
  readonly throughputMBpsPerTiB: number;
  /** The smallest size that holds so much at that throughput. */
  readonly smallest: (gib: number, throughputMBpsPerTiB: number) => number;
}

/** Fills in what is open: as a job asks, or else by the number of nodes. What is stated stays. */
export function sizedStorage<S extends StorageSizing>(
  stated: S,
  { nodes, planned, throughputMBpsPerTiB: usual, smallest }: OpenSizes,
): S {
  if (stated.requiredThroughputMBps !== undefined) return stated;
  if (planned) return { ...stated, ...planned };
  if (stated.sizeGiB !== undefined) return stated;
  const { throughputMBpsPerTiB = usual } = stated;
  // A number of nodes that is none is refused as such, and not by a size that nobody stated.
  const room = GIB_PER_NODE * (Number.isFinite(nodes) ? nodes : 1);
  return { ...stated, throughputMBpsPerTiB, sizeGiB: smallest(room, throughputMBpsPerTiB) };
}

/** A file system that exists as a plan takes it; nothing where what it gives is not known. */
export function givenBy({ sizeGiB, throughputMBps }: Partial<GivenStorage> = {}): GivenStorage | undefined {
  return sizeGiB === undefined || throughputMBps === undefined ? undefined : { sizeGiB, throughputMBps };
}
