import type { TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { findingsOf, ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  ContainerAppEnvironment,
  type ContainerAppEnvironmentProps,
  ContainerAppInference,
  type ContainerAppInferenceProps,
  ContainerAppModel,
  ContainerAppServer,
  MlNetwork,
  ServerlessGpu,
} from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { codesOf, type Json, newStack, problemsOf, refusalsOf, resourcesOf, theOnly, told } from '../support';

const GROUP = { name: 'models', location: 'swedencentral' };
const SHARE = { accountName: 'weights', shareName: 'models', sizeGiB: 16 };
const MODEL = ContainerAppModel.nfsShare(SHARE);
const DIGEST = `sha256:${'0'.repeat(64)}`;
const ID = '/subscriptions/s/resourceGroups/models/providers';
const ENVIRONMENT = { id: `${ID}/Microsoft.App/managedEnvironments/apps`, profiles: { A100: 'big', T4: 'small' } };

function appWith(props: Partial<ContainerAppInferenceProps> = {}): {
  stack: TerraformStack;
  app: ContainerAppInference;
} {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
  const place = 'environment' in props ? {} : { network, cidr: '10.0.128.0/26' };
  const all = { resourceGroup: GROUP, accelerator: ServerlessGpu.A100, model: MODEL, ...place, ...props };
  return { stack, app: new ContainerAppInference(stack, 'Chat', all) };
}

const resource = (props: Partial<ContainerAppInferenceProps> = {}): Json =>
  theOnly(appWith(props).stack, 'azurerm_container_app');
const container = (props: Partial<ContainerAppInferenceProps> = {}): Json => resource(props).template.container[0];

describe('the environment', () => {
  test('is internal to its network, has the accelerator from the start, and encrypts what passes within it', () => {
    const { stack } = appWith();
    const environment = theOnly(stack, 'azapi_resource');
    expect(environment.type).toBe('Microsoft.App/managedEnvironments@2026-01-01');
    expect(environment.location).toBe('swedencentral');
    expect(environment.body.properties).toMatchObject({
      vnetConfiguration: { internal: true },
      publicNetworkAccess: 'Disabled',
      workloadProfiles: [
        { name: 'Consumption', workloadProfileType: 'Consumption' },
        { name: 'gpu-a100', workloadProfileType: 'Consumption-GPU-NC24-A100' },
      ],
      appLogsConfiguration: { destination: 'azure-monitor' },
      peerTrafficConfiguration: { encryption: { enabled: true } },
    });
  });

  test('says no number of machines, which Azure refuses for these profiles', () => {
    const { workloadProfiles } = theOnly(appWith().stack, 'azapi_resource').body.properties;
    for (const profile of workloadProfiles) expect(Object.keys(profile)).toEqual(['name', 'workloadProfileType']);
  });

  test('has a subnet that is handed to it', () => {
    const subnets = Object.values(resourcesOf(appWith().stack, 'azurerm_subnet'));
    const own = subnets.filter(({ delegation }) => delegation !== undefined);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      address_prefixes: ['10.0.128.0/26'],
      delegation: [{ service_delegation: { name: 'Microsoft.App/environments' } }],
    });
  });

  test('waits for the rules of its subnet, and for its way out', () => {
    expect(theOnly(appWith().stack, 'azapi_resource').depends_on).toEqual([
      expect.stringMatching(/^azurerm_subnet_network_security_group_association\.Network_Apps/),
      expect.stringMatching(/^azurerm_subnet_nat_gateway_association\.Network_Apps/),
    ]);
  });

  test('is found by its network under all names of its domain', () => {
    const { stack } = appWith();
    const zones = Object.values(resourcesOf(stack, 'azurerm_private_dns_zone'));
    expect(zones.map(({ name }) => name as string)).toEqual([
      expect.stringMatching(/output\.properties\.defaultDomain/),
    ]);
    // Its answer is unknown whenever the environment changes.
    expect(zones[0].lifecycle).toEqual({
      ignore_changes: ['name'],
      replace_triggered_by: [expect.stringMatching(/^azapi_resource\.\w+\.id$/)],
    });
    const record = theOnly(stack, 'azurerm_private_dns_a_record');
    expect(record).toMatchObject({ name: '*', records: [expect.stringMatching(/output\.properties\.staticIp/)] });
    expect(theOnly(stack, 'azapi_resource').response_export_values).toEqual([
      'properties.defaultDomain',
      'properties.staticIp',
    ]);
  });

  test('logs without a key', () => {
    const { stack } = appWith();
    expect(theOnly(stack, 'azurerm_monitor_diagnostic_setting').enabled_log).toEqual([
      { category: 'ContainerAppConsoleLogs' },
      { category: 'ContainerAppSystemLogs' },
    ]);
  });

  test('can be shared by apps, each on its accelerator', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    const accelerators = [ServerlessGpu.A100, ServerlessGpu.T4];
    const environment = new ContainerAppEnvironment(stack, 'Apps', {
      resourceGroup: GROUP,
      network,
      accelerators,
      cidr: '10.0.128.0/26',
    });
    for (const accelerator of accelerators) {
      const model = ContainerAppModel.inImage('/model', { sizeGiB: 4 });
      new ContainerAppInference(stack, accelerator.name, { resourceGroup: GROUP, accelerator, model, environment });
    }
    const apps = Object.values(resourcesOf(stack, 'azurerm_container_app'));
    expect(apps.map(({ workload_profile_name: profile }) => profile as string)).toEqual(['gpu-a100', 'gpu-t4']);
  });

  test('that stands has names of its own for its profiles', () => {
    expect(resource({ environment: ENVIRONMENT })).toMatchObject({
      container_app_environment_id: ENVIRONMENT.id,
      workload_profile_name: 'big',
    });
    expect(resourcesOf(appWith({ environment: ENVIRONMENT }).stack, 'azapi_resource')).toEqual({});
  });

  armTest('is one that the API takes', () => {
    expect(faultsOf(theOnly(appWith().stack, 'azapi_resource'))).toEqual([]);
  });
});

