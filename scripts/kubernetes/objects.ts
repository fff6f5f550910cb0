/** Condition of an object. */
export interface Condition {
  /** Name of the condition. */
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  /** Name of the cause. @default - none */
  readonly reason?: string;
  /** Description of the state. @default - none */
  readonly message?: string;
}

/** Container of a pod, with the fields that this suite reads. */
export interface Container {
  /** Name. */
  readonly name: string;
  /** Image. */
  readonly image: string;
  /** Arguments. @default - none */
  readonly args?: readonly string[];
  /** Environment variables. @default - none */
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly [field: string]: unknown;
}

/** Specification of an object, with the fields that this suite reads, of all kinds. */
export interface ObjectSpec {
  readonly nodeName?: string;
  readonly subdomain?: string;
  readonly serviceAccountName?: string;
  readonly containers?: readonly Container[];
  readonly taints?: readonly object[];
  readonly template?: { readonly metadata?: unknown; readonly spec?: ObjectSpec };
  readonly trainer?: { readonly numNodes: number };
  readonly replicatedJobs?: readonly { readonly replicas: number; readonly template: { readonly spec: ObjectSpec } }[];
  readonly parallelism?: number;
  readonly completions?: number;
  readonly concurrencyPolicy?: string;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly leaderWorkerTemplate?: { readonly size: number };
  readonly clusterIP?: string;
  readonly publishNotReadyAddresses?: boolean;
  readonly provisioningClassName?: string;
  readonly podSets?: readonly { readonly count: number }[];
  readonly group?: string;
  readonly names?: { readonly kind: string; readonly [field: string]: unknown };
  readonly versions?: readonly { readonly name: string; readonly served: boolean; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/** State of an object, with the fields that this suite reads, of all kinds. */
export interface ObjectStatus {
  readonly phase?: string;
  readonly conditions?: readonly Condition[];
  readonly readyReplicas?: number;
  readonly restartsCountTowardsMax?: number;
  readonly completedIndexes?: string;
  readonly [field: string]: unknown;
}

/** Object to send to the API server, or of a file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: ObjectSpec;
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Object that the API server returned. */
export interface KubernetesObject extends Manifest {
  readonly metadata: Manifest['metadata'] & {
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly name: string }[];
  };
  readonly spec: ObjectSpec;
  readonly status?: ObjectStatus;
  readonly endpoints?: readonly { readonly conditions: { readonly ready?: boolean } }[];
}

/** Returns whether a condition of an object is true. */
export function isTrue(object: KubernetesObject | undefined, type: string): boolean {
  return conditionsOf(object).some((condition) => condition.type === type && condition.status === 'True');
}

/** Returns the conditions of an object. */
export function conditionsOf(object: KubernetesObject | undefined): readonly Condition[] {
  return object?.status?.conditions ?? [];
}

/** Returns whether a pod runs and is ready. */
export function isRunning(pod: KubernetesObject): boolean {
  return pod.status?.phase === 'Running' && isTrue(pod, 'Ready');
}

/** Returns whether the scheduler found no node for a pod. */
export function isUnschedulable(pod: KubernetesObject): boolean {
  return conditionsOf(pod).some(({ reason, status }) => reason === 'Unschedulable' && status === 'False');
}

/** Describes a pod and its conditions, for a failure. */
export function describePod(pod: KubernetesObject): string {
  const conditions = conditionsOf(pod).map(({ type, status, message = '' }) => `${type}=${status} ${message}`);
  return `pod ${pod.metadata.name}: ${pod.status?.phase} ${conditions.join(', ')}`;
}

/** Returns the name of the node of a pod. */
export function nodeNameOf({ spec }: KubernetesObject): string {
  return spec.nodeName ?? '';
}
