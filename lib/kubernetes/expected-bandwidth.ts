import { ALL_REDUCE, type AllReduceRow } from '../core/catalog/all-reduce';
import type { AcceleratorPool } from './pool';

/** Minimum all-reduce bandwidth of a healthy fabric. */
export interface ExpectedBandwidth {
  /** Bus bandwidth in GB/s, as nccl-tests defines it. */
  readonly GBps: number;
  /** Whether the value was published for this machine, or derived from the line rate. */
  readonly basis: 'published' | 'derived';
  /** Source of the value, printed with the result. */
  readonly source: string;
}

/** Returns the condition for a fabric to pass, for an output. */
export function passCriterion({ GBps, basis, source }: ExpectedBandwidth): string {
  return `all-reduce at ${GBps} GB/s bus bandwidth or more (${basis}: ${source})`;
}

/**
 * Share of the line rate, or of a single published run, that a healthy fabric must reach. This library uses the share that NVIDIA/aicr
 * uses as its threshold for H100 on EKS (300 of 400 GB/s).
 */
export const ACCEPTED_SHARE = 0.75;

const BITS_PER_BYTE = 8;

/**
 * Returns the expected bandwidth of an all-reduce over the nodes of a pool, or undefined if the pool has no fabric. A published run is only
 * valid for its number of nodes, because two nodes exchange less data than many nodes for the same result.
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
  const percent = `${ACCEPTED_SHARE * 100}%`;
  if (row?.nodes === nodes) {
    const source = `${percent} of the ${row.GBps} GB/s of ${row.source}`;
    return { GBps: rounded(row.GBps * ACCEPTED_SHARE), basis: 'published', source };
  }
  const source = `${percent} of the line rate of ${fabric.bandwidthGbps} Gbps per node`;
  return { GBps: rounded((fabric.bandwidthGbps / BITS_PER_BYTE) * ACCEPTED_SHARE), basis: 'derived', source };
}

function rounded(GBps: number): number {
  return Math.round(GBps * 10) / 10;
}
