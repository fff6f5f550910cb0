import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import * as azure from 'ai-infra-constructs/azure';
import * as google from 'ai-infra-constructs/google';
import { Aspects, type TerraformProvider, TerraformResource, type TerraformStack, Testing } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { problemsOf, refusalsOf } from '../refusals';
import { resourcesOf } from './resources';
import { newApp } from './support';

type Blocks = Record<string, Record<string, { provider?: string }>>;

/** Resources and data sources of a stack by address, with their provider and their text. */
function written(stack: TerraformStack): { address: string; provider?: string; text: string }[] {
  const { resource, data = {} } = JSON.parse(Testing.synth(stack)) as { resource: Blocks; data?: Blocks };
  const addresses = (blocks: Blocks, prefix: string) =>
    Object.entries(blocks).flatMap(([type, all]) =>
      Object.entries(all).map(([name, one]) => {
        const text = JSON.stringify(one, (key, value: unknown) => (key === '//' ? undefined : value));
        return { address: `${prefix}${type}.${name}`, provider: one.provider, text };
      }),
    );
  return [...addresses(resource, ''), ...addresses(data, 'data.')];
}

/** Expects that all addresses of a tree have its providers and refer only to data with the same ones. */
function expectTree(stack: TerraformStack, prefix: RegExp, providers: Readonly<Record<string, string | undefined>>) {
  // Terraform itself provides `terraform_data`.
  const all = written(stack).filter(({ address }) => !address.startsWith('terraform_data.'));
  const tree = all.filter(({ address }) => prefix.test(address));
  expect(tree.length).toBeGreaterThan(5);
  for (const { address, provider } of tree) {
    const [, type] = /(google|azurerm|azapi|helm)_/.exec(address)!;
    expect(`${address}: ${provider}`).toBe(`${address}: ${providers[type!]}`);
  }
  const text = tree.map((one) => one.text).join('\n');
  for (const { address, provider } of all) {
    const [, type] = /(google|azurerm|azapi|helm)_/.exec(address)!;
    if (provider !== providers[type!]) expect(text).not.toContain(`\${${address}.`);
  }
}

const ZONE = 'us-central1-b';
const MODEL = google.GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it', { acceptEula: true });

function twoProjects() {
  const { app, stack } = newApp();
  new GoogleProvider(stack, 'Google', { project: 'first' });
  const second = new GoogleProvider(stack, 'Second', { alias: 'second', project: 'second' });
  return { app, stack, second, tree: new Construct(stack, 'Tree') };
}

function twoSubscriptions() {
  const { app, stack } = newApp();
  const features = [{ storage: [{ dataPlaneAvailable: false }] }];
  const [first, other] = ['1', '2'].map((digit) => '00000000-0000-4000-8000-00000000000x'.replace('x', digit));
  new AzurermProvider(stack, 'Azurerm', { features, subscriptionId: first });
  new azure.AzapiProvider(stack, 'Azapi', { subscriptionId: first });
  const azurerm = new AzurermProvider(stack, 'Second', { alias: 'second', features, subscriptionId: other });
  const azapi = new azure.AzapiProvider(stack, 'SecondAzapi', { alias: 'second', subscriptionId: other });
  return { app, stack, azurerm, azapi, other, tree: new Construct(stack, 'Tree') };
}

/** Sets a provider on the resources of a tree, as users did before they could choose it. */
function setProvider(
  scope: IConstruct,
  provider: TerraformProvider,
  isMeant: (resource: TerraformResource) => boolean = () => true,
) {
  Aspects.of(scope).add({
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node) && isMeant(node)) node.provider = provider;
    },
  });
}

