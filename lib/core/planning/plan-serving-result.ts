import type { Precision } from '../workload/precision';
import type { MarketPrice, PlanEvidence, PlanRange, PlanResult } from './plan';

/** The load as it was planned. */
export interface PlannedLoad {
  readonly model: string;
  readonly parameters: number;
  readonly activeParameters: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond?: number;
  readonly concurrency?: number;
  readonly ttftMs?: number;
  readonly tpotMs?: number;
  readonly percentile: number;
  readonly weightPrecision: Precision;
  readonly kvPrecision: Precision;
}

/** What one copy of the model runs on. */
export interface PlannedReplica {
  readonly accelerators: number;
  /** Whether the planner chose their number. */
  readonly chosen: boolean;
  /** Machines of one replica, one at least. */
  readonly machines: number;
  /** Replicas on one machine; 0 where one takes several machines. */
  readonly perMachine: number;
}

/** What is in the memory of each accelerator. */
export interface ServingMemoryPlan {
  readonly weightsGiB: number;
  readonly overheadGiB: number;
  /** For keys and values; negative where not even the weights fit. */
  readonly kvRoomGiB: number;
  readonly kvPerSequenceMiB: number;
  readonly availableGiB: number;
  /** Requests at once of one replica, at most. */
  readonly maxConcurrency: number;
  readonly fits: boolean;
  readonly binds: 'weights' | 'kv';
}

/** Milliseconds to the first token, and of each further one. */
export interface LatencyMs {
  readonly ttftMs: number;
  readonly tpotMs: number;
}

/** What a user waits for. */
export interface ServingLatencyPlan {
  /** No software is faster. */
  readonly floor: LatencyMs;
  /** A lightly loaded replica, as measured on few. */
  readonly calibrated: LatencyMs;
  readonly verdict: 'ok' | 'doubtful' | 'impossible';
}

/** What one replica gives. */
export interface ServingThroughput {
  readonly evidence: PlanEvidence;
  /** @default - chip or precision are unknown */
  readonly class?: string;
  readonly runs: number;
  /** Output tokens a second of a replica that always has work. */
  readonly tokensPerSecond?: PlanRange;
  readonly boundTokensPerSecond?: number;
  /** What runs of other classes suggest: an estimate without a measurement. @default - the class has runs */
  readonly nearestTokensPerSecond?: PlanRange;
  /** Share of it that is left under the latency target. */
  readonly derate: number;
}

/** How many copies carry the load. */
export interface PlannedReplicas {
  readonly count: number;
  /** Whether the number was given. */
  readonly given: boolean;
  readonly forThroughput?: number;
  readonly forConcurrency?: number;
  /** Whether it follows from a bound, so that more may be needed. */
  readonly atLeast: boolean;
}

/** How long a new replica reads its weights. Start of machine and server come on top. */
export interface ColdStart {
  readonly weightsGB: number;
  readonly readMBps: number;
  readonly seconds: number;
  /** Whether the rate is an assumption. */
  readonly assumed: boolean;
}

/** What the replicas cost in one market. */
export interface ServingCost extends MarketPrice {
  /** A month of 730 hours. */
  readonly usdPerMonth?: number;
  /** At the load. @default - the load is told by concurrency */
  readonly usdPerMillionOutputTokens?: number;
}

/** What may bind a serving load. */
export type ServingBinding = 'memory' | 'latency' | 'throughput' | 'concurrency' | 'fabric';

/** A serving load on machines: what a replica takes, how many there are, what users wait for and what it costs. */
export interface ServingPlan extends PlanResult<ServingBinding> {
  readonly kind: 'serving';
  readonly load: PlannedLoad;
  readonly replica: PlannedReplica;
  readonly memory: ServingMemoryPlan;
  /** @default - bandwidth or peak of the chip are unknown */
  readonly latency?: ServingLatencyPlan;
  readonly throughput: ServingThroughput;
  readonly replicas: PlannedReplicas;
  readonly coldStart: ColdStart;
  /** On demand, spot and committed, in this order. */
  readonly costs: readonly ServingCost[];
}
