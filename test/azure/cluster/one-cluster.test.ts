import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AzapiProvider,
  AzureMachine,
  ClusterSource,
  type ExistingClusterOptions,
  type IAksCluster,
  KubernetesInference,
  ServingModel,
  TrainingCluster,
  TrainingStorage,
} from 'ai-infra-constructs/azure';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { newApp } from '../../terraform/support';
import { problemsOf } from '../support';

const resourceGroup = { name: 'ml', location: 'swedencentral' };
const within = '/subscriptions/s/resourceGroups/g/providers';
const nodeSubnetId = `${within}/Microsoft.Network/virtualNetworks/n/subnets/nodes`;
const clusterNamed = (name: string): IAksCluster => ({
  id: `${within}/Microsoft.ContainerService/managedClusters/${name}`,
  resourceGroup,
  nodeSubnetId,
});

function newStack() {
  const made = newApp();
  new AzurermProvider(made.stack, 'Azurerm', { features: [{}] });
  new AzapiProvider(made.stack, 'Azapi', {});
  new HelmProvider(made.stack, 'Helm');
  return made;
}

/** An app with one Helm provider and two models, each on its cluster. */
function twoModels(
  clusters: (stack: TerraformStack) => readonly [IAksCluster, IAksCluster],
  existingCharts: ExistingClusterOptions['existingCharts'] = ['gpu-operator'],
) {
  const { app, stack } = newStack();
  clusters(stack).forEach((cluster, index) => {
    new KubernetesInference(stack, `Model${index}`, {
      resourceGroup,
      cluster: ClusterSource.fromCluster(cluster, {
        systemLabels: { role: 'system' },
        ...(index > 0 && { existingCharts }),
      }),
      machine: AzureMachine.NC24ADS_A100_V4,
      model: ServingModel.volume('models', { sizeGiB: 8 }),
    });
  });
  return app;
}

test('rejects software of two clusters through one Helm provider', () => {
  const app = twoModels(() => [clusterNamed('a'), clusterNamed('b')]);
  expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'ProviderMissing', prop: "provider 'helm'" }]);
});

test('recognizes two new clusters of a stack as different', () => {
  const { app, stack } = newStack();
  const props = { resourceGroup, machine: AzureMachine.NC24ADS_A100_V4, nodes: 1, storage: TrainingStorage.none() };
  for (const id of ['First', 'Second']) new TrainingCluster(stack, id, props);
  expect(() => app.synth()).toThrow(
    /one provider for the clusters of Test\/First\/Software and Test\/Second\/Software/,
  );
});

test.each<[string, Parameters<typeof twoModels>[0]]>([
  ['by its id', () => [clusterNamed('a'), clusterNamed('a')]],
  [
    'if one id is a token',
    (stack) => [clusterNamed('a'), { ...clusterNamed('a'), id: new TerraformVariable(stack, 'Id', {}).stringValue }],
  ],
])('recognizes the same cluster %s', (_, clusters) => {
  expect(() => twoModels(clusters).synth()).not.toThrow();
});

test('rejects a second release of a chart on a cluster', () => {
  const app = twoModels(() => [clusterNamed('a'), clusterNamed('a')], []);
  expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'ChartDuplicate', prop: 'gpu-operator' }]);
});
