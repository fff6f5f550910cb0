import { branded, demand, type Kind, NUMBER, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { PROMETHEUS } from './charts';
import type { ServingScale, WakeUp } from './scale';

/** Between which numbers replicas move. */
export interface ScalingOptions {
  /** Fewest replicas. @default 1 */
  readonly least?: number;
  /** Most replicas. */
  readonly most: number;
  /** Requests that one replica should have at once. @default - what `load` gives each of the replicas that it takes */
  readonly requestsPerReplica?: number;
}

/** A Prometheus that a cluster has. */
export interface ExistingPrometheus {
  /** What KEDA asks, e.g. `http://prometheus.observability.svc:9090`. */
  readonly address: string;
  /** Namespace of what reads the servers: their network policy admits it. It must heed monitors of pods. */
  readonly namespace: string;
}

/** Replicas by KEDA. */
export interface KedaOptions extends ScalingOptions {
  /** A Prometheus that reads the servers. @default - a small one that is installed for this alone */
  readonly prometheus?: ExistingPrometheus;
  /** What tells that a request waits while there is no replica: needed to scale to zero. @default - at least one replica stays */
  readonly wakeUp?: WakeUp;
}

/** How many replicas there are. */
export class ServingScaling {
  /** Always so many. */
  static fixed(replicas: number): ServingScaling {
    demand({ replicas }, { replicas: required(NUMBER) });
    return new ServingScaling('fixed', { least: replicas, most: replicas });
  }

  /** By the requests that run and wait and by the cache of keys and values, as Prometheus tells them to KEDA. */
  static keda(options: KedaOptions): ServingScaling {
    demand(options, KEDA, { name: 'options' });
    return new ServingScaling('keda', options);
  }

  /** By the autoscaler of Kubernetes, on gauges of the server that an adapter of custom metrics in the cluster offers. */
  static hpa(options: ScalingOptions): ServingScaling {
    demand(options, SCALING, { name: 'options' });
    return new ServingScaling('hpa', options);
  }

  public readonly least: number;
  public readonly most: number;
  /** @default - left to the load */
  public readonly requestsPerReplica?: number;
  /** Namespace of what reads the metrics of the servers. @default - nothing does */
  public readonly metricsNamespace?: string;
  /** Whether a Prometheus is to be installed for it. */
  public readonly needsPrometheus: boolean;

  private constructor(
    public readonly kind: ServingScale['kind'],
    private readonly options: KedaOptions,
  ) {
    this.least = options.least ?? 1;
    this.most = options.most;
    this.requestsPerReplica = options.requestsPerReplica;
    this.metricsNamespace = kind === 'keda' ? (options.prometheus ?? PROMETHEUS).namespace : undefined;
    this.needsPrometheus = kind === 'keda' && options.prometheus === undefined;
  }

  /** @internal The range in the words of the Kubernetes layer. */
  resolve(requestsPerReplica: number): ServingScale {
    const { kind, least, most, options } = this;
    if (kind === 'fixed') return { kind, replicas: most };
    const range = { least, most, requestsPerReplica: this.requestsPerReplica ?? requestsPerReplica };
    if (kind === 'hpa') return { kind, ...range };
    return { kind, ...range, prometheus: (options.prometheus ?? PROMETHEUS).address, wakeUp: options.wakeUp };
  }
}

/** A scaling, of whichever copy of the package. */
export const SERVING_SCALING: Kind = branded(
  ServingScaling,
  'ServingScaling',
  'a ServingScaling',
  'Use ServingScaling.keda({ most }) or ServingScaling.fixed(2).',
);

const SCALING: Shape<ScalingOptions> = { least: NUMBER, most: required(NUMBER), requestsPerReplica: NUMBER };

const KEDA: Shape<KedaOptions> = {
  ...SCALING,
  prometheus: objectOf<ExistingPrometheus>(
    { address: required(TEXT), namespace: required(TEXT) },
    'a Prometheus { address, namespace }',
  ),
  wakeUp: objectOf<WakeUp>({ query: required(TEXT), above: NUMBER }, 'a query { query, above }'),
};
