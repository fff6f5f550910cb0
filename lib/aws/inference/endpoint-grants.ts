import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { bucketOf } from '../storage/bucket-of';
import type { EndpointKind } from './endpoint-kind';
import { arnOf } from './endpoint-names';
import { answersPrefix, failuresPrefix } from './endpoint-role';

/** An endpoint to invoke. */
export interface InvokedEndpoint {
  readonly kind: EndpointKind;
  readonly endpointName: string;
  /** Names of its inference components. */
  readonly components: readonly string[];
}

/** Actions that invoke an endpoint. */
export function invokeActions(isAsynchronous: boolean): string[] {
  return isAsynchronous
    ? ['sagemaker:InvokeEndpointAsync']
    : ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'];
}

/**
 * Allows a principal to invoke an endpoint, also with a response stream. For an asynchronous endpoint, the principal can also put requests
 * into the input bucket and read answers and failures.
 */
export function grantInvokeOn(
  scope: Construct,
  grantee: IGrantable,
  { kind, endpointName, components }: InvokedEndpoint,
): Grant {
  const { asynchronousOptions } = kind;
  const invoke = Grant.addToPrincipal({
    grantee,
    actions: invokeActions(kind.isAsynchronous),
    resourceArns: [
      arnOf(scope, 'endpoint', endpointName),
      ...components.map((name) => arnOf(scope, 'inference-component', name)),
    ],
  });
  if (!asynchronousOptions) return invoke;
  const output = bucketOf(asynchronousOptions.output);
  const input = asynchronousOptions.input ? bucketOf(asynchronousOptions.input) : output;
  return [
    input.grantPut(grantee),
    output.grantRead(grantee, `${answersPrefix(asynchronousOptions)}*`),
    output.grantRead(grantee, `${failuresPrefix(asynchronousOptions)}*`),
  ].reduce((all, one) => all.combine(one), invoke);
}
