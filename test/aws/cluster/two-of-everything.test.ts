import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AwsMachine,
  Capacity,
  ClusterSource,
  type ExistingClusterOptions,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  ServingModel,
  ServingNodes,
  ServingScaling,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/aws';
import { findingsOf } from 'ai-infra-constructs';
import { refusalsOf } from '../../refusals';

const systemLabels = { role: 'system' };
const on = (cluster: TrainingCluster['cluster'], existingCharts?: ExistingClusterOptions['existingCharts']) =>
  ClusterSource.fromCluster(cluster, { systemLabels, existingCharts });

function train(stack: Stack, id: string, more: Partial<TrainingClusterProps> = {}): TrainingCluster {
  const { machine = AwsMachine.P5_48XLARGE } = more;
  return new TrainingCluster(stack, id, { nodes: 2, storage: TrainingStorage.none(), ...more, machine });
}

function serve(stack: Stack, id: string, more: Partial<KubernetesInferenceProps> = {}): KubernetesInference {
  const model = ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0'.repeat(40), sizeGiB: 15.3 });
  const { machine = AwsMachine.G6E_12XLARGE } = more;
  return new KubernetesInference(stack, id, { model, ...more, machine });
}

function imported(stack: Stack, id: string, vpc = new Vpc(stack, `${id}Vpc`)): TrainingCluster['cluster'] {
  const names = { clusterName: 'research', clusterSecurityGroupId: 'sg-0c1a5e' };
  return Cluster.fromClusterAttributes(stack, id, { ...names, vpc });
}

const KEDA = ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 32 });
const gitOps = Installation.gitOps();
const chartsOf = ({ bundle }: { readonly bundle: TrainingCluster['bundle'] }) =>
  bundle.releases.map(({ release }) => release);

describe('accepts', () => {
  test.each<[string, (app: App) => void]>([
    [
      'two training clusters in a stack',
      (app) => {
        const stack = new Stack(app, 'Test');
        train(stack, 'First');
        train(stack, 'Second');
      },
    ],
    ['a training cluster in each of two stacks', (app) => ['A', 'B'].forEach((id) => train(new Stack(app, id), 'It'))],
    [
      'a training cluster in each of two regions',
      (app) => {
        for (const region of ['us-east-1', 'eu-west-1']) {
          train(new Stack(app, region, { env: { account: '111122223333', region } }), 'Training');
        }
      },
    ],
    [
      'clusters of one name in two regions',
      (app) => {
        for (const region of ['us-east-1', 'eu-west-1']) {
          const stack = new Stack(app, region, { env: { account: '111122223333', region } });
          train(stack, 'Training', { cluster: on(imported(stack, 'Cluster')), installation: gitOps });
        }
      },
    ],
    [
      'two models on one cluster, if one of them installs each chart',
      (app) => {
        const stack = new Stack(app, 'Test');
        const { cluster } = serve(stack, 'First', { scaling: KEDA });
        const existing = on(cluster, ['keda', 'kube-prometheus-stack']);
        const nodes = ServingNodes.karpenter({ installed: true });
        serve(stack, 'Second', { scaling: KEDA, cluster: existing, nodes, installation: gitOps });
      },
    ],
    [
      'a training cluster on the cluster of a model',
      (app) => {
        const stack = new Stack(app, 'Test');
        train(stack, 'Training', { cluster: on(serve(stack, 'Chat').cluster), installation: gitOps });
      },
    ],
    [
      'a model on the cluster of a training cluster',
      (app) => {
        const stack = new Stack(app, 'Test');
        serve(stack, 'Chat', { cluster: on(train(stack, 'Training').cluster), installation: gitOps });
      },
    ],
  ])('%s', (_, fill) => {
    const app = new App();
    fill(app);
    expect(() => app.synth()).not.toThrow();
  });

  test('a model and a training cluster on one cluster, each with a device plugin for its own nodes', () => {
    const stack = new Stack(new App(), 'Test');
    const model = serve(stack, 'Chat');
    const training = train(stack, 'Training', { cluster: on(model.cluster), installation: gitOps });
    expect(chartsOf(model)).toContain('nvidia-device-plugin');
    expect(chartsOf(training)).toEqual(
      expect.arrayContaining(['nvidia-device-plugin-training', 'aws-efa-k8s-device-plugin-training']),
    );
  });
});

