import { checkPropNames } from '../../prop-schema';
import { SERVING_PLAN_PROPS } from '../../prop-schemas';
import { priceDay } from '../../catalog/price-of';
import { AiInfraError, ProblemCollector } from '../../errors';
import type { ServingLoad } from '../../workload/serving-load';
import { servingBinding } from './binding-serving';
import { checkServingPlan } from './checks-serving';
import { costPerMillionTokens, monthlyCost, frozen } from '../cost/plan-costs';
import {
  type PlanProps,
  checkCount,
  checkPlanProps,
  invalid,
  type MarketPrice,
  type PlanEvidence,
  type PlanResult,
  shapeOf,
} from '../plan';
import type { PlanRange } from '../range';
import { clusterOf } from '../layout/cluster-sizing';
import { hardwareOf, type PlanHardware, type PlannedPrecision } from '../layout/plan-hardware';
import { MARKETS, nodesPrice, type PriceContext, regionFor } from '../cost/plan-market';
import {
  DEFAULT_DERATE,
  largestReplica,
  machinesFor,
  placeReplica,
  resolveReplica,
  type ReplicaInput,
  type ResolvedReplica,
} from './plan-replicas';
import { type ServedFormats, servedFormats, type ServingDraft, servingTerms, type ServingTerms } from './serving-terms';
import { bestPrecision } from './plan-precision';
import { coldStartSeconds } from './replicas';
import type { ServingMemory } from './serving-context';
import type { Precision } from '../../workload/model-spec';
import { supportsWideExperts, wideSizes } from './wide-experts';

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
  /** Precision of the weights in memory. */
  readonly weightPrecision: PlannedPrecision;
  /** Precision of the matrix products. */
  readonly computePrecision: PlannedPrecision;
  /** Precision of the KV cache. */
  readonly kvPrecision: PlannedPrecision;
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
  /** Accelerators of the replica that only process prompts. @default - all accelerators process prompts and generate */
  readonly prefillAccelerators?: number;
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

/** Latency of requests under the load, at one percentile. */
export interface LoadedLatencyPlan {
  /** Percentage of requests within this latency: that of the load. */
  readonly percentile: number;
  /** Time to first token, in milliseconds. */
  readonly ttftMs: PlanRange;
  /** Time per output token, in milliseconds. */
  readonly tpotMs: PlanRange;
}

/** Median estimate of the latency under the load, at one percentile. */
export interface LatencyPercentile extends LatencyMs {
  /** Percentage of requests within this latency. */
  readonly percentile: number;
}

/** Latency of a replica. */
export interface ServingLatencyPlan {
  /** Lower bound that no software beats. */
  readonly floor: LatencyMs;
  /** Expected latency of a replica with a single request. */
  readonly light: LatencyMs;
  /** Expected latency under the load, at its percentile. @default - the load exceeds what the replicas can do */
  readonly loaded?: LoadedLatencyPlan;
  /** Expected latency under the load, at 50, 95 and 99%. @default - the load exceeds what the replicas can do */
  readonly percentiles?: readonly LatencyPercentile[];
  /** Share of the saturated throughput that the load uses. @default - the load exceeds what the replicas can do */
  readonly utilization?: number;
  /** Average number of requests in progress, over all replicas. @default - the load exceeds what the replicas can do */
  readonly requestsInProgress?: number;
  /** Whether the target is above the expected latency, above only the lower bound, or below it. */
  readonly verdict: 'ok' | 'doubtful' | 'impossible';
}

/** Returns the median of a latency under load. */
export function medians({ ttftMs, tpotMs }: LoadedLatencyPlan): LatencyMs {
  return { ttftMs: ttftMs.median, tpotMs: tpotMs.median };
}

