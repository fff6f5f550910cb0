import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import type { TerraformStack } from 'cdktf';
import { findingsOf, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AzureMachine,
  ClusterSource,
  ContainerAppModel,
  GatewayAuthorization,
  GatewayExposure,
  GatewayTier,
  InferenceEndpoint,
  InferenceTarget,
  KubernetesInference,
  MlNetwork,
  ModelCapacity,
  type PlatformGatewayOptions,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
  RealtimeServing,
  ServerlessGpu,
  ServingModel,
} from 'ai-infra-constructs/azure';
import { codesOf, type Json, newStack, problemsOf, resourcesOf, theOnly, told } from '../support';

const GROUP = { name: 'models', location: 'swedencentral' };
const WEB = '11111111-1111-1111-1111-111111111111';
const CAPACITY = ModelCapacity.standard({ tokensPerMinute: 50_000 });
const FOUNDRY = RealtimeServing.foundry({
  models: { chat: { model: 'gpt-4.1-mini', version: '2025-04-14', capacity: CAPACITY } },
});
const APP = RealtimeServing.containerApp({
  accelerator: ServerlessGpu.A100,
  model: ContainerAppModel.inImage('/model', { sizeGiB: 16 }),
});
const GATEWAY: PlatformGatewayOptions = {
  exposure: GatewayExposure.public(),
  authorization: GatewayAuthorization.entra({ audiences: ['api://models'], applicationIds: [WEB] }),
  publisherEmail: 'ml@example.com',
};
const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n';
const EXISTING = MlNetwork.fromMlNetworkAttributes(newStack(), 'Network', {
  virtualNetworkId: ID,
  nodeSubnetId: `${ID}/subnets/nodes`,
  endpointSubnetId: `${ID}/subnets/endpoints`,
  privateDnsZones: Object.fromEntries(
    ['cognitiveservices', 'openai', 'services.ai'].map((name) => [
      `privatelink.${name}.azure.com`,
      `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/privatelink.${name}.azure.com`,
    ]),
  ),
});

function platformWith(
  props: Partial<RealtimeInferencePlatformProps> = {},
  stack: TerraformStack = newStack(),
): {
  stack: TerraformStack;
  platform: RealtimeInferencePlatform;
} {
  const platform = new RealtimeInferencePlatform(stack, 'Platform', {
    resourceGroup: GROUP,
    serving: FOUNDRY,
    costAllocation: {
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      costCenter: 'R-17',
      owner: 'ml-platform',
    },
    monthlyBudgetUsd: 20_000,
    ...props,
  });
  return { stack, platform };
}

const subnets = (stack: TerraformStack): Json[] => Object.values(resourcesOf(stack, 'azurerm_subnet'));

test('serves models of the catalog, and is not public', () => {
  const { stack, platform } = platformWith();
  expect(platform.endpoint).toBe(platform.foundry);
  expect(theOnly(stack, 'azurerm_cognitive_deployment').name).toBe('chat');
  expect(resourcesOf(stack, 'azurerm_api_management')).toEqual({});
  expect(platform.gateway).toBeUndefined();
});

test('serves your own model on a serverless GPU', () => {
  const { stack, platform } = platformWith({ serving: APP });
  expect(platform.endpoint).toBe(platform.containerApp);
  expect(theOnly(stack, 'azurerm_container_app').workload_profile_name).toBe('gpu-a100');
  expect(resourcesOf(stack, 'azurerm_cognitive_account')).toEqual({});
});

test('reports planned replicas that cost more than the budget', () => {
  const serving = RealtimeServing.containerApp({
    accelerator: ServerlessGpu.A100,
    model: ContainerAppModel.inImage('/model', { sizeGiB: 16 }),
    load: ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      inputTokens: 1000,
      outputTokens: 200,
      requestsPerSecond: 2,
    }),
    prices: Prices.of([{ machine: 'Consumption-GPU-NC24-A100', market: 'on-demand', usdPerHour: 4 }]),
  });
  const idsOf = (monthlyBudgetUsd: number) =>
    findingsOf(platformWith({ serving, monthlyBudgetUsd }).stack).map(({ id }) => id);
  expect(idsOf(100)).toContain('cost/budget');
  expect(idsOf(100_000)).not.toContain('cost/budget');
});

