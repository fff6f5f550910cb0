import { ALL_REDUCE, type AllReduceRow } from '../core/catalog/all-reduce';
import type { AcceleratorPool } from './pool';

/** The least all-reduce bandwidth that a sound fabric gives. */
export interface ExpectedBandwidth {
  /** Bus bandwidth in GB/s, as nccl-tests counts it. */
  readonly GBps: number;
  /** Whether someone published a figure for this machine, or it was derived from the line rate. */
  readonly basis: 'published' | 'derived';
  /** Where it comes from: printed with the verdict. */
  readonly source: string;
}

/** When a fabric passes, in the words of an output. */
export function passesWith({ GBps, basis, source }: ExpectedBandwidth): string {
  return `all-reduce at ${GBps} GB/s bus bandwidth or more (${basis}: ${source})`;
}

/**
 * The share of a line rate, or of a single published run, that a sound fabric must give: a choice of this library, at the share
 * where NVIDIA/aicr sets its threshold for H100 on EKS (300 of 400 GB/s).
 */
export const ACCEPTED_SHARE = 0.75;

const BITS_PER_BYTE = 8;

/**
 * The bandwidth to expect of an all-reduce over some nodes of a pool; nothing where the pool has no fabric. A published run
 * counts for its own number of nodes only: two nodes exchange less than many do for the same result, and so look faster.
 *
 * @see https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md
 */
export function expectedAllReduce(pool: AcceleratorPool, nodes = pool.nodes): ExpectedBandwidth | undefined {
  const { machine = '', fabric } = pool;
  if (!fabric) return undefined;
  const row: AllReduceRow | undefined = Object.hasOwn(ALL_REDUCE, machine)
    ? ALL_REDUCE[machine as keyof typeof ALL_REDUCE]
    : undefined;
  if (row?.kind === 'threshold') return { GBps: row.GBps, basis: 'published', source: row.source };
  const percent = `${ACCEPTED_SHARE * 100} %`;
  if (row?.nodes === nodes) {
    const source = `${percent} of the ${row.GBps} GB/s of ${row.source}`;
    return { GBps: rounded(row.GBps * ACCEPTED_SHARE), basis: 'published', source };
  }
  const source = `${percent} of the line rate of ${fabric.bandwidthGbps} Gbps a node`;
  return { GBps: rounded((fabric.bandwidthGbps / BITS_PER_BYTE) * ACCEPTED_SHARE), basis: 'derived', source };
}

function rounded(GBps: number): number {
  return Math.round(GBps * 10) / 10;
}
