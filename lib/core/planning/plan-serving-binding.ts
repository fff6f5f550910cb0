import { number } from '../format';
import type { Contradiction } from './plan';
import type { ServingDraft } from './plan-serving-draft';
import type { ServingBinding } from './plan-serving-result';

const BY_CHECK: Readonly<Record<string, ServingBinding>> = {
  'memory/fit': 'memory',
  'memory/concurrency': 'concurrency',
  'latency/target': 'latency',
  'fabric/rdma': 'fabric',
  'fabric/domain': 'fabric',
};

/** Returns the tightest limit of a serving load: the first contradiction, or else the limit that determines the replicas. */
export function servingBinding(
  { replicas, memory, throughput }: ServingDraft,
  [first]: readonly Contradiction[],
): { readonly what: ServingBinding; readonly why: string } {
  if (first) return { what: BY_CHECK[first.check] ?? 'memory', why: `${first.prop} must be ${first.allowed}.` };
  const { forThroughput = 0, forConcurrency = 0 } = replicas;
  if (Math.max(forThroughput, forConcurrency) <= 1) {
    return { what: 'memory', why: `One replica is enough for the load. Its size depends on the ${memory.binds}.` };
  }
  if (forConcurrency > forThroughput) {
    const why = `Each replica supports ${number(memory.maxConcurrency)} concurrent requests, so the load needs ${forConcurrency} replicas.`;
    return { what: 'concurrency', why };
  }
  const rate = throughput.tokensPerSecond?.p25 ?? throughput.boundTokensPerSecond ?? 0;
  const why = `A saturated replica generates ${number(rate)} tokens per second, so the load needs ${forThroughput} replicas.`;
  return { what: 'throughput', why };
}
