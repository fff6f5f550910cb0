import { DataClass, ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  acceptRules,
  acknowledge,
  AwsMachine,
  Capacity,
  CostAllocation,
  DataBucket,
  DataPurpose,
  KubernetesInference,
  ModelArtifact,
  ServingIngress,
  ServingModel,
  ServingNodes,
  ServingScaling,
  ServingServer,
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

// Deployed first: the weights must be there before the servers that read them.
const storage = new Stack(app, 'Models', { description: 'Versions of the models that are served' });
const models = new DataBucket(storage, 'Models', { purpose: DataPurpose.MODELS, dataClass: DataClass.CONFIDENTIAL });
CostAllocation.apply(storage, costAllocation);
acceptRules(storage);

const serving = new Stack(app, 'KubernetesInference', {
  description: 'Llama 3.1 70B in FP8 on EKS: H100 that come and go with the requests, behind a private load balancer',
});
const chat = new KubernetesInference(serving, 'Chat', {
  machine: AwsMachine.P5_48XLARGE,
  model: ServingModel.artifact(
    ModelArtifact.files({
      bucket: models,
      prefix: 'llama-3.1-70b-fp8/2026-11-01/',
      version: '2026-11-01',
      sha256: '3f1f0e7c5d7f4f0d6d0b3a5c9e8b7a6d5c4b3a29181706f5e4d3c2b1a0987654',
      sizeGB: 72.7,
    }),
  ),
  server: ServingServer.vllm({ servedModelName: 'llama-3.1-70b', maxModelLength: 16_384 }),
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_70B,
    weightPrecision: 'fp8',
    inputTokens: 1500,
    outputTokens: 300,
    requestsPerSecond: 10,
  }),
  scaling: ServingScaling.keda({ least: 2, most: 8 }),
  capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
  nodes: ServingNodes.karpenter({ imageVersion: 'v20261105' }),
  ingress: ServingIngress.internalLoadBalancer(),
});
acknowledge(chat, 'cost/price', 'Spot is what is free at the moment: the budget counts on the price on demand.');
CostAllocation.apply(serving, costAllocation);
acceptRules(serving);

app.synth();
