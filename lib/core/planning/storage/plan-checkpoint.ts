import { FSX_LUSTRE } from '../../catalog/fsx-lustre';
import { checkpointPlan, meanSecondsBetweenFailures, writeBandwidthFor } from './checkpoint';
import type { DeclaredStorage } from '../plan';
import type { PlannedCheckpoint } from '../plan-training';
import type { PlanMarket } from '../cost/plan-market';
import { checkNumbers } from '../time/inputs';

const TIERS_MBPS = FSX_LUSTRE.tiers.map(({ throughputMBpsPerTiB }) => throughputMBpsPerTiB);

/** Returns the throughput of the smallest FSx for Lustre file system, 1200 GiB, in bytes per second. */
const smallestFileSystem = (megabytesPerSecondPerTiB: number) =>
  ((megabytesPerSecondPerTiB * FSX_LUSTRE.smallestGiB) / FSX_LUSTRE.gibPerTiB) * 1e6;

/**
 * Maximum assumed write throughput per node on spot, in bytes per second. It is that of the smallest FSx for Lustre file system in the
 * fastest tier, 1200 GiB at 1000 MB/s per TiB. Without a limit, the frequent losses of spot nodes would require unrealistic storage.
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/managing-throughput-capacity.html
 */
const MAX_SPOT_WRITE_PER_NODE = smallestFileSystem(Math.max(...TIERS_MBPS));

/** Minimum assumed write throughput, in bytes per second. No parallel file system is slower than the smallest one in the slowest tier. */
const MIN_WRITE = smallestFileSystem(Math.min(...TIERS_MBPS));

/** The checkpoints of a job, and the nodes that write them. */
export interface CheckpointContext {
  readonly bytes: number;
  readonly market: PlanMarket;
  readonly nodes: number;
  readonly accelerators: number;
  /** Length of the job. @default - unknown: longer than the best interval */
  readonly jobSeconds?: number;
  /** @default - as fast as required */
  readonly storage?: DeclaredStorage;
}

/** Returns how a job writes checkpoints: to the declared storage, or to storage as fast as required. On spot, the speed has a maximum. */
export function checkpointOf({
  bytes,
  market,
  nodes,
  accelerators,
  jobSeconds,
  storage,
}: CheckpointContext): PlannedCheckpoint {
  const secondsBetweenFailures = failureSeconds(market, nodes, accelerators);
  const needed = writeBandwidthFor(bytes, secondsBetweenFailures, { jobSeconds });
  const max = market.market === 'spot' ? nodes * MAX_SPOT_WRITE_PER_NODE : Infinity;
  const writeBytesPerSecond = storage ? storage.throughputMBps * 1e6 : Math.min(Math.max(needed, MIN_WRITE), max);
  const plan = checkpointPlan({ checkpointBytes: bytes, writeBytesPerSecond, secondsBetweenFailures, jobSeconds });
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
    verdict: writeBytesPerSecond >= needed ? 'ok' : plan.verdict,
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

/** A job on nodes that the cloud can reclaim. */
export interface SpotInput {
  readonly nodes: number;
  /** Mean hours from start to loss of a node. The default is from the traces with the longest life; others had 2. @default 5 */
  readonly nodeLifeHours?: number;
  /** Seconds that training pauses for a checkpoint. @default 30 */
  readonly checkpointSeconds?: number;
  /** Seconds from a loss to the next step, including a new node. @default 420 */
  readonly restartSeconds?: number;
}

/**
 * Returns the share of the time on spot nodes that is useful work, at the best checkpoint interval. 0 if nodes are lost faster than the
 * job progresses. The default is from traces of V100 and K80 nodes of 2022 and 2023: set `nodeLifeHours` for your nodes.
 * @see https://github.com/skypilot-org/spot-traces
 */
export function spotGoodput(input: SpotInput): number {
  checkNumbers(input, {
    nodes: 'count',
    nodeLifeHours: '?positive',
    checkpointSeconds: '?positive',
    restartSeconds: '?notNegative',
  });
  const { nodes, nodeLifeHours = 5, checkpointSeconds = 30, restartSeconds = 420 } = input;
  const mtbf = (nodeLifeHours * 3600) / nodes;
  const interval = Math.sqrt(2 * checkpointSeconds * mtbf);
  return Math.max(0, 1 - checkpointSeconds / interval - interval / (2 * mtbf) - restartSeconds / mtbf);
}

/** Returns the price of an hour of useful work on spot nodes, or `undefined` without useful work. */
export function effectiveSpotPrice(spotUsdPerHour: number, goodput: number): number | undefined {
  checkNumbers({ spotUsdPerHour, goodput }, { spotUsdPerHour: 'notNegative', goodput: 'notNegative' });
  return goodput > 0 ? spotUsdPerHour / goodput : undefined;
}
