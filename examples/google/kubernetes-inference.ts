import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  Capacity,
  CostAllocation,
  DataBucket,
  DataPurpose,
  GoogleMachine,
  KubernetesInference,
  ServingIngress,
  ServingModel,
  ServingScaling,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'kubernetes-inference');
new GoogleProvider(stack, 'Google', { project: 'atlas-serving', region: 'us-central1' });
CostAllocation.apply(stack, {
  project: 'atlas',
  team: 'search',
  environment: 'prod',
  costCenter: 'r-17',
  owner: 'ml-platform',
});

const models = new DataBucket(stack, 'Models', {
  region: 'us-central1',
  purpose: DataPurpose.MODELS,
  dataClass: DataClass.CONFIDENTIAL,
});

const chat = new KubernetesInference(stack, 'Chat', {
  zone: 'us-central1-b',
  machine: GoogleMachine.A3_HIGHGPU_4G,
  capacity: Capacity.spot(),
  model: ServingModel.bucket(models, {
    prefix: 'llama-3.1-70b-fp8/v3/',
    sha256: 'c0ffee00'.repeat(8),
    sizeGiB: 66,
  }),
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_70B,
    weightPrecision: 'fp8',
    inputTokens: 1500,
    outputTokens: 300,
    requestsPerSecond: 4,
  }),
  prices: Prices.of([
    { machine: 'a3-highgpu-4g', market: 'spot', usdPerHour: 15, source: 'the price list of the account' },
  ]),
  scaling: ServingScaling.keda({ minReplicas: 2, maxReplicas: 8 }),
  ingress: ServingIngress.inferenceGateway({ certificate: 'chat', hostnames: ['chat.atlas.example.com'] }),
});
new HelmProvider(stack, 'Helm', { kubernetes: chat.controlPlane!.connection });

app.synth();