test('puts a gateway in front of an existing endpoint', () => {
  const stack = newStack();
  const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Existing', {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e',
    endpointName: 'e',
    scoringUri: 'https://e.swedencentral.inference.ml.azure.com/v1/chat/completions',
  });
  const target = InferenceTarget.onlineEndpoint(endpoint);
  const { platform } = platformWith({ serving: RealtimeServing.fromTarget(target), gateway: GATEWAY }, stack);
  expect(platform.endpoint).toBe(target);
  expect(theOnly(stack, 'azurerm_api_management_backend').url).toMatch(/trimsuffix\(.*"\/chat\/completions"\)/);
  expect(theOnly(stack, 'azurerm_api_management_api_policy').xml_content).toMatch(
    /resource="https:\/\/ml\.azure\.com"/,
  );
});

test('has a gateway in a dedicated subnet, delegated for v2 tiers', () => {
  const { stack } = platformWith({ gateway: GATEWAY });
  const [own] = subnets(stack).filter(({ delegation }) => delegation !== undefined);
  expect(own).toMatchObject({
    address_prefixes: ['10.0.128.0/27'],
    delegation: [{ service_delegation: { name: 'Microsoft.Web/serverFarms' } }],
  });
  expect(theOnly(stack, 'azurerm_api_management')).toMatchObject({
    sku_name: 'StandardV2_1',
    virtual_network_type: 'External',
    depends_on: [
      expect.stringMatching(/^azurerm_subnet_network_security_group_association\.Platform_Network_Gateway/),
      expect.stringMatching(/^azurerm_subnet_nat_gateway_association\.Platform_Network_Gateway/),
    ],
  });
});

test.each([
  [GatewayExposure.public(), 'Microsoft.Web/serverFarms'],
  [GatewayExposure.private(), 'Microsoft.Web/hostingEnvironments'],
] as const)('delegates the subnet of a Premium v2 gateway by its exposure: %#', (exposure, delegation) => {
  const { stack } = platformWith({ gateway: { ...GATEWAY, exposure, tier: GatewayTier.premiumV2() } });
  const delegated = subnets(stack).flatMap(({ delegation: of = [] }) => of as Json[]);
  expect(delegated.map(({ service_delegation: service }) => service.name as string)).toEqual([delegation]);
});

test('has a private gateway with the security rules of Azure, and a private DNS zone', () => {
  const { stack } = platformWith({ gateway: { ...GATEWAY, exposure: GatewayExposure.private() } });
  expect(theOnly(stack, 'azurerm_api_management')).toMatchObject({
    sku_name: 'Premium_1',
    virtual_network_type: 'Internal',
  });
  expect(subnets(stack).every(({ delegation }) => delegation === undefined)).toBe(true);
  const groups = Object.values(resourcesOf(stack, 'azurerm_network_security_group'));
  expect(groups.filter(({ security_rule: rules }) => rules !== undefined)).toHaveLength(1);
  expect(theOnly(stack, 'azurerm_private_dns_a_record').name).toBe('@');
});

test('allows only the gateway to call an app', () => {
  const rules = (props: Partial<RealtimeInferencePlatformProps>): Json[] =>
    theOnly(platformWith({ serving: APP, ...props }).stack, 'azurerm_container_app').ingress.ip_security_restriction ??
    [];
  expect(rules({ gateway: GATEWAY }).map(({ ip_address_range: range }) => range as string)).toEqual(['10.0.128.0/27']);
  expect(rules({})).toEqual([]);
});

test('sends alerts of the budget and of a failing gateway', () => {
  const { stack, platform } = platformWith({ gateway: GATEWAY, alertEmails: ['ml@example.com'] });
  const budget = theOnly(stack, 'azurerm_consumption_budget_subscription');
  expect(budget.filter.tag).toEqual([{ name: 'project', values: ['atlas'] }]);
  expect(budget.notification[0].contact_emails).toEqual(['ml@example.com']);
  expect(theOnly(stack, 'azurerm_monitor_action_group').email_receiver).toEqual([
    { name: 'mail-0', email_address: 'ml@example.com', use_common_alert_schema: true },
  ]);
  const alerts = Object.values(resourcesOf(stack, 'azurerm_monitor_metric_alert')).map(({ criteria: [one] }) => one);
  expect(
    alerts.map(({ metric_name: metric, threshold, dimension }) => [metric, threshold, dimension?.[0].values[0]]),
  ).toEqual([
    ['Requests', 10, '5xx'],
    ['Duration', 192_000, undefined],
    ['Requests', 100, '429'],
  ]);
  expect(platform.observability).toBeDefined();
  expect(platform.alerts).toBeDefined();
  const quiet = platformWith({ gateway: GATEWAY }).platform;
  expect([quiet.observability, quiet.alerts]).toEqual([undefined, undefined]);
});

