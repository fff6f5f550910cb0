import type { TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { findingsOf, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import { alternativesIn } from '../../endpoint-alternatives';
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
  test('is internal to its network, has a GPU profile from the start, and encrypts internal traffic', () => {
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

  test('sets no number of machines, which Azure rejects for these profiles', () => {
    const { workloadProfiles } = theOnly(appWith().stack, 'azapi_resource').body.properties;
    for (const profile of workloadProfiles) expect(Object.keys(profile)).toEqual(['name', 'workloadProfileType']);
  });

  test('has a delegated subnet', () => {
    const subnets = Object.values(resourcesOf(appWith().stack, 'azurerm_subnet'));
    const own = subnets.filter(({ delegation }) => delegation !== undefined);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      address_prefixes: ['10.0.128.0/26'],
      delegation: [{ service_delegation: { name: 'Microsoft.App/environments' } }],
    });
  });

  test('waits for the security rules and the NAT gateway of its subnet', () => {
    expect(theOnly(appWith().stack, 'azapi_resource').depends_on).toEqual([
      expect.stringMatching(/^azurerm_subnet_network_security_group_association\.Network_Apps/),
      expect.stringMatching(/^azurerm_subnet_nat_gateway_association\.Network_Apps/),
    ]);
  });

  test('has a private DNS zone for all names of its domain', () => {
    const { stack } = appWith();
    const zones = Object.values(resourcesOf(stack, 'azurerm_private_dns_zone'));
    expect(zones.map(({ name }) => name as string)).toEqual([
      expect.stringMatching(/output\.properties\.defaultDomain/),
    ]);
    // The output of azapi is unknown at each update.
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

  test('sends logs without a key', () => {
    const { stack } = appWith();
    expect(theOnly(stack, 'azurerm_monitor_diagnostic_setting').enabled_log).toEqual([
      { category: 'ContainerAppConsoleLogs' },
      { category: 'ContainerAppSystemLogs' },
    ]);
  });

  test('supports several apps with different GPUs', () => {
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

  test('can be an existing one with its own profile names', () => {
    expect(resource({ environment: ENVIRONMENT })).toMatchObject({
      container_app_environment_id: ENVIRONMENT.id,
      workload_profile_name: 'big',
    });
    expect(resourcesOf(appWith({ environment: ENVIRONMENT }).stack, 'azapi_resource')).toEqual({});
  });

  armTest('matches the API schema', () => {
    expect(faultsOf(theOnly(appWith().stack, 'azapi_resource'))).toEqual([]);
  });
});

describe('a replica', () => {
  test.each([
    [ServerlessGpu.A100, 24, '220Gi', 'gpu-a100'],
    [ServerlessGpu.T4, 8, '56Gi', 'gpu-t4'],
  ])('has the whole GPU %#', (accelerator, cpu, memory, profile) => {
    const model = ContainerAppModel.inImage('/model', { sizeGiB: 4 });
    const app = resource({ accelerator, model });
    expect(app.workload_profile_name).toBe(profile);
    expect(app.template.container[0]).toMatchObject({ cpu, memory });
  });

  test('mounts the model of a file share read-only', () => {
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
  ])('passes the path of its files to vLLM: %#', (model, path) => {
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

  test('uses half precision on a GPU without BF16, unless the arguments set another one', () => {
    const model = ContainerAppModel.inImage('/model', { sizeGiB: 4 });
    const dtype = (accelerator: ServerlessGpu, args?: string[]) => {
      const { args: all } = container({ accelerator, model, server: ContainerAppServer.vllm({ args }) });
      return all.filter((_: string, index: number) => (all as string[])[index - 1] === '--dtype');
    };
    expect(dtype(ServerlessGpu.A100)).toEqual([]);
    expect(dtype(ServerlessGpu.T4)).toEqual(['half']);
    expect(dtype(ServerlessGpu.T4, ['--dtype', 'float32'])).toEqual(['float32']);
  });

  test('can run a custom server', () => {
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

  test('gets arguments and variables unchanged by Terraform', () => {
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

  test('has enough startup time for its weights, within the limits of a probe', () => {
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

  test('pulls its image with an identity whose role exists before the app', () => {
    const registry = { id: `${ID}/Microsoft.ContainerRegistry/registries/images`, loginServer: 'images.azurecr.io' };
    const { stack } = appWith({ registry });
    const app = theOnly(stack, 'azurerm_container_app');
    const [roleId, role] = Object.entries(resourcesOf(stack, 'azurerm_role_assignment'))[0]!;
    expect(role).toMatchObject({ role_definition_name: 'AcrPull', scope: registry.id });
    expect(app.depends_on).toContain(`azurerm_role_assignment.${roleId}`);
    expect(app.registry[0].server).toBe('images.azurecr.io');
  });
});

describe('ingress', () => {
  test('uses TLS, from within the network', () => {
    expect(resource().ingress).toMatchObject({
      external_enabled: true,
      allow_insecure_connections: false,
      transport: 'http',
    });
    expect(appWith().app.url).toMatch(/^https:\/\/.*\/v1$/);
  });

  test('can be limited to some addresses', () => {
    const rules = resource({ clientCidrs: ['10.0.64.0/24', '10.1.0.0/16'] }).ingress.ip_security_restriction;
    expect(rules).toEqual([
      { name: 'allowed-0', action: 'Allow', ip_address_range: '10.0.64.0/24' },
      { name: 'allowed-1', action: 'Allow', ip_address_range: '10.1.0.0/16' },
    ]);
  });
});

describe('scaling', () => {
  const limits = (props: Partial<ContainerAppInferenceProps>) => {
    const {
      min_replicas: minReplicas,
      max_replicas: maxReplicas,
      cooldown_period_in_seconds: cooldown,
      http_scale_rule: rules,
    } = resource(props).template;
    return [minReplicas, maxReplicas, rules[0].concurrent_requests, cooldown];
  };

  test('has one replica by default', () => {
    expect(limits({})).toEqual([1, 1, '10', 300]);
  });

  test('uses the configured values', () => {
    expect(
      limits({ scaling: { minReplicas: 0, maxReplicas: 4, targetConcurrency: 32, cooldownSeconds: 600 } }),
    ).toEqual([0, 4, '32', 600]);
    expect(limits({ scaling: { minReplicas: 0 } })).toEqual([0, 1, '10', 300]);
  });

  test('follows a load, and records a plan', () => {
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

  test('rejects a load that does not fit in a replica', () => {
    const load = ServingLoad.of({ model: ModelSpec.LLAMA_3_70B, inputTokens: 1000, outputTokens: 300, concurrency: 4 });
    expect(codesOf(() => appWith({ load }))).toContain('MemoryTooSmall');
  });
});

describe('findings', () => {
  const server = ContainerAppServer.vllm({ image: `models.azurecr.io/vllm@${DIGEST}` });
  const quiet = { server, clientCidrs: ['10.0.0.0/24'], scaling: { minReplicas: 2 } };
  const ids = (props: Partial<ContainerAppInferenceProps>) =>
    findingsOf(appWith({ ...quiet, ...props }).app).map(({ id }) => id);

  test('report nothing for a fixed image, known callers and two replicas', () => {
    expect(ids({})).toEqual([]);
  });

  test.each([
    ['image/mutable', { server: undefined }],
    ['serving/cold-start', { scaling: { minReplicas: 0 } }],
    ['serving/one-replica', { scaling: {} }],
    ['serving/open-to-network', { clientCidrs: undefined }],
  ])('report %s', (id, props) => {
    expect(ids(props)).toEqual([id]);
  });
});

describe('validation', () => {
  test('reports all problems at once', () => {
    const problems = problemsOf(() =>
      appWith({
        resourceGroup: { name: 'models', location: 'Sweden Central' },
        name: 'Chat--1',
        model: ContainerAppModel.nfsShare({ accountName: 'My-Weights', shareName: 'a', path: '../x', sizeGiB: 0 }),
        server: ContainerAppServer.of({ image: 'a b', port: 0, healthPath: 'health' }),
        scaling: { minReplicas: 5, maxReplicas: 2, targetConcurrency: 0, cooldownSeconds: 0.5 },
        clientCidrs: ['10.0.0.1/8'],
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
      'CidrInvalid clientCidrs[0]',
      'ScalingLimits scaling.minReplicas',
      'ScalingLimits scaling.targetConcurrency',
      'ScalingLimits scaling.cooldownSeconds',
    ]);
  });

  test('rejects more replicas than the provider supports', () => {
    const upTo = (maxReplicas: number) => appWith({ scaling: { minReplicas: 0, maxReplicas, targetConcurrency: 1 } });
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

  test('rejects a model that does not fit on the disk of a replica, or in the GPU', () => {
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

  test('rejects a custom server with a model of the hub', () => {
    const model = ContainerAppModel.huggingFace('a/b', { revision: 'a'.repeat(40), sizeGiB: 1 });
    const server = ContainerAppServer.of({ image: 'a', port: 80 });
    expect(codesOf(() => appWith({ model, server }))).toEqual(['ModelSourceInvalid']);
  });

  test('rejects an environment that is incomplete, ambiguous, or without the GPU', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    expect(codesOf(() => appWith({ cidr: undefined }))).toEqual(['AppEnvironment']);
    expect(codesOf(() => appWith({ network: undefined }))).toEqual(['ValueMissing']);
    expect(codesOf(() => appWith({ subnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/a` }))).toEqual([
      'AppEnvironment',
    ]);
    expect(codesOf(() => appWith({ environment: ENVIRONMENT, network }))).toEqual(['AppEnvironment']);
    expect(codesOf(() => appWith({ environment: { ...ENVIRONMENT, profiles: {} } }))).toEqual(['AppEnvironment']);
    const existing = {
      virtualNetworkId: `${ID}/Microsoft.Network/virtualNetworks/n`,
      nodeSubnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/a`,
      endpointSubnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/b`,
    };
    expect(codesOf(() => appWith({ network: MlNetwork.fromMlNetworkAttributes(stack, 'Existing', existing) }))).toEqual(
      ['AppEnvironment'],
    );
    const props: ContainerAppEnvironmentProps = {
      resourceGroup: GROUP,
      network,
      accelerators: [],
      cidr: '10.0.128.0/26',
    };
    expect(codesOf(() => new ContainerAppEnvironment(stack, 'Apps', props))).toEqual(['AppEnvironment']);
  });

  test.each([undefined, null, 7, 'text', [], {}])('rejects %p as the value of each prop', (hostile) => {
    const needed = ['resourceGroup', 'accelerator', 'model', 'network', 'cidr'];
    const props = [
      ...needed,
      'server',
      'load',
      'scaling',
      'clientCidrs',
      'registry',
      'subnetId',
      'logs',
      'name',
      'prices',
    ];
    for (const prop of props) {
      const run = () => appWith({ [prop]: hostile });
      const empty = JSON.stringify(hostile);
      const fine =
        (hostile === undefined && !needed.includes(prop)) ||
        (empty === '{}' && prop === 'scaling') ||
        (empty === '[]' && prop === 'clientCidrs') ||
        (hostile === 'text' && prop === 'name');
      if (fine) expect(run).not.toThrow();
      else expect(problemsOf(run).length).toBeGreaterThan(0);
    }
    expect(() => new ContainerAppInference(newStack(), 'Chat', hostile as ContainerAppInferenceProps)).toThrow(/\[/);
    expect(() => new ContainerAppEnvironment(newStack(), 'Apps', hostile as ContainerAppEnvironmentProps)).toThrow(
      /\[/,
    );
  });
});

test('keeps the addresses of stateful resources', () => {
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

test('the alternatives in the report are GPUs of Container Apps', () => {
  const model = ModelSpec.fromName('Qwen2.5-1.5B');
  const load = ServingLoad.of({ model, inputTokens: 100, outputTokens: 50, requestsPerSecond: 1 });
  const type = 'Consumption-GPU-NC8as-T4';
  const prices = Prices.of([{ machine: type, market: 'on-demand', usdPerHour: 0.9, region: GROUP.location }]);

  expect(alternativesIn(appWith({ load, prices }).app).map(({ machine }) => machine)).toEqual([type]);
  expect(alternativesIn(appWith({ load }).app)).toEqual([]);
});
