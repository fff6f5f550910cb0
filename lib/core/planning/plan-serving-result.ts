import type { Precision } from '../workload/precision';
import type { MarketPrice, PlanEvidence, PlanRange, PlanResult } from './plan';

/** The load of a plan. */
export interface PlannedLoad {
  /** Name of the model. */
  readonly model: string;
  /** Parameters of the model. */
  readonly parameters: number;
  /** Parameters that process each token. */
  readonly activeParameters: number;
  /** Average number of input tokens per request. */
  readonly inputTokens: number;
  /** Average number of output tokens per request. */
  readonly outputTokens: number;
  /** Requests per second. @default - the load is set by `concurrency` */
  readonly requestsPerSecond?: number;
  /** Requests in progress at the same time. @default - the load is set by `requestsPerSecond` */
  readonly concurrency?: number;
  /** Maximum time to first token, in milliseconds. @default - no target */
  readonly ttftMs?: number;
  /** Maximum time per output token, in milliseconds. @default - no target */
  readonly tpotMs?: number;
  /** Percentage of requests that must meet the latency targets. */
  readonly percentile: number;
  /** Precision of the weights. */
  readonly weightPrecision: Precision;
  /** Precision of the KV cache. */
  readonly kvPrecision: Precision;
}

/** The hardware of one replica. */
export interface PlannedReplica {
  /** Accelerators per replica. */
  readonly accelerators: number;
  /** Whether the planner chose the number of accelerators. */
  readonly chosen: boolean;
  /** Machines per replica, at least 1. */
  readonly machines: number;
  /** Replicas per machine, or 0 if a replica needs several machines. */
  readonly perMachine: number;
}

/** Memory of each accelerator. */
export interface ServingMemoryPlan {
  /** Weights, in GiB. */
  readonly weightsGiB: number;
  /** Memory of the server itself, in GiB. */
  readonly overheadGiB: number;
  /** Memory that remains for the KV cache, in GiB. Negative if the weights do not fit. */
  readonly kvRoomGiB: number;
  /** KV cache per request, in MiB. */
  readonly kvPerSequenceMiB: number;
  /** Memory that a program can allocate, in GiB. */
  readonly availableGiB: number;
  /** Maximum number of concurrent requests per replica. */
  readonly maxConcurrency: number;
  /** Whether the weights and one request fit. */
  readonly fits: boolean;
  /** The part that limits concurrency. */
  readonly binds: 'weights' | 'kv';
}

/** Latency in milliseconds. */
export interface LatencyMs {
  /** Time to first token, in milliseconds. */
  readonly ttftMs: number;
  /** Time per output token, in milliseconds. */
  readonly tpotMs: number;
}

/** Latency of a replica. */
export interface ServingLatencyPlan {
  /** Lower bound that no software beats. */
  readonly floor: LatencyMs;
  /** Expected latency of a lightly loaded replica, calibrated with few measurements. */
  readonly calibrated: LatencyMs;
  /** Whether the target is above the expected latency, above only the lower bound, or below it. */
  readonly verdict: 'ok' | 'doubtful' | 'impossible';
}

/** Throughput of one replica. */
export interface ServingThroughput {
  /** Basis of the prediction. */
  readonly evidence: PlanEvidence;
  /** Class of the load: chip, precision and kind of model. @default - the chip or the precision is unknown */
  readonly class?: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Output tokens per second of a saturated replica. @default - no measurement */
  readonly tokensPerSecond?: PlanRange;
  /** Upper bound in output tokens per second. @default - the chip or the precision is unknown */
  readonly boundTokensPerSecond?: number;
  /** Estimate from other classes, without a measurement. @default - the class has runs */
  readonly nearestTokensPerSecond?: PlanRange;
  /** Share of the throughput that remains within the latency target. */
  readonly derate: number;
}

/** Number of replicas. */
export interface PlannedReplicas {
  /** Number of replicas in the plan. */
  readonly count: number;
  /** Whether the props set the number. */
  readonly given: boolean;
  /** Replicas required by throughput. @default - unknown */
  readonly forThroughput?: number;
  /** Replicas required by concurrency. @default - unknown */
  readonly forConcurrency?: number;
  /** Whether the number is based on an upper bound of throughput, so that more replicas can be necessary. */
  readonly atLeast: boolean;
}

/** Time to load the weights of a new replica. The start of the machine and the server is not included. */
export interface ColdStart {
  /** Size of the weights, in GB. */
  readonly weightsGB: number;
  /** Read throughput in MB/s. */
  readonly readMBps: number;
  /** Seconds to load the weights. */
  readonly seconds: number;
  /** Whether the read throughput is assumed. */
  readonly assumed: boolean;
}

/** Cost of the replicas in one market. */
export interface ServingCost extends MarketPrice {
  /** Cost in USD per month of 730 hours. @default - the price is unknown */
  readonly usdPerMonth?: number;
  /** Cost in USD per million output tokens, at the load. @default - unknown, or the load is set by `concurrency` */
  readonly usdPerMillionOutputTokens?: number;
}

/** A limit of a serving load. */
export type ServingBinding = 'memory' | 'latency' | 'throughput' | 'concurrency' | 'fabric';

/** The plan of a serving load: the size and number of replicas, the latency, and the cost. */
export interface ServingPlan extends PlanResult<ServingBinding> {
  /** Kind of plan. */
  readonly kind: 'serving';
  /** The load. */
  readonly load: PlannedLoad;
  /** The hardware of one replica. */
  readonly replica: PlannedReplica;
  /** Memory of each accelerator. */
  readonly memory: ServingMemoryPlan;
  /** Latency of a replica. @default - the peak of the chip is unknown */
  readonly latency?: ServingLatencyPlan;
  /** Throughput of one replica. */
  readonly throughput: ServingThroughput;
  /** Number of replicas. */
  readonly replicas: PlannedReplicas;
  /** Time to load the weights of a new replica. */
  readonly coldStart: ColdStart;
  /** Cost on demand, on spot and with a commitment, in this order. */
  readonly costs: readonly ServingCost[];
}
