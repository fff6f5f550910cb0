import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { PlanStorage } from '../../core/planning/plan';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { trainingPlanner } from '../../core/planning/training-planner';

/**
 * Shares of the time that writing checkpoints may take on spot, up to what a plan allows. Nodes are taken back so often there that
 * 2 %, as elsewhere, asks for a file system that costs more than all nodes.
 */
const WRITING = [0.02, 0.03, 0.045, 0.065, 0.095];

/** What the file system of a job may be sized by, the fastest first: one that a plan asks for, and on spot slower ones. */
export function storageNeeds({ cluster, job, time, checkpoint, storage }: TrainingPlan): readonly PlanStorage[] {
  if (cluster.market !== 'spot') return [storage];
  const { storageOf, writeBandwidthFor } = trainingPlanner();
  const checkpointBytes = checkpoint.sizeGB * 1e9;
  const tokensPerSecond = time.tokensPerSecond?.median ?? 0;
  return WRITING.map((share) => {
    const writeBytesPerSecond = writeBandwidthFor(checkpointBytes, checkpoint.secondsBetweenFailures, share);
    return storageOf(cluster.cloud, { tokens: job.tokens, checkpointBytes, tokensPerSecond, writeBytesPerSecond });
  });
}

/** The plan whose month of kept work costs least, nodes and file system together; without a price the one of the slowest. */
export function cheapestPlan<T extends { readonly plan: TrainingPlan }>(plans: readonly [T, ...T[]]): T {
  const costs = plans.map(({ plan }) => usdPerKeptMonth(plan));
  if (costs.some((usd) => usd === undefined)) return plans.at(-1)!;
  return plans[costs.indexOf(Math.min(...(costs as number[])))]!;
}

function usdPerKeptMonth({ costs, storage: { given, tiers }, time }: TrainingPlan): number | undefined {
  const nodesUsd = costs.find(({ chosen }) => chosen)?.usdPerHour;
  const tier = tiers.find(({ tier: name }) => given && Number(name) === tierOf(given));
  if (nodesUsd === undefined || !given || tier?.usdPerMonth === undefined) return undefined;
  const storageUsd = (tier.usdPerMonth / tier.sizeGiB) * given.sizeGiB;
  return (trainingPlanner().monthlyCost(1, nodesUsd) + storageUsd) / time.goodput;
}

function tierOf({ sizeGiB, throughputMBps }: NonNullable<PlanStorage['given']>): number {
  return Math.round((throughputMBps / sizeGiB) * FSX_LUSTRE.gibPerTiB);
}
