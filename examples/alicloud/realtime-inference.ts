import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  acknowledge,
  AlicloudMachine,
  CostAllocation,
  DataBucket,
  DataPurpose,
  EncryptionKey,
  EndpointModel,
  RealtimeInferencePlatform,
  RealtimeServing,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const region = 'cn-hangzhou';
const costAllocation = {
  project: 'atlas',
  team: 'assistants',
  environment: 'prod',
  costCenter: 'r-17',
  owner: 'ml-platform',
};

// Deploy this stack first, and upload the weights before you deploy the endpoint.
const storage = new TerraformStack(app, 'models');
new AlicloudProvider(storage, 'Alicloud', { region });
const encryptionKey = new EncryptionKey(storage, 'Key', { kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' });
const models = new DataBucket(storage, 'Models', {
  purpose: DataPurpose.MODELS,
  dataClass: DataClass.CONFIDENTIAL,
  encryptionKey,
});
CostAllocation.apply(storage, costAllocation);

const serving = new TerraformStack(app, 'realtime-inference');
new AlicloudProvider(serving, 'Alicloud', { region });
const platform = new RealtimeInferencePlatform(serving, 'Platform', {
  zones: ['cn-hangzhou-i', 'cn-hangzhou-j'],
  serving: RealtimeServing.eas({
    machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
    fallbackMachines: [AlicloudMachine.ECS_GN8IS_4XLARGE],
    models: {
      chat: {
        model: EndpointModel.bucket(models, { prefix: 'llama-3.1-8b/2026-11-01/', sizeGiB: 15 }),
        server: ServingServer.vllm({ servedModelName: 'chat', maxModelLength: 16_384 }),
      },
    },
  }),
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1500,
    outputTokens: 300,
    requestsPerSecond: 12,
  }),
  prices: Prices.of([
    {
      machine: AlicloudMachine.ECS_GN8IS_2XLARGE.name,
      market: 'on-demand',
      usdPerHour: 1.5,
      source: 'an example: use the price of EAS in your region',
    },
  ]),
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation,
  monthlyBudgetUsd: 30_000,
  alertContactGroups: ['assistants-oncall'],
});
acknowledge(
  platform.endpoint,
  'evidence/no-measurement',
  'There are no published runs of this model on L20. We run a load test of one instance before the launch.',
);

app.synth();
