import { checkNumbers } from '../time/inputs';

/** A load, and the throughput of one replica. */
export interface ReplicaInput {
  readonly requestsPerSecond: number;
  readonly outputTokensPerRequest: number;
  /** Output tokens per second of a saturated replica: see `servingRate`. */
  readonly replicaTokensPerSecond: number;
  /**
   * Share of the saturated throughput that remains within the latency target. No source measures the effect of a tight target. 1 is the
   * upper limit. @default 0.7
   */
  readonly derate?: number;
  /** Replicas in addition to those that the load needs. @default 0 */
  readonly spare?: number;
}

/** Returns the number of replicas for a load, at least 1. */
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

/** Returns the seconds to load the weights of a new replica: 140 GB at 1 GB/s take 140 s. The start of machine and server is not included. */
export function coldStartSeconds(weightBytes: number, readBytesPerSecond: number): number {
  checkNumbers({ weightBytes, readBytesPerSecond }, { weightBytes: 'positive', readBytesPerSecond: 'positive' });
  return weightBytes / readBytesPerSecond;
}
