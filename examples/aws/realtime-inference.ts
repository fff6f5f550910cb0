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
  RealtimeServing,
  ServingContainer,
  ServingImage,
} from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';

// Strong references prevent the deletion of the model bucket while an endpoint uses it.
const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
const costAllocation = {
  project: 'atlas',
  team: 'assistants',
  environment: 'prod',
  costCenter: 'R-17',
  owner: 'ml-platform',
};

// Deploy this stack first, and upload the weights before you deploy the endpoint.
const storage = new Stack(app, 'Models', { description: 'Versions of the served models' });
const models = new DataBucket(storage, 'Models', { purpose: DataPurpose.MODELS, dataClass: DataClass.CONFIDENTIAL });
CostAllocation.apply(storage, costAllocation);
acceptRules(storage);

const serving = new Stack(app, 'Inference', {
  description: 'Llama 3.1 8B on L40S in real time, behind a gateway with IAM authorization',
});
const platform = new RealtimeInferencePlatform(serving, 'Platform', {
  serving: RealtimeServing.sageMaker({
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
  }),
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1500,
    outputTokens: 300,
    requestsPerSecond: 12,
    serviceLevel: 'mlperf-8b',
  }),
  // Callers sign requests with IAM credentials. Allow a role with platform.gateway.grantInvoke(role).
  gateway: {
    exposure: GatewayExposure.public(),
    authorization: GatewayAuthorization.iam(),
    limits: { requestsPerSecond: 20, burst: 40 },
    clients: { assistants: { requestsPerSecond: 15, requestsPerDay: 500_000 } },
  },
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation,
  monthlyBudgetUsd: 16_000,
});
acknowledge(
  platform.endpoint,
  'evidence/no-measurement',
  'There are no published runs of this model on L40S. We run a load test of one copy before the launch.',
);

app.synth();
