import { counted, number, percent, times } from '../../format';
import { DEFAULT_PROBABILITY } from '../../workload/training-job';
import { atProbability } from '../range';
import { type ServingLoad, withoutTargets, withWeightPrecision } from '../../workload/serving-load';
import type { Contradiction } from '../plan';
import type { ServingBinding } from './plan-serving';
import type { ServingDraft } from './serving-terms';

/** The tightest limit of a load, and what would relax it. */
export interface LoadBinding {
  readonly what: ServingBinding;
  readonly why: string;
}

const BY_CHECK: Readonly<Record<string, ServingBinding>> = {
  'memory/fit': 'memory',
  'memory/concurrency': 'concurrency',
  'latency/target': 'latency',
  'fabric/rdma': 'fabric',
  'fabric/domain': 'fabric',
};

/**
 * Returns the first contradiction, or else the limit that determines the replicas, and the changes of the load that need fewer machines.
 *
 * @param machinesWith returns the machines for another load, or `undefined` if no number is enough
 */
export function servingBinding(
  draft: ServingDraft,
  [first]: readonly Contradiction[],
  machinesWith: (load: ServingLoad) => number | undefined,
): LoadBinding {
  if (first) return { what: BY_CHECK[first.check] ?? 'memory', why: `${first.prop} must be ${first.allowed}.` };
  const { what, why } = limitOf(draft);
  const gains = draft.replicas.given ? [] : changesOf(draft).flatMap((change) => gainOf(draft, change, machinesWith));
  return { what, why: [why, ...gains].join(' ') };
}

function limitOf({ load, replicas, memory, throughput }: ServingDraft): LoadBinding {
  const { forThroughput = 0, forConcurrency = 0, forLatency = 0 } = replicas;
  if (Math.max(forThroughput, forConcurrency, forLatency) <= 1) {
    return { what: 'memory', why: `One replica is enough for the load. Its size depends on the ${memory.binds}.` };
  }
  if (forLatency > Math.max(forThroughput, forConcurrency)) {
    return { what: 'latency', why: `The load needs ${forLatency} replicas to stay within its latency targets.` };
  }
  if (forConcurrency > forThroughput) {
    const why = `Each replica supports ${counted(memory.maxConcurrency, 'concurrent request')}, so the load needs ${forConcurrency} replicas.`;
    return { what: 'concurrency', why };
  }
  const { tokensPerSecond = { p10: 0, median: 0, p90: 0 }, derate } = throughput;
  const rate = atProbability(tokensPerSecond, 1 - DEFAULT_PROBABILITY);
  const used = `The plan uses ${percent(derate)} of this, ${number(derate * rate)} tokens per second`;
  const needed = `so the ${number(load.outputTokensPerSecond ?? 0)} of the load need ${counted(forThroughput, 'replica')}`;
  const why = `A saturated replica generates at least ${number(rate)} tokens per second with a probability of ${percent(DEFAULT_PROBABILITY)}. ${used}, ${needed}.`;
  return { what: 'throughput', why };
}

/** A change of a load, with the start of a sentence. */
interface Change {
  readonly how: string;
  readonly load: ServingLoad;
}

function changesOf({ load, weightPrecision, hardware }: ServingDraft): readonly Change[] {
  const eightBits = weightPrecision === 'bf16' && hardware.chip.fp8DenseTflops !== undefined;
  const hasTargets = load.ttftMs !== undefined || load.tpotMs !== undefined;
  return [
    ...(eightBits ? [{ how: 'With fp8 weights', load: withWeightPrecision(load, 'fp8') }] : []),
    ...(hasTargets ? [{ how: 'Without the latency targets', load: withoutTargets(load) }] : []),
  ];
}

function gainOf(
  { machines, machine, costs }: ServingDraft,
  { how, load }: Change,
  machinesWith: (load: ServingLoad) => number | undefined,
): readonly string[] {
  const fewer = machinesWith(load);
  if (fewer === undefined || fewer >= machines) return [];
  // Without a price, the share is not worth a sentence: it is that of the machines.
  const isPriced = costs.some(({ chosen, usdPerHour }) => chosen && usdPerHour !== undefined);
  const saving = isPriced ? `, and costs ${percent(1 - fewer / machines)} less` : '';
  return [`${how}, it needs ${times(fewer, machine.name)} instead of ${machines}${saving}.`];
}
