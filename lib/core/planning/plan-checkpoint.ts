import { FSX_LUSTRE } from '../catalog/fsx-lustre';
import { checkpointPlan, meanSecondsBetweenFailures, writeBandwidthFor } from './checkpoint';
import type { DeclaredStorage } from './plan';
import type { PlannedCheckpoint } from './plan-training-result';
import type { PlanMarket } from './plan-market';
import { spotGoodput } from './spot';

const FASTEST_TIER_MBPS = Math.max(...FSX_LUSTRE.tiers.map(({ throughputMBpsPerTiB }) => throughputMBpsPerTiB));

/**
 * Maximum assumed write throughput per node on spot, in bytes per second. It is that of the smallest FSx for Lustre file system in the
 * fastest tier, 1200 GiB at 1000 MB/s per TiB. Without a limit, the frequent losses of spot nodes would require unrealistic storage.
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/managing-throughput-capacity.html
 */
const MAX_SPOT_WRITE_PER_NODE = ((FASTEST_TIER_MBPS * FSX_LUSTRE.smallestGiB) / FSX_LUSTRE.gibPerTiB) * 1e6;

/** Returns how a job writes checkpoints: to the declared storage, or to storage as fast as required. On spot, the speed has a maximum. */
export function checkpointOf(
  bytes: number,
  market: PlanMarket,
  nodes: number,
  accelerators: number,
  storage?: DeclaredStorage,
): PlannedCheckpoint {
  const secondsBetweenFailures = failureSeconds(market, nodes, accelerators);
  const needed = writeBandwidthFor(bytes, secondsBetweenFailures);
  const max = market.market === 'spot' ? nodes * MAX_SPOT_WRITE_PER_NODE : Infinity;
  const writeBytesPerSecond = storage ? storage.throughputMBps * 1e6 : Math.min(needed, max);
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
    // At the required rate, writing takes exactly 2% of the time. A rounding error must not make it slow.
    verdict: writeBytesPerSecond === needed ? 'ok' : plan.verdict,
    secondsBetweenFailures,
  };
}

/** On spot, the rates of failures and of reclaimed nodes add up. */
function failureSeconds({ market, spotNodeLifeHours }: PlanMarket, nodes: number, accelerators: number): number {
  const betweenFailures = meanSecondsBetweenFailures(accelerators);
  if (market !== 'spot') return betweenFailures;
  return 1 / (1 / betweenFailures + nodes / (spotNodeLifeHours * 3600));
}

/** Returns the goodput of the market: 1, or less on spot. */
export function marketShare(
  { market, spotNodeLifeHours }: PlanMarket,
  nodes: number,
  checkpointSeconds: number,
): number {
  if (market !== 'spot') return 1;
  return spotGoodput({ nodes, nodeLifeHours: spotNodeLifeHours, checkpointSeconds });
}
