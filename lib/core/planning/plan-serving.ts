import { priceDay } from '../catalog/price-of';
import { ProblemCollector } from '../errors';
import type { ServingLoad } from '../workload/serving-load';
import { checkServingPlan } from './checks-serving';
import { costPerMillionTokens, monthlyCost } from './cost';
import type { PlanProps } from './plan';
import { clusterOf } from './plan-cluster';
import { frozen } from './plan-frozen';
import { hardwareOf } from './plan-hardware';
import { MARKETS, nodesPrice, type PriceContext, regionFor } from './plan-market';
import { checkCount, checkPlanProps, invalid } from './plan-props';
import {
  bestReplica,
  DEFAULT_DERATE,
  largestReplica,
  machinesFor,
  placeReplica,
  resolveReplica,
} from './plan-replicas';
import { servingBinding } from './plan-serving-binding';
import type { ServingDraft } from './plan-serving-draft';
import type { ColdStart, PlannedLoad, ServingCost, ServingMemoryPlan, ServingPlan } from './plan-serving-result';
import { servingTerms, type ServingTerms } from './plan-serving-terms';
import { coldStartSeconds } from './replicas';
import type { ServingMemory } from './serving-memory';

/** Properties for `planServing`. */
export interface ServingPlanProps extends PlanProps {
  /** The load to plan. */
  readonly load: ServingLoad;
  /** Accelerators per replica. @default - the size with the smallest total number of accelerators */
  readonly acceleratorsPerReplica?: number;
  /** Number of replicas. @default - as many as the load needs */
  readonly replicas?: number;
  /** Share of the saturated throughput that remains within the latency target, from 0.01 to 1. The default is assumed. @default 0.7 */
  readonly derate?: number;
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
  const terms = servingTerms(load);
  const region = regionFor({ machine, prices, region: props.region }, market);
  const draft = draftOf(props, terms, { machine, prices, region });
  const checks = checkServingPlan(draft);
  const { replica, memory, latency, throughput, replicas, costs, hardware, machines } = draft;
  return frozen({
    kind: 'serving',
    asOf: priceDay(prices),
    load: plannedLoad(load),
    cluster: clusterOf(machine, hardware, machines, market, region),
    replica,
    memory,
    ...(latency && { latency }),
    throughput,
    replicas,
    coldStart: coldStartOf(terms, props.storage?.throughputMBps),
    costs,
    binding: servingBinding(draft, checks.contradictions),
    contradictions: checks.contradictions,
    findings: checks.findings,
  });
}

function draftOf(props: ServingPlanProps, terms: ServingTerms, prices: PriceContext): ServingDraft {
  const { load, machine, acceleratorsPerReplica, market = 'on-demand', derate = DEFAULT_DERATE } = props;
  const hardware = hardwareOf(machine);
  const input = { terms, chip: machine.chip, hardware, derate };
  const accelerators = acceleratorsPerReplica ?? bestReplica(input)?.accelerators ?? largestReplica(terms, hardware);
  const replica = placeReplica(hardware, accelerators, acceleratorsPerReplica === undefined);
  const { memory, latency, throughput, replicas } = resolveReplica(input, accelerators, props.replicas);

  const machines = machinesFor(replica, replicas.count);
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
  const base = { load, machine, hardware, replica, throughput, replicas, machines, costs };
  return { ...base, memory: memoryOf(memory, hardware.memoryBytes), ...(latency && { latency }) };
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

function plannedLoad(load: ServingLoad): PlannedLoad {
  const { model, inputTokens, outputTokens, percentile, weightPrecision, kvPrecision } = load;
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
    weightPrecision,
    kvPrecision,
  };
}

function checkProps(props: ServingPlanProps): void {
  const problems = new ProblemCollector();
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object with load and machine', props));
    problems.throwIfAny();
  }
  if (!isServingLoad(props.load)) problems.add(invalid('load', 'a ServingLoad', props.load));
  checkCount(problems, 'acceleratorsPerReplica', props.acceleratorsPerReplica, false);
  checkCount(problems, 'replicas', props.replicas, false);
  const { derate } = props;
  if (derate !== undefined && !(typeof derate === 'number' && derate >= 0.01 && derate <= 1)) {
    problems.add(invalid('derate', 'from 0.01 to 1', derate));
  }
  checkPlanProps(problems, props);
  problems.throwIfAny();
}

/** Returns whether a value is a serving load, from any copy of the package. */
export function isServingLoad(value: unknown): value is ServingLoad {
  return typeof value === 'object' && value !== null && 'contextTokens' in value && 'kvPrecision' in value;
}
