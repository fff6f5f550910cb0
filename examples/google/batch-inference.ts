import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import { BatchInferencePlatform, GoogleMachine, ServingModel } from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'batch-inference');
new GoogleProvider(stack, 'Google', { project: 'atlas-batch', region: 'us-central1' });

const platform = new BatchInferencePlatform(stack, 'Platform', {
  workflow: {
    zone: 'us-central1-b',
    machine: GoogleMachine.A3_HIGHGPU_8G,
    maxMachines: 4,
    model: ServingModel.bucket(
      { name: 'atlas-models' },
      { prefix: 'llama-3.1-8b-fp8/v3/', sha256: 'c0ffee00'.repeat(8), sizeGiB: 8.5 },
    ),
    work: {
      load: ServingLoad.of({
        model: ModelSpec.LLAMA_3_1_8B,
        weightPrecision: 'fp8',
        inputTokens: 1000,
        outputTokens: 300,
        concurrency: 256,
      }),
      requests: 20_000_000,
      finishWithinHours: 24,
    },
    prices: Prices.of([
      { machine: 'a3-highgpu-8g', market: 'spot', usdPerHour: 30, source: 'the price list of the account' },
      { machine: 'a3-highgpu-8g', market: 'on-demand', usdPerHour: 88, source: 'the price list of the account' },
    ]),
    schedule: '0 2 * * *',
  },
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 40_000,
  alertEmails: ['search-oncall@example.com'],
});
new HelmProvider(stack, 'Helm', { kubernetes: platform.batchInference.controlPlane!.connection });

app.synth();
