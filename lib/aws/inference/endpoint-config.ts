import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { bucketOf } from '../storage/data-store';
import { captureConfig } from './data-capture';
import type { AsynchronousOptions, ServerlessOptions } from './endpoint-kind';
import { type EndpointNetwork, vpcConfigOf } from './endpoint-network';
import { type InferenceEndpointProps, isIsolated, kindOf } from './endpoint-options';
import { answersPrefix, failuresPrefix } from './endpoint-role';
import { EndpointRouting } from './endpoint-routing';
import { instanceType } from './serving-host';
import type { SettledEndpoint, SettledModel } from './settled-endpoint';

/** The fleet that components share. */
export const FLEET = 'fleet';

/** What an endpoint is configured from. */
export interface ConfigContext {
  readonly props: InferenceEndpointProps;
  readonly settled: SettledEndpoint;
  readonly roleArn: string;
  readonly network?: EndpointNetwork;
  /** Key of the volumes. */
  readonly volumeKey?: IKey;
  /** Who is told of answers and failures. */
  readonly topic?: ITopic;
  readonly modelNameOf: (name: string) => string;
}

/** A configuration as SageMaker takes it. */
export function endpointConfig(context: ConfigContext) {
  const { props, volumeKey, network, roleArn, topic } = context;
  const { asynchronous, name } = kindOf(props);
  // Components bring their own models, so what holds of all of them stands here.
  const ofFleet = name === 'components' && {
    executionRoleArn: roleArn,
    enableNetworkIsolation: isIsolated(props),
    vpcConfig: vpcConfigOf(network),
  };
  return {
    productionVariants: variantsOf(context),
    kmsKeyId: volumeKey?.keyArn,
    dataCaptureConfig: props.dataCapture && captureConfig(props.dataCapture),
    asyncInferenceConfig: asynchronous && asyncConfig(asynchronous, topic),
    ...ofFleet,
  };
}

function variantsOf({ props, settled, modelNameOf }: ConfigContext): CfnEndpointConfig.ProductionVariantProperty[] {
  const { serverless, name } = kindOf(props);
  if (name === 'components') return [fleetVariant(props, settled)];
  return settled.models.map((one) => ({
    variantName: one.name,
    modelName: modelNameOf(one.name),
    initialVariantWeight: one.model.weight ?? 1,
    ...(serverless ? { serverlessConfig: serverlessConfig(serverless) } : instanceVariant(props, settled, one)),
  }));
}

function fleetVariant(props: InferenceEndpointProps, { fleet, volumeGB }: SettledEndpoint) {
  return {
    variantName: FLEET,
    instanceType: instanceType(props.machine!),
    inferenceAmiVersion: props.inferenceAmi,
    initialInstanceCount: fleet.initial,
    managedInstanceScaling: {
      status: 'ENABLED',
      minInstanceCount: fleet.minimum,
      maxInstanceCount: Math.max(fleet.initial, fleet.maximum),
    },
    routingConfig: routingOf(props),
    volumeSizeInGb: volumeGB,
  };
}

function instanceVariant(
  props: InferenceEndpointProps,
  { volumeGB }: SettledEndpoint,
  { limits, times }: SettledModel,
) {
  return {
    instanceType: instanceType(props.machine!),
    inferenceAmiVersion: props.inferenceAmi,
    initialInstanceCount: Math.max(1, limits.minimum),
    containerStartupHealthCheckTimeoutInSeconds: times?.startup,
    modelDataDownloadTimeoutInSeconds: times?.download,
    // An asynchronous endpoint hands out what waits: there is nothing to route.
    routingConfig: kindOf(props).name === 'asynchronous' ? undefined : routingOf(props),
    volumeSizeInGb: volumeGB,
  };
}

function routingOf({ routing = EndpointRouting.leastOutstanding() }: InferenceEndpointProps) {
  return routing.config;
}

function serverlessConfig({ memoryMiB, maxConcurrency, provisionedConcurrency }: ServerlessOptions) {
  return { memorySizeInMb: memoryMiB, maxConcurrency, provisionedConcurrency };
}

function asyncConfig(options: AsynchronousOptions, topic?: ITopic): CfnEndpointConfig.AsyncInferenceConfigProperty {
  const output = bucketOf(options.output);
  const topicArn = topic?.topicArn;
  return {
    clientConfig: { maxConcurrentInvocationsPerInstance: options.concurrencyPerInstance },
    outputConfig: {
      kmsKeyId: output.encryptionKey?.keyArn,
      s3OutputPath: output.s3UrlForObject(answersPrefix(options)),
      s3FailurePath: output.s3UrlForObject(failuresPrefix(options)),
      notificationConfig: { successTopic: topicArn, errorTopic: topicArn },
    },
  };
}
