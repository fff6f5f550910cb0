import { checkNumbers } from './inputs';

/** A load, and what one replica does of it. */
export interface ReplicaInput {
  readonly requestsPerSecond: number;
  readonly outputTokensPerRequest: number;
  /** Output tokens a second of one saturated replica: see `servingRate`. */
  readonly replicaTokensPerSecond: number;
  /**
   * Share of the saturated throughput that is left under the latency target. What a tight target costs was not measured
   * anywhere: 1 is the upper end. @default 0.7
   */
  readonly derate?: number;
  /** Replicas beyond those that the load needs. @default 0 */
  readonly spare?: number;
}

/** Replicas that carry a load, one at least. */
export function replicasFor(input: ReplicaInput): number {
  checkNumbers(input, {
    requestsPerSecond: 'notNegative',
    outputTokensPerRequest: 'positive',
    replicaTokensPerSecond: 'positive',
    derate: '?share',
    spare: '?notNegative',
  });
  const { requestsPerSecond, outputTokensPerRequest, replicaTokensPerSecond, derate = 0.7, spare = 0 } = input;
  const needed = (requestsPerSecond * outputTokensPerRequest) / (replicaTokensPerSecond * derate);
  return Math.max(1, Math.ceil(needed)) + Math.ceil(spare);
}

/** Seconds until a new replica has its weights: 140 GB at 1 GB/s are 140 s. Machine and server start come on top. */
export function coldStartSeconds(weightBytes: number, readBytesPerSecond: number): number {
  checkNumbers({ weightBytes, readBytesPerSecond }, { weightBytes: 'positive', readBytesPerSecond: 'positive' });
  return weightBytes / readBytesPerSecond;
}
