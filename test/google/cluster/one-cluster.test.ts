import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
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

/** An app with one Helm provider, and two models on clusters of theirs. */
function twoModels(
  clusters: (stack: TerraformStack) => readonly [IGkeCluster, IGkeCluster],
  more: Partial<KubernetesInferenceProps> = {},
) {
  const { app, stack } = newApp();
  new GoogleProvider(stack, 'Google');
  new HelmProvider(stack, 'Helm');
  const serve = (id: string, cluster: IGkeCluster) =>
    new KubernetesInference(stack, id, {
      cluster,
      systemLabels: { role: 'system' },
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

test('software of two clusters does not go through one Helm provider, which reaches one of them', () => {
  const { app } = twoModels(() => [A, B]);
  expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'ProviderMissing', prop: "provider 'helm'" }]);
});

test('two clusters that are made in a stack are two', () => {
  const { app, stack } = newApp();
  new GoogleProvider(stack, 'Google');
  new HelmProvider(stack, 'Helm');
  const given = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_12, nodes: 1, storage: TrainingStorage.none() };
  for (const id of ['First', 'Second']) new TrainingCluster(stack, id, given);
  expect(() => app.synth()).toThrow(/one for the clusters of Test\/First\/Software and Test\/Second\/Software/);
});

test('a provider with an alias reaches the second one', () => {
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
  ['by its name', () => [A, { ...A }]],
  ['as far as is known now', (stack) => [A, { ...A, name: new TerraformVariable(stack, 'Name', {}).stringValue }]],
  [
    'by its control plane',
    (stack) => {
      const cluster = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1' });
      return [cluster, cluster];
    },
  ],
])('one cluster is one, %s', (_, clusters) => {
  expect(() => twoModels(clusters).app.synth()).not.toThrow();
});

test('GitOps installs on as many as there are', () => {
  const { app } = twoModels(() => [A, B], { installation: Installation.gitOps() });
  expect(() => app.synth()).not.toThrow();
});
