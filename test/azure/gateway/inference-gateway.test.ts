import type { TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { findingsOf } from 'ai-infra-constructs';
import {
  FoundryDeployment,
  GatewayAlarms,
  GatewayAuthorization,
  GatewayExposure,
  GatewaySecurityGroup,
  GatewayTier,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
  MlNetwork,
  ModelCapacity,
  PromptScreening,
  ResponseMode,
  ScreeningStrength,
} from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { codesOf, type Json, newStack, problemsOf, refusalsOf, resourcesOf, theOnly, told } from '../support';
import { all, type Element, only, parsedPolicy } from './policy';

const GROUP = { name: 'models', location: 'swedencentral' };
const WEB = '11111111-1111-1111-1111-111111111111';
const BATCH = '22222222-2222-2222-2222-222222222222';
const NETWORK = '/subscriptions/s/resourceGroups/models/providers/Microsoft.Network/virtualNetworks/net';
const SUBNET = `${NETWORK}/subnets/gateway`;
const TARGET = InferenceTarget.fromUrl('https://models.example.com/v1', { screens: true });
const ENTRA = GatewayAuthorization.entra({ audiences: ['api://gateway'], applicationIds: [WEB] });
const PRIVATE = GatewayExposure.private({ subnetId: SUBNET, virtualNetworkId: NETWORK });

function propsWith(props: Partial<InferenceGatewayProps> = {}): InferenceGatewayProps {
  return {
    resourceGroup: GROUP,
    endpoint: TARGET,
    exposure: GatewayExposure.public(),
    authorization: ENTRA,
    publisherEmail: 'ml@example.com',
    ...props,
  };
}

function gatewayWith(props: Partial<InferenceGatewayProps> = {}): { stack: TerraformStack; gateway: InferenceGateway } {
  const stack = newStack();
  return { stack, gateway: new InferenceGateway(stack, 'Gateway', propsWith(props)) };
}

function policyOf(props: Partial<InferenceGatewayProps> = {}): Element {
  const { stack } = gatewayWith(props);
  // Terraform expressions produce ids here: a placeholder keeps the document valid XML.
  const xml = (theOnly(stack, 'azurerm_api_management_api_policy').xml_content as string).replace(
    /(?<!\$)\$\{[^}]*\}/g,
    'later',
  );
  return parsedPolicy(xml);
}

const azapi = (stack: TerraformStack, kind: RegExp): Json[] =>
  Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type, name }) => kind.test(`${type} ${name}`));

function foundry(stack: TerraformStack): FoundryDeployment {
  const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
  const capacity = ModelCapacity.standard({ tokensPerMinute: 1000 });
  const models = { chat: { model: 'gpt-4.1-mini', version: '2025-04-14', capacity } };
  return new FoundryDeployment(stack, 'Models', { resourceGroup: GROUP, network, models });
}

