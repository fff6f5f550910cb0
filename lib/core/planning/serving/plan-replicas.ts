import type { ServingLoad } from '../../workload/serving-load';
import { DEFAULT_PROBABILITY } from '../../workload/training-job';
import { atProbability, dividedBy } from '../range';
import type { PlanHardware } from '../layout/plan-hardware';
import { linkedAccelerators } from '../layout/plan-hardware';
import { type LoadedReplica, loadedReplica, type ReplicaSpeed } from './replica-load';
import { type Latency, latencyFloor, latencyVerdict } from './serving-latency';
import type { LatencyMs, PlannedReplica, PlannedReplicas, ServingLatencyPlan, ServingThroughput } from './plan-serving';
import { replicasFor } from './replicas';
import type { ServingMemory } from './serving-context';
import { servingSpeed } from './serving-rate';
import { replicaMemory, type ServingTerms } from './serving-terms';

/** Share of the saturated throughput that a plan uses. The rest is for bursts, and for replicas that start or fail. */
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
  return resolvedWith(PERCENTILES, input, accelerators, count);
}

function resolvedWith(
  percentiles: readonly number[],
  input: ReplicaInput,
  accelerators: number,
  count?: number,
): ResolvedReplica {
  const memory = replicaMemory(input.terms, input.hardware, accelerators);
  const estimate = estimateOf(input, accelerators, memory);
  const replicas = replicasOf(input, estimate, memory, count);
  const latency = latencyOf(input, accelerators, estimate, replicas.count, percentiles);
  return { accelerators, memory, ...(latency && { latency }), throughput: estimate.throughput, replicas };
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
 * latency floor must be below the target. One that meets the latency targets comes first. A replica spans nodes only with RDMA. Its plan has
 * no list of percentiles, which takes time.
 */
export function bestReplica(input: ReplicaInput): ResolvedReplica | undefined {
  const { terms, hardware } = input;
  let best: ResolvedReplica | undefined;
  for (const size of candidates(terms, hardware)) {
    if (terms.modelBytes > size * hardware.memoryBytes) continue;
    if (best && meetsLatency(best) && size >= totalAccelerators(best)) continue;
    if (!replicaMemory(terms, hardware, size).fits) continue;
    const one = resolvedWith([], input, size);
    if (one.latency?.verdict !== 'impossible' && (!best || isBetter(one, best))) best = one;
  }
  return best;
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
  const key = speedKey(chip, hardware, accelerators);
  const known = terms.speeds.get(key);
  const estimate =
    known ??
    servingSpeed({
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
  terms.speeds.set(key, estimate);
  const { evidence, runs, p10, median, p90, bound, speed } = estimate;
  const tokensPerSecond = { p10, median, p90 };
  const throughput = { evidence, runs, tokensPerSecond, class: estimate.class, boundTokensPerSecond: bound, derate };
  if (memory.maxConcurrency < 1) return { throughput };
  const maxSequences = Math.min(speed.maxSequences, memory.maxConcurrency);
  const slower = atProbability(tokensPerSecond, 1 - DEFAULT_PROBABILITY) / median;
  const ofMedian = { ...speed, maxSequences };
  return { throughput, speed: { median: ofMedian, planned: slowed(ofMedian, slower) } };
}

/** Returns a key that is equal for replicas with the same speed. Within a scale-up domain, the rest of the machine does not matter. */
function speedKey(chip: string, hardware: PlanHardware, accelerators: number): string {
  const { fraction, memoryBytes, perNode, domain, fabricBytesPerSecond } = hardware;
  const replica = `${chip} ${fraction} ${memoryBytes} ${accelerators}`;
  return accelerators <= Math.min(perNode, domain)
    ? replica
    : `${replica} ${perNode} ${domain} ${fabricBytesPerSecond ?? 'unknown'}`;
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
 * Returns the number of replicas for a load, at a speed that a replica reaches with the usual probability: the smallest number whose
 * utilization, requests in progress, and latency are within their limits.
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

function loadedBy(speed: ReplicaSpeed, load: ServingLoad, replicas: number): LoadedReplica | undefined {
  const { inputTokens, outputTokens, requestsPerSecond, concurrency } = load;
  return loadedReplica(speed, {
    inputTokens,
    outputTokens,
    ...(requestsPerSecond !== undefined && { requestsPerSecond: requestsPerSecond / replicas }),
    ...(concurrency !== undefined && { concurrency: concurrency / replicas }),
  });
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

/** Requests to an overloaded replica wait longer and longer. */
const OVERLOADED: Latency = { firstTokenSeconds: Infinity, perTokenSeconds: 0 };

/** Percentiles that a plan shows in addition to the one of the load. */
const PERCENTILES = [50, 95, 99] as const;

/** Returns the latency of a replica with its share of the load, or `undefined` if the peak of the chip is unknown. */
function latencyOf(
  { terms, hardware }: ReplicaInput,
  accelerators: number,
  { throughput, speed }: ReplicaEstimate,
  replicas: number,
  percentiles: readonly number[],
): ServingLatencyPlan | undefined {
  const { load } = terms;
  const floor = floorOf(terms, hardware, accelerators);
  if (!floor || !speed || !throughput.tokensPerSecond) return undefined;
  const { inputTokens, outputTokens } = terms;
  const alone = loadedReplica(speed.median, { inputTokens, outputTokens, requestsPerSecond: 0 });
  const light = alone?.latency(0.5);
  if (!light) return undefined;
  const loaded = loadedBy(speed.median, load, replicas);
  const target = {
    ...(load.ttftMs !== undefined && { firstTokenSeconds: load.ttftMs / 1000 }),
    ...(load.tpotMs !== undefined && { perTokenSeconds: load.tpotMs / 1000 }),
  };
  const at = (percentile: number) => loaded && loaded.latency(percentile / 100);
  const expected = at(load.percentile);
  const verdict = latencyVerdict(floor, expected ?? OVERLOADED, target);
  return {
    floor: inMs(floor),
    light: inMs(light),
    verdict,
    ...(loaded &&
      expected && {
        loaded: {
          percentile: load.percentile,
          ttftMs: dividedBy(
            1000 * expected.firstTokenSeconds * throughput.tokensPerSecond.median,
            throughput.tokensPerSecond,
          ),
          tpotMs: dividedBy(
            1000 * expected.perTokenSeconds * throughput.tokensPerSecond.median,
            throughput.tokensPerSecond,
          ),
        },
        percentiles: percentiles.map((percentile) => ({ percentile, ...inMs(at(percentile)!) })),
        utilization: loaded.utilization,
        requestsInProgress: loaded.sequences * replicas,
      }),
  };
}

function floorOf(terms: ServingTerms, { chip, fraction }: PlanHardware, accelerators: number): Latency | undefined {
  const { shape, inputTokens, outputTokens, weightBytes, kvBytes, weightPrecision } = terms;
  // A chip that does not support the precision of the weights computes in bf16.
  const peak = chip[`${weightPrecision}DenseTflops`] ?? chip.bf16DenseTflops;
  if (peak === undefined) return undefined;
  return latencyFloor({
    shape,
    accelerators,
    memoryBytesPerSecond: chip.memoryBandwidthGBps * 1e9 * fraction,
    peakFlops: peak * 1e12 * fraction,
    inputTokens,
    outputTokens,
    weightBytes,
    kvBytes,
  });
}

function inMs({ firstTokenSeconds, perTokenSeconds }: Latency): LatencyMs {
  return { ttftMs: 1000 * firstTokenSeconds, tpotMs: 1000 * perTokenSeconds };
}

/** Returns the number of concurrent requests: as declared, or the arrival rate times the expected response time (Little 1961). */
export function requestsAtOnce(load: ServingLoad, latency: ServingLatencyPlan | undefined): number | undefined {
  const { concurrency, requestsPerSecond, outputTokens } = load;
  if (concurrency !== undefined || requestsPerSecond === undefined || latency === undefined) return concurrency;
  const { requestsInProgress, light } = latency;
  return requestsInProgress ?? (requestsPerSecond * (light.ttftMs + outputTokens * light.tpotMs)) / 1000;
}