/** Throughput of one replica. */
export interface ServingThroughput {
  /** Basis of the prediction. */
  readonly evidence: PlanEvidence;
  /** Class of the load: chip, precision and kind of model. @default - the chip or the precision is unknown */
  readonly class?: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Output tokens per second of a saturated replica. @default - the peak of the chip is unknown */
  readonly tokensPerSecond?: PlanRange;
  /** Upper bound in output tokens per second. @default - the chip or the precision is unknown */
  readonly boundTokensPerSecond?: number;
  /** Share of the throughput that the plan uses. */
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
  /** Replicas required by the latency targets. @default - unknown, no target, or no number of replicas meets the targets */
  readonly forLatency?: number;
  /** Whether throughput has no part in the number, because the load has no rate or the peak of the chip is unknown. */
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

/** Properties for `planServing`. */
export interface ServingPlanProps extends PlanProps {
  /** The load to plan. */
  readonly load: ServingLoad;
  /** Accelerators per replica. @default - the size with the smallest total number of accelerators */
  readonly acceleratorsPerReplica?: number;
  /** Number of replicas. @default - as many as the load needs */
  readonly replicas?: number;
  /** Share of the saturated throughput that the plan uses, from 0.01 to 1. The rest is for bursts and for replicas that start or fail. @default 0.7 */
  readonly derate?: number;
  /**
   * Whether the experts of a replica are distributed over many nodes, with separate accelerators for prompts. For mixtures of at least 64
   * experts, on NVIDIA GPUs with FP8, several in a node, and RDMA or one rack. No construct deploys such replicas.
   *
   * @default false
   */
  readonly wideExperts?: boolean;
}

/**
 * Plans a serving load on machines: replicas, memory, latency, throughput and cost. The result is a pure function of the props. If the
 * load cannot run as planned, the plan has contradictions.
 *
 * @throws AiInfraError for invalid props, with code `PlanInvalid`, `PropType` or `PriceInvalid`
 *
 * @example
 * ```ts
 * import { machineNamed, ModelSpec, ServingLoad } from 'ai-infra-constructs';
 * import { planServing } from 'ai-infra-constructs/planning';
 *
 * const plan = planServing({
 *   load: ServingLoad.of({
 *     model: ModelSpec.LLAMA_3_1_70B,
 *     inputTokens: 2000,
 *     outputTokens: 500,
 *     requestsPerSecond: 10,
 *   }),
 *   machine: machineNamed('aws', 'p5.48xlarge'),
 * });
 * console.log(plan.replicas.count, plan.contradictions);
 * ```
 */
export function planServing(props: ServingPlanProps): ServingPlan {
  checkProps(props);
  const { load, machine, prices, market = 'on-demand' } = props;
  const region = regionFor({ machine, prices, region: props.region }, market);
  const { draft, terms } = draftOf(props, { machine, prices, region });
  const checks = checkServingPlan(draft);
  const { replica, memory, latency, throughput, replicas, costs, hardware, machines } = draft;
  return frozen({
    kind: 'serving',
    asOf: priceDay(prices),
    load: plannedLoad(load, draft.formats),
    cluster: clusterOf(machine, hardware, machines, market, region),
    replica,
    memory,
    ...(latency && { latency }),
    throughput,
    replicas,
    coldStart: coldStartOf(terms, props.storage?.throughputMBps),
    costs,
    binding: servingBinding(draft, checks.contradictions, (changed) => machinesWith(changed, props, hardware)),
    contradictions: checks.contradictions,
    findings: checks.findings,
  });
}

function draftOf(
  props: ServingPlanProps,
  prices: PriceContext,
): { readonly draft: ServingDraft; readonly terms: ServingTerms } {
  const { load, machine, acceleratorsPerReplica, market = 'on-demand' } = props;
  const hardware = hardwareOf(machine);
  const { terms, resolved } = chosenReplica(props, hardware);
  const { weightPrecision, shape } = terms;
  const { accelerators, prefill, memory, latency, throughput, replicas } = resolved;
  if (props.wideExperts && prefill === undefined) throw noWideReplica(props, accelerators);
  const replica = {
    ...placeReplica(hardware, accelerators, acceleratorsPerReplica === undefined),
    ...(prefill !== undefined && { prefillAccelerators: prefill }),
  };

  const machines = machinesFor(hardware, replica, replicas.count);
  const costs = MARKETS.map((one): ServingCost => {
    const priced = nodesPrice(prices, one, market, machines);
    if (priced.usdPerHour === undefined) return priced;
    const tokens = load.outputTokensPerSecond;
    const perMillion = tokens === undefined ? undefined : costPerMillionTokens(priced.usdPerHour, tokens);
    return {
      ...priced,
      usdPerMonth: monthlyCost(1, priced.usdPerHour),
      ...(perMillion !== undefined && { usdPerMillionOutputTokens: perMillion }),
    };
  });
  const formats = servedFormats(terms, hardware.chip);
  const base = {
    load,
    shape,
    weightPrecision,
    formats,
    machine,
    hardware,
    replica,
    throughput,
    replicas,
    machines,
    costs,
  };
  const draft = { ...base, memory: memoryOf(memory, hardware.memoryBytes), ...(latency && { latency }) };
  return { draft, terms };
}

/** Returns the replica of the plan. The precision is that of the best replica, also if the props set its size or number. */
function chosenReplica(
  { load, machine, acceleratorsPerReplica, replicas, wideExperts, derate = DEFAULT_DERATE }: ServingPlanProps,
  hardware: PlanHardware,
): { readonly terms: ServingTerms; readonly resolved: ResolvedReplica } {
  const inputOf = (precision: Precision): ReplicaInput => ({
    terms: servingTerms(load, precision),
    chip: machine.chip,
    hardware,
    derate,
    ...(wideExperts && { wide: true }),
  });
  const { terms, best } = bestPrecision(load, hardware, inputOf);
  const size = acceleratorsPerReplica ?? best?.accelerators ?? largestReplica(inputOf(terms.weightPrecision));
  return { terms, resolved: resolveReplica(inputOf(terms.weightPrecision), size, replicas) };
}

/** Returns the machines of a plan for another load. */
function machinesWith(load: ServingLoad, props: ServingPlanProps, hardware: PlanHardware): number | undefined {
  const { resolved } = chosenReplica({ ...props, load, replicas: undefined }, hardware);
  const { accelerators, memory, latency, replicas } = resolved;
  if (!memory.fits || (latency && latency.verdict !== 'ok')) return undefined;
  return machinesFor(hardware, placeReplica(hardware, accelerators, true), replicas.count);
}

const GIB = 2 ** 30;

function memoryOf(memory: ServingMemory, memoryBytes: number): ServingMemoryPlan {
  const { weights, overhead, kvRoom, kvPerSequence, maxConcurrency, fits, binds } = memory;
  return {
    weightsGiB: weights / GIB,
    overheadGiB: overhead / GIB,
    kvRoomGiB: kvRoom / GIB,
    kvPerSequenceMiB: kvPerSequence / 2 ** 20,
    availableGiB: memoryBytes / GIB,
    maxConcurrency,
    fits,
    binds,
  };
}

const ASSUMED_MBPS = 1000;

function coldStartOf({ modelBytes }: ServingTerms, throughputMBps?: number): ColdStart {
  const readMBps = throughputMBps ?? ASSUMED_MBPS;
  return {
    weightsGB: modelBytes / 1e9,
    readMBps,
    seconds: coldStartSeconds(modelBytes, readMBps * 1e6),
    assumed: throughputMBps === undefined,
  };
}

function plannedLoad(load: ServingLoad, { stored, computed, kvCache }: ServedFormats): PlannedLoad {
  const { model, inputTokens, outputTokens, percentile } = load;
  const { requestsPerSecond, concurrency, ttftMs, tpotMs } = load;
  return {
    model: model.name,
    parameters: model.parameters,
    activeParameters: model.activeParameters,
    inputTokens,
    outputTokens,
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(concurrency !== undefined && { concurrency }),
    ...(ttftMs !== undefined && { ttftMs }),
    ...(tpotMs !== undefined && { tpotMs }),
    percentile,
    weightPrecision: stored,
    computePrecision: computed,
    kvPrecision: kvCache,
  };
}

function checkProps(props: ServingPlanProps): void {
  const problems = new ProblemCollector();
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object with load and machine', props));
    problems.throwIfAny();
  }
  checkPropNames(problems, props, SERVING_PLAN_PROPS);
  if (!isServingLoad(props.load)) problems.add(invalid('load', 'a ServingLoad', props.load));
  checkCount(problems, 'acceleratorsPerReplica', props.acceleratorsPerReplica, false);
  checkCount(problems, 'replicas', props.replicas, false);
  const { derate } = props;
  if (derate !== undefined && !(typeof derate === 'number' && derate >= 0.01 && derate <= 1)) {
    problems.add(invalid('derate', 'from 0.01 to 1', derate));
  }
  checkPlanProps(problems, props);
  problems.throwIfAny();
  checkWideExperts(problems, props);
  problems.throwIfAny();
}

