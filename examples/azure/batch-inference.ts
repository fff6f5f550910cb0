import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import {
  acknowledge,
  AzapiProvider,
  AzureMachine,
  BatchInferencePlatform,
  Capacity,
  ModelArtifact,
  ResourceGroup,
} from 'ai-infra-constructs/azure';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'batch-inference');
new AzurermProvider(stack, 'Azurerm', {
  features: [{ storage: [{ dataPlaneAvailable: false }] }],
  subscriptionId: '00000000-0000-0000-0000-000000000000',
});
new AzapiProvider(stack, 'Azapi', { subscriptionId: '00000000-0000-0000-0000-000000000000' });

const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'eastus' });
const platform = new BatchInferencePlatform(stack, 'Platform', {
  resourceGroup,
  workflow: {
    // The first apply cannot create the deployment, because this model does not exist yet. Register it in the workspace, then apply again.
    artifact: ModelArtifact.registered({ name: 'ranker', version: '7', sizeGB: 16 }),
    machine: AzureMachine.NC24ADS_A100_V4,
    maxMachines: 16,
    capacity: Capacity.onDemand(),
    shardsPerTask: 20,
    toleratedFailures: 100,
  },
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 40_000,
});
new TerraformOutput(stack, 'InvocationUri', { value: platform.batchInference.invocationUri });
acknowledge(platform, 'machine/unverified', 'Local disks are not used: shards are read from the bucket.');

app.synth();