test('sends alerts of a model on AKS, if its metrics are collected', () => {
  const withModel = (props: Partial<RealtimeInferencePlatformProps> = {}, metrics = true) => {
    const stack = newStack();
    new HelmProvider(stack, 'Helm');
    const provider = '/subscriptions/s/resourceGroups/g/providers';
    const workspace = `${provider}/Microsoft.Monitor/accounts/metrics`;
    const id = `${provider}/Microsoft.ContainerService/managedClusters/research`;
    const model = new KubernetesInference(stack, 'Chat', {
      ...{ resourceGroup: GROUP, machine: AzureMachine.NC24ADS_A100_V4 },
      model: ServingModel.volume('models', { sizeGiB: 16 }),
      cluster: ClusterSource.fromCluster(
        { id, resourceGroup: GROUP, nodeSubnetId: `${ID}/subnets/nodes` },
        { systemLabels: { system: 'true' }, ...(metrics && { metricsWorkspaceId: workspace }) },
      ),
    });
    return platformWith({ serving: RealtimeServing.fromTarget(model), ...props }, stack);
  };
  const { stack, platform } = withModel({ alertEmails: ['ml@example.com'] });
  const [group] = Object.keys(resourcesOf(stack, 'azurerm_monitor_action_group'));
  const { rule } = theOnly(stack, 'azurerm_monitor_alert_prometheus_rule_group');
  expect((rule as Json[])[0]!.action).toEqual([{ action_group_id: `\${azurerm_monitor_action_group.${group}.id}` }]);
  expect(platform.modelObservability).toBeDefined();
  expect(platform.observability).toBeUndefined();
  const quiet = withModel();
  expect(theOnly(quiet.stack, 'azurerm_monitor_alert_prometheus_rule_group').rule[0]).not.toHaveProperty('action');
  expect(quiet.platform.alerts).toBeUndefined();
  expect(withModel({}, false).platform.modelObservability).toBeUndefined();
  expect(platformWith().platform.modelObservability).toBeUndefined();
});

test('tags all resources', () => {
  const { stack } = platformWith({ gateway: GATEWAY });
  for (const type of ['azurerm_api_management', 'azurerm_cognitive_account', 'azurerm_log_analytics_workspace']) {
    for (const { tags } of Object.values(resourcesOf(stack, type)))
      expect(tags).toMatchObject({ project: 'atlas', 'cost-center': 'R-17' });
  }
});

test('uses an existing network with existing subnets', () => {
  const gateway = { ...GATEWAY, exposure: GatewayExposure.public({ subnetId: `${ID}/subnets/gateway` }) };
  const named = { network: EXISTING, gateway };
  const { stack } = platformWith(named);
  expect(resourcesOf(stack, 'azurerm_virtual_network')).toEqual({});
  expect(theOnly(stack, 'azurerm_api_management').virtual_network_configuration.subnet_id).toBe(
    `${ID}/subnets/gateway`,
  );
  const app = platformWith({ ...named, serving: APP, appSubnetId: `${ID}/subnets/apps` });
  const made = Object.values(resourcesOf(app.stack, 'azapi_resource'));
  const environments = made.filter(({ type }) => (type as string).startsWith('Microsoft.App/'));
  expect(environments).toHaveLength(1);
  expect(environments[0].body.properties.vnetConfiguration.infrastructureSubnetId).toBe(`${ID}/subnets/apps`);
});

