import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { CONSTRUCT, demand, fits, having, type Kind, required, type Shape, TEXT } from '../../core/shapes';

/** What a gateway stands in front of: an `InferenceEndpoint` is one, and so is whatever else knows its name and may grant. */
export interface IInferenceTarget {
  /** Name of the SageMaker endpoint. */
  readonly endpointName: string;
  /** The model on it, where it hosts several. @default - the only one */
  readonly inferenceComponentName?: string;
  /** Its models, where each is a component of it: a gateway calls the only one, unless one is named. @default - it has no components */
  readonly components?: Readonly<Record<string, { readonly componentName: string }>>;
  /** How it answers: one that does so into a bucket has nothing for a gateway. @default - at once */
  readonly kind?: { readonly asynchronous?: unknown };
  /** Lets someone invoke it. */
  grantInvoke(grantee: IGrantable): unknown;
}

/** The components of an endpoint by which a request can be told where to go: none where it has only one way. */
export function componentsOf({ inferenceComponentName, components = {} }: IInferenceTarget): string[] {
  if (inferenceComponentName !== undefined) return [inferenceComponentName];
  return Object.values(components).map(({ componentName }) => componentName);
}

/** Options for an endpoint that exists. */
export interface InferenceTargetOptions {
  /** The model on it, where it hosts several. @default - the only one */
  readonly inferenceComponentName?: string;
}

/** What stands behind a gateway, where an endpoint by itself does not say it. */
export class InferenceTarget {
  /** One model of an endpoint that has several, by the name of its inference component. */
  static component(endpoint: IInferenceTarget, inferenceComponentName: string): IInferenceTarget {
    demand(
      { endpoint, inferenceComponentName },
      { endpoint: required(INFERENCE_TARGET), inferenceComponentName: required(TEXT) },
    );
    const { endpointName, kind } = endpoint;
    return { endpointName, kind, inferenceComponentName, grantInvoke: (grantee) => endpoint.grantInvoke(grantee) };
  }

  /** An endpoint of this account and region, by its name. */
  static fromEndpointName(
    scope: Construct,
    endpointName: string,
    options: InferenceTargetOptions = {},
  ): IInferenceTarget {
    const problems = new Problems();
    fits(problems, { scope, endpointName }, { scope: required(CONSTRUCT), endpointName: required(TEXT) });
    fits(problems, options, OPTIONS, 'options');
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

const OPTIONS: Shape<InferenceTargetOptions> = { inferenceComponentName: TEXT };

/** An endpoint to invoke. */
export const INFERENCE_TARGET: Kind = having(
  'an endpoint that can be invoked',
  ['endpointName', 'grantInvoke'],
  "Pass the endpoint itself, or InferenceTarget.fromEndpointName(this, 'name').",
);
