import type { Construct, IConstruct } from 'constructs';
import type { Prices } from '../../core/catalog/price-override';
import type { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import {
  assertProps,
  CONSTRUCT,
  type PropSchema,
  RECORD,
  required,
  validateProps,
  brand,
} from '../../core/prop-schema';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkInference } from '../kubernetes-inference/inference-checks';
import { KubernetesInference, type KubernetesInferenceProps } from '../kubernetes-inference/kubernetes-inference';
import { MlNetwork } from '../network/ml-network';
import { resolveService } from './cloud-run-checks';
import { CloudRunInference, type CloudRunInferenceProps } from './cloud-run-inference';
import { resolveEndpoint } from './endpoint-findings';
import { InferenceEndpoint, type InferenceEndpointProps } from './inference-endpoint';
import type { ObservedEndpoint } from './inference-observability';
import { CLOUD_RUN_INFERENCE_PROPS, INFERENCE_ENDPOINT_PROPS, KUBERNETES_INFERENCE_PROPS } from '../prop-schemas';

/** Props that a platform sets for any serving backend. */
export interface SharedServing {
  /** Expected load. Sizes the endpoint, and sets the latency alert. @default - no load: nothing is planned */
  readonly load?: ServingLoad;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Options for a Vertex AI endpoint on a platform. */
export type VertexServingOptions = Omit<InferenceEndpointProps, keyof SharedServing>;

/** Options for a Cloud Run service on a platform. */
export type CloudRunServingOptions = Omit<CloudRunInferenceProps, keyof SharedServing>;

/** Options for a model on GKE on a platform. */
export type KubernetesServingOptions = Omit<KubernetesInferenceProps, keyof SharedServing>;

/** An endpoint of a platform, from any backend. */
export interface IRealtimeEndpoint extends IConstruct, Partial<ObservedEndpoint> {
  /** URL of the endpoint. @default - requests go through an existing gateway of the cluster */
  readonly url?: string;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  readonly plan?: ServingPlan;
}

/** Validates and creates an endpoint. */
interface Backend {
  readonly check: (problems: ProblemCollector, shared: SharedServing, scope: Construct) => void;
  readonly provide: (scope: Construct, id: string, shared: SharedServing) => IRealtimeEndpoint;
}

/**
 * The service or cluster that answers requests on a `RealtimeInferencePlatform`.
 *
 * @example
 * ```ts
 * import { CloudRunGpu, CloudRunModel, RealtimeServing } from 'ai-infra-constructs/google';
 *
 * const serving = RealtimeServing.cloudRun({
 *   region: 'europe-west4',
 *   gpu: CloudRunGpu.L4,
 *   model: CloudRunModel.bucket({ name: 'my-models' }, { prefix: 'gemma-3-4b/v2/', sizeGiB: 8 }),
 * });
 * ```
 */
export class RealtimeServing {
  /** Vertex AI: a model from Model Garden or Hugging Face, on dedicated machines that run permanently. */
  static vertex(options: VertexServingOptions): RealtimeServing {
    assertProps({ options }, { options: required(RECORD) });
    return new RealtimeServing(false, {
      check: checkedBy(options, INFERENCE_ENDPOINT_PROPS, (problems, props) => resolveEndpoint(problems, props)),
      provide: (scope, id, shared) => new InferenceEndpoint(scope, id, { ...options, ...shared }),
    });
  }

  /** Cloud Run: your own model on one GPU for each instance. Without `network`, the platform creates a network for it. */
  static cloudRun(options: CloudRunServingOptions): RealtimeServing {
    assertProps({ options }, { options: required(RECORD) });
    return new RealtimeServing(true, {
      check: checkedBy(options, CLOUD_RUN_INFERENCE_PROPS, (problems, props) => resolveService(problems, props)),
      provide: (scope, id, shared) => {
        const network = options.network ?? new MlNetwork(scope, 'Network', { region: options.region });
        return new CloudRunInference(scope, id, { ...options, ...shared, network });
      },
    });
  }

  /** GKE: your own model on machines of any size. A replica can use several machines. */
  static kubernetes(options: KubernetesServingOptions): RealtimeServing {
    assertProps({ options }, { options: required(RECORD) });
    return new RealtimeServing(true, {
      // The default name of the objects is the ID of the construct.
      check: checkedBy(options, KUBERNETES_INFERENCE_PROPS, (problems, props, scope) =>
        checkInference(problems, { name: 'endpoint', ...props }, scope),
      ),
      provide: (scope, id, shared) => new KubernetesInference(scope, id, { ...options, ...shared }),
    });
  }

  /**
   * An existing endpoint: a construct of another stack, or `InferenceEndpoint.fromInferenceEndpointAttributes(…)`. The platform adds the
   * dashboard, the alerts and a budget for the whole project. It plans no load.
   */
  static fromEndpoint(endpoint: IRealtimeEndpoint): RealtimeServing {
    assertProps({ endpoint }, { endpoint: required(CONSTRUCT) });
    return new RealtimeServing(false, { check: () => undefined, provide: () => endpoint });
  }

  private constructor(
    /** @internal Whether its resources support labels, so that a budget by label includes them. */
    readonly isLabeled: boolean,
    private readonly backend: Backend,
  ) {}

  /** @internal Validates the options before anything is created. */
  check(problems: ProblemCollector, shared: SharedServing, scope: Construct): void {
    this.backend.check(problems, shared, scope);
  }

  /** @internal Creates the endpoint, or returns the existing one. */
  provide(scope: Construct, id: string, shared: SharedServing): IRealtimeEndpoint {
    return this.backend.provide(scope, id, shared);
  }
}

function checkedBy<P extends SharedServing>(
  options: Omit<P, keyof SharedServing>,
  schema: PropSchema<P>,
  check: (problems: ProblemCollector, props: P, scope: Construct) => unknown,
): Backend['check'] {
  return (problems, shared, scope) => {
    const props = { ...options, ...shared };
    if (validateProps(problems, props, schema)) check(problems, props as unknown as P, scope);
  };
}

brand(RealtimeServing, 'google.RealtimeServing');