describe('rejects', () => {
  test.each<[string, (stack: Stack) => void, string[]]>([
    [
      'a second training cluster on a cluster',
      (stack) => train(stack, 'Second', { cluster: on(train(stack, 'First').cluster), installation: gitOps }),
      ['QueueDuplicate cluster'],
    ],
    [
      'a second training cluster on a cluster that was imported twice',
      (stack) => {
        const vpc = new Vpc(stack, 'Vpc');
        for (const id of ['One', 'Other']) {
          train(stack, id, { cluster: on(imported(stack, `${id}Cluster`, vpc)), installation: gitOps });
        }
      },
      ['QueueDuplicate cluster'],
    ],
    [
      'a chart of two models on one cluster',
      (stack) => {
        const { cluster } = serve(stack, 'First', { scaling: KEDA });
        serve(stack, 'Second', { scaling: KEDA, cluster: on(cluster), installation: gitOps });
      },
      ['ChartDuplicate keda', 'ChartDuplicate kube-prometheus-stack', 'ChartDuplicate karpenter'],
    ],
    [
      'an add-on that two constructs install on a cluster',
      (stack) => {
        const vpc = new Vpc(stack, 'Vpc');
        const cluster = ClusterSource.fromCluster(imported(stack, 'Cluster', vpc), {
          systemLabels,
          addons: ['aws-fsx-csi-driver'],
        });
        train(stack, 'Training', { cluster, installation: gitOps });
        serve(stack, 'Chat', { cluster, installation: gitOps });
      },
      ['ChartDuplicate aws-fsx-csi-driver'],
    ],
    [
      'a model with the name of a node group',
      (stack) => {
        const { cluster } = train(stack, 'Training', {
          groups: { chat: { machine: AwsMachine.G6E_12XLARGE, nodes: 1 } },
        });
        serve(stack, 'Chat', { cluster: on(cluster), installation: gitOps });
      },
      ['GroupDuplicate name'],
    ],
  ])('%s', (_, fill, refused) => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const run = () => {
      fill(stack);
      app.synth();
    };
    expect(refusalsOf(run)).toEqual(refused);
  });

  test('a second group with the name of the first one', () => {
    const stack = new Stack(new App(), 'Test');
    const groups = { nodes: { machine: AwsMachine.G6E_12XLARGE, nodes: 1 } };
    expect(refusalsOf(() => train(stack, 'Training', { groups }))).toEqual(['GroupDuplicate groups.nodes']);
  });
});

test('does not install charts that the cluster runs already', () => {
  const stack = new Stack(new App(), 'Test');
  const cluster = on(imported(stack, 'Cluster'), ['jobset', 'kubeflow-trainer', 'kueue', 'nvidia-device-plugin']);
  const training = train(stack, 'Training', { cluster, installation: gitOps });
  expect(chartsOf(training)).toEqual(['aws-efa-k8s-device-plugin-training']);
  expect(training.bundle.manifests.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['ClusterQueue', 'ClusterTrainingRuntime']),
  );
});

test('leaves the permissions of an autoscaler to the cluster that runs one', () => {
  const spotOn = (existingCharts?: ExistingClusterOptions['existingCharts']) => {
    const stack = new Stack(new App(), 'Test');
    const cluster = on(imported(stack, 'Cluster'), existingCharts);
    train(stack, 'Training', { cluster, capacity: Capacity.spot(), installation: gitOps });
    return Template.fromStack(stack).findResources('AWS::EKS::PodIdentityAssociation');
  };
  expect(Object.keys(spotOn())).toHaveLength(1);
  expect(Object.keys(spotOn(['cluster-autoscaler']))).toHaveLength(0);
});

describe('a capacity block on a cluster with an autoscaler', () => {
  const block = Capacity.capacityBlock('cr-0123456789abcdef0');
  const found = (
    create: (stack: Stack, cluster: ClusterSource, subnets: SubnetSelection) => unknown,
    charts: readonly 'cluster-autoscaler'[],
  ) => {
    const stack = new Stack(new App(), 'Test');
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
    create(stack, on(imported(stack, 'Cluster', vpc), charts), { subnets: vpc.privateSubnets });
    return findingsOf(stack).map(({ id }) => id);
  };
  const training = (stack: Stack, cluster: ClusterSource, subnets: SubnetSelection) =>
    train(stack, 'Training', { cluster, subnets, capacity: block, installation: gitOps });
  const serving = (stack: Stack, cluster: ClusterSource, subnets: SubnetSelection) =>
    serve(stack, 'Serving', {
      ...{ cluster, subnets, capacity: block, installation: gitOps, machine: AwsMachine.P5_48XLARGE },
      nodes: ServingNodes.managed(),
    });

  test.each([
    ['training', training],
    ['inference', serving],
  ])('records that the autoscaler can remove nodes of %s', (_, create) => {
    expect(found(create, ['cluster-autoscaler'])).toContain('capacity/foreign-autoscaler');
    expect(found(create, [])).not.toContain('capacity/foreign-autoscaler');
  });

  test('records nothing for other capacity', () => {
    const create = (stack: Stack, cluster: ClusterSource) =>
      train(stack, 'Training', { cluster, installation: gitOps });
    expect(found(create, ['cluster-autoscaler'])).not.toContain('capacity/foreign-autoscaler');
  });
});
