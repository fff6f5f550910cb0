import type { PlanEvidence, PlanRange } from './plan';
import type { ServingPlan } from './plan-serving-result';

/** A number of requests that nobody waits for, on replicas that always have work. */
export interface BatchRunProps {
  readonly requests: number;
  /** Replicas at work at once. */
  readonly replicas: number;
  /** Replicas that share one machine. */
  readonly replicasPerMachine: number;
}

/** How long a batch of requests takes. `p25` is what a quarter of published runs are slower than, so the longer time. */
export interface BatchRun {
  readonly evidence: PlanEvidence;
  /** On all replicas at once. Absent where nothing was measured: see `leastHours`. */
  readonly hours?: PlanRange;
  /** Hours of single machines, as they are paid. Absent where nothing was measured. */
  readonly machineHours?: PlanRange;
  /** What no software is faster than. @default - bandwidth or peak of the chip are unknown */
  readonly leastHours?: number;
}

const SECONDS_PER_HOUR = 3600;

/**
 * Hours of a batch from the plan of its serving: requests × answer ÷ tokens a second of a saturated replica. The start of machines and of
 * servers, and shards of unequal size, come on top.
 */
export function batchRun(
  { load, throughput }: ServingPlan,
  { requests, replicas, replicasPerMachine }: BatchRunProps,
): BatchRun {
  const replicaHours = (tokensPerSecond: number) => (requests * load.outputTokens) / tokensPerSecond / SECONDS_PER_HOUR;
  const { evidence, tokensPerSecond: rate, boundTokensPerSecond: bound } = throughput;
  const divided = (by: number): PlanRange | undefined =>
    rate && { p25: replicaHours(rate.p25) / by, median: replicaHours(rate.median) / by };
  return {
    evidence,
    ...(rate && { hours: divided(replicas), machineHours: divided(replicasPerMachine) }),
    ...(bound !== undefined && { leastHours: replicaHours(bound) / replicas }),
  };
}
