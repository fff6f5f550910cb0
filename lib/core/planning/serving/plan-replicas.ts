import type { ServingLoad } from '../../workload/serving-load';
import { DEFAULT_PROBABILITY } from '../../workload/training-job';
import { atProbability, type PlanRange } from '../range';
import { classOn, linkedAccelerators, type PlanHardware, soldNodes } from '../layout/plan-hardware';
import { latencyOf, loadedBy, PERCENTILES } from './plan-latency';
import type { ReplicaSpeed } from './replica-load';
import type { Latency } from './serving-latency';
import type { PlannedReplica, PlannedReplicas, ServingLatencyPlan, ServingThroughput } from './plan-serving';
import { replicasFor } from './replicas';
import type { ServingMemory } from './serving-context';
import { servingSpeed } from './serving-rate';
import { replicaMemory, type ServingTerms } from './serving-terms';
import { supportsWideExperts, type WideReplica, wideReplica, wideSizes } from './wide-experts';

/** Share of the saturated throughput that a plan uses. The rest is for bursts, and for replicas that start or fail. */
export const DEFAULT_DERATE = 0.7;

/** Returns the possible sizes of a replica in accelerators, smallest first: powers of two, a whole node and a whole domain. */
export function replicaSizes({ heads }: { readonly heads: number }, hardware: PlanHardware): readonly number[] {
  const linked = linkedAccelerators(hardware);
  const sizes = new Set([hardware.perNode, linked]);
  for (let size = 1; size <= Math.max(linked, 4 * hardware.perNode); size *= 2) sizes.add(size);
  return [...sizes]
    .filter((size) => fillsNodes(size, hardware) && isSlice(hardware, size) && size <= heads)
    .sort((a, b) => a - b);
}

/** Returns whether a replica uses part of one node, or whole nodes. */
function fillsNodes(size: number, { perNode }: PlanHardware): boolean {
  return size <= perNode ? true : size % perNode === 0;
}

/** A replica, and the number of replicas for the load. */
export interface ResolvedReplica {
  readonly accelerators: number;
  /** Accelerators that only process prompts. @default - all accelerators process prompts and generate */
  readonly prefill?: number;
  readonly memory: ServingMemory;
  readonly latency?: ServingLatencyPlan;
  readonly throughput: ServingThroughput;
  readonly replicas: PlannedReplicas;
}

/** Calculates a replica of a size. @param count number of replicas, if it is fixed */
export function resolveReplica(input: ReplicaInput, accelerators: number, count?: number): ResolvedReplica {
  return resolvedWith(PERCENTILES, input, accelerators, count);
}

function resolvedWith(
  percentiles: readonly number[],
  input: ReplicaInput,
  accelerators: number,
  count?: number,
): ResolvedReplica {
  const wide = input.wide ? wideReplica(input.terms, input.chip, input.hardware, accelerators) : undefined;
  const memory = wide?.memory ?? replicaMemory(input.terms, input.hardware, accelerators);
  const estimate = wide ? wideEstimate(input, wide) : estimateOf(input, accelerators, memory);
  const replicas = replicasOf(input, estimate, memory, count);
  const latency = latencyOf(
    input.terms,
    input.hardware,
    accelerators,
    estimate.throughput.tokensPerSecond,
    estimate.speed?.median,
    replicas.count,
    percentiles,
  );
  const { throughput } = estimate;
  const prefill = wide && { prefill: wide.prefill };
  return { accelerators, ...prefill, memory, ...(latency && { latency }), throughput, replicas };
}

/** The load and the hardware of a replica. */
export interface ReplicaInput {
  readonly terms: ServingTerms;
  readonly chip: string;
  readonly hardware: PlanHardware;
  readonly derate: number;
  /** Whether the experts of a replica are distributed over many nodes, with separate accelerators for prompts. @default false */
  readonly wide?: boolean;
}

/**
 * Returns the replica with the smallest total number of accelerators for the load. It must hold the weights and one request, and its
 * latency floor must be below the target. One that meets the latency targets comes first. A replica spans nodes only with RDMA. Its plan has
 * no list of percentiles, which takes time.
 */
export function bestReplica(input: ReplicaInput): ResolvedReplica | undefined {
  const { terms, hardware } = input;
  let best: ResolvedReplica | undefined;
  for (const size of sizesOf(input)) {
    if (terms.modelBytes > size * hardware.memoryBytes) continue;
    if (best && meetsLatency(best) && size >= totalAccelerators(best)) continue;
    const one = sharedReplica(input, size);
    if (!one.memory.fits || (input.wide && one.prefill === undefined)) continue;
    if (one.latency?.verdict !== 'impossible' && (!best || isBetter(one, best))) best = one;
  }
  return best;
}

