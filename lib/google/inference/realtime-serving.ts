import type { Construct } from 'constructs';
import type { PriceOverride } from '../../core/catalog/price-override';
import type { Problems } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { branded, fits, type Kind, RECORD, demand, required, type Shape } from '../../core/shapes';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkInference } from '../kubernetes-inference/inference-checks';
import { KubernetesInference } from '../kubernetes-inference/kubernetes-inference';
import type { KubernetesInferenceProps } from '../kubernetes-inference/kubernetes-inference-props';
import { KUBERNETES_INFERENCE } from '../kubernetes-inference/kubernetes-inference-shape';
import { MlNetwork } from '../network/ml-network';
import { settleService } from './cloud-run-checks';
import { CloudRunInference } from './cloud-run-inference';
import { CLOUD_RUN_INFERENCE, type CloudRunInferenceProps } from './cloud-run-props';
import { settleEndpoint } from './endpoint-checks';
import { InferenceEndpoint } from './inference-endpoint';
import { INFERENCE_ENDPOINT, type InferenceEndpointProps } from './inference-endpoint-props';
import type { ObservedEndpoint } from './inference-observability';

/** What all ways to serve share, and a platform says once. */
export interface SharedServing {
  readonly load?: ServingLoad;
  readonly prices?: readonly PriceOverride[];
  readonly pricesAsOf?: string;
}

type Own<Props> = Omit<Props, keyof SharedServing>;

/** What answers requests at once, whichever way. */
export interface RealtimeEndpoint extends Construct, Partial<ObservedEndpoint> {
  /** Where requests go. @default - a gateway that the cluster has takes them */
  readonly url?: string;
  /** What the load takes, how fast it is answered, and what it costs. @default - no load was given */
  readonly plan?: ServingPlan;
}

/** How one way is judged and made. */
interface Way {
  readonly check: (problems: Problems, shared: SharedServing, scope: Construct) => void;
  readonly provide: (scope: Construct, id: string, shared: SharedServing) => RealtimeEndpoint;
}

/** By what a model answers at once: a service of Google, or a cluster. */
export class RealtimeServing {
  /** By Vertex AI: a model of Model Garden or Hugging Face, on machines that always stand. */
  static vertex(options: Own<InferenceEndpointProps>): RealtimeServing {
    demand({ options }, { options: required(RECORD) });
    return new RealtimeServing('vertex', false, {
      check: checkedBy(options, INFERENCE_ENDPOINT, (problems, props) => settleEndpoint(problems, props)),
      provide: (scope, id, shared) => new InferenceEndpoint(scope, id, { ...options, ...shared }),
    });
  }

  /** By Cloud Run: a model of yours on one GPU an instance, down to none. It gets a network of its own, unless one is given. */
  static cloudRun(options: Own<CloudRunInferenceProps>): RealtimeServing {
    demand({ options }, { options: required(RECORD) });
    return new RealtimeServing('cloud-run', true, {
      check: checkedBy(options, CLOUD_RUN_INFERENCE, (problems, props) => settleService(problems, props)),
      provide: (scope, id, shared) => {
        const network = options.network ?? new MlNetwork(scope, 'Network', { region: options.region });
        return new CloudRunInference(scope, id, { ...options, ...shared, network });
      },
    });
  }

  /** By GKE: a model of yours on machines of any size, with replicas over several of them. */
  static kubernetes(options: Own<KubernetesInferenceProps>): RealtimeServing {
    demand({ options }, { options: required(RECORD) });
    return new RealtimeServing('kubernetes', true, {
      // Objects are named after the construct, unless they have a name.
      check: checkedBy(options, KUBERNETES_INFERENCE, (problems, props, scope) =>
        checkInference(problems, { name: 'endpoint', ...props }, scope),
      ),
      provide: (scope, id, shared) => new KubernetesInference(scope, id, { ...options, ...shared }),
    });
  }

  private constructor(
    public readonly kind: 'vertex' | 'cloud-run' | 'kubernetes',
    /** Whether what it makes takes labels, so that a budget by label counts it. */
    public readonly isLabelled: boolean,
    private readonly way: Way,
  ) {}

  /** @internal Adds what contradicts itself, before anything is made. */
  check(problems: Problems, shared: SharedServing, scope: Construct): void {
    this.way.check(problems, shared, scope);
  }

  /** @internal Makes what answers. */
  provide(scope: Construct, id: string, shared: SharedServing): RealtimeEndpoint {
    return this.way.provide(scope, id, shared);
  }
}

function checkedBy<P extends SharedServing>(
  options: Own<P>,
  shape: Shape<P>,
  check: (problems: Problems, props: P, scope: Construct) => unknown,
): Way['check'] {
  return (problems, shared, scope) => {
    const props = { ...options, ...shared };
    if (fits(problems, props, shape)) check(problems, props as unknown as P, scope);
  };
}

/** A way to serve, of whichever copy of the package. */
export const REALTIME_SERVING: Kind = branded(
  RealtimeServing,
  'GoogleRealtimeServing',
  'a RealtimeServing',
  'Use RealtimeServing.vertex({ … }), RealtimeServing.cloudRun({ … }) or RealtimeServing.kubernetes({ … }).',
);
