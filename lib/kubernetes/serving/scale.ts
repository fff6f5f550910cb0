/** Number of replicas: a fixed number, or a range that scales with the requests. */
export type ServingScale =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | ({ readonly kind: 'keda'; readonly prometheus: string; readonly activation?: KedaActivation } & ScaleRange)
  | ({ readonly kind: 'hpa' } & ScaleRange);

/** Range of replicas and the scaling target. */
export interface ScaleRange {
  /** Minimum number of replicas. */
  readonly minReplicas: number;
  /** Maximum number of replicas. */
  readonly maxReplicas: number;
  /** Target number of concurrent requests per replica. The autoscaler adds a replica above it. */
  readonly targetConcurrency: number;
}

/** Query that detects waiting requests while there are no replicas that could report them. */
export interface KedaActivation {
  /** PromQL expression on the component in front of the replicas, for example the requests of a gateway in the last minute. */
  readonly query: string;
  /** The first replica starts if the result of the query is greater than this value. @default 0 */
  readonly above?: number;
}

/** Returns the maximum number of replicas. */
export function maxReplicasOf(scale: ServingScale): number {
  return scale.kind === 'fixed' ? scale.replicas : scale.maxReplicas;
}