/** Returns a replica of a size. Within a node and a scale-up domain, machines with the same chips have the same replica. */
function sharedReplica(input: ReplicaInput, accelerators: number): ResolvedReplica {
  const { terms, chip, hardware, derate } = input;
  const { fraction, memoryBytes, perNode, domain } = hardware;
  if (input.wide || accelerators > Math.min(perNode, domain)) return resolvedWith([], input, accelerators);
  const key = `${chip} ${fraction} ${memoryBytes} ${accelerators} ${derate}`;
  const known = terms.replicas.get(key) ?? resolvedWith([], input, accelerators);
  terms.replicas.set(key, known);
  return known;
}

function isBetter(one: ResolvedReplica, other: ResolvedReplica): boolean {
  if (meetsLatency(one) !== meetsLatency(other)) return meetsLatency(one);
  return totalAccelerators(one) < totalAccelerators(other);
}

function meetsLatency({ latency }: ResolvedReplica): boolean {
  return latency === undefined || latency.verdict === 'ok';
}

function totalAccelerators({ accelerators, replicas }: ResolvedReplica): number {
  return accelerators * replicas.count;
}

/** Returns the size of the largest possible replica, for the plan if no size fits. */
export function largestReplica(input: Pick<ReplicaInput, 'terms' | 'hardware' | 'wide'>): number {
  return sizesOf(input).at(-1) ?? 1;
}

function sizesOf({
  terms,
  hardware,
  wide = false,
}: Pick<ReplicaInput, 'terms' | 'hardware' | 'wide'>): readonly number[] {
  if (!wide) return candidates(terms, hardware);
  return supportsWideExperts(terms.shape, hardware) ? wideSizes(hardware) : [];
}

