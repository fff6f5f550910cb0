import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  ClusterSource,
  ControlPlane,
  GoogleMachine,
  type IGkeCluster,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  ServingModel,
  TrainingCluster,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { Aspects, TerraformResource, type TerraformStack, TerraformVariable } from 'cdktf';
import { newApp } from '../../terraform/support';
import { problemsOf, ZONE } from '../support';

const A = { name: 'a', location: 'us-central1' };
const B = { name: 'b', location: 'us-central1' };

/** An app with one Helm provider and two models on their clusters. */
function twoModels(
  clusters: (stack: TerraformStack) => readonly [IGkeCluster, IGkeCluster],
  more: Partial<KubernetesInferenceProps> = {},
) {
  const { app, stack } = newApp();
  new GoogleProvider(stack, 'Google');
  new HelmProvider(stack, 'Helm');
  const serve = (id: string, cluster: IGkeCluster) =>
    new KubernetesInference(stack, id, {
      cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } }),
      zone: ZONE,
      machine: GoogleMachine.G2_STANDARD_12,
      model: ServingModel.volume('models', { sizeGiB: 8 }),
      name: id.toLowerCase(),
      ...more,
    });
  const [first, second] = clusters(stack);
  serve('First', first);
  return { app, stack, model: serve('Second', second) };
}

test('rejects software of two clusters with one Helm provider', () => {
  const { app } = twoModels(() => [A, B]);
  expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'ProviderMissing', prop: "provider 'helm'" }]);
});

test('treats two new clusters of a stack as different', () => {
  const { app, stack } = newApp();
  new GoogleProvider(stack, 'Google');
  new HelmProvider(stack, 'Helm');
  const given = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_12, nodes: 1, storage: TrainingStorage.none() };
  for (const id of ['First', 'Second']) new TrainingCluster(stack, id, given);
  expect(() => app.synth()).toThrow(
    /one provider for the clusters of Test\/First\/Software and Test\/Second\/Software/,
  );
});

test('accepts a second provider with an alias', () => {
  const { app, stack, model } = twoModels(() => [A, B]);
  const provider = new HelmProvider(stack, 'SecondHelm', { alias: 'second' });
  Aspects.of(model.software).add({
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node)) node.provider = provider;
    },
  });
  expect(() => app.synth()).not.toThrow();
});

test.each<[string, Parameters<typeof twoModels>[0]]>([
  ['by name', () => [A, { ...A }]],
  [
    'with a name that is unknown at synthesis',
    (stack) => [A, { ...A, name: new TerraformVariable(stack, 'Name', {}).stringValue }],
  ],
  [
    'by control plane',
    (stack) => {
      const cluster = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1' });
      return [cluster, cluster];
    },
  ],
])('accepts two models on one cluster, %s', (_, clusters) => {
  expect(() => twoModels(clusters).app.synth()).not.toThrow();
});

test('accepts several clusters with GitOps', () => {
  const { app } = twoModels(() => [A, B], { installation: Installation.gitOps() });
  expect(() => app.synth()).not.toThrow();
});
