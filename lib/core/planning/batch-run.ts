import type { PlanEvidence, PlanRange } from './plan';
import type { ServingPlan } from './plan-serving-result';

/** A batch of requests on saturated replicas. */
export interface BatchRunProps {
  /** Number of requests. */
  readonly requests: number;
  /** Number of concurrent replicas. */
  readonly replicas: number;
  /** Replicas per machine. */
  readonly replicasPerMachine: number;
}

/** Duration of a batch. `p25` is the longer time: a quarter of published runs are slower. */
export interface BatchRun {
  /** Quality of the evidence. */
  readonly evidence: PlanEvidence;
  /** Hours with all replicas. @default - no measurement, see `minHours` */
  readonly hours?: PlanRange;
  /** Billed machine hours. @default - no measurement */
  readonly machineHours?: PlanRange;
  /** Lower bound in hours, at full bandwidth and peak. @default - bandwidth or peak of the chip are unknown */
  readonly minHours?: number;
}

const SECONDS_PER_HOUR = 3600;

/**
 * Calculates the hours of a batch from the plan of a replica: requests × output tokens ÷ tokens per second of a saturated replica. The
 * start of machines and servers, and shards of unequal size, are not included.
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
    ...(bound !== undefined && { minHours: replicaHours(bound) / replicas }),
  };
}
