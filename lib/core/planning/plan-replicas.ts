import type { ServingLoad } from '../workload/serving-load';
import type { PlanHardware } from './plan-hardware';
import { joined } from './plan-hardware';
import { replicaLatency, replicaMemory, type ServingTerms } from './plan-serving-terms';
import type { PlannedReplica, PlannedReplicas, ServingLatencyPlan, ServingThroughput } from './plan-serving-result';
import { replicasFor } from './replicas';
import type { ServingMemory } from './serving-memory';
import { servingRate } from './serving-rate';

/** Share of the saturated throughput that is left under a latency target; assumed, for it was measured nowhere. */
export const DEFAULT_DERATE = 0.7;

/** Accelerators of a replica, fewest first: powers of two, and the whole of a node or of a domain. */
export function replicaSizes({ heads }: { readonly heads: number }, hardware: PlanHardware): readonly number[] {
  const whole = joined(hardware);
  const sizes = new Set([hardware.perNode, whole]);
  for (let size = 1; size <= Math.max(whole, 4 * hardware.perNode); size *= 2) sizes.add(size);
  return [...sizes].filter((size) => fillsNodes(size, hardware) && size <= heads).sort((a, b) => a - b);
}

/** A replica has part of a node, or whole nodes. */
function fillsNodes(size: number, { perNode }: PlanHardware): boolean {
  return size <= perNode ? true : size % perNode === 0;
}

/** A replica of some size, and how many carry the load. */
export interface SizedReplica {
  readonly accelerators: number;
  readonly memory: ServingMemory;
  readonly latency?: ServingLatencyPlan;
  readonly throughput: ServingThroughput;
  readonly replicas: PlannedReplicas;
}

/** What a replica of some size does. */
export function sizedReplica(on: ReplicaGround, accelerators: number, given?: number): SizedReplica {
  const { terms, chip, hardware, derate } = on;
  const memory = replicaMemory(terms, hardware, accelerators);
  const latency = replicaLatency(terms, hardware, accelerators);
  const throughput = throughputOf(terms, chip, hardware, accelerators, derate);
  const replicas = replicasOf(terms.load, memory, throughput, latency, given);
  return { accelerators, memory, ...(latency && { latency }), throughput, replicas };
}

/** What a replica is sized for and on. */
export interface ReplicaGround {
  readonly terms: ServingTerms;
  readonly chip: string;
  readonly hardware: PlanHardware;
  readonly derate: number;
}

/**
 * The replica that carries the load with the fewest accelerators in all, of those sizes that hold the weights and one
 * request and whose floor of latency is below the target. Nodes without RDMA share no replica.
 */
export function bestReplica(on: ReplicaGround): SizedReplica | undefined {
  const { terms, hardware } = on;
  let best: SizedReplica | undefined;
  for (const size of candidates(terms, hardware)) {
    if (terms.modelBytes > size * hardware.memoryBytes || (best && size >= inAll(best))) continue;
    if (!replicaMemory(terms, hardware, size).fits) continue;
    if (replicaLatency(terms, hardware, size)?.verdict === 'impossible') continue;
    const one = sizedReplica(on, size);
    if (!best || inAll(one) < inAll(best)) best = one;
  }
  return best;
}

function inAll({ accelerators, replicas }: SizedReplica): number {
  return accelerators * replicas.count;
}

/** The largest replica that may be: what a plan shows where none fits. */
export function largestReplica(terms: ServingTerms, hardware: PlanHardware): number {
  return candidates(terms, hardware).at(-1) ?? 1;
}

function candidates({ shape }: ServingTerms, hardware: PlanHardware): readonly number[] {
  return replicaSizes(shape, hardware).filter((size) => hardware.rdma || size <= joined(hardware));
}

/** How a replica lies on machines. */
export function replicaOn({ perNode }: PlanHardware, accelerators: number, chosen: boolean): PlannedReplica {
  return {
    accelerators,
    chosen,
    machines: Math.ceil(accelerators / perNode),
    perMachine: Math.floor(perNode / accelerators),
  };
}

/** Machines of all replicas. */
export function machinesFor({ machines, perMachine }: PlannedReplica, replicas: number): number {
  return perMachine > 0 ? Math.ceil(replicas / perMachine) : replicas * machines;
}

/** What one replica gives. */
export function throughputOf(
  terms: ServingTerms,
  chip: string,
  { fraction }: PlanHardware,
  accelerators: number,
  derate: number,
): ServingThroughput {
  const { load, shape, inputTokens: isl, outputTokens: osl } = terms;
  const { name } = load.model;
  const rate = servingRate({
    chip,
    count: accelerators,
    model: name,
    shape,
    precision: load.weightPrecision,
    isl,
    osl,
  });
  if (!rate) return { evidence: 'no measurement', runs: 0, derate };
  const { evidence, runs, p25, median, bound, nearest } = rate;
  const about = { class: rate.class, boundTokensPerSecond: bound * fraction, derate };
  if (evidence === 'bound' || p25 === undefined || median === undefined || fraction < 1) {
    const estimate = nearest && fraction === 1 ? { nearestTokensPerSecond: nearest } : {};
    return { evidence: 'no measurement', runs: 0, ...about, ...estimate };
  }
  return { evidence, runs, tokensPerSecond: { p25, median }, ...about };
}

/** How many copies carry a load: as slow as a quarter of runs are, and as many requests at once as memory holds. */
export function replicasOf(
  load: ServingLoad,
  { maxConcurrency }: ServingMemory,
  throughput: ServingThroughput,
  latency: ServingLatencyPlan | undefined,
  given?: number,
): PlannedReplicas {
  const { tokensPerSecond, boundTokensPerSecond, derate } = throughput;
  const rate = tokensPerSecond?.p25 ?? boundTokensPerSecond;
  const { requestsPerSecond, outputTokens } = load;
  const forThroughput =
    requestsPerSecond === undefined || rate === undefined || rate <= 0
      ? undefined
      : replicasFor({
          requestsPerSecond,
          outputTokensPerRequest: outputTokens,
          replicaTokensPerSecond: rate,
          derate: tokensPerSecond ? derate : 1,
        });
  const atOnce = requestsAtOnce(load, latency);
  const forConcurrency =
    atOnce === undefined || maxConcurrency < 1 ? undefined : Math.max(1, Math.ceil(atOnce / maxConcurrency));
  const count = given ?? Math.max(1, forThroughput ?? 1, forConcurrency ?? 1);
  return {
    count,
    given: given !== undefined,
    ...(forThroughput !== undefined && { forThroughput }),
    ...(forConcurrency !== undefined && { forConcurrency }),
    atLeast: given === undefined && (tokensPerSecond === undefined || load.requestsPerSecond === undefined),
  };
}

/** Requests that are in the system: stated, or arrivals times the time that each stays at least (Little 1961). */
export function requestsAtOnce(load: ServingLoad, latency: ServingLatencyPlan | undefined): number | undefined {
  const { concurrency, requestsPerSecond, outputTokens } = load;
  if (concurrency !== undefined) return concurrency;
  if (requestsPerSecond === undefined || latency === undefined) return undefined;
  const { ttftMs, tpotMs } = latency.calibrated;
  return (requestsPerSecond * (ttftMs + outputTokens * tpotMs)) / 1000;
}
