import type { ServingLoad } from '../../workload/serving-load';
import { DEFAULT_PROBABILITY } from '../../workload/training-job';
import { atProbability, scaled } from '../range';
import type { PlanHardware } from '../layout/plan-hardware';
import { linkedAccelerators } from '../layout/plan-hardware';
import { replicaLatency, replicaMemory, type ServingTerms } from '../time/plan-time';
import type { PlannedReplica, PlannedReplicas, ServingLatencyPlan, ServingThroughput } from './plan-serving';
import { replicasFor } from './replicas';
import type { ServingMemory } from './serving-context';
import { servingRate } from './serving-rate';

/** Share of the saturated throughput that remains within a latency target. Assumed, because no source measures it. */
export const DEFAULT_DERATE = 0.7;

/** Returns the possible sizes of a replica in accelerators, smallest first: powers of two, a whole node and a whole domain. */
export function replicaSizes({ heads }: { readonly heads: number }, hardware: PlanHardware): readonly number[] {
  const linked = linkedAccelerators(hardware);
  const sizes = new Set([hardware.perNode, linked]);
  for (let size = 1; size <= Math.max(linked, 4 * hardware.perNode); size *= 2) sizes.add(size);
  return [...sizes].filter((size) => fillsNodes(size, hardware) && size <= heads).sort((a, b) => a - b);
}

/** Returns whether a replica uses part of one node, or whole nodes. */
function fillsNodes(size: number, { perNode }: PlanHardware): boolean {
  return size <= perNode ? true : size % perNode === 0;
}

/** A replica, and the number of replicas for the load. */
export interface ResolvedReplica {
  readonly accelerators: number;
  readonly memory: ServingMemory;
  readonly latency?: ServingLatencyPlan;
  readonly throughput: ServingThroughput;
  readonly replicas: PlannedReplicas;
}

/** Calculates a replica of a size. @param count number of replicas, if it is fixed */
export function resolveReplica(input: ReplicaInput, accelerators: number, count?: number): ResolvedReplica {
  const { terms, chip, hardware, derate } = input;
  const memory = replicaMemory(terms, hardware, accelerators);
  const latency = replicaLatency(terms, hardware, accelerators);
  const throughput = throughputOf(terms, chip, hardware, accelerators, derate);
  const replicas = replicasOf(terms.load, memory, throughput, latency, count);
  return { accelerators, memory, ...(latency && { latency }), throughput, replicas };
}

/** The load and the hardware of a replica. */
export interface ReplicaInput {
  readonly terms: ServingTerms;
  readonly chip: string;
  readonly hardware: PlanHardware;
  readonly derate: number;
}

/**
 * Returns the replica with the smallest total number of accelerators for the load. It must hold the weights and one request, and its
 * latency floor must be below the target. A replica spans nodes only with RDMA.
 */
export function bestReplica(input: ReplicaInput): ResolvedReplica | undefined {
  const { terms, hardware } = input;
  let best: ResolvedReplica | undefined;
  for (const size of candidates(terms, hardware)) {
    if (terms.modelBytes > size * hardware.memoryBytes || (best && size >= totalAccelerators(best))) continue;
    if (!replicaMemory(terms, hardware, size).fits) continue;
    if (replicaLatency(terms, hardware, size)?.verdict === 'impossible') continue;
    const one = resolveReplica(input, size);
    if (!best || totalAccelerators(one) < totalAccelerators(best)) best = one;
  }
  return best;
}

function totalAccelerators({ accelerators, replicas }: ResolvedReplica): number {
  return accelerators * replicas.count;
}

/** Returns the size of the largest possible replica, for the plan if no size fits. */
export function largestReplica(terms: ServingTerms, hardware: PlanHardware): number {
  return candidates(terms, hardware).at(-1) ?? 1;
}

function candidates({ shape }: ServingTerms, hardware: PlanHardware): readonly number[] {
  return replicaSizes(shape, hardware).filter((size) => hardware.rdma || size <= linkedAccelerators(hardware));
}

/** Distributes a replica over machines. */
export function placeReplica({ perNode }: PlanHardware, accelerators: number, chosen: boolean): PlannedReplica {
  return {
    accelerators,
    chosen,
    machines: Math.ceil(accelerators / perNode),
    perMachine: Math.floor(perNode / accelerators),
  };
}

/** Returns the number of machines for all replicas. */
export function machinesFor({ machines, perMachine }: PlannedReplica, replicas: number): number {
  return perMachine > 0 ? Math.ceil(replicas / perMachine) : replicas * machines;
}

/** Returns the throughput of one replica. */
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
  const { evidence, runs, p10, median, p90, bound } = rate;
  const whole = fraction === 1;
  return {
    evidence: whole ? evidence : 'nearest',
    runs: whole ? runs : 0,
    tokensPerSecond: scaled({ p10, median, p90 }, fraction),
    class: rate.class,
    boundTokensPerSecond: bound * fraction,
    derate,
  };
}

/** Returns the number of replicas for a load: at a throughput that a replica reaches with the usual probability, and at the concurrency that fits in memory. */
export function replicasOf(
  load: ServingLoad,
  { maxConcurrency }: ServingMemory,
  throughput: ServingThroughput,
  latency: ServingLatencyPlan | undefined,
  fixed?: number,
): PlannedReplicas {
  const { tokensPerSecond, derate } = throughput;
  const rate = tokensPerSecond && atProbability(tokensPerSecond, 1 - DEFAULT_PROBABILITY);
  const { requestsPerSecond, outputTokens } = load;
  const forThroughput =
    requestsPerSecond === undefined || rate === undefined || rate <= 0
      ? undefined
      : replicasFor({
          requestsPerSecond,
          outputTokensPerRequest: outputTokens,
          replicaTokensPerSecond: rate,
          derate,
        });
  const concurrent = requestsAtOnce(load, latency);
  const forConcurrency =
    concurrent === undefined || maxConcurrency < 1 ? undefined : Math.max(1, Math.ceil(concurrent / maxConcurrency));
  const count = fixed ?? Math.max(1, forThroughput ?? 1, forConcurrency ?? 1);
  return {
    count,
    given: fixed !== undefined,
    ...(forThroughput !== undefined && { forThroughput }),
    ...(forConcurrency !== undefined && { forConcurrency }),
    atLeast: fixed === undefined && (tokensPerSecond === undefined || load.requestsPerSecond === undefined),
  };
}

/** Returns the number of concurrent requests: as declared, or the arrival rate times the expected response time (Little 1961). */
export function requestsAtOnce(load: ServingLoad, latency: ServingLatencyPlan | undefined): number | undefined {
  const { concurrency, requestsPerSecond, outputTokens } = load;
  if (concurrency !== undefined) return concurrency;
  if (requestsPerSecond === undefined || latency === undefined) return undefined;
  const { ttftMs, tpotMs } = latency.calibrated;
  return (requestsPerSecond * (ttftMs + outputTokens * tpotMs)) / 1000;
}