/** A replica spans machines only if the model does not fit on accelerators that are linked without the network. */
function candidates(terms: ServingTerms, hardware: PlanHardware): readonly number[] {
  const sizes = replicaSizes(terms.shape, hardware);
  const linked = sizes.filter((size) => size <= linkedAccelerators(hardware));
  const largest = linked.at(-1);
  if (!hardware.rdma || (largest !== undefined && replicaMemory(terms, hardware, largest).fits)) return linked;
  return sizes;
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

/** Returns the number of machines for all replicas. Each replica has a TPU slice of its own. Racks and UltraServers are sold whole. */
export function machinesFor(
  hardware: PlanHardware,
  { machines, perMachine }: PlannedReplica,
  replicas: number,
): number {
  const needed = perMachine > 0 ? Math.ceil(replicas / perMachine) : replicas * machines;
  return isTpu(hardware) ? needed : (soldNodes(hardware, needed) ?? needed);
}

function isTpu({ chip }: PlanHardware): boolean {
  return chip.vendor === 'Google';
}

/** Returns whether a replica fits on one node, or is a TPU slice if it needs TPUs of several nodes. */
export function isSlice(hardware: PlanHardware, accelerators: number): boolean {
  const { domainNodes, perNode } = hardware;
  if (!isTpu(hardware) || !domainNodes || accelerators <= perNode) return true;
  return domainNodes.includes(accelerators / perNode);
}

/** The prediction for one replica, before its share of the load is known. */
interface ReplicaEstimate {
  readonly throughput: ServingThroughput;
  /** Speed at the median, and at the rate that a replica reaches with the usual probability. @default - the peak of the chip is unknown */
  readonly speed?: { readonly median: ReplicaSpeed; readonly planned: ReplicaSpeed };
}

function estimateOf(
  { terms, chip, hardware, derate }: ReplicaInput,
  accelerators: number,
  memory: ServingMemory,
): ReplicaEstimate {
  const { load, shape, inputTokens: isl, outputTokens: osl, weightPrecision: precision, kvBytes } = terms;
  const tensor = Math.min(accelerators, linkedAccelerators(hardware));
  const estimate = servingSpeed({
    chip,
    count: accelerators,
    model: load.model.name,
    shape,
    precision,
    kvBytes,
    isl,
    osl,
    tp: tensor * (hardware.chip.logicalCores ?? 1),
    pp: accelerators / tensor,
    part: hardware,
  });
  if (!estimate) return { throughput: { evidence: 'no measurement', runs: 0, derate } };
  const { evidence, runs, p10, median, p90, bound, speed } = estimate;
  const tokensPerSecond = { p10, median, p90 };
  const name = classOn(hardware.chip, estimate.class);
  const throughput = { evidence, runs, tokensPerSecond, class: name, boundTokensPerSecond: bound, derate };
  if (memory.maxConcurrency < 1) return { throughput };
  const maxSequences = Math.min(speed.maxSequences, memory.maxConcurrency);
  const ofMedian = { ...speed, maxSequences };
  return { throughput, speed: { median: ofMedian, planned: slowed(ofMedian, slowerOf(tokensPerSecond)) } };
}

function wideEstimate(
  { derate }: ReplicaInput,
  { tokensPerSecond, class: name, published, bound, speed }: WideReplica,
): ReplicaEstimate {
  const evidence = published ? 'modelled' : 'nearest';
  const runs = published ? 1 : 0;
  const base = { evidence, runs, tokensPerSecond, boundTokensPerSecond: bound, derate } as const;
  const throughput = { ...base, class: `${name} with wide expert parallelism` };
  return { throughput, speed: { median: speed, planned: slowed(speed, slowerOf(tokensPerSecond)) } };
}

/** Returns the share of the median rate that a replica reaches with the usual probability. */
function slowerOf(tokensPerSecond: PlanRange): number {
  return atProbability(tokensPerSecond, 1 - DEFAULT_PROBABILITY) / tokensPerSecond.median;
}

/** Returns a replica that takes longer for everything. */
function slowed(speed: ReplicaSpeed, share: number): ReplicaSpeed {
  return {
    ...speed,
    tokensPerSecond: speed.tokensPerSecond * share,
    prefillSeconds: speed.prefillSeconds / share,
    promptSeconds: speed.promptSeconds / share,
    stepSeconds: (sequences) => speed.stepSeconds(sequences) / share,
  };
}

/** Further replicas help little beyond this factor: requests are then alone. */
const MAX_FACTOR = 1024;

/**
 * Returns the smallest number of replicas whose utilization, requests in progress, and latency are within their limits. Each replica has a
 * speed that it reaches with the usual probability.
 */
function replicasOf(
  { terms: { load }, derate }: ReplicaInput,
  estimate: ReplicaEstimate,
  { maxConcurrency }: ServingMemory,
  fixed?: number,
): PlannedReplicas {
  const { requestsPerSecond, concurrency, outputTokens } = load;
  const speed = estimate.speed?.planned;
  const forThroughput =
    requestsPerSecond === undefined || speed === undefined
      ? undefined
      : replicasFor({
          requestsPerSecond,
          outputTokensPerRequest: outputTokens,
          replicaTokensPerSecond: speed.tokensPerSecond,
          derate,
        });
  const least = forThroughput ?? 1;
  const most = speed?.maxSequences ?? maxConcurrency;
  const forConcurrency =
    concurrency !== undefined
      ? most < 1
        ? undefined
        : Math.max(1, Math.ceil(concurrency / most))
      : speed && smallest(least, (count) => (loadedBy(speed, load, count)?.sequences ?? Infinity) <= derate * most);
  const enough = Math.max(least, forConcurrency ?? 1);
  const forLatency =
    speed && hasTarget(load) ? smallest(enough, (count) => meetsTargets(speed, load, count)) : undefined;
  const count = fixed ?? Math.max(enough, forLatency ?? 1);
  return {
    count,
    given: fixed !== undefined,
    ...(forThroughput !== undefined && { forThroughput }),
    ...(forConcurrency !== undefined && { forConcurrency }),
    ...(forLatency !== undefined && { forLatency }),
    atLeast: fixed === undefined && (speed === undefined || requestsPerSecond === undefined),
  };
}

/** Returns the smallest number of at least `from` that is enough, or `undefined` if no reasonable number is. */
function smallest(from: number, isEnough: (count: number) => boolean): number | undefined {
  let [low, high] = [from - 1, from];
  while (!isEnough(high)) {
    if (high > from * MAX_FACTOR) return undefined;
    [low, high] = [high, high * 2];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function hasTarget({ ttftMs, tpotMs }: ServingLoad): boolean {
  return ttftMs !== undefined || tpotMs !== undefined;
}

function meetsTargets(speed: ReplicaSpeed, load: ServingLoad, replicas: number): boolean {
  const loaded = loadedBy(speed, load, replicas)?.latency(load.percentile / 100);
  return loaded !== undefined && isWithinTargets(loaded, load);
}

/** Returns whether a latency is within the targets of a load. */
function isWithinTargets({ firstTokenSeconds, perTokenSeconds }: Latency, { ttftMs, tpotMs }: ServingLoad): boolean {
  return 1000 * firstTokenSeconds <= (ttftMs ?? Infinity) && 1000 * perTokenSeconds <= (tpotMs ?? Infinity);
}