describe('a replica', () => {
  test.each([
    [ServerlessGpu.A100, 24, '220Gi', 'gpu-a100'],
    [ServerlessGpu.T4, 8, '56Gi', 'gpu-t4'],
  ])('has all of its accelerator', (accelerator, cpu, memory, profile) => {
    const model = ContainerAppModel.inImage('/model', { sizeGiB: 4 });
    const app = resource({ accelerator, model });
    expect(app.workload_profile_name).toBe(profile);
    expect(app.template.container[0]).toMatchObject({ cpu, memory });
  });

  test('serves the model of a share, which it only reads', () => {
    const { stack } = appWith();
    const [storageId, storage] = Object.entries(resourcesOf(stack, 'azurerm_container_app_environment_storage'))[0]!;
    expect(storage).toMatchObject({
      access_mode: 'ReadOnly',
      nfs_server_url: 'weights.file.core.windows.net',
      share_name: '/weights/models',
    });
    const app = theOnly(stack, 'azurerm_container_app');
    expect(app.depends_on).toContain(`azurerm_container_app_environment_storage.${storageId}`);
    expect(app.template.volume).toEqual([{ name: 'model', storage_type: 'NfsAzureFile', storage_name: storage.name }]);
    expect(app.template.container[0].volume_mounts).toEqual([{ name: 'model', path: '/models' }]);
  });

  test.each([
    [MODEL, '/models'],
    [ContainerAppModel.nfsShare({ ...SHARE, path: '/llama/v3' }), '/models/llama/v3'],
    [ContainerAppModel.inImage('/opt/model', { sizeGiB: 4 }), '/opt/model'],
  ])('tells vLLM where its files are: %#', (model, path) => {
    const { command, args } = container({ model, name: 'chat' });
    expect(command).toEqual(['vllm', 'serve']);
    expect(args.slice(0, 5)).toEqual([path, '--host', '0.0.0.0', '--port', '8000']);
    expect(args).toEqual(expect.arrayContaining(['--served-model-name', 'chat']));
  });

  test('downloads one commit of a small model', () => {
    const model = ContainerAppModel.huggingFace('Qwen/Qwen3-1.7B', { revision: 'a'.repeat(40), sizeGiB: 4 });
    const { args } = container({ model });
    expect(args[0]).toBe('Qwen/Qwen3-1.7B');
    expect((args as string[]).join(' ')).toContain(`--revision ${'a'.repeat(40)}`);
  });

  test('computes in half precision where the chip has no BF16, unless it is told otherwise', () => {
    const model = ContainerAppModel.inImage('/model', { sizeGiB: 4 });
    const dtype = (accelerator: ServerlessGpu, args?: string[]) => {
      const { args: all } = container({ accelerator, model, server: ContainerAppServer.vllm({ args }) });
      return all.filter((_: string, index: number) => (all as string[])[index - 1] === '--dtype');
    };
    expect(dtype(ServerlessGpu.A100)).toEqual([]);
    expect(dtype(ServerlessGpu.T4)).toEqual(['half']);
    expect(dtype(ServerlessGpu.T4, ['--dtype', 'float32'])).toEqual(['float32']);
  });

  test('may run a server of your own', () => {
    const server = ContainerAppServer.of({
      image: `models.azurecr.io/server@${DIGEST}`,
      port: 9000,
      healthPath: '/ready',
      command: ['serve'],
      args: ['--fast'],
      env: [{ name: 'MODE', value: 'prod' }],
    });
    const app = resource({ server });
    expect(app.template.container[0]).toMatchObject({
      image: `models.azurecr.io/server@${DIGEST}`,
      command: ['serve'],
      args: ['--fast'],
      env: [{ name: 'MODE', value: 'prod' }],
      startup_probe: [{ port: 9000, path: '/ready' }],
    });
    expect(app.ingress.target_port).toBe(9000);
  });

  test('gets arguments and variables that Terraform reads as they are', () => {
    const env = [{ name: 'TEMPLATE', value: '%{x}' }];
    const server = ContainerAppServer.of({
      image: 'a',
      port: 80,
      command: ['sh', '-c', 'echo ${HOME}'],
      args: ['${1}'],
      env,
    });
    expect(container({ server })).toMatchObject({
      command: ['sh', '-c', 'echo $${HOME}'],
      args: ['$${1}'],
      env: [{ name: 'TEMPLATE', value: '%%{x}' }],
    });
  });

  test('has time to start for its weights, within what a probe takes', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 60, noNaN: true }), (sizeGiB) => {
        const model = ContainerAppModel.inImage('/model', { sizeGiB });
        const [{ failure_count_threshold: tries, interval_seconds: interval }] = container({ model }).startup_probe;
        expect(tries).toBeLessThanOrEqual(10);
        expect(interval).toBeLessThanOrEqual(240);
        expect(tries * interval).toBeGreaterThanOrEqual(sizeGiB / 0.25 + 600);
      }),
      { numRuns: 10, seed: 5 },
    );
  });

  test('is pulled by its identity, which may before the app is made', () => {
    const registry = { id: `${ID}/Microsoft.ContainerRegistry/registries/images`, loginServer: 'images.azurecr.io' };
    const { stack } = appWith({ registry });
    const app = theOnly(stack, 'azurerm_container_app');
    const [roleId, role] = Object.entries(resourcesOf(stack, 'azurerm_role_assignment'))[0]!;
    expect(role).toMatchObject({ role_definition_name: 'AcrPull', scope: registry.id });
    expect(app.depends_on).toContain(`azurerm_role_assignment.${roleId}`);
    expect(app.registry[0].server).toBe('images.azurecr.io');
  });
});

