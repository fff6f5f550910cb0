import { findingsOf, ModelSpec } from 'ai-infra-constructs';
import {
  AzureMachine,
  EndpointAuthorization,
  InferenceEndpoint,
  type InferenceEndpointProps,
  MachineLearningWorkspace,
  ModelArtifact,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { array, assert as check, integer, property } from 'fast-check';
import { armTest, faultsOf } from '../arm';
import { GROUP, IDENTITY, rolesOf, sent, sentOf, WORKSPACE } from '../machine-learning/support';
import { codesOf, type Json, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { chatLoad, IMAGE, servedModel, synthMlEndpoint } from './endpoint-support';

const ENDPOINT = 'workspaces/onlineEndpoints';
const DEPLOYMENT = 'workspaces/onlineEndpoints/deployments';

const made = (props: Partial<InferenceEndpointProps> = {}) => {
  const { stack, endpoint } = synthMlEndpoint(props);
  const resources = Object.values(resourcesOf(stack, 'azapi_resource'));
  const deployments = resources.filter(({ type }) => (type as string).includes(`/${DEPLOYMENT}@`));
  const online = resources.find(({ type }) => (type as string).includes(`/${ENDPOINT}@`));
  return { stack, endpoint, online, deployments, deployment: deployments[0] };
};
const refused = (props: Partial<InferenceEndpointProps>) => refusalsOf(() => synthMlEndpoint(props));
const findings = (props: Partial<InferenceEndpointProps> = {}) =>
  findingsOf(synthMlEndpoint(props).endpoint).map(({ id }) => id);

describe('an endpoint', () => {
  test('is private and requires tokens of Entra by default', () => {
    expect(made().online.body.properties).toMatchObject({ publicNetworkAccess: 'Disabled', authMode: 'AADToken' });
    const open = made({ publicAccess: true, authorization: EndpointAuthorization.KEY });
    expect(open.online.body.properties).toMatchObject({ publicNetworkAccess: 'Enabled', authMode: 'Key' });
  });

  test('has a unique name of at most 32 characters', () => {
    const { name } = made().online as { name: string };
    expect(name).toMatch(/^test-chat-[0-9a-f]{8}-\$\{substr\(sha256/);
    expect(made({ endpointName: 'chat-prod' }).online.name).toBe('chat-prod');
  });

  test('has an identity with roles for images and models before it is created', () => {
    const { stack, online } = made();
    const roles = rolesOf(stack);
    expect(Object.values(roles).sort((a, b) => a.role.localeCompare(b.role))).toEqual([
      { role: 'AcrPull', scope: WORKSPACE.containerRegistryId },
      { role: 'AzureML Metrics Writer (preview)', scope: WORKSPACE.id },
      { role: 'Storage Blob Data Reader', scope: WORKSPACE.storageAccountId },
    ]);
    expect([...(online.depends_on as string[])].sort()).toEqual(
      Object.keys(roles)
        .map((address) => `azurerm_role_assignment.${address}`)
        .sort(),
    );
  });

  test('has a role to write captured data', () => {
    const roles = Object.values(rolesOf(made({ dataCapture: {} }).stack));
    expect(roles).toContainEqual({ role: 'Storage Blob Data Contributor', scope: WORKSPACE.storageAccountId });
    expect(roles.map(({ role }) => role)).not.toContain('Storage Blob Data Reader');
  });

  test('uses an existing identity', () => {
    const { stack, online } = made({ identity: IDENTITY });
    expect(rolesOf(stack)).toEqual({});
    expect(online.identity).toEqual([{ type: 'UserAssigned', identity_ids: [IDENTITY.id] }]);
  });

  test('waits for the managed network of its workspace, and sends logs to the log workspace', () => {
    const stack = newStack();
    const workspace = new MachineLearningWorkspace(stack, 'Workspace', { resourceGroup: GROUP });
    new InferenceEndpoint(stack, 'Chat', {
      workspace,
      machine: AzureMachine.NC24ADS_A100_V4,
      models: { blue: servedModel() },
    });
    const [online] = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
      (type as string).includes(`/${ENDPOINT}@`),
    );
    expect(online.depends_on).toContainEqual(
      expect.stringContaining('azapi_resource_action.Workspace_ManagedNetwork') as string,
    );
    const [logs] = Object.values(resourcesOf(stack, 'azurerm_monitor_diagnostic_setting')).filter(
      ({ target_resource_id: of }) => (of as string).includes('azapi_resource.Chat'),
    );
    expect(logs.enabled_log).toHaveLength(3);
    expect(logs.log_analytics_workspace_id).toMatch(/azurerm_log_analytics_workspace/);
  });

  test('grants the right to invoke it, and no other right', () => {
    const { stack, endpoint } = synthMlEndpoint();
    endpoint.grantInvoke('Web', '11111111-1111-1111-1111-111111111111');
    endpoint.grantInvoke('Jobs', '22222222-2222-2222-2222-222222222222', 'Group');
    expect(theOnly(stack, 'azurerm_role_definition').permissions).toEqual([
      { actions: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action'] },
    ]);
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).filter((one) => one.role_definition_id);
    expect(grants.map(({ principal_type: type }) => type as string).sort()).toEqual(['Group', 'ServicePrincipal']);
    expect(codesOf(() => endpoint.grantInvoke('', null as never, 'Robot' as never))).toEqual([
      'PropType',
      'ValueMissing',
      'ChoiceUnknown',
    ]);
    const byKey = synthMlEndpoint({ authorization: EndpointAuthorization.KEY }).endpoint;
    expect(codesOf(() => byKey.grantInvoke('Web', 'x'))).toEqual(['EndpointOption']);
  });
});

describe('an existing endpoint', () => {
  const ATTRIBUTES = {
    id: `${WORKSPACE.id}/onlineEndpoints/chat`,
    endpointName: 'chat',
    scoringUri: 'https://chat.swedencentral.inference.ml.azure.com/score',
  };

  test('has its attributes, and creates only role assignments', () => {
    const stack = newStack();
    const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', ATTRIBUTES);
    expect(endpoint).toMatchObject(ATTRIBUTES);
    expect(resourcesOf(stack, 'azapi_resource')).toEqual({});
    endpoint.grantInvoke('Web', '11111111-1111-1111-1111-111111111111');
    expect(theOnly(stack, 'azurerm_role_assignment')).toMatchObject({
      scope: ATTRIBUTES.id,
      principal_type: 'ServicePrincipal',
    });
  });

  test('rejects grants for an endpoint with keys, and malformed attributes', () => {
    const from = (attrs: object) =>
      InferenceEndpoint.fromInferenceEndpointAttributes(newStack(), 'Chat', { ...ATTRIBUTES, ...attrs });
    const byKey = from({ authorization: EndpointAuthorization.KEY });
    expect(codesOf(() => byKey.grantInvoke('Web', 'x'))).toEqual(['EndpointOption']);
    expect(refusalsOf(() => from({ id: WORKSPACE.id }))).toEqual(['ResourceIdInvalid id']);
    expect(refusalsOf(() => from({ scoringUri: 7, endpointName: undefined }))).toEqual([
      'ValueMissing endpointName',
      'PropType scoringUri',
    ]);
  });
});

describe('a model', () => {
  test('has a machine, a container, and a fixed version', () => {
    const { deployment } = made();
    expect(deployment).toMatchObject({ name: 'blue', location: 'swedencentral' });
    expect(deployment.body.properties).toMatchObject({
      instanceType: 'Standard_NC24ads_A100_v4',
      model: `${WORKSPACE.id}/models/chat/versions/3`,
      requestSettings: { requestTimeout: 'PT3M', maxConcurrentRequestsPerInstance: 1 },
    });
    expect(deployment.body.properties.environmentId).toMatch(/^\$\{azapi_resource\..*\.id\}$/);
  });

  test('in MLflow format needs no environment', () => {
    const container = ServingContainer.mlflow();
    const { deployment, stack } = made({ models: { blue: servedModel({ container }) } });
    expect(deployment.body.properties.environmentId).toBeUndefined();
    expect(sentOf(stack, 'workspaces/environments/versions')).toEqual({});
  });

  test('with a script refers to its code', () => {
    const codeId = `${WORKSPACE.id}/codes/score/versions/1`;
    const container = ServingContainer.registered({ name: 'torch', version: '7', codeId, scoringScript: 'score.py' });
    const { deployment } = made({ models: { blue: servedModel({ container }) } });
    expect(deployment.body.properties).toMatchObject({
      environmentId: `${WORKSPACE.id}/environments/torch/versions/7`,
      codeConfiguration: { codeId, scoringScript: 'score.py' },
    });
  });

  test('from files is registered first, and replaced before it is deleted', () => {
    const artifact = ModelArtifact.files({
      name: 'chat',
      version: '4',
      uri: 'azureml://datastores/models/paths/chat/v4/',
    });
    const { stack, deployment } = made({ models: { blue: servedModel({ artifact }) } });
    const model = sent(stack, 'workspaces/models/versions');
    expect(model).toMatchObject({
      name: '4',
      parent_id: `${WORKSPACE.id}/models/chat`,
      lifecycle: { create_before_destroy: true },
      body: { properties: { modelType: 'custom_model', modelUri: 'azureml://datastores/models/paths/chat/v4/' } },
    });
    expect(deployment.body.properties.model).toMatch(/azapi_resource/);
  });

  test('from a registry has the address of the registry', () => {
    const artifact = ModelArtifact.shared({ registry: 'company', name: 'chat', version: '4' });
    const { deployment } = made({ models: { blue: servedModel({ artifact }) } });
    expect(deployment.body.properties.model).toBe('azureml://registries/company/models/chat/versions/4');
  });

  test('gets a new version of its environment if its image changes', () => {
    const version = (image: string) => {
      const container = ServingContainer.image({ image, port: 8000 });
      return sent(made({ models: { blue: servedModel({ container }) } }).stack, 'workspaces/environments/versions')
        .name as string;
    };
    expect(version(IMAGE)).toMatch(/^[0-9a-f]{12}$/);
    expect(version(IMAGE)).toBe(version(IMAGE));
    expect(version(IMAGE)).not.toBe(version(`${IMAGE.slice(0, -1)}1`));
  });

  test('has enough startup time to fetch and load its files', () => {
    const probes = (sizeGB: number) =>
      made({
        machine: AzureMachine.ND96ISR_H100_V5,
        models: { blue: servedModel({ artifact: ModelArtifact.registered({ name: 'chat', version: '3', sizeGB }) }) },
      }).deployment.body.properties;
    expect(probes(16).livenessProbe.initialDelay).toBe('PT12M');
    expect(probes(150).livenessProbe.initialDelay).toBe('PT20M');
    expect(probes(150).readinessProbe.failureThreshold).toBe(120);
  });

  test('is created after the model before it, and deleted after its replacement exists', () => {
    const { deployments } = made({ models: { blue: servedModel(), green: servedModel() } });
    const [blue, green] = deployments;
    expect(green.depends_on).toEqual([expect.stringContaining('Model-blue')]);
    expect(blue.lifecycle).toEqual({ create_before_destroy: true });
  });
});

describe('traffic', () => {
  test('goes to the first model, after all models exist', () => {
    const { stack } = made({ models: { blue: servedModel(), green: servedModel() } });
    const traffic = theOnly(stack, 'azapi_update_resource');
    expect(traffic.body.properties).toEqual({ traffic: { blue: 100 }, mirrorTraffic: {} });
    expect(traffic.depends_on).toHaveLength(2);
  });

  test('is split and mirrored as configured', () => {
    const models = {
      blue: servedModel({ trafficPercent: 90 }),
      green: servedModel({ trafficPercent: 10 }),
      shadow: servedModel({ mirrorPercent: 20 }),
    };
    expect(theOnly(made({ models }).stack, 'azapi_update_resource').body.properties).toEqual({
      traffic: { blue: 90, green: 10 },
      mirrorTraffic: { shadow: 20 },
    });
  });

  test('survives an update of the endpoint', () => {
    const { online } = made();
    const { lifecycle } = theOnly(made().stack, 'azapi_update_resource');
    expect(lifecycle.replace_triggered_by).toEqual([expect.stringMatching(/^azapi_resource\.Chat_\w+$/)]);
    expect(online.ignore_body_changes).toEqual(['properties.traffic', 'properties.mirrorTraffic']);
    expect(online.body.properties).toMatchObject({ traffic: {}, mirrorTraffic: {} });
  });

  test('ends before models are destroyed', () => {
    const action = theOnly(made().stack, 'azapi_resource_action');
    expect(action).toMatchObject({ when: 'destroy', method: 'PUT', body: { properties: { traffic: {} } } });
    expect(action.depends_on).toHaveLength(1);
  });

  test('is accepted if and only if the percentages add up to 100', () => {
    check(
      property(array(integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 }), (shares) => {
        const models = Object.fromEntries(
          shares.map((trafficPercent, index) => [`model${index}`, servedModel({ trafficPercent })]),
        );
        const sum = shares.reduce((all, share) => all + share, 0);
        const run = () =>
          theOnly(made({ models }).stack, 'azapi_update_resource').body.properties.traffic as Record<string, number>;
        if (sum === 100) expect(Object.values(run()).reduce((all, share) => all + share, 0)).toBe(100);
        else expect(codesOf(run)).toEqual(['TrafficSplit']);
      }),
      { numRuns: 40, examples: [[[100]], [[50, 50]], [[0, 100]], [[99]]] },
    );
  });
});

test('passes environment variables to a container unchanged', () => {
  const container = ServingContainer.image({ image: IMAGE, port: 8000, environment: { TEMPLATE: '${x} %{y}' } });
  const { deployment } = made({ models: { blue: servedModel({ container }) } });
  expect(deployment.body.properties.environmentVariables).toEqual({ TEMPLATE: '$${x} %%{y}' });
});

describe('data capture', () => {
  test('stores data in the workspace', () => {
    const models = {
      server: servedModel({ trafficPercent: 100 }),
      mlflow: servedModel({ container: ServingContainer.mlflow(), trafficPercent: 0 }),
    };
    const { stack, deployments } = made({ endpointName: 'chat', models, dataCapture: { percent: 25 } });
    const kept = sentOf(stack, 'workspaces/data/versions');
    expect(Object.values(kept).map((one) => [one.parent_id, one.name, one.body.properties.dataType])).toEqual(
      ['mlflow-model_inputs', 'mlflow-model_outputs', 'server-request', 'server-response'].map((name) => [
        expect.stringMatching(new RegExp(`^${WORKSPACE.id}/data/\\$\\{azapi_resource\\..*\\.name\\}-${name}$`)),
        '1',
        'uri_folder',
      ]),
    );
    const [address, asset] = Object.entries(kept).find(([, one]) =>
      (one.parent_id as string).endsWith('-server-request'),
    )!;
    expect(asset.body.properties.dataUri).toMatch(
      /^azureml:\/\/datastores\/workspaceblobstore\/paths\/modelDataCollector\/\$\{.*\.name\}\/server\/request$/,
    );
    const server = deployments.find(({ name }) => name === 'server');
    expect(server!.body.properties.dataCollector.collections.request).toEqual({
      dataCollectionMode: 'Enabled',
      dataId: `\${azapi_resource.${address}.id}`,
      samplingRate: 0.25,
    });
  });

  test('is off by default', () => {
    const { stack, deployment } = made();
    expect(deployment.body.properties.dataCollector).toBeUndefined();
    expect(sentOf(stack, 'workspaces/data/versions')).toEqual({});
  });
});

describe('scaling', () => {
  test('is off if minReplicas equals maxReplicas', () => {
    const { stack, deployment } = made({ scaling: { minReplicas: 3, maxReplicas: 3 } });
    expect(deployment.body.sku).toEqual({ name: 'Default', capacity: 3 });
    expect(deployment.ignore_body_changes).toBeUndefined();
    expect(resourcesOf(stack, 'azurerm_monitor_autoscale_setting')).toEqual({});
  });

  test('follows GPU utilization, and is not reset by a deployment', () => {
    const { stack, deployment } = made({ scaling: { minReplicas: 2, maxReplicas: 8, targetUtilizationPercent: 60 } });
    expect(deployment.ignore_body_changes).toEqual(['sku.capacity']);
    const { profile } = theOnly(stack, 'azurerm_monitor_autoscale_setting');
    expect(profile[0].capacity).toEqual({ default: 2, minimum: 2, maximum: 8 });
    const rules = profile[0].rule as Json[];
    expect(
      rules.map((one) => [one.metric_trigger.operator, one.metric_trigger.threshold, one.scale_action.direction]),
    ).toEqual([
      ['GreaterThan', 60, 'Increase'],
      ['LessThan', 25, 'Decrease'],
    ]);
  });

  test('never removes an instance if the others would then exceed the target', () => {
    check(
      property(integer({ min: 10, max: 95 }), integer({ min: 1, max: 49 }), (target, minReplicas) => {
        const { stack } = made({
          scaling: { minReplicas, maxReplicas: minReplicas + 1, targetUtilizationPercent: target },
        });
        const [, low] = theOnly(stack, 'azurerm_monitor_autoscale_setting').profile[0].rule as Json[];
        expect((low.metric_trigger.threshold * (minReplicas + 1)) / minReplicas).toBeLessThanOrEqual(target);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a load', () => {
  test('sizes instances and concurrency, and is planned without InfiniBand', () => {
    const { endpoint, deployment } = made({ load: chatLoad() });
    const { plan } = endpoint;
    expect(plan?.cluster).toMatchObject({ machine: 'Standard_NC24ads_A100_v4', rdma: false });
    expect(deployment.body.sku.capacity).toBe(plan?.replicas.count);
    expect(deployment.body.properties.requestSettings.maxConcurrentRequestsPerInstance).toBeGreaterThan(1);
    const joined = made({ load: chatLoad(), machine: AzureMachine.ND96ISR_H100_V5 }).endpoint;
    expect(joined.plan?.cluster).toMatchObject({ machine: 'Standard_ND96isr_H100_v5', rdma: false });
  });

  test('splits concurrent requests between instances', () => {
    const { deployment } = made({ load: chatLoad({ requestsPerSecond: undefined, concurrency: 1000 }) });
    const { capacity } = deployment.body.sku;
    expect(capacity).toBeGreaterThan(1);
    const { maxConcurrentRequestsPerInstance } = deployment.body.properties.requestSettings;
    expect(maxConcurrentRequestsPerInstance).toBe(Math.ceil(1000 / capacity));
  });

  /** Instances and concurrent requests of each model. */
  const sized = (models: InferenceEndpointProps['models'], requestsPerSecond = 60) => {
    const { endpoint, deployments } = made({ load: chatLoad({ requestsPerSecond }), models });
    const sizes = deployments.map(({ name, body }): [string, number[]] => [
      name as string,
      [body.sku.capacity, body.properties.requestSettings.maxConcurrentRequestsPerInstance] as number[],
    ]);
    return { planned: endpoint.plan?.replicas.count, sizes: Object.fromEntries(sizes) };
  };

  test('sizes the model that gets the requests, not the first one', () => {
    const alone = sized({ green: servedModel() });
    expect(alone.planned).toBeGreaterThan(1);
    const { sizes, planned } = sized({
      blue: servedModel({ trafficPercent: 0 }),
      green: servedModel({ trafficPercent: 100 }),
    });
    expect(sizes).toEqual({ blue: [1, 1], green: alone.sizes.green });
    expect(planned).toBe(alone.planned);
  });

  test('sizes each model for its share of live and mirrored requests, and plans the whole load', () => {
    const half = sized({ blue: servedModel() }, 30).sizes.blue;
    const { sizes, planned } = sized({
      blue: servedModel({ trafficPercent: 50 }),
      green: servedModel({ trafficPercent: 50 }),
      copy: servedModel({ trafficPercent: 0, mirrorPercent: 50 }),
    });
    expect(sizes).toEqual({ blue: half, green: half, copy: half });
    expect(planned).toBe(sized({ blue: servedModel() }).planned);
  });

  test('names the model that is too small for its share', () => {
    const models = {
      blue: servedModel({ trafficPercent: 0 }),
      green: servedModel({ trafficPercent: 100, machine: AzureMachine.NC16AS_T4_V3 }),
    };
    expect(refused({ load: chatLoad({ model: ModelSpec.LLAMA_3_1_70B }), models })).toContainEqual(
      expect.stringMatching(/^MemoryTooSmall models\.green\.machine/),
    );
  });

  test('is rejected if the model does not fit in one instance', () => {
    const load = chatLoad({ model: ModelSpec.LLAMA_3_1_70B });
    expect(refused({ load })).toContainEqual(expect.stringMatching(/^MemoryTooSmall/));
  });

  test('is rejected if no chip can answer within the timeout', () => {
    const models = { blue: servedModel({ timeoutSeconds: 1 }) };
    expect(refused({ load: chatLoad({ outputTokens: 4000, requestsPerSecond: 1 }), models })).toEqual([
      'InferenceTimeout models.blue.timeoutSeconds',
    ]);
  });
});

describe('validation', () => {
  test('rejects zero models and too many models', () => {
    expect(refused({ models: {} })).toEqual(['ServedModels models']);
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`model${index}`, servedModel()]));
    expect(refused({ models: many })).toEqual(['ServedModels models']);
  });

  test.each(['ab', '1st', 'a--b', 'ends-', 'a'.repeat(33), 'under_score'])('rejects the name %p', (name) => {
    expect(refused({ endpointName: name, models: { [name]: servedModel() } })).toEqual([
      'AzureName endpointName',
      `AzureName models.${name}`,
    ]);
  });

  test('rejects mutable versions and malformed locations', () => {
    const bad = [
      ModelArtifact.registered({ name: 'chat', version: 'latest' }),
      ModelArtifact.registered({ name: 'a/b', version: '1' }),
      ModelArtifact.files({ name: 'chat', version: '1', uri: 'https://example.com/model' }),
      ModelArtifact.shared({ registry: '-x', name: 'chat', version: '1' }),
      ModelArtifact.registered({ name: 'chat', version: '1', sizeGB: -1 }),
    ];
    expect(bad.map((artifact) => refused({ models: { blue: servedModel({ artifact }) } })[0])).toEqual([
      'AssetVersion models.blue.artifact.version',
      'AssetVersion models.blue.artifact.name',
      'ModelLocation models.blue.artifact.uri',
      'ModelLocation models.blue.artifact.registry',
      'ModelLocation models.blue.artifact.sizeGB',
    ]);
  });

  test('rejects invalid containers', () => {
    const container = ServingContainer.image({
      image: IMAGE,
      port: 0,
      scoringPath: 'score',
      environment: { 'a-b': 'c' },
    });
    expect(refused({ models: { blue: servedModel({ container }) } })).toEqual([
      'ServingContainerInvalid models.blue.container.port',
      'ServingContainerInvalid models.blue.container.scoringPath',
      'ServingContainerInvalid models.blue.container.environment.a-b',
    ]);
  });

  test('rejects times, percentages and numbers outside the limits of the service', () => {
    const blue = servedModel({ timeoutSeconds: 181, startupMinutes: 0, concurrency: 0, mirrorPercent: 51 });
    expect(
      refused({ models: { blue }, scaling: { minReplicas: 0, maxReplicas: 51 }, dataCapture: { percent: 101 } }),
    ).toEqual([
      'InferenceTimeout models.blue.timeoutSeconds',
      'InferenceTimeout models.blue.startupMinutes',
      'ScalingLimits models.blue.concurrency',
      'ScalingLimits scaling.minReplicas',
      'ScalingLimits scaling.maxReplicas',
      'TrafficSplit models.blue.mirrorPercent',
      'CaptureInvalid dataCapture.percent',
    ]);
    expect(refused({ scaling: { minReplicas: 5, maxReplicas: 2 } })).toEqual(['ScalingLimits scaling.minReplicas']);
    expect(refused({ load: chatLoad({ requestsPerSecond: 1e5 }) })).toEqual(['ScalingLimits load']);
  });

  test('rejects live and mirrored requests for one model, and two mirrors', () => {
    expect(refused({ models: { blue: servedModel({ mirrorPercent: 10 }) } })).toEqual([
      'TrafficSplit models.blue.mirrorPercent',
    ]);
    const two = {
      blue: servedModel(),
      green: servedModel({ mirrorPercent: 10 }),
      red: servedModel({ mirrorPercent: 10 }),
    };
    expect(refused({ models: two })).toEqual(['TrafficSplit models']);
  });

  test('rejects a model larger than the accelerator memory of its machine', () => {
    const artifact = ModelArtifact.registered({ name: 'chat', version: '1', sizeGB: 90 });
    expect(refused({ models: { blue: servedModel({ artifact }) } })).toEqual([
      'MemoryTooSmall models.blue.artifact.sizeGB',
    ]);
  });

  test('rejects an unknown storage account without an identity', () => {
    expect(refused({ workspace: { id: WORKSPACE.id, resourceGroup: GROUP } })).toEqual(['ValueMissing identity']);
  });

  test.each([undefined, null, 7, { models: null }, { workspace: WORKSPACE, machine: 'x', models: { a: 1 }, load: {} }])(
    'rejects hostile props %p',
    (props) => {
      const codes = codesOf(() => new InferenceEndpoint(newStack(), 'Chat', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing'].includes(code))).toBe(true);
    },
  );

  test.each([
    () => ModelArtifact.registered(null as never),
    () => ModelArtifact.files({ name: 'a' } as never),
    () => ServingContainer.image({ image: 7 } as never),
    () => ServingContainer.registered([] as never),
  ])('rejects hostile options %#', (run) => {
    expect(codesOf(run).every((code) => ['PropType', 'ValueMissing'].includes(code))).toBe(true);
  });
});

describe('findings', () => {
  test('report a machine that the documentation does not list', () => {
    expect(findings({ machine: AzureMachine.ND96ISR_H200_V5 })).toContain('machine/unverified');
    expect(findings()).not.toContain('machine/unverified');
  });

  test('report one request at a time', () => {
    expect(findings()).toContain('serving/one-request');
    expect(findings({ models: { blue: servedModel({ concurrency: 32 }) } })).not.toContain('serving/one-request');
    expect(findings({ load: chatLoad() })).not.toContain('serving/one-request');
  });

  test('report one instance', () => {
    expect(findings()).toContain('serving/one-replica');
    expect(findings({ scaling: { minReplicas: 3 } })).not.toContain('serving/one-replica');
  });

  test('report the quota that Azure ML reserves for updates', () => {
    const models = {
      blue: servedModel({ artifact: ModelArtifact.registered({ name: 'small', version: '1', sizeGB: 4 }) }),
    };
    const { endpoint } = synthMlEndpoint({ machine: AzureMachine.NC16AS_T4_V3, models, scaling: { maxReplicas: 6 } });
    const [reserve] = findingsOf(endpoint).filter(({ id }) => id === 'quota/upgrade-reserve');
    expect(reserve?.message).toMatch(/quota for 8 .* its 6 instances/);
    expect(findings()).not.toContain('quota/upgrade-reserve');
  });

  test('report scaling by GPU utilization', () => {
    expect(findings({ scaling: { minReplicas: 1, maxReplicas: 2 } })).toContain('scaling/utilization');
    expect(findings()).not.toContain('scaling/utilization');
  });

  test('report an image with a tag', () => {
    const container = ServingContainer.image({ image: 'research.azurecr.io/vllm:latest', port: 8000 });
    expect(findings({ models: { blue: servedModel({ container }) } })).toContain('image/mutable');
    expect(findings()).not.toContain('image/mutable');
  });

  test('report more requests than an endpoint allows', () => {
    const load = chatLoad({ requestsPerSecond: 600, inputTokens: 16, outputTokens: 4 });
    expect(findings({ load, scaling: { maxReplicas: 50 } })).toContain('quota/endpoint-rate');
    expect(findings({ load: chatLoad() })).not.toContain('quota/endpoint-rate');
  });
});

describe('the bodies', () => {
  armTest('match the API schema, for each kind of container and artifact', () => {
    const models = {
      image: servedModel({
        trafficPercent: 100,
        artifact: ModelArtifact.files({ name: 'a', version: '1', uri: 'azureml://datastores/x/paths/y/' }),
      }),
      mlflow: servedModel({ container: ServingContainer.mlflow(), mirrorPercent: 5 }),
      script: servedModel({
        container: ServingContainer.registered({
          name: 'e',
          version: '1',
          codeId: `${WORKSPACE.id}/codes/c/versions/1`,
          scoringScript: 's.py',
        }),
      }),
    };
    const { stack } = made({ models, dataCapture: { percent: 10 }, scaling: { minReplicas: 1, maxReplicas: 4 } });
    const all = [
      ...Object.values(sentOf(stack, ENDPOINT)),
      ...['models/versions', 'environments/versions', 'onlineEndpoints/deployments'].flatMap((type) =>
        Object.values(sentOf(stack, `workspaces/${type}`)),
      ),
    ];
    expect(all.length).toBeGreaterThanOrEqual(7);
    const whole = all.filter((one: Json) => one.name !== undefined);
    for (const one of whole) expect(faultsOf(one)).toEqual([]);
  });
});