describe('a chosen Google provider', () => {
  test('applies to a tree with its Helm releases, and to the data that its constructs share', () => {
    const { app, stack, second, tree } = twoProjects();
    google.useProviders(tree, second);
    const pool = { zone: ZONE, machine: google.GoogleMachine.A3_ULTRAGPU_8G, capacity: google.Capacity.spot() };
    for (const scope of [new Construct(stack, 'First'), tree]) {
      const { controlPlane } = new google.TrainingCluster(scope, 'Pretrain', { ...pool, nodes: 2 });
      const alias = scope === tree ? 'second' : undefined;
      const helm = new HelmProvider(stack, `Helm${scope.node.id}`, { alias, kubernetes: controlPlane!.connection });
      google.useProviders(scope, helm);
      const endpoint = new google.InferenceEndpoint(scope, 'Endpoint', {
        machine: google.GoogleMachine.G2_STANDARD_48,
        region: 'us-central1',
        model: MODEL,
      });
      endpoint.grantInvoke('Caller', 'group:callers@example.com');
    }
    expect(() => app.synth()).not.toThrow();
    expectTree(stack, /\.(Tree|AiInfraProvider-\w+-second)_/, { google: 'google.second', helm: 'helm.second' });
    expectTree(stack, /\.First_/, { helm: 'helm' });
    const { helm } = (JSON.parse(Testing.synth(stack)) as { provider: { helm: { kubernetes: { token: string } }[] } })
      .provider;
    expect(helm.map(({ kubernetes }) => kubernetes.token.includes('AiInfraProvider-google-second'))).toEqual([
      false,
      true,
    ]);
  });

  test('is the project whose service agents may use a key of another project', () => {
    const { stack, second, tree } = twoProjects();
    google.useProviders(tree, second);
    const encryptionKey = new google.EncryptionKey(stack, 'Key', { region: 'us-central1' });
    for (const scope of [stack, tree]) new google.DataBucket(scope, 'Bucket', { region: 'us-central1', encryptionKey });
    const members = Object.values(resourcesOf(stack, 'google_kms_crypto_key_iam_member')).map(({ member }) => member);
    expect(members).toEqual([
      expect.stringContaining('_service_account.AiInfraProvider-google-second_AiInfraGoogleProject_'),
      expect.stringContaining('_service_account.AiInfraGoogleProject_'),
    ]);
  });

  test('further down takes precedence, and so does `provider` on a resource', () => {
    const { stack, second, tree } = twoProjects();
    const third = new GoogleProvider(stack, 'Third', { alias: 'third', project: 'third' });
    google.useProviders(tree, second);
    const inner = new Construct(tree, 'Inner');
    google.useProviders(inner, third);
    new StorageBucket(inner, 'Inner', { name: 'inner', location: 'US' });
    new StorageBucket(tree, 'Outer', { name: 'outer', location: 'US' });
    new StorageBucket(tree, 'Explicit', { name: 'explicit', location: 'US', provider: third });
    const providers = Object.values(resourcesOf(stack, 'google_storage_bucket')).map(
      ({ name, provider }) => `${name} ${provider}`,
    );
    expect(providers).toEqual(['explicit google.third', 'inner google.third', 'outer google.second']);
  });

  test('lets clusters of the same name in two projects be two clusters', () => {
    const { app, stack, second, tree } = twoProjects();
    google.useProviders(tree, second);
    new HelmProvider(stack, 'Helm');
    const cluster = google.ClusterSource.fromCluster(
      { name: 'research', location: 'us-central1' },
      { systemLabels: { role: 'system' } },
    );
    for (const scope of [stack, tree]) {
      new google.KubernetesInference(scope, 'Serve', {
        cluster,
        zone: ZONE,
        machine: google.GoogleMachine.G2_STANDARD_12,
        model: google.ServingModel.volume('models', { sizeGiB: 8 }),
      });
    }
    expect(refusalsOf(() => app.synth())).toEqual(["ProviderMissing provider 'helm'"]);
  });
});

describe('a chosen pair of Azure providers', () => {
  const addClusters = (scopes: readonly Construct[]) => {
    for (const scope of scopes) {
      new azure.TrainingCluster(scope, 'Pretrain', {
        resourceGroup: { name: 'ml', location: 'eastus' },
        machine: azure.AzureMachine.ND96ISR_H100_V5,
        zone: '1',
        nodes: 2,
        infinibandFeature: azure.InfinibandFeature.REGISTER,
        installation: azure.Installation.gitOps(),
      });
    }
  };

  test('applies to a tree, to its subscription, and to the registration of InfiniBand', () => {
    const { app, stack, azurerm, azapi, tree } = twoSubscriptions();
    azure.useProviders(tree, azurerm, azapi);
    addClusters([new Construct(stack, 'First'), tree]);
    expect(() => app.synth()).not.toThrow();
    const chosen = { azurerm: 'azurerm.second', azapi: 'azapi.second' };
    expectTree(stack, /\.(Tree|AiInfraProvider-\w+-second)_/, chosen);
    expectTree(stack, /\.First_/, {});
    const registrations = Object.values(resourcesOf(stack, 'azapi_resource_action')).filter(({ resource_id: id }) =>
      id.endsWith('/AKSInfinibandSupport'),
    );
    expect(registrations.map(({ provider }) => provider)).toEqual([undefined, 'azapi.second']);
  });

  test.each([
    ['azurerm alone', ({ azurerm }: ReturnType<typeof twoSubscriptions>) => [azurerm]],
    ['azapi alone', ({ azapi }: ReturnType<typeof twoSubscriptions>) => [azapi]],
    [
      'two subscriptions',
      ({ stack, azurerm }: ReturnType<typeof twoSubscriptions>) => [
        azurerm,
        new azure.AzapiProvider(stack, 'Third', { alias: 'third', subscriptionId: 'another' }),
      ],
    ],
  ])('rejects %s', (_, choose) => {
    const two = twoSubscriptions();
    azure.useProviders(two.tree, ...choose(two));
    addClusters([two.tree]);
    expect(refusalsOf(() => two.app.synth())).toEqual(["ProviderChoice provider 'azapi'"]);
  });

  test('rejects an aspect that sets only azurerm', () => {
    const { app, azurerm, tree } = twoSubscriptions();
    addClusters([tree]);
    setProvider(tree, azurerm, ({ terraformResourceType }) => terraformResourceType.startsWith('azurerm_'));
    expect(refusalsOf(() => app.synth())).toContain("ProviderChoice provider 'azurerm'");
  });

  test('keeps equal private DNS zones of two subscriptions apart', () => {
    const { stack, azurerm, azapi, tree } = twoSubscriptions();
    azure.useProviders(tree, azurerm, azapi);
    const resourceGroup = { name: 'ml', location: 'eastus' };
    const networks = [stack, tree].map((scope) => new azure.MlNetwork(scope, 'Network', { resourceGroup, zone: '1' }));
    expect(() =>
      networks.map((network) => network.privateDnsZoneId('privatelink.blob.core.windows.net')),
    ).not.toThrow();
  });
});