describe('the service', () => {
  test('uses Standard v2 for a public gateway, with an identity that exists before it', () => {
    const { stack } = gatewayWith();
    const service = theOnly(stack, 'azurerm_api_management');
    expect(service).toMatchObject({
      sku_name: 'StandardV2_1',
      publisher_email: 'ml@example.com',
      identity: { type: 'UserAssigned' },
    });
    expect(service.virtual_network_type).toBeUndefined();
  });

  test('reaches private endpoints through its subnet', () => {
    const { stack } = gatewayWith({ exposure: GatewayExposure.public({ subnetId: SUBNET }) });
    expect(theOnly(stack, 'azurerm_api_management')).toMatchObject({
      virtual_network_type: 'External',
      virtual_network_configuration: { subnet_id: SUBNET },
    });
  });

  test('waits for the security rules and the NAT gateway of its subnet, for both exposures', () => {
    for (const isPrivate of [false, true]) {
      const stack = newStack();
      const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
      const subnet = network.addSubnet('Gateway', { cidr: '10.0.128.0/27' });
      const options = { subnetId: subnet.id, after: network.readyOf(subnet) };
      const exposure = isPrivate ? GatewayExposure.private(options) : GatewayExposure.public(options);
      new InferenceGateway(stack, 'Gateway', propsWith({ exposure, tier: GatewayTier.premium() }));
      expect(theOnly(stack, 'azurerm_api_management').depends_on).toEqual([
        expect.stringMatching(/^azurerm_subnet_network_security_group_association\.Network_Gateway/),
        expect.stringMatching(/^azurerm_subnet_nat_gateway_association\.Network_Gateway/),
      ]);
    }
  });

  test('runs in its network if it is private, with a private DNS zone for its name only', () => {
    const { stack } = gatewayWith({ exposure: PRIVATE, serviceName: 'my-gateway' });
    expect(theOnly(stack, 'azurerm_api_management')).toMatchObject({
      name: 'my-gateway',
      sku_name: 'Premium_1',
      virtual_network_type: 'Internal',
      virtual_network_configuration: { subnet_id: SUBNET },
    });
    expect(theOnly(stack, 'azurerm_private_dns_zone').name).toBe('my-gateway.azure-api.net');
    expect(theOnly(stack, 'azurerm_private_dns_zone_virtual_network_link').virtual_network_id).toBe(NETWORK);
    expect(theOnly(stack, 'azurerm_private_dns_a_record').records).toMatch(/private_ip_addresses/);
  });

  test.each([
    [GatewayTier.standardV2(3), 'StandardV2_3', ['Microsoft.Web/serverFarms', undefined]],
    [GatewayTier.premiumV2(), 'PremiumV2_1', ['Microsoft.Web/serverFarms', 'Microsoft.Web/hostingEnvironments']],
    [GatewayTier.premium(2), 'Premium_2', [undefined, undefined]],
    [GatewayTier.developer(), 'Developer_1', [undefined, undefined]],
  ])('has the tier and the delegations of its subnet', (tier, sku, delegations) => {
    expect(theOnly(gatewayWith({ tier }).stack, 'azurerm_api_management').sku_name).toBe(sku);
    expect([tier.publicDelegation, tier.privateDelegation]).toEqual(delegations);
  });

  test('of a classic tier allows the management traffic of Azure with its security group', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    const { resource: securityGroup } = new GatewaySecurityGroup(stack, 'Rules', { resourceGroup: GROUP });
    network.addSubnet('Gateway', { cidr: '10.0.128.0/27', securityGroup });
    const groups = Object.values(resourcesOf(stack, 'azurerm_network_security_group'));
    const rules = groups.flatMap(({ security_rule: rules = [] }) => rules as Json[]);
    expect(rules.map(({ source_address_prefix: from, destination_port_range: port }) => `${from} ${port}`)).toEqual([
      'ApiManagement 3443',
      'AzureLoadBalancer 6390',
    ]);
  });
});

