import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import { Capacity, GoogleMachine, TrainingPlatform } from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

/** The reference platform of `examples/google/training.ts`, without its job. */
export function build(): App {
  const app = new App({ outdir: process.env.CDKTF_OUTDIR });
  const stack = new TerraformStack(app, 'training');
  new GoogleProvider(stack, 'Google', { project: 'atlas-training', region: 'us-central1' });
  const { trainingCluster: cluster } = new TrainingPlatform(stack, 'Platform', {
    zone: 'us-central1-b',
    machine: GoogleMachine.A3_ULTRAGPU_8G,
    nodes: 16,
    capacity: Capacity.reservation('h200-pretraining'),
    dataClass: DataClass.CONFIDENTIAL,
    costAllocation: {
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      costCenter: 'r-17',
      owner: 'ml-platform',
    },
    billingAccount: '012345-567890-ABCDEF',
    monthlyBudgetUsd: 1_000_000,
  });
  new HelmProvider(stack, 'Helm', { kubernetes: cluster.controlPlane!.connection });
  return app;
}
