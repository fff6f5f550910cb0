import { monthlyCost } from '../cost/plan-costs';
import type { PlanStorage, PlanStorageTier } from '../plan';
import type { TrainingPlan } from '../plan-training';
import { writeBandwidthFor } from './checkpoint';
import { storageOf } from './plan-storage';

/**
 * Possible shares of the time for writing checkpoints on spot capacity, up to the limit of a plan. Interruptions are so frequent that the
 * usual 2% needs a file system that costs more than all nodes.
 */
const WRITE_SHARES = [0.02, 0.03, 0.045, 0.065, 0.095];

/** Possible storage needs of a job, the fastest first. On spot capacity, they include slower ones than in the plan if tiers have a price. */
export function storageNeeds({ cluster, job, time, checkpoint, storage }: TrainingPlan): readonly PlanStorage[] {
  const { tiers } = storage;
  if (cluster.market !== 'spot' || tiers.every(({ usdPerMonth }) => usdPerMonth === undefined)) return [storage];
  const checkpointBytes = checkpoint.sizeGB * 1e9;
  const tokensPerSecond = time.tokensPerSecond?.median ?? 0;
  return WRITE_SHARES.map((share) => {
    const writeBytesPerSecond = writeBandwidthFor(checkpointBytes, checkpoint.secondsBetweenFailures, { share });
    return storageOf(cluster.cloud, { tokens: job.tokens, checkpointBytes, tokensPerSecond, writeBytesPerSecond });
  });
}

/** The plan with the lowest cost of nodes and file system for each month of useful work. Without prices, the one with the slowest file system. */
export function cheapestPlan<T extends { readonly plan: TrainingPlan }>(plans: readonly [T, ...T[]]): T {
  const costs = plans.map(({ plan }) => usdPerUsefulMonth(plan));
  if (costs.some((usd) => usd === undefined)) return plans.at(-1)!;
  return plans[costs.indexOf(Math.min(...(costs as number[])))]!;
}

function usdPerUsefulMonth({ costs, storage: { given, tiers }, time }: TrainingPlan): number | undefined {
  const nodesUsd = costs.find(({ chosen }) => chosen)?.usdPerHour;
  const tier = given && nearestTier(tiers, given);
  if (nodesUsd === undefined || !given || tier?.usdPerMonth === undefined) return undefined;
  const storageUsd = (tier.usdPerMonth / tier.sizeGiB) * given.sizeGiB;
  return (monthlyCost(1, nodesUsd) + storageUsd) / time.goodput;
}

/** The tier with the most similar throughput for its size. */
function nearestTier(
  tiers: readonly PlanStorageTier[],
  { throughputMBps, sizeGiB }: NonNullable<PlanStorage['given']>,
): PlanStorageTier | undefined {
  const distance = (tier: PlanStorageTier) =>
    Math.abs(Math.log(tier.throughputMBps / tier.sizeGiB / (throughputMBps / sizeGiB)));
  return tiers.toSorted((a, b) => distance(a) - distance(b))[0];
}
