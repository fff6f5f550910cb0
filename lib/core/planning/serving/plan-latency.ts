import type { ServingLoad } from '../../workload/serving-load';
import type { PlanHardware } from '../layout/plan-hardware';
import { dividedBy, type PlanRange } from '../range';
import type { LatencyMs, ServingLatencyPlan } from './plan-serving';
import { type LoadedReplica, loadedReplica, type ReplicaSpeed } from './replica-load';
import { type Latency, latencyFloor, latencyVerdict } from './serving-latency';
import type { ServingTerms } from './serving-terms';

/** Returns the state of a replica with its share of the load, or `undefined` if it cannot keep up. */
export function loadedBy(speed: ReplicaSpeed, load: ServingLoad, replicas: number): LoadedReplica | undefined {
  const { inputTokens, outputTokens, requestsPerSecond, concurrency } = load;
  return loadedReplica(speed, {
    inputTokens,
    outputTokens,
    ...(requestsPerSecond !== undefined && { requestsPerSecond: requestsPerSecond / replicas }),
    ...(concurrency !== undefined && { concurrency: concurrency / replicas }),
  });
}

/** Requests to an overloaded replica wait longer and longer. */
const OVERLOADED: Latency = { firstTokenSeconds: Infinity, perTokenSeconds: 0 };

/** Percentiles that a plan shows in addition to the one of the load. */
export const PERCENTILES = [50, 95, 99] as const;

/** Returns the latency of a replica with its share of the load, or `undefined` if the peak of the chip is unknown. */
export function latencyOf(
  terms: ServingTerms,
  hardware: PlanHardware,
  accelerators: number,
  tokensPerSecond: PlanRange | undefined,
  speed: ReplicaSpeed | undefined,
  replicas: number,
  percentiles: readonly number[],
): ServingLatencyPlan | undefined {
  const { load } = terms;
  const floor = floorOf(terms, hardware, accelerators);
  if (!floor || !speed || !tokensPerSecond) return undefined;
  const { inputTokens, outputTokens } = terms;
  const alone = loadedReplica(speed, { inputTokens, outputTokens, requestsPerSecond: 0 });
  const light = alone?.latency(0.5);
  if (!light) return undefined;
  const loaded = loadedBy(speed, load, replicas);
  const target = {
    ...(load.ttftMs !== undefined && { firstTokenSeconds: load.ttftMs / 1000 }),
    ...(load.tpotMs !== undefined && { perTokenSeconds: load.tpotMs / 1000 }),
  };
  const at = (percentile: number) => loaded?.latency(percentile / 100);
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
          ttftMs: dividedBy(1000 * expected.firstTokenSeconds * tokensPerSecond.median, tokensPerSecond),
          tpotMs: dividedBy(1000 * expected.perTokenSeconds * tokensPerSecond.median, tokensPerSecond),
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
