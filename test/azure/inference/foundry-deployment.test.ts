import { type TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { findingsOf } from 'ai-infra-constructs';
import {
  ContentPolicy,
  FoundryDeployment,
  type FoundryDeploymentProps,
  MlNetwork,
  ModelCapacity,
  ModelUpgrade,
  ScreeningStrength,
} from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { codesOf, type Json, newStack, problemsOf, resourcesOf, theOnly, told } from '../support';

const GROUP = { name: 'models', location: 'swedencentral' };
const CHAT = {
  model: 'gpt-4.1-mini',
  version: '2025-04-14',
  capacity: ModelCapacity.standard({ tokensPerMinute: 50_000 }),
};

function deployed(
  props: Partial<FoundryDeploymentProps> = {},
  stack: TerraformStack = newStack(),
): { stack: TerraformStack; deployment: FoundryDeployment } {
  const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
  const all = { resourceGroup: GROUP, network, models: { chat: CHAT }, ...props };
  return { stack, deployment: new FoundryDeployment(stack, 'Models', all) };
}

const LISTS = { competitors: { terms: ['Contoso', 'Fabrikam'], patterns: ['proj(ect)? x'] } };

describe('the account', () => {
  test('has no keys and no public access', () => {
    const { stack } = deployed();
    expect(theOnly(stack, 'azurerm_cognitive_account')).toMatchObject({
      kind: 'AIServices',
      sku_name: 'S0',
      local_auth_enabled: false,
      public_network_access_enabled: false,
      network_acls: { default_action: 'Deny', bypass: 'None' },
    });
  });

  test('uses its name as its subdomain', () => {
    const { stack } = deployed({ accountName: 'my-models' });
    const account = theOnly(stack, 'azurerm_cognitive_account');
    expect(account.name).toBe('my-models');
    expect(account.custom_subdomain_name).toBe('my-models');
  });

  test('has a name that is unique to the subscription', () => {
    const { stack } = deployed();
    expect(theOnly(stack, 'azurerm_cognitive_account').name).toMatch(/^test-models-account-[0-9a-f]{8}-\$\{substr\(/);
  });

  test('is encrypted with a key whose role exists before the account', () => {
    const { stack } = deployed();
    const account = theOnly(stack, 'azurerm_cognitive_account');
    expect(account.customer_managed_key.key_vault_key_id).toMatch(/keyUriWithVersion/);
    expect(account.identity).toMatchObject({ type: 'UserAssigned' });
    expect(account.depends_on).toEqual(expect.arrayContaining([expect.stringMatching(/^azurerm_role_assignment\./)]));
  });

  test('uses an existing key with its identity', () => {
    const identity = {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i',
      principalId: 'p',
      clientId: 'c',
    };
    const encryptionKey = { keyId: 'k', versionedKeyId: 'https://v.vault.azure.net/keys/k/1', vaultId: 'v', identity };
    const { stack } = deployed({ encryptionKey });
    expect(theOnly(stack, 'azurerm_cognitive_account')).toMatchObject({
      customer_managed_key: { key_vault_key_id: 'https://v.vault.azure.net/keys/k/1', identity_client_id: 'c' },
      identity: { identity_ids: [identity.id] },
    });
    expect(resourcesOf(stack, 'azurerm_key_vault')).toEqual({});
  });

  test('has a private endpoint and private DNS zones for all of its names', () => {
    const { stack } = deployed();
    const endpoint = theOnly(stack, 'azurerm_private_endpoint');
    expect(endpoint.private_service_connection).toMatchObject({
      subresource_names: ['account'],
      is_manual_connection: false,
    });
    const zones = Object.values(resourcesOf(stack, 'azurerm_private_dns_zone')).map(({ name }) => name as string);
    expect(zones).toEqual(
      expect.arrayContaining([
        'privatelink.cognitiveservices.azure.com',
        'privatelink.openai.azure.com',
        'privatelink.services.ai.azure.com',
      ]),
    );
  });

  test('sends audit and request logs to an existing workspace', () => {
    const { stack } = deployed({
      logs: { id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w' },
    });
    expect(resourcesOf(stack, 'azurerm_log_analytics_workspace')).toEqual({});
    expect(theOnly(stack, 'azurerm_monitor_diagnostic_setting')).toMatchObject({
      log_analytics_destination_type: 'Dedicated',
      lifecycle: { ignore_changes: ['log_analytics_destination_type'] },
    });
    expect(theOnly(stack, 'azurerm_monitor_diagnostic_setting').enabled_log).toEqual([
      { category: 'Audit' },
      { category: 'RequestResponse' },
    ]);
  });
});

describe('the models', () => {
  test('have a version, a policy and a capacity', () => {
    const { stack } = deployed();
    expect(theOnly(stack, 'azurerm_cognitive_deployment')).toMatchObject({
      name: 'chat',
      model: { format: 'OpenAI', name: 'gpt-4.1-mini', version: '2025-04-14' },
      sku: { name: 'Standard', capacity: 50 },
      rai_policy_name: 'inference',
      version_upgrade_option: 'OnceCurrentVersionExpired',
    });
  });

  test.each([
    ['Standard', ModelCapacity.standard({ tokensPerMinute: 1000 }), 1],
    ['DataZoneStandard', ModelCapacity.dataZoneStandard({ tokensPerMinute: 2000 }), 2],
    ['GlobalStandard', ModelCapacity.globalStandard({ tokensPerMinute: 3000 }), 3],
    ['ProvisionedManaged', ModelCapacity.provisioned({ throughputUnits: 25 }), 25],
    ['DataZoneProvisionedManaged', ModelCapacity.dataZoneProvisioned({ throughputUnits: 15 }), 15],
    ['GlobalProvisionedManaged', ModelCapacity.globalProvisioned({ throughputUnits: 50 }), 50],
  ])('have the deployment type %s', (name, capacity, amount) => {
    const { stack } = deployed({ models: { chat: { ...CHAT, capacity } } });
    expect(theOnly(stack, 'azurerm_cognitive_deployment').sku).toEqual({ name, capacity: amount });
  });

  test('accept whole thousands of tokens, and reject any other number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 2_000_000 }), (tokensPerMinute) => {
        const run = () =>
          deployed({ models: { chat: { ...CHAT, capacity: ModelCapacity.standard({ tokensPerMinute }) } } });
        if (tokensPerMinute >= 1000 && tokensPerMinute % 1000 === 0) {
          expect(theOnly(run().stack, 'azurerm_cognitive_deployment').sku.capacity).toBe(tokensPerMinute / 1000);
        } else {
          expect(codesOf(run)).toEqual(['ModelCapacity']);
        }
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  test('have a base address and a token audience', () => {
    const { deployment } = deployed({ accountName: 'my-models' });
    expect(deployment.url).toMatch(/\.openai\.azure\.com\/openai\/v1$/);
    expect(deployment.tokenAudience).toBe('https://cognitiveservices.azure.com');
  });

  test('can be granted to a principal', () => {
    const { stack, deployment } = deployed();
    deployment.grantInvoke('App', '00000000-0000-0000-0000-000000000001');
    const roles = Object.values(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(roles).toContainEqual(
      expect.objectContaining({
        role_definition_name: 'Cognitive Services User',
        principal_id: '00000000-0000-0000-0000-000000000001',
      }),
    );
  });
});

/** The resources of an account that depend on one another, in the order of their creation. */
function turns(stack: TerraformStack): string[] {
  const types = [
    'azurerm_private_endpoint',
    'azurerm_cognitive_account_rai_blocklist',
    'azapi_resource',
    'azurerm_cognitive_deployment',
  ];
  const all = types.flatMap((type) =>
    Object.entries(resourcesOf(stack, type)).map(([id, one]): [string, string[]] => [
      `${type}.${id}`,
      one.depends_on ?? [],
    ]),
  );
  let last = all.find(([name]) => name.startsWith('azurerm_private_endpoint'))![0];
  const order = [last];
  for (;;) {
    const next = all.filter(([name, before]) => before.includes(last) && !order.includes(name));
    if (next.length === 0) return order;
    expect(next).toHaveLength(1);
    last = next[0]![0];
    order.push(last);
  }
}

test('creates one part of an account after another: endpoint, blocklists, terms, policy, models', () => {
  const { stack } = deployed({
    contentPolicy: ContentPolicy.of({ blocklists: LISTS }),
    models: { chat: CHAT, embed: { ...CHAT, model: 'text-embedding-3-large', version: '1' }, small: CHAT },
  });
  const kinds = turns(stack).map((name) => name.split('.')[0]);
  expect(kinds).toEqual([
    'azurerm_private_endpoint',
    'azurerm_cognitive_account_rai_blocklist',
    'azapi_resource',
    'azapi_resource',
    'azapi_resource',
    'azapi_resource',
    'azurerm_cognitive_deployment',
    'azurerm_cognitive_deployment',
    'azurerm_cognitive_deployment',
  ]);
});

/** The body of the policy in a stack. */
function policyOf(stack: TerraformStack): Json {
  const found = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
    (type as string).includes('raiPolicies@'),
  );
  expect(found).toHaveLength(1);
  return found[0];
}

const filters = (stack: TerraformStack) =>
  (policyOf(stack).body.properties.contentFilters as Json[]).map(
    ({ name, source, blocking, severityThreshold }) => `${name} ${source} ${blocking} ${severityThreshold ?? '-'}`,
  );

describe('the content policy', () => {
  test('blocks harmful content, attacks and protected material by default', () => {
    expect(filters(deployed().stack)).toEqual([
      'Hate Prompt true Medium',
      'Hate Completion true Medium',
      'Sexual Prompt true Medium',
      'Sexual Completion true Medium',
      'Violence Prompt true Medium',
      'Violence Completion true Medium',
      'Selfharm Prompt true Medium',
      'Selfharm Completion true Medium',
      'Jailbreak Prompt true -',
      'Indirect Attack Prompt true -',
      'Protected Material Text Completion true -',
      'Protected Material Code Completion true -',
    ]);
  });

  test.each([
    [ScreeningStrength.HIGH, 'true Low'],
    [ScreeningStrength.MEDIUM, 'true Medium'],
    [ScreeningStrength.LOW, 'true High'],
    [ScreeningStrength.NONE, 'false High'],
  ])('of strength %s blocks %s and above', (harmfulContent, blocks: string) => {
    const { stack } = deployed({ contentPolicy: ContentPolicy.of({ harmfulContent }) });
    expect(filters(stack)[0]).toBe(`Hate Prompt ${blocks}`);
  });

  test('can turn the other filters off', () => {
    const contentPolicy = ContentPolicy.of({ promptAttacks: false, documentAttacks: false, protectedMaterial: false });
    expect(filters(deployed({ contentPolicy }).stack).slice(8)).toEqual([
      'Jailbreak Prompt false -',
      'Indirect Attack Prompt false -',
      'Protected Material Text Completion false -',
      'Protected Material Code Completion false -',
    ]);
  });

  test('applies blocklists to prompts and answers, and keeps the addresses of terms', () => {
    const addresses = (terms: string[]) => {
      const { stack } = deployed({ contentPolicy: ContentPolicy.of({ blocklists: { competitors: { terms } } }) });
      expect(policyOf(stack).body.properties.customBlocklists).toEqual([
        { blocklistName: 'competitors', source: 'Prompt', blocking: true },
        { blocklistName: 'competitors', source: 'Completion', blocking: true },
      ]);
      return Object.entries(resourcesOf(stack, 'azapi_resource')).flatMap(([id, { body }]) =>
        body.properties.pattern === 'Contoso' ? [id] : [],
      );
    };
    expect(addresses(['Contoso'])).toEqual(addresses(['Fabrikam', 'Contoso']));
  });

  test('passes terms unchanged through Terraform', () => {
    const { stack } = deployed({
      contentPolicy: ContentPolicy.of({ blocklists: { odd: { terms: ['${x}'], patterns: ['a%{2}'] } } }),
    });
    const patterns = Object.values(resourcesOf(stack, 'azapi_resource')).flatMap(
      ({ body }) => body.properties.pattern ?? [],
    );
    expect(patterns.sort()).toEqual(['$${x}', 'a%%{2}']);
  });

  test('can be an existing one', () => {
    const { stack, deployment } = deployed({ contentPolicy: ContentPolicy.fromPolicyName('Microsoft.DefaultV2') });
    expect(deployment.policy).toBeUndefined();
    expect(theOnly(stack, 'azurerm_cognitive_deployment').rai_policy_name).toBe('Microsoft.DefaultV2');
  });

  armTest('matches the API schema', () => {
    const { stack } = deployed({ contentPolicy: ContentPolicy.of({ blocklists: LISTS }) });
    expect(faultsOf(policyOf(stack))).toEqual([]);
  });

  armTest('is compared with a schema that detects errors', () => {
    const policy = policyOf(deployed().stack);
    policy.body.properties.contentFilters[0].source = 'Answer';
    policy.body.properties.colour = 'red';
    expect(faultsOf(policy)).toEqual([
      expect.stringMatching(/contentFilters\[0\]\.source: 'Answer' is not one of/),
      '.properties.colour: unknown',
    ]);
  });
});

describe('findings', () => {
  const ids = (props: Partial<FoundryDeploymentProps>) =>
    findingsOf(deployed(props).deployment).map(({ id, level }) => `${id} ${level}`);

  test('report nothing for regional models with fixed versions', () => {
    expect(ids({})).toEqual([]);
  });

  test('report prompts that leave the region', () => {
    const with_ = (capacity: ModelCapacity) => ids({ models: { chat: { ...CHAT, capacity } } });
    expect(with_(ModelCapacity.globalStandard({ tokensPerMinute: 1000 }))).toEqual(['model/leaves-region warning']);
    expect(with_(ModelCapacity.dataZoneStandard({ tokensPerMinute: 1000 }))).toEqual(['model/leaves-region info']);
  });

  test('report versions that change or retire', () => {
    expect(ids({ models: { chat: { ...CHAT, upgrade: ModelUpgrade.WHEN_DEFAULT_CHANGES } } })).toEqual([
      'model/auto-upgrade warning',
    ]);
    expect(ids({ models: { chat: { ...CHAT, upgrade: ModelUpgrade.NEVER } } })).toEqual(['model/retires info']);
  });
});

describe('validation', () => {
  test('reports all problems at once', () => {
    const problems = problemsOf(() =>
      deployed({
        resourceGroup: { name: 'models.', location: 'Sweden Central' },
        accountName: 'My_Models',
        models: { 'no name!': { ...CHAT, capacity: ModelCapacity.provisioned({ throughputUnits: 1.5 }) } },
        contentPolicy: ContentPolicy.of({
          blocklists: { x: { terms: [] }, ok: { terms: ['a', 'a'], patterns: ['('] } },
        }),
      }),
    );
    expect(problems.map(told)).toEqual([
      'AzureName resourceGroup.name',
      'LocationInvalid resourceGroup.location',
      'AzureName accountName',
      'AzureName models.no name!',
      'ModelCapacity models.no name!.capacity.throughputUnits',
      'ContentPolicy contentPolicy.blocklists.x',
      'ContentPolicy contentPolicy.blocklists.x',
      'ContentPolicy contentPolicy.blocklists.ok',
      'ContentPolicy contentPolicy.blocklists.ok.patterns[0]',
    ]);
  });

  test('rejects zero models, a policy without filters, and a malformed policy name', () => {
    expect(codesOf(() => deployed({ models: {} }))).toEqual(['ServedModels']);
    const nothing = {
      harmfulContent: ScreeningStrength.NONE,
      promptAttacks: false,
      documentAttacks: false,
      protectedMaterial: false,
    };
    expect(codesOf(() => deployed({ contentPolicy: ContentPolicy.of(nothing) }))).toEqual(['ContentPolicy']);
    expect(codesOf(() => deployed({ contentPolicy: ContentPolicy.fromPolicyName('a b') }))).toEqual(['ContentPolicy']);
  });

  test.each([undefined, null, 7, 'text', [], {}])('rejects %p as the value of each prop', (hostile) => {
    const props = ['resourceGroup', 'network', 'models', 'contentPolicy', 'encryptionKey', 'logs', 'accountName'];
    for (const prop of props) {
      const optional = hostile === undefined && !['resourceGroup', 'network', 'models'].includes(prop);
      const fine = optional || (prop === 'accountName' && hostile === 'text');
      const run = () => deployed({ [prop]: hostile });
      if (fine) expect(run).not.toThrow();
      else expect(problemsOf(run).every((one) => one.prop.startsWith(prop))).toBe(true);
    }
    expect(() => new FoundryDeployment(newStack(), 'Models', hostile as FoundryDeploymentProps)).toThrow(/\[/);
  });
});

test('keeps the addresses of stateful resources', () => {
  const { stack } = deployed({
    contentPolicy: ContentPolicy.of({ blocklists: { competitors: { terms: ['Contoso'] } } }),
  });
  const addresses = [
    'azurerm_cognitive_account',
    'azurerm_cognitive_deployment',
    'azurerm_key_vault',
    'azurerm_log_analytics_workspace',
  ].flatMap((type) => Object.keys(resourcesOf(stack, type)).map((id) => `${type}.${id}`));
  expect(addresses).toMatchInlineSnapshot(`
   [
     "azurerm_cognitive_account.Models_Account_504E3E09",
     "azurerm_cognitive_deployment.Models_Model-chat_930354A7",
     "azurerm_key_vault.Models_Account_Key_Vault_9539BD7C",
     "azurerm_log_analytics_workspace.Models_Account_Logs_39E39CB0",
   ]
  `);
});