describe('mixed providers', () => {
  test('are rejected after an aspect that reaches only a part of a project', () => {
    const { app, second, tree } = twoProjects();
    new google.DataBucket(tree, 'Datasets', { region: 'us-central1' });
    setProvider(tree, second);
    const [problem] = problemsOf(() => app.synth());
    expect(problem).toMatchObject({ code: 'ProviderChoice', prop: "provider 'google'" });
    expect(problem!.got).toMatch(/^google\.second for Test\/Tree\/Datasets\//);
    expect(problem!.fix).toContain('useProviders');
  });

  test('are accepted if both reach the same project', () => {
    const { app, stack } = twoProjects();
    const { resource } = new google.DataBucket(stack, 'Datasets', { region: 'us-central1' });
    resource.provider = new GoogleProvider(stack, 'Beta', { alias: 'beta', project: 'first' });
    expect(() => app.synth()).not.toThrow();
  });

  test('are rejected if the only provider has an alias and is not chosen', () => {
    const { app, stack } = newApp();
    const only = new GoogleProvider(stack, 'Only', { alias: 'only', project: 'first' });
    new google.MlNetwork(stack, 'Network', { region: 'us-central1' });
    const problems = problemsOf(() => app.synth());
    expect(problems).toMatchObject([
      {
        code: 'ProviderMissing',
        prop: "provider 'google'",
        got: ['google.only'],
        fix: expect.stringContaining('useProviders') as string,
      },
    ]);
    google.useProviders(stack, only);
    expect(() => app.synth()).not.toThrow();
  });
});

describe('useProviders()', () => {
  test.each<[string, RegExp, (two: ReturnType<typeof twoProjects>) => unknown]>([
    [
      'a value of another type',
      /PropType/,
      ({ tree }) => {
        google.useProviders(tree, 'google' as never);
      },
    ],
    [
      'a provider of another stack',
      /stack of the scope/,
      ({ tree }) => {
        google.useProviders(tree, new GoogleProvider(newApp().stack, 'Google'));
      },
    ],
    [
      'two providers of a type',
      /only provider 'google'/,
      ({ tree, stack, second }) => {
        google.useProviders(tree, second, new GoogleProvider(stack, 'Third', { alias: 'third' }));
      },
    ],
    [
      'a choice after the project was used',
      /before Test\/Tree\/Bucket exists/,
      ({ tree, second }) => {
        new google.DataBucket(tree, 'Bucket', { region: 'us-central1' });
        google.useProviders(tree, second);
      },
    ],
  ])('rejects %s', (_, message, run) => {
    expect(() => run(twoProjects())).toThrow(message);
  });

  test('is what the error about a prop `provider` advises', () => {
    const { stack, second } = twoProjects();
    const props = { region: 'us-central1', provider: second };
    expect(problemsOf(() => new google.DataBucket(stack, 'Bucket', props))).toMatchObject([
      { code: 'PropUnknown', prop: 'provider', fix: expect.stringContaining('useProviders') as string },
    ]);
  });
});

/** Constructs with resources register the checks of their providers. */
test.each(['google', 'azure'])('each construct with resources of %s has its providers checked', (cloud) => {
  const folder = join(__dirname, '../../lib', cloud);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const unchecked = files.filter((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return (
      text.includes("from '../provider/") &&
      /class \w+ extends Construct/.test(text) &&
      !text.includes('checkProviders(this)')
    );
  });
  expect(files.length).toBeGreaterThan(50);
  expect(unchecked).toEqual([]);
});
