import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  acknowledge,
  CloudRunGpu,
  CloudRunModel,
  CostAllocation,
  DataBucket,
  DataPurpose,
  RealtimeInferencePlatform,
  RealtimeServing,
  ServingServer,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const region = 'europe-west4';
const costAllocation = {
  project: 'atlas',
  team: 'assistants',
  environment: 'prod',
  costCenter: 'r-17',
  owner: 'ml-platform',
};

// Deploy this stack first, and upload the weights before you deploy the service.
const storage = new TerraformStack(app, 'models');
new GoogleProvider(storage, 'Google', { project: 'atlas-serving', region });
const models = new DataBucket(storage, 'Models', {
  region,
  purpose: DataPurpose.MODELS,
  dataClass: DataClass.CONFIDENTIAL,
});
CostAllocation.apply(storage, costAllocation);

const serving = new TerraformStack(app, 'realtime-inference');
new GoogleProvider(serving, 'Google', { project: 'atlas-serving', region });
const platform = new RealtimeInferencePlatform(serving, 'Platform', {
  serving: RealtimeServing.cloudRun({
    region,
    gpu: CloudRunGpu.RTX_PRO_6000,
    model: CloudRunModel.bucket(models, { prefix: 'llama-3.1-8b/2026-11-01/', sizeGiB: 15 }),
    server: ServingServer.vllm({ servedModelName: 'chat', maxModelLength: 16_384 }),
    invokers: ['serviceAccount:assistants@atlas-apps.iam.gserviceaccount.com'],
  }),
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1500,
    outputTokens: 300,
    requestsPerSecond: 12,
    serviceLevel: 'mlperf-8b',
  }),
  prices: Prices.of([
    {
      machine: 'cloud-run-nvidia-rtx-pro-6000',
      market: 'on-demand',
      usdPerHour: 4,
      source: 'the price list of Cloud Run, for GPU, vCPUs and memory of an instance',
    },
  ]),
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation,
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 15_000,
  alertEmails: ['assistants-oncall@example.com'],
});
acknowledge(
  platform.endpoint,
  'evidence/no-measurement',
  'There are no published runs of this model on RTX PRO 6000. We run a load test of one instance before the launch.',
);

app.synth();