describe('one endpoint', () => {
  test('is a backend with a circuit breaker for repeated failures', () => {
    const { stack } = gatewayWith();
    expect(theOnly(stack, 'azurerm_api_management_backend')).toMatchObject({
      name: 'model',
      url: 'https://models.example.com/v1',
      circuit_breaker_rule: {
        trip_duration: 'PT10S',
        accept_retry_after_enabled: true,
        failure_condition: {
          count: 10,
          interval_duration: 'PT1M',
          status_code_range: [
            { min: 429, max: 429 },
            { min: 500, max: 599 },
          ],
        },
      },
    });
    expect(azapi(stack, /backends/)).toEqual([]);
    expect(only(policyOf(), 'set-backend-service').attributes).toEqual({ 'backend-id': 'model' });
  });

  test('of Foundry gets a token of the gateway, whose role exists before the policy', () => {
    const stack = newStack();
    const endpoint = foundry(stack);
    new InferenceGateway(stack, 'Gateway', propsWith({ endpoint }));
    const policy = theOnly(stack, 'azurerm_api_management_api_policy');
    expect(policy.xml_content).toMatch(
      /<authentication-managed-identity resource="https:\/\/cognitiveservices.azure.com" client-id="\$\{/,
    );
    const right = Object.entries(resourcesOf(stack, 'azurerm_role_assignment')).find(
      ([id]) => id.includes('Grant') && !id.includes('Key'),
    )!;
    expect(right[1].role_definition_name).toBe('Cognitive Services User');
    expect(policy.depends_on).toContain(`azurerm_role_assignment.${right[0]}`);
  });

  test('can be used by two gateways', () => {
    const stack = newStack();
    const endpoint = foundry(stack);
    new InferenceGateway(stack, 'One', propsWith({ endpoint }));
    expect(() => new InferenceGateway(stack, 'Two', propsWith({ endpoint }))).not.toThrow();
  });

  test('never gets the token of a caller', () => {
    const inbound = only(policyOf(), 'inbound').children.map(({ name }) => name);
    const header = only(policyOf(), 'set-header');
    expect(header.attributes).toEqual({ name: 'Authorization', 'exists-action': 'delete' });
    expect(inbound.indexOf('set-header')).toBeGreaterThan(inbound.indexOf('validate-azure-ad-token'));
    expect(all(policyOf(), 'authentication-managed-identity')).toEqual([]);
  });
});

describe('several endpoints', () => {
  const endpoint = {
    sweden: { endpoint: TARGET },
    france: { endpoint: InferenceTarget.fromUrl('https://france.example.com/v1'), priority: 2, weight: 50 },
  };

  test('are a pool, in which one failure removes an endpoint', () => {
    const { stack } = gatewayWith({ endpoint });
    const [pool] = azapi(stack, /backends/);
    expect(pool.body.properties.type).toBe('Pool');
    expect(pool.body.properties.pool.services).toEqual([
      { id: expect.stringMatching(/Endpoint-sweden.*\.id/), priority: 1, weight: 1 },
      { id: expect.stringMatching(/Endpoint-france.*\.id/), priority: 2, weight: 50 },
    ]);
    const rules = Object.values(resourcesOf(stack, 'azurerm_api_management_backend')).map(
      ({ circuit_breaker_rule: { failure_condition: condition } }) =>
        `${condition.count} ${condition.interval_duration}`,
    );
    expect(rules).toEqual(['1 PT10S', '1 PT10S']);
  });

  test('are retried in turn within a request', () => {
    const retry = only(policyOf({ endpoint }), 'retry');
    expect(retry.attributes).toMatchObject({ count: '1', 'first-fast-retry': 'true' });
    expect(retry.attributes.condition).toBe(
      '@(context.Response.StatusCode == 429 || context.Response.StatusCode >= 500)',
    );
    expect(only(retry, 'forward-request').attributes['buffer-request-body']).toBe('true');
    expect(only(policyOf({ endpoint }), 'set-backend-service').attributes).toEqual({ 'backend-id': 'models-pool' });
  });

  armTest('are a pool that matches the API schema', () => {
    const { stack } = gatewayWith({ endpoint });
    expect(azapi(stack, /backends/).flatMap(faultsOf)).toEqual([]);
  });
});

