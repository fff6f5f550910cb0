import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { PlanStorage } from '../../core/planning/plan';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { trainingPlanner } from '../../core/planning/training-planner';

/**
 * Possible shares of the time for writing checkpoints on spot capacity, up to the limit of a plan. Interruptions are so frequent that the
 * usual 2% needs a file system that costs more than all nodes.
 */
const WRITE_SHARES = [0.02, 0.03, 0.045, 0.065, 0.095];

/** Possible storage needs of a job, the fastest first. On spot capacity, they include slower ones than in the plan. */
export function storageNeeds({ cluster, job, time, checkpoint, storage }: TrainingPlan): readonly PlanStorage[] {
  if (cluster.market !== 'spot') return [storage];
  const { storageOf, writeBandwidthFor } = trainingPlanner();
  const checkpointBytes = checkpoint.sizeGB * 1e9;
  const tokensPerSecond = time.tokensPerSecond?.median ?? 0;
  return WRITE_SHARES.map((share) => {
    const writeBytesPerSecond = writeBandwidthFor(checkpointBytes, checkpoint.secondsBetweenFailures, share);
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
  const tier = tiers.find(({ tier: name }) => given && Number(name) === tierOf(given));
  if (nodesUsd === undefined || !given || tier?.usdPerMonth === undefined) return undefined;
  const storageUsd = (tier.usdPerMonth / tier.sizeGiB) * given.sizeGiB;
  return (trainingPlanner().monthlyCost(1, nodesUsd) + storageUsd) / time.goodput;
}

function tierOf({ sizeGiB, throughputMBps }: NonNullable<PlanStorage['given']>): number {
  return Math.round((throughputMBps / sizeGiB) * FSX_LUSTRE.gibPerTiB);
}