describe('the way in', () => {
  test('is by TLS, from within the network', () => {
    expect(resource().ingress).toMatchObject({
      external_enabled: true,
      allow_insecure_connections: false,
      transport: 'http',
    });
    expect(appWith().app.url).toMatch(/^https:\/\/.*\/v1$/);
  });

  test('may be of some addresses alone', () => {
    const rules = resource({ allowedCidrs: ['10.0.64.0/24', '10.1.0.0/16'] }).ingress.ip_security_restriction;
    expect(rules).toEqual([
      { name: 'allowed-0', action: 'Allow', ip_address_range: '10.0.64.0/24' },
      { name: 'allowed-1', action: 'Allow', ip_address_range: '10.1.0.0/16' },
    ]);
  });
});

describe('scaling', () => {
  const limits = (props: Partial<ContainerAppInferenceProps>) => {
    const {
      min_replicas: least,
      max_replicas: most,
      cooldown_period_in_seconds: pause,
      http_scale_rule: rules,
    } = resource(props).template;
    return [least, most, rules[0].concurrent_requests, pause];
  };

  test('is of one replica where nothing is known', () => {
    expect(limits({})).toEqual([1, 1, '10', 300]);
  });

  test('follows what was stated', () => {
    expect(limits({ scaling: { minimum: 0, maximum: 4, target: 32, cooldownSeconds: 600 } })).toEqual([
      0,
      4,
      '32',
      600,
    ]);
    expect(limits({ scaling: { minimum: 0 } })).toEqual([0, 1, '10', 300]);
  });

  test('follows a load, for which a plan is recorded', () => {
    const load = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      inputTokens: 1000,
      outputTokens: 300,
      requestsPerSecond: 20,
    });
    const { stack, app } = appWith({ load });
    const { template } = theOnly(stack, 'azurerm_container_app');
    expect(app.plan!.replicas.count).toBeGreaterThan(0);
    expect(template.min_replicas).toBe(app.plan!.replicas.count);
    expect(template.max_replicas).toBe(2 * app.plan!.replicas.count);
    expect(Number(template.http_scale_rule[0].concurrent_requests)).toBeGreaterThan(0);
    expect(app.plan!.costs.every(({ usdPerMonth }) => usdPerMonth === undefined)).toBe(true);
  });

  test('refuses a load that no replica holds', () => {
    const load = ServingLoad.of({ model: ModelSpec.LLAMA_3_70B, inputTokens: 1000, outputTokens: 300, concurrency: 4 });
    expect(codesOf(() => appWith({ load }))).toContain('MemoryTooSmall');
  });
});

