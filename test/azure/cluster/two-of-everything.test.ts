import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AzapiProvider,
  AzureMachine,
  ClusterSource,
  type ExistingClusterOptions,
  type IAksCluster,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  ServingModel,
  ServingScaling,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
  useProviders,
} from 'ai-infra-constructs/azure';
import { type App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { refusalsOf } from '../../refusals';
import { newApp } from '../../terraform/support';

const MACHINE = AzureMachine.NC24ADS_A100_V4;
const resourceGroup = { name: 'ml', location: 'swedencentral' };
const within = '/subscriptions/s/resourceGroups/g/providers';
const AKS: IAksCluster = {
  id: `${within}/Microsoft.ContainerService/managedClusters/research`,
  nodeSubnetId: `${within}/Microsoft.Network/virtualNetworks/n/subnets/nodes`,
  resourceGroup,
};
const gitOps = Installation.gitOps();
const scaling = ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 32 });

const on = (cluster: IAksCluster, existingCharts?: ExistingClusterOptions['existingCharts']) =>
  ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' }, existingCharts });

function stackIn(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AzurermProvider(stack, 'Azurerm', { features: [{}] });
  new AzapiProvider(stack, 'Azapi', {});
  new HelmProvider(stack, 'Helm');
  return stack;
}

function train(stack: Construct, id: string, more: Partial<TrainingClusterProps> = {}): TrainingCluster {
  const storage = TrainingStorage.none();
  return new TrainingCluster(stack, id, { resourceGroup, machine: MACHINE, nodes: 2, storage, ...more });
}

function serve(stack: TerraformStack, id: string, more: Partial<KubernetesInferenceProps> = {}): KubernetesInference {
  const model = ServingModel.volume('models', { sizeGiB: 8 });
  return new KubernetesInference(stack, id, { model, resourceGroup, machine: MACHINE, ...more });
}

const chartsOf = ({ bundle }: TrainingCluster) => bundle.releases.map(({ release }) => release);

test.each<[string, (app: App) => void]>([
  [
    'two training clusters in a stack',
    (app) => {
      const stack = stackIn(app, 'A');
      train(stack, 'One', { installation: gitOps });
      train(stack, 'Two', { installation: gitOps });
    },
  ],
  ['a training cluster in each of two stacks', (app) => ['A', 'B'].forEach((id) => train(stackIn(app, id), 'It'))],
  [
    'a training cluster in each of two regions',
    (app) => {
      const stack = stackIn(app, 'A');
      train(stack, 'Sweden', { installation: gitOps });
      train(stack, 'America', { installation: gitOps, resourceGroup: { name: 'us', location: 'eastus' } });
    },
  ],
  [
    'a training cluster in each of two subscriptions',
    (app) => {
      const stack = stackIn(app, 'A');
      const there = new Construct(stack, 'There');
      const other = { alias: 'other', subscriptionId: 'other' };
      useProviders(
        there,
        new AzurermProvider(stack, 'OtherAzurerm', { features: [{}], ...other }),
        new AzapiProvider(stack, 'OtherAzapi', other),
      );
      for (const scope of [stack, there]) train(scope, 'It', { installation: gitOps });
    },
  ],
  [
    'a model and a training cluster on one cluster, if one of them installs the GPU operator',
    (app) => {
      const stack = stackIn(app, 'A');
      serve(stack, 'Chat', { cluster: on(train(stack, 'Training').cluster, ['gpu-operator']) });
    },
  ],
])('accepts %s', (_, fill) => {
  const { app } = newApp('Empty');
  fill(app);
  expect(() => app.synth()).not.toThrow();
});

test.each<[string, (stack: TerraformStack) => void, string[]]>([
  [
    'a second training cluster on a cluster',
    (stack) => train(stack, 'Two', { cluster: on(train(stack, 'One').cluster) }),
    ['QueueDuplicate cluster'],
  ],
  [
    'a second training cluster on a cluster with the same ID',
    (stack) => {
      train(stack, 'One', { cluster: on(AKS) });
      train(stack, 'Two', { cluster: on({ ...AKS, id: AKS.id.replace('resourceGroups', 'resourcegroups') }) });
    },
    ['QueueDuplicate cluster'],
  ],
  [
    'charts of two models on one cluster',
    (stack) => {
      for (const id of ['One', 'Two']) serve(stack, id, { scaling, cluster: on(AKS), installation: gitOps });
    },
    ['ChartDuplicate gpu-operator', 'ChartDuplicate keda', 'ChartDuplicate kube-prometheus-stack'],
  ],
  [
    'two models of one name on one cluster',
    (stack) => {
      for (const namespace of ['one', 'two']) {
        serve(stack, namespace, { name: 'chat', namespace, cluster: on(AKS, ['gpu-operator']) });
      }
    },
    ['GroupDuplicate name'],
  ],
])('rejects %s', (_, fill, refused) => {
  const { app } = newApp('Empty');
  const run = () => {
    fill(stackIn(app, 'A'));
    app.synth();
  };
  expect(refusalsOf(run)).toEqual(refused);
});

test('does not install charts that the cluster runs already', () => {
  const { app } = newApp('Empty');
  const cluster = on(AKS, ['jobset', 'kubeflow-trainer', 'gpu-operator']);
  expect(chartsOf(train(stackIn(app, 'A'), 'Training', { cluster }))).toEqual(['kueue']);
});
