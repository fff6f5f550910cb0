import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import {
  acknowledge,
  AzapiProvider,
  AzureMachine,
  MachineLearningCluster,
  ManagedNetwork,
  MlopsPlatform,
  ModelArtifact,
  MonitorTask,
  ResourceGroup,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'mlops');
new AzurermProvider(stack, 'Azurerm', {
  features: [{ storage: [{ dataPlaneAvailable: false }] }],
  subscriptionId: '00000000-0000-0000-0000-000000000000',
});
new AzapiProvider(stack, 'Azapi', { subscriptionId: '00000000-0000-0000-0000-000000000000' });

const IMAGE_BUILDER = 'image-builder';
const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
const platform = new MlopsPlatform(stack, 'Platform', {
  resourceGroup,
  machine: AzureMachine.NC48ADS_A100_V4,
  maxNodes: 4,
  dataClass: DataClass.CONFIDENTIAL,
  // MLflow installs packages from these hosts when it builds the image of a model.
  outbound: ManagedNetwork.approvedOutbound({
    hosts: {
      pypi: 'pypi.org',
      'pypi-files': '*.pythonhosted.org',
      anaconda: 'anaconda.com',
      'anaconda-files': '*.anaconda.org',
    },
  }),
  imageBuildCompute: IMAGE_BUILDER,
  // Leave out endpoint and monitor in the first deployment, because you register the model after it.
  endpoint: {
    machine: AzureMachine.NC4AS_T4_V3,
    models: {
      credit: {
        container: ServingContainer.mlflow(),
        artifact: ModelArtifact.registered({ name: 'credit', version: '3', sizeGB: 1 }),
        concurrency: 8,
      },
    },
    scaling: { minReplicas: 3, maxReplicas: 6 },
    dataCapture: { percent: 100 },
  },
  monitor: { task: MonitorTask.CLASSIFICATION, alertEmails: ['ml-platform@example.com'] },
  costAllocation: { project: 'atlas', team: 'risk', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 20_000,
  alertEmails: ['ml-platform@example.com'],
});
const builder = new MachineLearningCluster(platform, 'ImageBuilder', {
  workspace: platform.workspace,
  machine: AzureMachine.NC4AS_T4_V3,
  maxNodes: 1,
  clusterName: IMAGE_BUILDER,
});
new TerraformOutput(stack, 'TrackingUri', { value: platform.workspace.trackingUri });
for (const machines of [platform.pipelines, builder]) {
  acknowledge(machines, 'machine/unverified', 'Our pipelines do not depend on the size of local disks.');
}

app.synth();
