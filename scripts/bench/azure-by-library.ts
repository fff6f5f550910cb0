import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AzapiProvider,
  AzureMachine,
  InfinibandFeature,
  ResourceGroup,
  TrainingPlatform,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

/** The reference platform of `examples/azure/training.ts`, without its job. */
export function build(): App {
  const app = new App({ outdir: process.env.CDKTF_OUTDIR });
  const stack = new TerraformStack(app, 'training');
  new AzurermProvider(stack, 'Azurerm', { features: [{ storage: [{ dataPlaneAvailable: false }] }] });
  new AzapiProvider(stack, 'Azapi');
  const { trainingCluster: cluster } = new TrainingPlatform(stack, 'Platform', {
    resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
    zone: '1',
    machine: AzureMachine.ND96ISR_H200_V5,
    infinibandFeature: InfinibandFeature.REGISTERED,
    nodes: 16,
    costAllocation: {
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      costCenter: 'r-17',
      owner: 'ml-platform',
    },
    monthlyBudgetUsd: 1_000_000,
  });
  new HelmProvider(stack, 'Helm', { kubernetes: cluster.controlPlane!.connection });
  return app;
}
