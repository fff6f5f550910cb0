import { Problems } from '../errors';
import type { ServingLoad } from '../workload/serving-load';
import { checkServingPlan } from './checks-serving';
import { costPerMillionTokens, monthlyCost } from './cost';
import type { PlanProps } from './plan';
import { clusterOf } from './plan-cluster';
import { frozen } from './plan-frozen';
import { hardwareOf } from './plan-hardware';
import { MARKETS, nodesPrice, type PriceContext, regionFor } from './plan-market';
import { checkCount, checkPlanProps, invalid } from './plan-props';
import { bestReplica, DEFAULT_DERATE, largestReplica, machinesFor, replicaOn, sizedReplica } from './plan-replicas';
import { servingBinding } from './plan-serving-binding';
import type { ServingDraft } from './plan-serving-draft';
import type { ColdStart, PlannedLoad, ServingCost, ServingMemoryPlan, ServingPlan } from './plan-serving-result';
import { servingTerms, type ServingTerms } from './plan-serving-terms';
import { coldStartSeconds } from './replicas';
import type { ServingMemory } from './serving-memory';

/** What to plan a serving load on. */
export interface ServingPlanProps extends PlanProps {
  readonly load: ServingLoad;
  /** @default - so many that the load takes the fewest accelerators in all */
  readonly acceleratorsPerReplica?: number;
  /** @default - as many as the load needs */
  readonly replicas?: number;
  /** Share of the saturated throughput that is left under the latency target. @default 0.7, assumed */
  readonly derate?: number;
}

/** Plans a serving load on machines. Bad props throw; what cannot be stands in the plan as a contradiction. */
export function planServing(props: ServingPlanProps): ServingPlan {
  checkProps(props);
  const { load, machine, asOf, market = 'on-demand' } = props;
  const terms = servingTerms(load);
  const prices = { machine, asOf, overrides: props.priceOverrides ?? [] };
  const region = regionFor({ ...prices, region: props.region }, market);
  const draft = draftOf(props, terms, { ...prices, region });
  const checks = checkServingPlan(draft);
  const { replica, memory, latency, throughput, replicas, costs, hardware, machines } = draft;
  return frozen({
    kind: 'serving',
    asOf,
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
  const { load, machine, acceleratorsPerReplica: given, market = 'on-demand', derate = DEFAULT_DERATE } = props;
  const hardware = hardwareOf(machine);
  const on = { terms, chip: machine.chip, hardware, derate };
  const accelerators = given ?? bestReplica(on)?.accelerators ?? largestReplica(terms, hardware);
  const replica = replicaOn(hardware, accelerators, given === undefined);
  const { memory, latency, throughput, replicas } = sizedReplica(on, accelerators, props.replicas);

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
  const about = { load, machine, hardware, replica, throughput, replicas, machines, costs };
  return { ...about, memory: memoryOf(memory, hardware.memoryBytes), ...(latency && { latency }) };
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
  const problems = new Problems();
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object with load, machine and asOf', props));
    problems.throwIfAny();
  }
  if (!isServingLoad(props.load)) problems.add(invalid('load', 'a ServingLoad', props.load));
  checkCount(problems, 'acceleratorsPerReplica', props.acceleratorsPerReplica, false);
  checkCount(problems, 'replicas', props.replicas, false);
  const { derate } = props;
  if (derate !== undefined && !(typeof derate === 'number' && derate >= 0.01 && derate <= 1)) {
    problems.add(invalid('derate', 'a share from 0.01 to 1', derate));
  }
  checkPlanProps(problems, props);
  problems.throwIfAny();
}

/** Whether a value is a serving load, whichever copy of the package made it. */
export function isServingLoad(value: unknown): value is ServingLoad {
  return typeof value === 'object' && value !== null && 'contextTokens' in value && 'kvPrecision' in value;
}
