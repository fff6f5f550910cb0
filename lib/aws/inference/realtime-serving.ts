import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Prices } from '../../core/catalog/price-override';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, RECORD, required, validateProps, brand } from '../../core/prop-schema';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkedEndpoint } from './endpoint-checks';
import type { IInferenceEndpoint } from './endpoint-base';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { InferenceEndpoint } from './inference-endpoint';
import type { ServedEndpoint } from './platform-gateway';
import { INFERENCE_ENDPOINT, INFERENCE_ENDPOINT_PROPS } from '../prop-schemas';

/** Props that a platform passes to its endpoint. */
export interface SharedServing {
  readonly load?: ServingLoad;
  readonly prices?: Prices;
  readonly vpc?: IVpc;
  readonly alertTopic?: ITopic;
}

/** Options for a SageMaker endpoint: the props of `InferenceEndpoint` without those that the platform provides. */
export type SageMakerServingOptions = Omit<InferenceEndpointProps, 'load' | 'prices' | 'vpc' | 'alertTopic'>;

/** How an endpoint is validated and created. */
interface Backend {
  readonly usesVpc: boolean;
  /** Adds problems. Returns undefined if the props have wrong types. */
  readonly check: (problems: ProblemCollector, shared: SharedServing, scope: Construct) => ServedEndpoint | undefined;
  readonly provide: (scope: Construct, id: string, shared: SharedServing) => IInferenceEndpoint;
}

/** The endpoint of a `RealtimeInferencePlatform`. */
export class RealtimeServing {
  /** A new SageMaker endpoint. */
  static sageMaker(options: SageMakerServingOptions): RealtimeServing {
    assertProps({ options }, { options: required(RECORD) });
    return new RealtimeServing({
      usesVpc: options.kind?.name !== 'serverless',
      check: (problems, shared, scope) => {
        const props = { ...options, ...shared };
        if (!validateProps(problems, props, INFERENCE_ENDPOINT_PROPS)) return undefined;
        checkedEndpoint(problems, props, scope);
        const kind = kindOf(props);
        const componentModels = kind.name === 'components' ? Object.keys(props.models) : [];
        return { isAsynchronous: kind.isAsynchronous, componentModels };
      },
      provide: (scope, id, shared) => new InferenceEndpoint(scope, id, { ...options, ...shared }),
    });
  }

  /** An existing endpoint, of this app or imported. The platform adds its gateway, dashboard, budget and tags. */
  static fromEndpoint(endpoint: IInferenceEndpoint): RealtimeServing {
    assertProps({ endpoint }, { endpoint: required(INFERENCE_ENDPOINT) });
    return new RealtimeServing({
      usesVpc: false,
      check: (problems, { vpc }) => {
        if (vpc) {
          problems.add({
            code: 'EndpointOption',
            prop: 'vpc',
            allowed: 'left out for an existing endpoint',
            got: vpc.node.path,
            fix: 'Set `vpc` on the endpoint itself.',
          });
        }
        return { isAsynchronous: endpoint.isAsynchronous, componentModels: Object.keys(endpoint.components) };
      },
      provide: () => endpoint,
    });
  }

  private constructor(private readonly backend: Backend) {}

  /** @internal Whether the endpoint runs in the VPC of the platform. */
  get usesVpc(): boolean {
    return this.backend.usesVpc;
  }

  /** @internal Adds what is wrong with the endpoint, before anything is created. */
  check(problems: ProblemCollector, shared: SharedServing, scope: Construct): ServedEndpoint | undefined {
    return this.backend.check(problems, shared, scope);
  }

  /** @internal Creates or returns the endpoint. */
  provide(scope: Construct, id: string, shared: SharedServing): IInferenceEndpoint {
    return this.backend.provide(scope, id, shared);
  }
}

brand(RealtimeServing, 'aws.RealtimeServing');
