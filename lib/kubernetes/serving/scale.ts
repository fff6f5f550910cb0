/** How many replicas there are: a number, or a range that follows the requests. */
export type ServingScale =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | ({ readonly kind: 'keda'; readonly prometheus: string; readonly wakeUp?: WakeUp } & ScaleRange)
  | ({ readonly kind: 'hpa' } & ScaleRange);

/** Between which numbers the replicas move, and by what. */
export interface ScaleRange {
  readonly least: number;
  readonly most: number;
  /** Requests that one replica should have at once: more of them, and another replica comes. */
  readonly requestsPerReplica: number;
}

/** What tells that a request waits while there is no replica to count it. */
export interface WakeUp {
  /** An expression of PromQL over what stands before the replicas, e.g. the requests of a gateway in the last minute. */
  readonly query: string;
  /** Above which a first replica comes. @default 0 */
  readonly above?: number;
}

/** Most replicas at any time. */
export function mostReplicas(scale: ServingScale): number {
  return scale.kind === 'fixed' ? scale.replicas : scale.most;
}
