import { assertProps, required, STRING, brand, NUMBER } from '../../core/prop-schema';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ModelCache } from './model-files';
import { PROMETHEUS } from './charts';
import { KEDA_OPTIONS, SCALING_OPTIONS } from '../prop-schemas';

/** Number of replicas: a fixed number, or a range that scales with the requests. */
export type ServingScale =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | ({ readonly kind: 'keda'; readonly prometheus: string } & KedaTriggers & ScaleRange)
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

/** Query that adds replicas, in addition to the requests. */
export interface KedaQuery {
  /** PromQL expression with one value, for example the length of a queue. */
  readonly query: string;
  /** Value per replica. The autoscaler adds a replica above it. */
  readonly threshold: number;
}

/**
 * Period in which a number of replicas runs, also without requests.
 *
 * @see https://keda.sh/docs/latest/scalers/cron/
 */
export interface KedaSchedule {
  /** Cron expression of the start of the period, with five fields. */
  readonly start: string;
  /** Cron expression of the end of the period, with five fields. */
  readonly end: string;
  /** Time zone of both, from the IANA database, for example `Europe/Berlin`. @default 'Etc/UTC' */
  readonly timeZone?: string;
  /** Number of replicas in the period. More run if the requests need them. */
  readonly replicas: number;
}

/** What KEDA scales on, in addition to the requests. */
export interface KedaTriggers {
  /** Query that detects waiting requests while there are no replicas. Required if `minReplicas` is 0, unless `schedules` is set. @default - none */
  readonly activation?: KedaActivation;
  /** More queries that add replicas. The largest result counts. @default - only the requests count */
  readonly queries?: readonly KedaQuery[];
  /** Periods in which a number of replicas runs, for example working hours. @default - none */
  readonly schedules?: readonly KedaSchedule[];
}

/** Returns the maximum number of replicas. */
export function maxReplicasOf(scale: ServingScale): number {
  return scale.kind === 'fixed' ? scale.replicas : scale.maxReplicas;
}

/** Returns the minimum and maximum number of replicas. */
export function limitsOf(scale: ServingScale): ReplicaLimits {
  if (scale.kind === 'fixed') return { minReplicas: scale.replicas, maxReplicas: scale.replicas };
  return { minReplicas: scale.minReplicas, maxReplicas: scale.maxReplicas };
}

/**
 * Cache for the files of a model between starts.
 *
 * @example
 * ```ts
 * import { ServingCache } from 'ai-infra-constructs/aws';
 *
 * const cache = ServingCache.node();
 * ```
 */
export class ServingCache {
  /** Stores the files in each pod, on the disk of the node. Every start downloads the model. */
  static pod(): ServingCache {
    return new ServingCache({ kind: 'pod' });
  }

  /** Stores the files on the node, for the next pod on the same node. The namespace then admits pods that mount folders of the node. */
  static node(path = '/mnt/k8s-disks/0/models'): ServingCache {
    assertProps({ path }, { path: required(STRING) });
    return new ServingCache({ kind: 'node', path });
  }

  /** Stores the files on a volume that all pods share. The claim must be in the namespace of the model. */
  static volume(claimName: string): ServingCache {
    assertProps({ claimName }, { claimName: required(STRING) });
    return new ServingCache({ kind: 'volume', claimName });
  }

  /** @internal Cache for the Kubernetes objects. */
  public readonly cache: ModelCache;

  private constructor(cache: ModelCache) {
    this.cache = cache;
  }
}

brand(ServingCache, 'kubernetes.ServingCache');

/** Options for a range of replicas. */
export interface ScalingOptions {
  /** Minimum number of replicas. @default 1 */
  readonly minReplicas?: number;
  /** Maximum number of replicas. */
  readonly maxReplicas: number;
  /** Target number of concurrent requests per replica. @default - derived from `load` */
  readonly targetConcurrency?: number;
}

/** Existing Prometheus server of the cluster. */
export interface ExistingPrometheus {
  /** URL that KEDA queries, for example `http://prometheus.observability.svc:9090`. */
  readonly address: string;
  /** Namespace of the Prometheus server, which the network policy of the servers allows. It must scrape pod monitors of all namespaces. */
  readonly namespace: string;
}

/** Options for scaling with KEDA. */
export interface KedaOptions extends ScalingOptions, KedaTriggers {
  /** Prometheus server that scrapes the servers. @default - a new small Prometheus server, only for scaling */
  readonly prometheus?: ExistingPrometheus;
}

/**
 * Number of replicas of a served model: fixed, or scaled with the requests.
 *
 * @example
 * ```ts
 * import { ServingScaling } from 'ai-infra-constructs/aws';
 *
 * const scaling = ServingScaling.keda({ minReplicas: 1, maxReplicas: 8, targetConcurrency: 16 });
 * ```
 */
export class ServingScaling {
  /** Uses a fixed number of replicas. */
  static fixed(replicas: number): ServingScaling {
    assertProps({ replicas }, { replicas: required(NUMBER) });
    return new ServingScaling('fixed', { minReplicas: replicas, maxReplicas: replicas });
  }

  /** Scales with KEDA on Prometheus metrics: running and waiting requests, and the usage of the KV cache. */
  static keda(options: KedaOptions): ServingScaling {
    assertProps(options, KEDA_OPTIONS, { name: 'options' });
    return new ServingScaling('keda', options);
  }

  /** Scales with a HorizontalPodAutoscaler on server metrics. Requires a custom metrics adapter in the cluster. */
  static hpa(options: ScalingOptions): ServingScaling {
    assertProps(options, SCALING_OPTIONS, { name: 'options' });
    return new ServingScaling('hpa', options);
  }

  /** Minimum number of replicas. */
  public readonly minReplicas: number;
  /** Maximum number of replicas. */
  public readonly maxReplicas: number;
  /** Target number of concurrent requests per replica. @default - derived from the load */
  public readonly targetConcurrency?: number;
  /** @internal Namespace of the Prometheus server that scrapes the servers. */
  public readonly metricsNamespace?: string;
  /** @internal Whether a Prometheus server must be installed. */
  public readonly needsPrometheus: boolean;
  /** @internal Kind of the scaling. */
  public readonly kind: ServingScale['kind'];

  private constructor(
    kind: ServingScale['kind'],
    private readonly options: KedaOptions,
  ) {
    this.kind = kind;
    this.minReplicas = options.minReplicas ?? 1;
    this.maxReplicas = options.maxReplicas;
    this.targetConcurrency = options.targetConcurrency;
    this.metricsNamespace = kind === 'keda' ? (options.prometheus ?? PROMETHEUS).namespace : undefined;
    this.needsPrometheus = kind === 'keda' && options.prometheus === undefined;
  }

  /** @internal Returns the scaling for the Kubernetes objects. @param targetConcurrency default from the load */
  resolve(targetConcurrency: number): ServingScale {
    const { kind, minReplicas, maxReplicas, options } = this;
    if (kind === 'fixed') return { kind, replicas: maxReplicas };
    const range = { minReplicas, maxReplicas, targetConcurrency: this.targetConcurrency ?? targetConcurrency };
    if (kind === 'hpa') return { kind, ...range };
    const { activation, queries, schedules } = options;
    return { kind, ...range, prometheus: (options.prometheus ?? PROMETHEUS).address, activation, queries, schedules };
  }
}

brand(ServingScaling, 'kubernetes.ServingScaling');
