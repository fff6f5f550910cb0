import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import {
  acknowledge,
  AzapiProvider,
  AzureMachine,
  InfinibandFeature,
  ResourceGroup,
  TrainingPlatform,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'training');
new AzurermProvider(stack, 'Azurerm', {
  features: [{ storage: [{ dataPlaneAvailable: false }] }],
  // Managed Prometheus and Managed Lustre need these. The provider registers the others automatically.
  resourceProvidersToRegister: ['Microsoft.Monitor', 'Microsoft.StorageCache'],
});
new AzapiProvider(stack, 'Azapi');

const platform = new TrainingPlatform(stack, 'Platform', {
  resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
  zone: '1',
  machine: AzureMachine.ND96ISR_H200_V5,
  infinibandFeature: InfinibandFeature.REGISTERED,
  nodes: 16,
  job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 4.8e12 }),
  prices: Prices.of([
    {
      machine: 'Standard_ND96isr_H200_v5',
      market: 'on-demand',
      usdPerHour: 80,
      source: 'company agreement',
    },
  ]),
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 1_000_000,
});
new HelmProvider(stack, 'Helm', { kubernetes: platform.trainingCluster.controlPlane!.connection });
acknowledge(
  platform.trainingCluster,
  'evidence/no-measurement',
  'There are no published runs on H200 in bf16. We run a trial of 1,000 steps first.',
);

app.synth();
