import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import {
  AwsMachine,
  DataBucket,
  InferenceEndpoint,
  type InferenceEndpointProps,
  ModelArtifact,
  type ModelFilesOptions,
  type ServedModel,
  ServingContainer,
  ServingImage,
} from 'ai-infra-constructs/aws';
import { type Json, REGION } from '../support';

export const DIGEST = 'a'.repeat(64);

export const IMAGE = ServingImage.deepLearningContainer('vllm', '0.11.0-gpu-py312-cu128-ubuntu22.04-sagemaker');

/** An image in a private repository. */
export function ownImage(stack: Stack): ServingImage {
  return ServingImage.ecr(Repository.fromRepositoryName(stack, 'Images', 'serving'), `sha256:${DIGEST}`);
}

/** An existing bucket of models. */
export function modelsIn(stack: Stack): ReturnType<typeof Bucket.fromBucketName> {
  const found = stack.node.tryFindChild('Models') as Bucket | undefined;
  return found ?? Bucket.fromBucketName(stack, 'Models', 'atlas-models');
}

/** An artifact with eight billion parameters in bf16. */
export function artifactIn(stack: Stack, options: Partial<ModelFilesOptions> = {}): ModelArtifact {
  return ModelArtifact.files({
    bucket: modelsIn(stack),
    prefix: 'llama-8b/v3/',
    version: 'v3',
    sha256: DIGEST,
    sizeGB: 16,
    ...options,
  });
}

export function modelIn(stack: Stack, options: Partial<ServedModel> = {}): ServedModel {
  return { container: ServingContainer.vllm({ image: IMAGE }), artifact: artifactIn(stack), ...options };
}

/** A chat load for a model with eight billion parameters. */
export function chatLoad(props: Partial<ServingLoadProps> = {}): ServingLoad {
  return ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 10,
    ttftMs: 2000,
    tpotMs: 100,
    ...props,
  });
}

export interface SynthesizedEndpoint {
  readonly stack: Stack;
  readonly endpoint: InferenceEndpoint;
  readonly template: Template;
  /** Properties of the resources of a type, in order. */
  readonly properties: (type: string) => Json[];
}

type Change = Partial<InferenceEndpointProps>;

/** An endpoint with one model on one L40S and some changes. */
export function endpointIn(stack: Stack, change: Change | ((stack: Stack) => Change) = {}): InferenceEndpoint {
  const changed = typeof change === 'function' ? change(stack) : change;
  return new InferenceEndpoint(stack, 'Chat', {
    models: { chat: modelIn(stack) },
    machine: AwsMachine.G6E_XLARGE,
    ...changed,
  });
}

/** That endpoint in a separate stack, with its template. */
export function synthEndpoint(
  change: Change | ((stack: Stack) => Change) = {},
  stackProps: StackProps = REGION,
  app = new App(),
): SynthesizedEndpoint {
  const stack = new Stack(app, 'Test', stackProps);
  const endpoint = endpointIn(stack, change);
  const template = Template.fromStack(stack);
  const properties = (type: string) =>
    Object.values(template.findResources(type)).map((resource) => (resource as Json).Properties ?? {});
  return { stack, endpoint, template, properties };
}

/** A bucket for answers with its own key. */
export function answersIn(stack: Stack): DataBucket {
  return new DataBucket(stack, 'Answers');
}
