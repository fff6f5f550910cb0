import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import { acknowledge, Capacity, GoogleMachine, TrainingPlatform } from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'training');
new GoogleProvider(stack, 'Google', { project: 'atlas-training', region: 'us-central1' });

const platform = new TrainingPlatform(stack, 'Platform', {
  zone: 'us-central1-b',
  machine: GoogleMachine.A3_ULTRAGPU_8G,
  nodes: 16,
  capacity: Capacity.reservation('h200-pretraining'),
  job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 4.8e12 }),
  prices: Prices.of([
    { machine: 'a3-ultragpu-8g', market: 'on-demand', usdPerHour: 80, source: 'the contract of the reservation' },
  ]),
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 1_000_000,
  alertEmails: ['ml-oncall@example.com'],
});
new HelmProvider(stack, 'Helm', { kubernetes: platform.trainingCluster.controlPlane!.connection });
acknowledge(
  platform.trainingCluster,
  'evidence/no-measurement',
  'Nobody has published runs on H200 in bf16. We run a trial of 1,000 steps first.',
);

app.synth();
