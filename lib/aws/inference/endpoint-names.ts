import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EndpointKindName } from './endpoint-kind';
import { MAX_ENDPOINT_CHARACTERS } from './endpoint-model-checks';

/**
 * The name of an endpoint from its path. Alarms and log groups are created first and refer to the endpoint by name, and so do its callers.
 * SageMaker replaces an endpoint only if its name changes, so a fixed name does not block updates.
 */
export function defaultEndpointName(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: MAX_ENDPOINT_CHARACTERS, separator: '-' }).toLowerCase();
}

/** The name of an inference component. Unique in the region, like the name of the endpoint. */
export function componentName(endpointName: string, model: string): string {
  return `${endpointName}-${model}`;
}

/** Name of the log group that the containers of a model write to. */
export function logGroupName(kind: EndpointKindName, endpointName: string, model: string): string {
  return kind === 'components'
    ? `/aws/sagemaker/InferenceComponents/${componentName(endpointName, model)}`
    : `/aws/sagemaker/Endpoints/${endpointName}`;
}

/** The ARN of a SageMaker resource. */
export function arnOf(scope: Construct, resource: 'endpoint' | 'inference-component', resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource, resourceName });
}
