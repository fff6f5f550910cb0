import { AwsMachine, InferenceEndpoint, ModelArtifact, ServingContainer, ServingImage } from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { network, TAG } from './by-hand/endpoint-surroundings';

/** The endpoint of `examples/aws/realtime-inference.ts` without its load, in an existing network and with an existing bucket. */
export function build(): App {
  const app = new App();
  const stack = new Stack(app, 'Inference');
  new InferenceEndpoint(stack, 'Endpoint', {
    models: {
      chat: {
        container: ServingContainer.vllm({
          image: ServingImage.deepLearningContainer('vllm', TAG),
          maxModelLength: 16_384,
        }),
        artifact: ModelArtifact.files({
          bucket: Bucket.fromBucketName(stack, 'Models', 'atlas-models'),
          prefix: 'llama-3.1-8b/2026-11-01/',
          version: '2026-11-01',
          sizeGB: 16.1,
        }),
      },
    },
    machine: AwsMachine.G6E_2XLARGE,
    inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1',
    scaling: { minReplicas: 3, maxReplicas: 6, targetConcurrency: 40 },
    vpc: network(stack),
  });
  return app;
}
