import { FSX_LUSTRE } from '../catalog/fsx-lustre';
import { checkpointPlan, meanSecondsBetweenFailures, writeBandwidthFor } from './checkpoint';
import type { GivenStorage } from './plan';
import type { PlannedCheckpoint } from './plan-training-result';
import type { PlanMarket } from './plan-market';
import { spotGoodput } from './spot';

const FASTEST_TIER_MBPS = Math.max(...FSX_LUSTRE.tiers.map(({ throughputMBpsPerTiB }) => throughputMBpsPerTiB));

/**
 * Bytes per second that a store takes of each node where none is given: the smallest FSx for Lustre file system of the fastest
 * tier, 1200 GiB at 1000 MB/s a TiB. On spot, losses come so fast that no store would be fast enough.
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/managing-throughput-capacity.html
 */
const DEFAULT_WRITE_PER_NODE = ((FASTEST_TIER_MBPS * FSX_LUSTRE.smallestGiB) / FSX_LUSTRE.gibPerTiB) * 1e6;

/** How checkpoints of a job are written to the storage that is given, or to one as fast as is needed; on spot, as can be had. */
export function checkpointOf(
  bytes: number,
  market: PlanMarket,
  nodes: number,
  accelerators: number,
  storage?: GivenStorage,
): PlannedCheckpoint {
  const secondsBetweenFailures = failureSeconds(market, nodes, accelerators);
  const needed = writeBandwidthFor(bytes, secondsBetweenFailures);
  const most = market.market === 'spot' ? nodes * DEFAULT_WRITE_PER_NODE : Infinity;
  const writeBytesPerSecond = storage ? storage.throughputMBps * 1e6 : Math.min(needed, most);
  const plan = checkpointPlan({ checkpointBytes: bytes, writeBytesPerSecond, secondsBetweenFailures });
  const { writeSeconds, intervalSeconds, writing, loss } = plan;
  return {
    sizeGB: bytes / 1e9,
    writeMBps: writeBytesPerSecond / 1e6,
    neededWriteMBps: needed / 1e6,
    writeSeconds,
    intervalSeconds,
    writing,
    loss,
    // The rate that takes exactly 2 % must not be called slow for a rounding error.
    verdict: writeBytesPerSecond === needed ? 'ok' : plan.verdict,
    secondsBetweenFailures,
  };
}

/** Nodes fail by themselves, and spot nodes are taken away besides: rates add up. */
function failureSeconds({ market, spotNodeLifeHours }: PlanMarket, nodes: number, accelerators: number): number {
  const own = meanSecondsBetweenFailures(accelerators);
  if (market !== 'spot') return own;
  return 1 / (1 / own + nodes / (spotNodeLifeHours * 3600));
}

/** Share of the time on these nodes that the market leaves: all of it, but on spot. */
export function marketShare(
  { market, spotNodeLifeHours }: PlanMarket,
  nodes: number,
  checkpointSeconds: number,
): number {
  if (market !== 'spot') return 1;
  return spotGoodput({ nodes, nodeLifeHours: spotNodeLifeHours, checkpointSeconds });
}