describe('doubts', () => {
  const server = ContainerAppServer.vllm({ image: `models.azurecr.io/vllm@${DIGEST}` });
  const quiet = { server, allowedCidrs: ['10.0.0.0/24'], scaling: { minimum: 2 } };
  const ids = (props: Partial<ContainerAppInferenceProps>) =>
    findingsOf(appWith({ ...quiet, ...props }).app).map(({ id }) => id);

  test('none, where the image is fixed, callers are named and two replicas answer', () => {
    expect(ids({})).toEqual([]);
  });

  test.each([
    ['image/mutable', { server: undefined }],
    ['serving/wake-up', { scaling: { minimum: 0 } }],
    ['serving/one-replica', { scaling: {} }],
    ['serving/open-to-network', { allowedCidrs: undefined }],
  ])('%s', (id, props) => {
    expect(ids(props)).toEqual([id]);
  });
});

describe('refuses', () => {
  test('all that is wrong at once', () => {
    const problems = problemsOf(() =>
      appWith({
        resourceGroup: { name: 'models', location: 'Sweden Central' },
        name: 'Chat--1',
        model: ContainerAppModel.nfsShare({ accountName: 'My-Weights', shareName: 'a', path: '../x', sizeGiB: 0 }),
        server: ContainerAppServer.of({ image: 'a b', port: 0, healthPath: 'health' }),
        scaling: { minimum: 5, maximum: 2, target: 0, cooldownSeconds: 0.5 },
        allowedCidrs: ['10.0.0.1/8'],
        registry: { id: 'images', loginServer: 'images.azurecr.io' },
        cidr: '10.0.128.0/28',
      }),
    );
    expect(problems.map(told)).toEqual([
      'AzureName name',
      'ModelSourceInvalid model.sizeGiB',
      'ModelSourceInvalid model.accountName',
      'ModelSourceInvalid model.shareName',
      'ModelSourceInvalid model.path',
      'ServingContainerInvalid server.image',
      'ServingContainerInvalid server.port',
      'ServingContainerInvalid server.healthPath',
      'ResourceIdInvalid registry.id',
      'LocationInvalid resourceGroup.location',
      'AppEnvironment cidr',
      'CidrInvalid allowedCidrs[0]',
      'ScalingLimits scaling.minimum',
      'ScalingLimits scaling.target',
      'ScalingLimits scaling.cooldownSeconds',
    ]);
  });

  test('more replicas than the provider takes', () => {
    const upTo = (maximum: number) => appWith({ scaling: { minimum: 0, maximum, target: 1 } });
    expect(() => upTo(300)).not.toThrow();
    expect(codesOf(() => upTo(301))).toEqual(['ScalingLimits']);
    const load = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      inputTokens: 1000,
      outputTokens: 300,
      requestsPerSecond: 1e5,
    });
    expect(refusalsOf(() => appWith({ load }))).toEqual(['ScalingLimits load']);
  });

  test('a model that the disk of a replica, or the accelerator, does not hold', () => {
    const hub = (sizeGiB: number) => ContainerAppModel.huggingFace('a/b', { revision: 'a'.repeat(40), sizeGiB });
    expect(codesOf(() => appWith({ model: hub(7.5) }))).toEqual(['ModelSourceInvalid']);
    expect(
      codesOf(() => appWith({ model: ContainerAppModel.huggingFace('b', { revision: 'main', sizeGiB: 1 }) })),
    ).toEqual(['ModelSourceInvalid', 'ModelSourceInvalid']);
    const large = ContainerAppModel.inImage('/model', { sizeGiB: 13 });
    expect(codesOf(() => appWith({ accelerator: ServerlessGpu.T4, model: large }))).toEqual(['MemoryTooSmall']);
    expect(codesOf(() => appWith({ model: ContainerAppModel.inImage('model', { sizeGiB: 1 }) }))).toEqual([
      'ModelSourceInvalid',
    ]);
  });

  test('a server of your own with a model of the hub', () => {
    const model = ContainerAppModel.huggingFace('a/b', { revision: 'a'.repeat(40), sizeGiB: 1 });
    const server = ContainerAppServer.of({ image: 'a', port: 80 });
    expect(codesOf(() => appWith({ model, server }))).toEqual(['ModelSourceInvalid']);
  });

  test('an environment that is described in part, twice, or without the accelerator', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    expect(codesOf(() => appWith({ cidr: undefined }))).toEqual(['AppEnvironment']);
    expect(codesOf(() => appWith({ network: undefined }))).toEqual(['ValueMissing']);
    expect(codesOf(() => appWith({ subnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/a` }))).toEqual([
      'AppEnvironment',
    ]);
    expect(codesOf(() => appWith({ environment: ENVIRONMENT, network }))).toEqual(['AppEnvironment']);
    expect(codesOf(() => appWith({ environment: { ...ENVIRONMENT, profiles: {} } }))).toEqual(['AppEnvironment']);
    const standing = {
      virtualNetworkId: `${ID}/Microsoft.Network/virtualNetworks/n`,
      nodeSubnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/a`,
      endpointSubnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/b`,
    };
    expect(codesOf(() => appWith({ network: MlNetwork.existing(standing) }))).toEqual(['AppEnvironment']);
    const props: ContainerAppEnvironmentProps = {
      resourceGroup: GROUP,
      network,
      accelerators: [],
      cidr: '10.0.128.0/26',
    };
    expect(codesOf(() => new ContainerAppEnvironment(stack, 'Apps', props))).toEqual(['AppEnvironment']);
  });

  test.each([undefined, null, 7, 'text', [], {}])('%p in place of each prop with an error of its own', (hostile) => {
    const needed = ['resourceGroup', 'accelerator', 'model', 'network', 'cidr'];
    const props = [
      ...needed,
      'server',
      'load',
      'scaling',
      'allowedCidrs',
      'registry',
      'subnetId',
      'logs',
      'name',
      'prices',
      'pricesAsOf',
    ];
    for (const prop of props) {
      const run = () => appWith({ [prop]: hostile });
      const empty = JSON.stringify(hostile);
      const fine =
        (hostile === undefined && !needed.includes(prop)) ||
        (empty === '{}' && prop === 'scaling') ||
        (empty === '[]' && ['allowedCidrs', 'prices'].includes(prop)) ||
        (hostile === 'text' && ['name', 'pricesAsOf'].includes(prop));
      if (fine) expect(run).not.toThrow();
      else expect(problemsOf(run).length).toBeGreaterThan(0);
    }
    expect(() => new ContainerAppInference(newStack(), 'Chat', hostile as ContainerAppInferenceProps)).toThrow(/\[/);
    expect(() => new ContainerAppEnvironment(newStack(), 'Apps', hostile as ContainerAppEnvironmentProps)).toThrow(
      /\[/,
    );
  });
});

test('what holds state keeps its addresses', () => {
  const { stack } = appWith();
  const types = ['azapi_resource', 'azurerm_container_app', 'azurerm_subnet', 'azurerm_log_analytics_workspace'];
  const addresses = types.flatMap((type) => Object.keys(resourcesOf(stack, type)).map((id) => `${type}.${id}`));
  expect(addresses).toMatchInlineSnapshot(`
   [
     "azapi_resource.Chat_Environment_429E35DC",
     "azurerm_container_app.Chat_26DEB33F",
     "azurerm_subnet.Network_Apps-572a08c0_765A937F",
     "azurerm_subnet.Network_Endpoints_88F47C84",
     "azurerm_subnet.Network_Nodes_04EB8278",
     "azurerm_log_analytics_workspace.Chat_Environment_Logs_BCF966AC",
   ]
  `);
});
