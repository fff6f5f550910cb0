import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { bucketOf } from '../storage/data-store';
import type { EndpointKind } from './endpoint-kind';
import { arnOf } from './endpoint-names';
import { answersPrefix, failuresPrefix } from './endpoint-role';

/** What is invoked. */
export interface Invoked {
  readonly kind: EndpointKind;
  readonly endpointName: string;
  /** Names of its components. */
  readonly components: readonly string[];
}

/**
 * Lets someone invoke an endpoint: at once, also as a stream; or later, together with the right to put requests into its bucket and to
 * read its answers.
 */
export function grantInvokeOn(
  scope: Construct,
  grantee: IGrantable,
  { kind, endpointName, components }: Invoked,
): Grant {
  const later = kind.asynchronous;
  const invoked = Grant.addToPrincipal({
    grantee,
    actions: later
      ? ['sagemaker:InvokeEndpointAsync']
      : ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
    resourceArns: [
      arnOf(scope, 'endpoint', endpointName),
      ...components.map((name) => arnOf(scope, 'inference-component', name)),
    ],
  });
  if (!later) return invoked;
  const output = bucketOf(later.output);
  const input = later.input ? bucketOf(later.input) : output;
  return [
    input.grantPut(grantee),
    output.grantRead(grantee, `${answersPrefix(later)}*`),
    output.grantRead(grantee, `${failuresPrefix(later)}*`),
  ].reduce((all, one) => all.combine(one), invoked);
}