describe('validation', () => {
  test('reports all problems at once', () => {
    const problems = problemsOf(() =>
      platformWith({
        serving: APP,
        network: EXISTING,
        appSubnetId: 'apps',
        gateway: { ...GATEWAY, publisherEmail: 'nobody', maxBodyKiB: 0 },
        costAllocation: {
          project: '',
          team: 'research',
          environment: 'prod',
          costCenter: 'R-17',
          owner: 'ml platform',
        },
        monthlyBudgetUsd: -1,
        alertEmails: ['nobody'],
      }),
    );
    expect(problems.map(told)).toEqual([
      'TagMissing costAllocation.project',
      'TagValue costAllocation.owner',
      'BudgetInvalid monthlyBudgetUsd',
      'AlertEmail alertEmails[0]',
      'ResourceIdInvalid appSubnetId',
      'ValueMissing gateway.exposure.subnetId',
      'GatewayLimit gateway.maxBodyKiB',
      'AlertEmail gateway.publisherEmail',
    ]);
  });

  test('rejects an open public gateway', () => {
    const gateway = { ...GATEWAY, authorization: GatewayAuthorization.none() };
    expect(codesOf(() => platformWith({ gateway }))).toEqual(['GatewayUnauthenticated']);
    const exposure = GatewayExposure.private();
    expect(() => platformWith({ gateway: { ...gateway, exposure } })).not.toThrow();
  });

  test.each([undefined, null, 7, 'text', [], {}])('rejects %p as the value of each prop', (hostile) => {
    const needed = ['resourceGroup', 'serving', 'costAllocation', 'monthlyBudgetUsd'];
    for (const prop of [...needed, 'gateway', 'alertEmails', 'dataClass', 'network', 'appSubnetId']) {
      const run = () => platformWith({ [prop]: hostile });
      const fine =
        (hostile === undefined && !needed.includes(prop)) ||
        (hostile === 7 && prop === 'monthlyBudgetUsd') ||
        (JSON.stringify(hostile) === '[]' && prop === 'alertEmails');
      if (fine) expect(run).not.toThrow();
      else expect(problemsOf(run).length).toBeGreaterThan(0);
    }
    expect(
      () => new RealtimeInferencePlatform(newStack(), 'Platform', hostile as RealtimeInferencePlatformProps),
    ).toThrow(/\[/);
    expect(() => RealtimeServing.foundry(hostile as never)).toThrow(/\[/);
    expect(() => RealtimeServing.containerApp(hostile as never)).toThrow(/\[/);
    expect(() => RealtimeServing.fromTarget(hostile as never)).toThrow(/\[/);
    expect(() => InferenceTarget.onlineEndpoint(hostile as never)).toThrow(/\[/);
  });
});

test('has no warnings with its default values', () => {
  expect(findingsOf(platformWith({ gateway: GATEWAY }).platform).filter(({ level }) => level === 'warning')).toEqual(
    [],
  );
});

test('keeps the addresses of stateful resources', () => {
  const { stack } = platformWith({ gateway: GATEWAY, alertEmails: ['ml@example.com'] });
  const types = [
    'azurerm_api_management',
    'azurerm_cognitive_account',
    'azurerm_cognitive_deployment',
    'azurerm_key_vault',
  ];
  const addresses = [...types, 'azurerm_virtual_network', 'azurerm_subnet', 'azurerm_log_analytics_workspace'].flatMap(
    (type) => Object.keys(resourcesOf(stack, type)).map((id) => `${type}.${id}`),
  );
  expect(addresses).toMatchInlineSnapshot(`
   [
     "azurerm_api_management.Platform_Gateway_Service_8A4C11DB",
     "azurerm_cognitive_account.Platform_Models_Account_DA03194E",
     "azurerm_cognitive_deployment.Platform_Models_Model-chat_EB39D878",
     "azurerm_key_vault.Platform_Models_Account_Key_Vault_B3E158E0",
     "azurerm_virtual_network.Platform_Network_47CF8832",
     "azurerm_subnet.Platform_Network_Endpoints_4C3ADE4B",
     "azurerm_subnet.Platform_Network_Gateway_EE73A565",
     "azurerm_subnet.Platform_Network_Nodes_7653278B",
     "azurerm_log_analytics_workspace.Platform_Gateway_Telemetry_Logs_78A94517",
     "azurerm_log_analytics_workspace.Platform_Logs_1F1E78E7",
   ]
  `);
});
