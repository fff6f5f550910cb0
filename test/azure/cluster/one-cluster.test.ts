import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AzapiProvider,
  AzureMachine,
  type IAksCluster,
  KubernetesInference,
  type KubernetesInferenceProps,
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

/** An app with one Helm provider, and two models on clusters of theirs. */
function twoModels(
  clusters: (stack: TerraformStack) => readonly [IAksCluster, IAksCluster],
  existingCharts: KubernetesInferenceProps['existingCharts'] = ['gpu-operator'],
) {
  const { app, stack } = newStack();
  clusters(stack).forEach((cluster, index) => {
    new KubernetesInference(stack, `Model${index}`, {
      ...{ cluster, resourceGroup },
      systemLabels: { role: 'system' },
      machine: AzureMachine.NC24ADS_A100_V4,
      model: ServingModel.volume('models', { sizeGiB: 8 }),
      ...(index > 0 && { existingCharts }),
    });
  });
  return app;
}

test('software of two clusters does not go through one Helm provider, which reaches one of them', () => {
  const app = twoModels(() => [clusterNamed('a'), clusterNamed('b')]);
  expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'ProviderMissing', prop: "provider 'helm'" }]);
});

test('two clusters that are made in a stack are two', () => {
  const { app, stack } = newStack();
  const props = { resourceGroup, machine: AzureMachine.NC24ADS_A100_V4, nodes: 1, storage: TrainingStorage.none() };
  for (const id of ['First', 'Second']) new TrainingCluster(stack, id, props);
  expect(() => app.synth()).toThrow(/one for the clusters of Test\/First\/Software and Test\/Second\/Software/);
});

test.each<[string, Parameters<typeof twoModels>[0]]>([
  ['by its id', () => [clusterNamed('a'), clusterNamed('a')]],
  [
    'as far as is known now',
    (stack) => [clusterNamed('a'), { ...clusterNamed('a'), id: new TerraformVariable(stack, 'Id', {}).stringValue }],
  ],
])('one cluster is one, %s', (_, clusters) => {
  expect(() => twoModels(clusters).synth()).not.toThrow();
});

test('a chart comes to a cluster once', () => {
  const app = twoModels(() => [clusterNamed('a'), clusterNamed('a')], []);
  expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'ChartTwice', prop: 'gpu-operator' }]);
});