describe('callers', () => {
  const authorization = GatewayAuthorization.entra({
    audiences: ['api://gateway', WEB],
    roles: ['Model.Call'],
    tenantId: BATCH,
  });
  const clients = {
    web: { applicationId: WEB, tokensPerMinute: 20_000, tokensPerDay: 1_000_000, requestsPerSecond: 2.5 },
    batch: { applicationId: BATCH, tokensPerMinute: 5000 },
  };

  test('are authenticated by their tokens first', () => {
    const inbound = only(policyOf({ authorization, clients }), 'inbound');
    const check = inbound.children[0]!;
    expect(check.name).toBe('validate-azure-ad-token');
    expect(check.attributes).toEqual({ 'tenant-id': BATCH, 'output-token-variable-name': 'token' });
    const texts = (name: string) => only(check, name).children.map(({ text }) => text);
    expect(texts('client-application-ids')).toEqual([WEB, BATCH]);
    expect(texts('audiences')).toEqual(['api://gateway', WEB]);
    expect(texts('claim')).toEqual(['Model.Call']);
  });

  test('have their own limits, by an id that never becomes code', () => {
    const policy = policyOf({ authorization, clients });
    const [web, batch] = all(policy, 'when');
    expect(web!.attributes.condition).toBe(
      '@(((string)context.Variables["application"]).Equals((string)context.Variables["client-web"], StringComparison.OrdinalIgnoreCase))',
    );
    expect(web!.children.map(({ name, attributes }) => [name, attributes['counter-key']])).toEqual([
      ['rate-limit-by-key', 'client-web'],
      ['llm-token-limit', 'client-web'],
    ]);
    expect(only(web!, 'rate-limit-by-key').attributes).toMatchObject({ calls: '150', 'renewal-period': '60' });
    expect(only(web!, 'llm-token-limit').attributes).toMatchObject({
      'tokens-per-minute': '20000',
      'token-quota': '1000000',
      'token-quota-period': 'Daily',
      'estimate-prompt-tokens': 'true',
    });
    expect(only(batch!, 'llm-token-limit').attributes).not.toHaveProperty('token-quota');
    const variables = all(policy, 'set-variable').map(({ attributes: { name, value } }) => `${name}=${value}`);
    expect(variables.slice(1)).toEqual([`client-web=${WEB}`, `client-batch=${BATCH}`]);
    for (const { attributes } of all(policy, 'when')) expect(attributes.condition).not.toContain(WEB);
  });

  test('belong to the tenant of the subscription by default', () => {
    const { stack } = gatewayWith();
    expect(theOnly(stack, 'azurerm_api_management_api_policy').xml_content).toMatch(/tenant-id="\$\{.*tenant_id/);
  });

  test('need no token for a private gateway without authorization', () => {
    const policy = policyOf({ exposure: PRIVATE, authorization: GatewayAuthorization.none() });
    expect(all(policy, 'validate-azure-ad-token')).toEqual([]);
    expect(all(policy, 'set-variable')).toEqual([]);
    expect(all(policy, 'dimension').map(({ attributes: { name } }) => name)).toEqual(['API ID', 'Operation ID']);
  });
});

describe('limits', () => {
  const rates = (props: Partial<InferenceGatewayProps>) =>
    all(policyOf(props), 'rate-limit-by-key').map(
      ({ attributes }) => `${attributes.calls}/${attributes['renewal-period']} ${attributes['counter-key']}`,
    );

  test('apply to all callers, and to each address', () => {
    expect(rates({})).toEqual(['3000/60 all', '1000/300 @(context.Request.IpAddress)']);
    expect(rates({ limits: { requestsPerSecond: 0.5, requestsPerAddress: 7 } })).toEqual([
      '30/60 all',
      '7/300 @(context.Request.IpAddress)',
    ]);
  });

  test('of tokens apply to all callers if set', () => {
    expect(all(policyOf(), 'llm-token-limit')).toEqual([]);
    const limit = only(policyOf({ limits: { tokensPerMinute: 9000 } }), 'llm-token-limit');
    expect(limit.attributes).toEqual({
      'counter-key': 'all',
      'tokens-per-minute': '9000',
      'estimate-prompt-tokens': 'true',
    });
  });

  test('apply to the body and the duration of a request', () => {
    const policy = policyOf({ maxBodyKiB: 64, responses: ResponseMode.buffered({ timeoutSeconds: 30 }) });
    expect(only(policy, 'validate-content').attributes).toMatchObject({
      'max-size': '65536',
      'size-exceeded-action': 'prevent',
    });
    expect(only(policy, 'forward-request').attributes).toEqual({ timeout: '30', 'buffer-response': 'true' });
    expect(only(policyOf(), 'forward-request').attributes).toEqual({ timeout: '240', 'buffer-response': 'false' });
  });

  test('are never rounded to zero', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 100_000, noNaN: true }), (requestsPerSecond) => {
        const [all_] = rates({ limits: { requestsPerSecond } });
        const calls = Number(all_!.split('/')[0]);
        expect(calls).toBeGreaterThanOrEqual(1);
        expect(Math.abs(calls - requestsPerSecond * 60)).toBeLessThan(1);
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe('screening', () => {
  const screened = (options?: Parameters<typeof PromptScreening.contentSafety>[1]) => {
    const stack = newStack();
    const account = foundry(stack);
    new InferenceGateway(stack, 'Gateway', propsWith({ screening: PromptScreening.contentSafety(account, options) }));
    return stack;
  };
  const safetyOf = (stack: TerraformStack) => {
    const xml = (theOnly(stack, 'azurerm_api_management_api_policy').xml_content as string).replace(
      /\$\{[^}]*\}/g,
      'later',
    );
    return only(parsedPolicy(xml), 'llm-content-safety');
  };

  test('by the account that also answers creates one role assignment, because Azure rejects a second one', () => {
    const stack = newStack();
    const account = foundry(stack);
    const screening = PromptScreening.contentSafety(account);
    new InferenceGateway(stack, 'Gateway', propsWith({ endpoint: account, screening }));
    const rights = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).filter(
      ({ role_definition_name }) => role_definition_name === 'Cognitive Services User',
    );
    expect(rights).toHaveLength(1);
  });

  test('covers prompts and answers, with the identity of the gateway', () => {
    const stack = screened();
    const safety = safetyOf(stack);
    expect(safety.attributes).toEqual({
      'backend-id': 'content-safety',
      'shield-prompt': 'true',
      'enforce-on-completions': 'true',
    });
    expect(all(safety, 'category').map(({ attributes }) => `${attributes.name} ${attributes.threshold}`)).toEqual([
      'Hate 4',
      'SelfHarm 4',
      'Sexual 4',
      'Violence 4',
    ]);
    const [backend] = azapi(stack, /backends.* content-safety/);
    expect(backend).toMatchObject({
      schema_validation_enabled: false,
      body: { properties: { credentials: { managedIdentity: { resource: 'https://cognitiveservices.azure.com' } } } },
    });
  });

  test.each([
    [ScreeningStrength.HIGH, 2],
    [ScreeningStrength.MEDIUM, 4],
    [ScreeningStrength.LOW, 6],
  ])('of strength %s blocks severity %d and above', (harmfulContent, threshold) => {
    const [first] = all(safetyOf(screened({ harmfulContent })), 'category');
    expect(first!.attributes.threshold).toBe(String(threshold));
  });

  test('covers only the configured content', () => {
    const options = {
      harmfulContent: ScreeningStrength.NONE,
      promptAttacks: false,
      answers: false,
      blocklists: ['competitors'],
    };
    const safety = safetyOf(screened(options));
    expect(safety.attributes).toMatchObject({ 'shield-prompt': 'false', 'enforce-on-completions': 'false' });
    expect(safety.children.map(({ name }) => name)).toEqual(['blocklists']);
    expect(only(safety, 'id').text).toBe('competitors');
  });

  test('runs after the limits and before the model', () => {
    const xml = theOnly(screened(), 'azurerm_api_management_api_policy').xml_content as string;
    const at = (name: string) => xml.indexOf(`<${name}`);
    expect(at('llm-content-safety')).toBeGreaterThan(at('rate-limit-by-key'));
    expect(at('set-backend-service')).toBeGreaterThan(at('llm-content-safety'));
  });
});

describe('telemetry', () => {
  test('counts tokens by application, and contains no prompts', () => {
    const { stack } = gatewayWith();
    expect(all(policyOf(), 'dimension').map(({ attributes: { name } }) => name)).toEqual([
      'API ID',
      'Operation ID',
      'Application',
    ]);
    const [diagnostic] = azapi(stack, /apis\/diagnostics/);
    expect(diagnostic.body.properties).toMatchObject({
      metrics: true,
      logClientIp: false,
      frontend: { request: { body: { bytes: 0 } }, response: { body: { bytes: 0 } } },
      backend: { request: { body: { bytes: 0 } }, response: { body: { bytes: 0 } } },
    });
    const [insights] = azapi(stack, /Insights\/components/);
    expect(insights.body.properties.CustomMetricsOptedInType).toBe('WithDimensions');
    expect(theOnly(stack, 'azurerm_monitor_diagnostic_setting').enabled_log).toEqual([{ category: 'GatewayLogs' }]);
  });

  test('is retained as configured', () => {
    const days = (logRetentionDays?: number) =>
      theOnly(gatewayWith({ logRetentionDays }).stack, 'azurerm_log_analytics_workspace').retention_in_days;
    expect([days(), days(30)]).toEqual([365, 30]);
  });
});

test('has the operations of the OpenAI protocol, below one address', () => {
  const { stack, gateway } = gatewayWith();
  const operations = Object.values(resourcesOf(stack, 'azurerm_api_management_api_operation'));
  expect(operations.map(({ method, url_template: path }) => `${method} ${path}`)).toEqual([
    'POST /chat/completions',
    'POST /completions',
    'POST /embeddings',
    'POST /responses',
  ]);
  expect(theOnly(stack, 'azurerm_api_management_api')).toMatchObject({
    path: 'v1',
    protocols: ['https'],
    subscription_required: false,
  });
  expect(gateway.url).toMatch(/\/v1$/);
});

describe('findings', () => {
  const ids = (props: Partial<InferenceGatewayProps>) => findingsOf(gatewayWith(props).gateway).map(({ id }) => id);

  test('report nothing for screened endpoints and known callers', () => {
    expect(ids({})).toEqual([]);
  });

  test('report missing screening', () => {
    expect(ids({ endpoint: InferenceTarget.fromUrl('https://models.example.com/v1') })).toEqual(['gateway/unscreened']);
  });

  test('report an open network without a DNS zone', () => {
    const exposure = GatewayExposure.private({ subnetId: SUBNET });
    expect(ids({ exposure, authorization: GatewayAuthorization.none() })).toEqual([
      'gateway/open-to-network',
      'gateway/unresolved',
    ]);
  });

  test('report untested screening, and screening of streams', () => {
    const account = { endpoint: 'https://safety.cognitiveservices.azure.com', grantInvoke: () => newStack() };
    expect(ids({ screening: PromptScreening.contentSafety(account as never) })).toEqual([
      'gateway/unproven-screening',
      'gateway/stream-in-windows',
    ]);
    const whole = { screening: PromptScreening.contentSafety(account as never), responses: ResponseMode.buffered() };
    expect(ids(whole)).toEqual(['gateway/unproven-screening', 'gateway/buffered']);
  });

  test('report a tier without an SLA', () => {
    expect(ids({ tier: GatewayTier.developer() })).toEqual(['gateway/no-sla']);
  });
});

describe('validation', () => {
  test('reports all problems at once', () => {
    const problems = problemsOf(() =>
      gatewayWith({
        endpoint: {
          a: { endpoint: TARGET },
          ok: { endpoint: InferenceTarget.fromUrl('https://x/v1/'), priority: 101, weight: -1 },
        },
        exposure: GatewayExposure.private({ subnetId: NETWORK, virtualNetworkId: SUBNET }),
        authorization: GatewayAuthorization.entra({
          audiences: ['@(1)'],
          roles: ['{{x}}'],
          tenantId: 'contoso',
          applicationIds: ['me'],
        }),
        tier: GatewayTier.standardV2(11),
        publisherEmail: 'nobody',
        serviceName: '1st',
        maxBodyKiB: 5000,
        logRetentionDays: 7,
        limits: { requestsPerSecond: 0, requestsPerAddress: 0, tokensPerMinute: 0.5 },
        responses: ResponseMode.streamed({ timeoutSeconds: 900 }),
        clients: { X: { applicationId: 'x', tokensPerMinute: 0, tokensPerDay: -1, requestsPerSecond: -1 } },
      }),
    );
    expect(problems.map(told).sort()).toEqual(
      [
        'GatewayPool endpoint.a',
        'GatewayPool endpoint.ok.url',
        'GatewayLimit endpoint.ok.priority',
        'GatewayLimit endpoint.ok.weight',
        'ResourceIdInvalid exposure.subnetId',
        'ResourceIdInvalid exposure.virtualNetworkId',
        'GatewayCaller authorization.audiences[0]',
        'GatewayCaller authorization.roles[0]',
        'GatewayCaller authorization.applicationIds[0]',
        'GatewayCaller authorization.tenantId',
        'GatewayLimit tier.units',
        'GatewayTier tier',
        'GatewayLimit responses.timeoutSeconds',
        'GatewayLimit maxBodyKiB',
        'LogRetention logRetentionDays',
        'GatewayLimit limits.tokensPerMinute',
        'GatewayLimit limits.requestsPerAddress',
        'GatewayLimit limits.requestsPerSecond',
        'AzureName serviceName',
        'AlertEmail publisherEmail',
        'GatewayClientName clients.X',
        'GatewayCaller clients.X.applicationId',
        'GatewayLimit clients.X.tokensPerMinute',
        'GatewayLimit clients.X.tokensPerDay',
        'GatewayLimit clients.X.requestsPerSecond',
      ].sort(),
    );
  });

  test('rejects an open gateway', () => {
    const none = GatewayAuthorization.none();
    const clients = { web: { applicationId: WEB, tokensPerMinute: 1 } };
    expect(codesOf(() => gatewayWith({ authorization: none }))).toEqual(['GatewayUnauthenticated']);
    expect(codesOf(() => gatewayWith({ authorization: none, exposure: PRIVATE, clients }))).toEqual([
      'GatewayUnauthenticated',
    ]);
    const anybody = GatewayAuthorization.entra({ audiences: ['api://gateway'] });
    expect(codesOf(() => gatewayWith({ authorization: anybody }))).toEqual(['GatewayUnauthenticated']);
    expect(() => gatewayWith({ authorization: anybody, clients })).not.toThrow();
    expect(
      codesOf(() =>
        gatewayWith({ authorization: GatewayAuthorization.entra({ audiences: [], applicationIds: [WEB] }) }),
      ),
    ).toEqual(['GatewayCaller']);
    expect(codesOf(() => gatewayWith({ authorization: undefined }))).toEqual(['GatewayUnauthenticated']);
  });

  test('rejects a private gateway without a subnet', () => {
    expect(refusalsOf(() => gatewayWith({ exposure: GatewayExposure.private() }))).toEqual([
      'ValueMissing exposure.subnetId',
    ]);
  });

  test('rejects endpoints with different token audiences, and zero endpoints', () => {
    const other = InferenceTarget.fromUrl('https://b.example.com/v1', { tokenAudience: 'https://ml.azure.com' });
    expect(codesOf(() => gatewayWith({ endpoint: { aa: { endpoint: TARGET }, bb: { endpoint: other } } }))).toEqual([
      'GatewayPool',
    ]);
    expect(codesOf(() => gatewayWith({ endpoint: {} }))).toEqual(['GatewayPool']);
  });

  test('rejects screening without filters, and invalid blocklists', () => {
    const account = { endpoint: 'https://safety.cognitiveservices.azure.com', grantInvoke: () => newStack() } as never;
    const screening = (options: object) => PromptScreening.contentSafety(account, options);
    const nothing = screening({ harmfulContent: ScreeningStrength.NONE, promptAttacks: false });
    expect(codesOf(() => gatewayWith({ screening: nothing }))).toEqual(['ContentPolicy']);
    expect(codesOf(() => gatewayWith({ screening: screening({ blocklists: ['@(x)'] }) }))).toEqual(['ContentPolicy']);
  });

  test.each([undefined, null, 7, 'text', [], {}])('rejects %p as the value of each prop', (hostile) => {
    const needed = ['resourceGroup', 'endpoint', 'exposure', 'authorization', 'publisherEmail'];
    const props = [
      ...needed,
      'tier',
      'screening',
      'responses',
      'maxBodyKiB',
      'limits',
      'clients',
      'logRetentionDays',
      'serviceName',
    ];
    const isEmpty = JSON.stringify(hostile) === '{}';
    for (const prop of props) {
      const optional = hostile === undefined && !needed.includes(prop);
      const fine =
        optional ||
        (isEmpty && (prop === 'limits' || prop === 'clients')) ||
        (hostile === 7 && prop === 'maxBodyKiB') ||
        (hostile === 'text' && prop === 'serviceName');
      const run = () => gatewayWith({ [prop]: hostile });
      if (fine) expect(run).not.toThrow();
      else expect(problemsOf(run).length).toBeGreaterThan(0);
    }
    expect(() => new InferenceGateway(newStack(), 'Gateway', hostile as InferenceGatewayProps)).toThrow(/\[/);
  });
});

describe('an existing gateway', () => {
  const ATTRIBUTES = {
    url: 'https://atlas.azure-api.net/v1',
    serviceId: '/subscriptions/s/resourceGroups/models/providers/Microsoft.ApiManagement/service/atlas',
    resourceGroup: GROUP,
  };

  test('has its attributes, creates nothing, and can have alarms', () => {
    const stack = newStack();
    const gateway = InferenceGateway.fromInferenceGatewayAttributes(stack, 'Gateway', ATTRIBUTES);
    expect(gateway).toMatchObject({ ...ATTRIBUTES, timeoutSeconds: 240 });
    expect(gateway.node.children).toEqual([]);
    new GatewayAlarms(stack, 'Alarms', { gateway, alerts: { id: 'group' } });
    const alarms = Object.values(resourcesOf(stack, 'azurerm_monitor_metric_alert'));
    expect(alarms.map(({ scopes }) => scopes as string[])).toEqual(Array(3).fill([ATTRIBUTES.serviceId]));
  });

  test('rejects malformed attributes', () => {
    const from = (attrs: object) =>
      InferenceGateway.fromInferenceGatewayAttributes(newStack(), 'Gateway', { ...ATTRIBUTES, ...attrs });
    expect(refusalsOf(() => from({ serviceId: 'atlas', timeoutSeconds: 241 }))).toEqual([
      'ResourceIdInvalid serviceId',
      'GatewayLimit timeoutSeconds',
    ]);
    expect(refusalsOf(() => from({ url: undefined, resourceGroup: 7 }))).toEqual([
      'ValueMissing url',
      'PropType resourceGroup',
    ]);
  });
});

test('keeps the addresses of stateful resources', () => {
  const { stack } = gatewayWith();
  const types = ['azurerm_api_management', 'azurerm_log_analytics_workspace', 'azurerm_user_assigned_identity'];
  const addresses = types.flatMap((type) => Object.keys(resourcesOf(stack, type)).map((id) => `${type}.${id}`));
  expect(addresses).toMatchInlineSnapshot(`
   [
     "azurerm_api_management.Gateway_Service_081D5EB4",
     "azurerm_log_analytics_workspace.Gateway_Telemetry_Logs_A4D1F413",
     "azurerm_user_assigned_identity.Gateway_Service_Identity_13756028",
   ]
  `);
});
