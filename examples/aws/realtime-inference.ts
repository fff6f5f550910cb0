import { DataClass, ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  acceptRules,
  acknowledge,
  AwsMachine,
  CostAllocation,
  DataBucket,
  DataPurpose,
  GatewayAuthorization,
  GatewayExposure,
  ModelArtifact,
  RealtimeInferencePlatform,
  ServingContainer,
  ServingImage,
} from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';

// The bucket of models that are served cannot go before those who serve them.
const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
const costAllocation = {
  project: 'atlas',
  team: 'assistants',
  environment: 'prod',
  costCenter: 'R-17',
  owner: 'ml-platform',
};

// Deployed first: the weights must be there before the endpoint that reads them.
const storage = new Stack(app, 'Models', { description: 'Versions of the models that are served' });
const models = new DataBucket(storage, 'Models', { purpose: DataPurpose.MODELS, dataClass: DataClass.CONFIDENTIAL });
CostAllocation.apply(storage, costAllocation);
acceptRules(storage);

const serving = new Stack(app, 'Inference', {
  description: 'Llama 3.1 8B on L40S, at once, behind a gateway that knows its callers',
});
const platform = new RealtimeInferencePlatform(serving, 'Platform', {
  models: {
    chat: {
      container: ServingContainer.vllm({
        image: ServingImage.deepLearningContainer('vllm', '0.20.0-gpu-py312-cu130-ubuntu22.04-sagemaker'),
        maxModelLength: 16_384,
      }),
      artifact: ModelArtifact.files({
        bucket: models,
        prefix: 'llama-3.1-8b/2026-11-01/',
        version: '2026-11-01',
        sha256: '3f1f0e7c5d7f4f0d6d0b3a5c9e8b7a6d5c4b3a29181706f5e4d3c2b1a0987654',
        sizeGB: 16.1,
      }),
    },
  },
  machine: AwsMachine.G6E_2XLARGE,
  inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1',
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1500,
    outputTokens: 300,
    requestsPerSecond: 12,
    serviceLevel: 'mlperf-8b',
  }),
  // Callers sign as principals of AWS, once platform.gateway.grantInvoke(role) let them.
  gateway: {
    exposure: GatewayExposure.public(),
    authorization: GatewayAuthorization.iam(),
    limits: { requestsPerSecond: 20, burst: 40 },
    clients: { assistants: { requestsPerSecond: 15, requestsPerDay: 500_000 } },
  },
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation,
  monthlyBudgetUsd: 12_000,
});
acknowledge(
  platform.endpoint,
  'evidence/no-measurement',
  'No one published runs of this model on L40S: a load test of one copy comes before the launch.',
);

app.synth();