function checkWideExperts(problems: ProblemCollector, props: ServingPlanProps): void {
  const { load, machine, acceleratorsPerReplica: size, wideExperts } = props;
  if (!wideExperts) return;
  const hardware = hardwareOf(machine);
  if (!supportsWideExperts(shapeOf(load.model), hardware)) {
    const needs = 'at least 64 experts, and NVIDIA GPUs with FP8, several in a node, and RDMA or one rack';
    problems.add(invalid('wideExperts', `false for ${load.model.name} on ${machine.name}: it needs ${needs}`, true));
    return;
  }
  const sizes = wideSizes(hardware);
  if (size !== undefined && !sizes.includes(size)) {
    problems.add(
      invalid('acceleratorsPerReplica', `one of ${sizes.join(', ')} for wideExperts on ${machine.name}`, size),
    );
  }
}

/** The experts do not fit on the accelerators of each phase. */
function noWideReplica({ load, machine, acceleratorsPerReplica }: ServingPlanProps, tried: number): AiInfraError {
  const memory = `the part for prompts, and the part that generates, must each hold ${load.model.name} and one request`;
  const on = `on ${machine.name}`;
  return new AiInfraError([
    acceleratorsPerReplica === undefined
      ? invalid('wideExperts', `false ${on}: ${memory}, which also ${tried} accelerators do not`, true)
      : invalid('acceleratorsPerReplica', `larger for wideExperts ${on}: ${memory}`, acceleratorsPerReplica),
  ]);
}

/** Returns whether a value is a serving load, from any copy of the package. */
export function isServingLoad(value: unknown): value is ServingLoad {
  return typeof value === 'object' && value !== null && 'contextTokens' in value && 'kvPrecision' in value;
}
