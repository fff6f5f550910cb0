import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EndpointKindName } from './endpoint-kind';
import { MOST_ENDPOINT_CHARACTERS } from './endpoint-model-checks';

/**
 * The name of an endpoint from its path. Alarms and log groups come before it and name it, and those who invoke it name it too, so it
 * has one that is known: nothing of an endpoint but its name makes a new one of it.
 */
export function defaultEndpointName(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: MOST_ENDPOINT_CHARACTERS, separator: '-' }).toLowerCase();
}

/** The name of a component: unique in the region, as that of its endpoint is. */
export function componentName(endpointName: string, model: string): string {
  return `${endpointName}-${model}`;
}

/** Where the containers of a model write their logs. */
export function logGroupName(kind: EndpointKindName, endpointName: string, model: string): string {
  return kind === 'components'
    ? `/aws/sagemaker/InferenceComponents/${componentName(endpointName, model)}`
    : `/aws/sagemaker/Endpoints/${endpointName}`;
}

/** The ARN of something of SageMaker's by its name. */
export function arnOf(scope: Construct, resource: 'endpoint' | 'inference-component', resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource, resourceName });
}
