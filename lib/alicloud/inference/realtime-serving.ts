import type { Construct, IConstruct } from 'constructs';
import type { Prices } from '../../core/catalog/price-override';
import type { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import {
  assertProps,
  brand,
  CONSTRUCT,
  type PropSchema,
  RECORD,
  required,
  validateProps,
} from '../../core/prop-schema';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { IMlNetwork } from '../network/network-attributes';
import { FUNCTION_INFERENCE_PROPS, INFERENCE_ENDPOINT_PROPS } from '../prop-schemas';
import { checkedEndpoint } from './endpoint-checks';
import type { InferenceEndpointProps } from './endpoint-options';
import { resolveFunction } from './function-checks';
import { FunctionInference } from './function-inference';
import type { FunctionInferenceProps } from './function-props';
import { InferenceEndpoint } from './inference-endpoint';
import type { ObservedEndpoint } from './inference-observability';

/** Props that a platform sets for any serving backend. */
export interface SharedServing {
  /** Expected load. Sizes the endpoint, and sets the latency alarm. @default - no load: nothing is planned */
  readonly load?: ServingLoad;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Props of an endpoint that a platform sets. */
export interface PlatformServing extends SharedServing {
  /** Network of the endpoint. */
  readonly network: IMlNetwork;
}

/** Options for models on PAI-EAS on a platform. */
export type EasServingOptions = Omit<InferenceEndpointProps, keyof PlatformServing>;

/** Options for a model on Function Compute on a platform. */
export type FunctionServingOptions = Omit<FunctionInferenceProps, keyof PlatformServing>;

/** An endpoint of a platform, from any backend. */
export interface IRealtimeEndpoint extends IConstruct, Partial<ObservedEndpoint> {
  /** URL of the endpoint. @default - requests go through a dedicated gateway, which has its own address */
  readonly url?: string;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  readonly plan?: ServingPlan;
}

/** Validates and creates an endpoint. */
interface Backend {
  readonly check: (problems: ProblemCollector, shared: PlatformServing) => void;
  readonly provide: (scope: Construct, id: string, shared: PlatformServing) => IRealtimeEndpoint;
}

/**
 * The service that answers requests on a `RealtimeInferencePlatform`.
 *
 * @example
 * ```ts
 * import { AlicloudMachine, DataBucket, EndpointModel, RealtimeServing } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const models = DataBucket.fromBucketName(stack, 'Models', 'my-models');
 * const serving = RealtimeServing.eas({
 *   machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
 *   models: { chat: { model: EndpointModel.bucket(models, { prefix: 'qwen3-8b/v2/', sizeGiB: 16 }) } },
 * });
 * ```
 */
export class RealtimeServing {
  /** PAI-EAS: one or more models, on machines of any size that run permanently. */
  static eas(options: EasServingOptions): RealtimeServing {
    assertProps({ options }, { options: required(RECORD) });
    return new RealtimeServing({
      check: checkedBy(options, INFERENCE_ENDPOINT_PROPS, (problems, props) => checkedEndpoint(problems, props)),
      provide: (scope, id, shared) => new InferenceEndpoint(scope, id, { ...options, ...shared }),
    });
  }

  /** Function Compute: your own model on one GPU for each instance, with scaling to zero. */
  static functionCompute(options: FunctionServingOptions): RealtimeServing {
    assertProps({ options }, { options: required(RECORD) });
    return new RealtimeServing({
      check: checkedBy(options, FUNCTION_INFERENCE_PROPS, (problems, props) => resolveFunction(problems, props)),
      provide: (scope, id, shared) => new FunctionInference(scope, id, { ...options, ...shared }),
    });
  }

  /** An existing endpoint: a construct of another stack. The platform adds alarms. It plans no load. */
  static fromEndpoint(endpoint: IRealtimeEndpoint): RealtimeServing {
    assertProps({ endpoint }, { endpoint: required(CONSTRUCT) });
    return new RealtimeServing({ check: () => undefined, provide: () => endpoint }, true);
  }

  private constructor(
    private readonly backend: Backend,
    /** @internal Whether the endpoint exists already, so that the platform has no network. */
    readonly isExisting = false,
  ) {}

  /** @internal Validates the options before anything is created. */
  check(problems: ProblemCollector, shared: PlatformServing): void {
    this.backend.check(problems, shared);
  }

  /** @internal Creates the endpoint, or returns the existing one. */
  provide(scope: Construct, id: string, shared: PlatformServing): IRealtimeEndpoint {
    return this.backend.provide(scope, id, shared);
  }
}

function checkedBy<P extends SharedServing>(
  options: Omit<P, keyof PlatformServing>,
  schema: PropSchema<P>,
  check: (problems: ProblemCollector, props: P) => unknown,
): Backend['check'] {
  return (problems, shared) => {
    const props = { ...options, ...shared };
    if (validateProps(problems, props, schema)) check(problems, props as unknown as P);
  };
}

brand(RealtimeServing, 'alicloud.RealtimeServing');
