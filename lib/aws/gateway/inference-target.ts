import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { CONSTRUCT, assertProps, validateProps, required, STRING } from '../../core/prop-schema';
import { INFERENCE_TARGET, INFERENCE_TARGET_OPTIONS } from '../prop-schemas';

/** An endpoint behind a gateway: an `InferenceEndpoint`, an imported one, or any object with a name and a grant. */
export interface IInferenceTarget {
  /** Name of the SageMaker endpoint. */
  readonly endpointName: string;
  /** Name of the inference component to invoke. @default - the only one of `components` */
  readonly inferenceComponentName?: string;
  /** Inference components by model name. A gateway supports several only with `inferenceComponentName`. @default - no components */
  readonly components?: Readonly<Record<string, { readonly componentName: string }>>;
  /** Whether the endpoint writes its answers to a bucket. A gateway does not support this. @default false */
  readonly isAsynchronous?: boolean;
  /** Allows a principal to invoke the endpoint. */
  grantInvoke(grantee: IGrantable): Grant;
}

/** Names of the inference components that a request can select. Empty for an endpoint without components. */
export function componentsOf({ inferenceComponentName, components = {} }: IInferenceTarget): string[] {
  if (inferenceComponentName !== undefined) return [inferenceComponentName];
  return Object.values(components).map(({ componentName }) => componentName);
}

/** Options for an existing endpoint. */
export interface InferenceTargetOptions {
  /** Name of the inference component to invoke. @default - the endpoint has no inference components */
  readonly inferenceComponentName?: string;
}

/** Selects the endpoint, or the model of an endpoint, behind a gateway. */
export class InferenceTarget {
  /** Uses one model of an endpoint with several, by the name of its inference component. */
  static component(endpoint: IInferenceTarget, inferenceComponentName: string): IInferenceTarget {
    assertProps(
      { endpoint, inferenceComponentName },
      { endpoint: required(INFERENCE_TARGET), inferenceComponentName: required(STRING) },
    );
    const { endpointName, isAsynchronous } = endpoint;
    return {
      endpointName,
      isAsynchronous,
      inferenceComponentName,
      grantInvoke: (grantee) => endpoint.grantInvoke(grantee),
    };
  }

  /** Uses an endpoint of the account and region of the stack, by its name. */
  static fromEndpointName(
    scope: Construct,
    endpointName: string,
    options: InferenceTargetOptions = {},
  ): IInferenceTarget {
    const problems = new ProblemCollector();
    validateProps(problems, { scope, endpointName }, { scope: required(CONSTRUCT), endpointName: required(STRING) });
    validateProps(problems, options, INFERENCE_TARGET_OPTIONS, 'options');
    problems.throwIfAny();
    const { inferenceComponentName } = options;
    const arn = (resource: string, resourceName: string) =>
      Stack.of(scope).formatArn({ service: 'sagemaker', resource, resourceName });
    const resourceArns = [
      arn('endpoint', endpointName),
      ...(inferenceComponentName ? [arn('inference-component', inferenceComponentName)] : []),
    ];
    return {
      endpointName,
      inferenceComponentName,
      grantInvoke: (grantee) => Grant.addToPrincipal({ grantee, actions: INVOKE, resourceArns }),
    };
  }
}

const INVOKE = ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'];
