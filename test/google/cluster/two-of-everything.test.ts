import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  ClusterSource,
  type ExistingClusterOptions,
  GoogleMachine,
  type IGkeCluster,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  ServingModel,
  ServingScaling,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
  useProviders,
} from 'ai-infra-constructs/google';
import { type App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { refusalsOf } from '../../refusals';
import { newApp } from '../../terraform/support';
import { ZONE } from '../support';

const MACHINE = GoogleMachine.G2_STANDARD_12;
const GKE = { name: 'research', location: 'us-central1' };
const gitOps = Installation.gitOps();
const scaling = ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 32 });

const on = (cluster: IGkeCluster, existingCharts?: ExistingClusterOptions['existingCharts']) =>
  ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' }, existingCharts });

function stackIn(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new GoogleProvider(stack, 'Google');
  new HelmProvider(stack, 'Helm');
  return stack;
}

function train(stack: Construct, id: string, more: Partial<TrainingClusterProps> = {}): TrainingCluster {
  const { zone = ZONE, machine = MACHINE } = more;
  return new TrainingCluster(stack, id, { nodes: 2, storage: TrainingStorage.none(), ...more, zone, machine });
}

function serve(stack: TerraformStack, id: string, more: Partial<KubernetesInferenceProps> = {}): KubernetesInference {
  const model = ServingModel.volume('models', { sizeGiB: 8 });
  return new KubernetesInference(stack, id, { model, zone: ZONE, machine: MACHINE, ...more });
}

const chartsOf = ({ bundle }: TrainingCluster) => bundle.releases.map(({ release }) => release);

test.each<[string, (app: App) => void]>([
  [
    'two training clusters in a stack',
    (app) =>
      ['One', 'Two'].reduce((stack, id) => (train(stack, id, { installation: gitOps }), stack), stackIn(app, 'A')),
  ],
  ['a training cluster in each of two stacks', (app) => ['A', 'B'].forEach((id) => train(stackIn(app, id), 'It'))],
  [
    'a training cluster in each of two regions',
    (app) => {
      const stack = stackIn(app, 'A');
      train(stack, 'America', { installation: gitOps });
      train(stack, 'Europe', { installation: gitOps, zone: 'europe-west4-a' });
    },
  ],
  [
    'a model and a training cluster on one cluster',
    (app) => {
      const stack = stackIn(app, 'A');
      train(stack, 'Training', { cluster: on(serve(stack, 'Chat').cluster) });
    },
  ],
  [
    'existing clusters of one name in two projects',
    (app) => {
      const stack = stackIn(app, 'A');
      const there = new Construct(stack, 'There');
      useProviders(there, new GoogleProvider(stack, 'Other', { alias: 'other', project: 'other' }));
      for (const scope of [stack, there]) train(scope, 'It', { cluster: on({ ...GKE }), installation: gitOps });
    },
  ],
  [
    'two models on one cluster, if one of them installs each chart',
    (app) => {
      const stack = stackIn(app, 'A');
      serve(stack, 'One', { scaling, cluster: on(GKE) });
      serve(stack, 'Two', { scaling, cluster: on(GKE, ['keda', 'kube-prometheus-stack']) });
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
    'a second training cluster on an existing cluster',
    (stack) => ['One', 'Two'].forEach((id) => train(stack, id, { cluster: on({ ...GKE }) })),
    ['QueueDuplicate cluster'],
  ],
  [
    'a chart of two models on one cluster',
    (stack) => ['One', 'Two'].forEach((id) => serve(stack, id, { scaling, cluster: on(GKE), installation: gitOps })),
    ['ChartDuplicate keda', 'ChartDuplicate kube-prometheus-stack'],
  ],
  [
    'two models of one name on one cluster',
    (stack) =>
      ['One', 'Two'].forEach((id) => serve(stack, id, { name: 'chat', namespace: id.toLowerCase(), cluster: on(GKE) })),
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
  const cluster = on(GKE, ['jobset', 'kubeflow-trainer']);
  expect(chartsOf(train(stackIn(app, 'A'), 'Training', { cluster }))).toEqual(['kueue']);
});
