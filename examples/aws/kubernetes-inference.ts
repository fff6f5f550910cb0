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

// Strong references prevent the deletion of the model bucket while a server uses it.
const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
const costAllocation = {
  project: 'atlas',
  team: 'assistants',
  environment: 'prod',
  costCenter: 'R-17',
  owner: 'ml-platform',
};

// Deploy this stack first, and upload the weights before you deploy the servers.
const storage = new Stack(app, 'Models', { description: 'Versions of the served models' });
const models = new DataBucket(storage, 'Models', { purpose: DataPurpose.MODELS, dataClass: DataClass.CONFIDENTIAL });
CostAllocation.apply(storage, costAllocation);
acceptRules(storage);

const serving = new Stack(app, 'KubernetesInference', {
  description: 'Llama 3.1 70B in FP8 on EKS: H100 nodes that follow the requests, behind an internal load balancer',
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
  scaling: ServingScaling.keda({ minReplicas: 2, maxReplicas: 8 }),
  capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
  nodes: ServingNodes.karpenter({ imageVersion: 'v20261105' }),
  ingress: ServingIngress.internalLoadBalancer(),
});
acknowledge(chat, 'cost/price', 'Spot prices change. The budget assumes the on-demand price.');
CostAllocation.apply(serving, costAllocation);
acceptRules(serving);

app.synth();
