import { checkpointPlan, meanSecondsBetweenFailures, writeBandwidthFor } from './checkpoint';
import type { GivenStorage } from './plan';
import type { PlannedCheckpoint } from './plan-training-result';
import type { PlanMarket } from './plan-market';
import { spotGoodput } from './spot';

/** How checkpoints of a job are written to the storage that is given, or to one as fast as is needed. */
export function checkpointOf(
  bytes: number,
  market: PlanMarket,
  nodes: number,
  accelerators: number,
  storage?: GivenStorage,
): PlannedCheckpoint {
  const secondsBetweenFailures = failureSeconds(market, nodes, accelerators);
  const needed = writeBandwidthFor(bytes, secondsBetweenFailures);
  const writeBytesPerSecond = storage ? storage.throughputMBps * 1e6 : needed;
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
    verdict: storage ? plan.verdict : 'ok',
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
