import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { bucketOf } from '../storage/data-bucket';
import { captureConfig, type InferenceEndpointProps, isIsolated, kindOf, EndpointRouting } from './endpoint-options';
import type { AsynchronousOptions, ServerlessOptions } from './endpoint-kind';
import { type EndpointNetwork, vpcConfigOf, answersPrefix, failuresPrefix } from './endpoint-role';
import { instanceType } from './serving-host';
import type { ResolvedEndpoint, ResolvedModel } from './resolved-endpoint';

/** Name of the variant that all components share. */
export const FLEET = 'fleet';

/** Input of an endpoint configuration. */
export interface ConfigContext {
  readonly props: InferenceEndpointProps;
  readonly resolved: ResolvedEndpoint;
  readonly roleArn: string;
  readonly network?: EndpointNetwork;
  /** Key of the volumes. @default - the machine has no volumes that accept a key */
  readonly volumeKey?: IKey;
  /** Topic for answers and failures. @default - the endpoint is not asynchronous */
  readonly topic?: ITopic;
  readonly modelNameOf: (name: string) => string;
}

/** The endpoint configuration of SageMaker. */
export function endpointConfig(context: ConfigContext) {
  const { props, volumeKey, network, roleArn, topic } = context;
  const { asynchronousOptions, name } = kindOf(props);
  // Inference components name their own models, so the settings for all of them are part of the configuration.
  const ofFleet = name === 'components' && {
    executionRoleArn: roleArn,
    enableNetworkIsolation: isIsolated(props),
    vpcConfig: vpcConfigOf(network),
  };
  return {
    productionVariants: variantsOf(context),
    kmsKeyId: volumeKey?.keyArn,
    dataCaptureConfig: props.dataCapture && captureConfig(props.dataCapture),
    asyncInferenceConfig: asynchronousOptions && asyncConfig(asynchronousOptions, topic),
    ...ofFleet,
  };
}

function variantsOf({ props, resolved, modelNameOf }: ConfigContext): CfnEndpointConfig.ProductionVariantProperty[] {
  const { serverlessOptions, name } = kindOf(props);
  if (name === 'components') return [fleetVariant(props, resolved)];
  return resolved.models.map((one) => ({
    variantName: one.name,
    modelName: modelNameOf(one.name),
    initialVariantWeight: one.model.weight ?? 1,
    ...(serverlessOptions
      ? { serverlessConfig: serverlessConfig(serverlessOptions) }
      : instanceVariant(props, resolved, one)),
  }));
}

function fleetVariant(props: InferenceEndpointProps, { fleet, volumeGB }: ResolvedEndpoint) {
  return {
    variantName: FLEET,
    instanceType: instanceType(props.machine!),
    inferenceAmiVersion: props.inferenceAmi,
    initialInstanceCount: fleet.initial,
    managedInstanceScaling: {
      status: 'ENABLED',
      minInstanceCount: fleet.minReplicas,
      maxInstanceCount: Math.max(fleet.initial, fleet.maxReplicas),
    },
    routingConfig: routingOf(props),
    volumeSizeInGb: volumeGB,
  };
}

function instanceVariant(
  props: InferenceEndpointProps,
  { volumeGB }: ResolvedEndpoint,
  { limits, times }: ResolvedModel,
) {
  return {
    instanceType: instanceType(props.machine!),
    inferenceAmiVersion: props.inferenceAmi,
    initialInstanceCount: Math.max(1, limits.minReplicas),
    containerStartupHealthCheckTimeoutInSeconds: times?.startup,
    modelDataDownloadTimeoutInSeconds: times?.download,
    // Instances of an asynchronous endpoint fetch requests from a queue.
    routingConfig: kindOf(props).name === 'asynchronous' ? undefined : routingOf(props),
    volumeSizeInGb: volumeGB,
  };
}

function routingOf({ routing = EndpointRouting.leastOutstanding() }: InferenceEndpointProps) {
  return routing.config;
}

function serverlessConfig({ memory, maxConcurrency, provisionedConcurrency }: ServerlessOptions) {
  return { memorySizeInMb: memory.toMebibytes(), maxConcurrency, provisionedConcurrency };
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
