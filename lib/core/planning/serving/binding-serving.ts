import { number, percent, times } from '../../format';
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

function limitOf({ replicas, memory, throughput }: ServingDraft): LoadBinding {
  const { forThroughput = 0, forConcurrency = 0, forLatency = 0 } = replicas;
  if (Math.max(forThroughput, forConcurrency, forLatency) <= 1) {
    return { what: 'memory', why: `One replica is enough for the load. Its size depends on the ${memory.binds}.` };
  }
  if (forLatency > Math.max(forThroughput, forConcurrency)) {
    return { what: 'latency', why: `The load needs ${forLatency} replicas to stay within its latency targets.` };
  }
  if (forConcurrency > forThroughput) {
    const why = `Each replica supports ${number(memory.maxConcurrency)} concurrent requests, so the load needs ${forConcurrency} replicas.`;
    return { what: 'concurrency', why };
  }
  const rate = throughput.tokensPerSecond?.median ?? 0;
  const why = `A saturated replica generates ${number(rate)} tokens per second, so the load needs ${forThroughput} replicas.`;
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
  { machines, machine }: ServingDraft,
  { how, load }: Change,
  machinesWith: (load: ServingLoad) => number | undefined,
): readonly string[] {
  const fewer = machinesWith(load);
  if (fewer === undefined || fewer >= machines) return [];
  return [
    `${how}, it needs ${times(fewer, machine.name)} instead of ${machines}, and costs ${percent(1 - fewer / machines)} less.`,
  ];
}
