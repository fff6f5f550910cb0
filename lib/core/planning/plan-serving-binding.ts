import { rounded } from './checks';
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

/** What a serving load comes up against first: what contradicts, or else what the replicas are counted by. */
export function servingBinding(
  { replicas, memory, throughput }: ServingDraft,
  [first]: readonly Contradiction[],
): { readonly what: ServingBinding; readonly why: string } {
  if (first) return { what: BY_CHECK[first.check] ?? 'memory', why: `${first.prop} must be ${first.allowed}.` };
  const { forThroughput = 0, forConcurrency = 0 } = replicas;
  if (Math.max(forThroughput, forConcurrency) <= 1) {
    return { what: 'memory', why: `One replica carries the load: its size follows from the ${memory.binds}.` };
  }
  if (forConcurrency > forThroughput) {
    const why = `Each replica holds ${rounded(memory.maxConcurrency)} requests at once, so the load takes ${forConcurrency}.`;
    return { what: 'concurrency', why };
  }
  const rate = throughput.tokensPerSecond?.p25 ?? throughput.boundTokensPerSecond ?? 0;
  const why = `A replica gives ${rounded(rate)} tokens a second when saturated, so the load takes ${forThroughput}.`;
  return { what: 'throughput', why };
}
