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
  test('takes no keys, and lies on no public network', () => {
    const { stack } = deployed();
    expect(theOnly(stack, 'azurerm_cognitive_account')).toMatchObject({
      kind: 'AIServices',
      sku_name: 'S0',
      local_auth_enabled: false,
      public_network_access_enabled: false,
      network_acls: { default_action: 'Deny', bypass: 'None' },
    });
  });

  test('has a name of its own subdomain', () => {
    const { stack } = deployed({ accountName: 'my-models' });
    const account = theOnly(stack, 'azurerm_cognitive_account');
    expect(account.name).toBe('my-models');
    expect(account.custom_subdomain_name).toBe('my-models');
  });

  test('has a name that another subscription does not have', () => {
    const { stack } = deployed();
    expect(theOnly(stack, 'azurerm_cognitive_account').name).toMatch(/^test-models-account-[0-9a-f]{8}-\$\{substr\(/);
  });

  test('is encrypted under a key that it may use before it is made', () => {
    const { stack } = deployed();
    const account = theOnly(stack, 'azurerm_cognitive_account');
    expect(account.customer_managed_key.key_vault_key_id).toMatch(/keyUriWithVersion/);
    expect(account.identity).toMatchObject({ type: 'UserAssigned' });
    expect(account.depends_on).toEqual(expect.arrayContaining([expect.stringMatching(/^azurerm_role_assignment\./)]));
  });

  test('takes a key that was brought, with its identity', () => {
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

  test('is reached by a private endpoint, and found under all of its names', () => {
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

  test('logs who asked, into a workspace that was brought', () => {
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
  test('have a version, a policy and an amount as Azure counts it', () => {
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
  ])('are bought as %s', (name, capacity, amount) => {
    const { stack } = deployed({ models: { chat: { ...CHAT, capacity } } });
    expect(theOnly(stack, 'azurerm_cognitive_deployment').sku).toEqual({ name, capacity: amount });
  });

  test('any amount that is accepted is a whole one for Azure', () => {
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

  test('are called by a base address, with a token for a stated audience', () => {
    const { deployment } = deployed({ accountName: 'my-models' });
    expect(deployment.url).toMatch(/\.openai\.azure\.com\/openai\/v1$/);
    expect(deployment.tokenAudience).toBe('https://cognitiveservices.azure.com');
  });

  test('are called by whom they are granted to', () => {
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

/** The resources of an account in which each waits for the one before, by what they wait for. */
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

test('an account takes one change at a time: endpoint, blocklists, terms, policy, models', () => {
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

/** The policy of a stack, as it is sent. */
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
  test('refuses harm, attacks and protected material by default', () => {
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
  ])('of strength %s stops from %s on', (harmfulContent, stops: string) => {
    const { stack } = deployed({ contentPolicy: ContentPolicy.of({ harmfulContent }) });
    expect(filters(stack)[0]).toBe(`Hate Prompt ${stops}`);
  });

  test('can leave shields off', () => {
    const contentPolicy = ContentPolicy.of({ promptAttacks: false, documentAttacks: false, protectedMaterial: false });
    expect(filters(deployed({ contentPolicy }).stack).slice(8)).toEqual([
      'Jailbreak Prompt false -',
      'Indirect Attack Prompt false -',
      'Protected Material Text Completion false -',
      'Protected Material Code Completion false -',
    ]);
  });

  test('names its blocklists on both sides, and their terms keep their addresses', () => {
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

  test('has terms that Terraform reads as they are', () => {
    const { stack } = deployed({
      contentPolicy: ContentPolicy.of({ blocklists: { odd: { terms: ['${x}'], patterns: ['a%{2}'] } } }),
    });
    const patterns = Object.values(resourcesOf(stack, 'azapi_resource')).flatMap(
      ({ body }) => body.properties.pattern ?? [],
    );
    expect(patterns.sort()).toEqual(['$${x}', 'a%%{2}']);
  });

  test('can be one of the account, and then none is made', () => {
    const { stack, deployment } = deployed({ contentPolicy: ContentPolicy.existing('Microsoft.DefaultV2') });
    expect(deployment.policy).toBeUndefined();
    expect(theOnly(stack, 'azurerm_cognitive_deployment').rai_policy_name).toBe('Microsoft.DefaultV2');
  });

  armTest('is one that the API takes', () => {
    const { stack } = deployed({ contentPolicy: ContentPolicy.of({ blocklists: LISTS }) });
    expect(faultsOf(policyOf(stack))).toEqual([]);
  });

  armTest('is judged by a check that can fail', () => {
    const policy = policyOf(deployed().stack);
    policy.body.properties.contentFilters[0].source = 'Answer';
    policy.body.properties.colour = 'red';
    expect(faultsOf(policy)).toEqual([
      expect.stringMatching(/contentFilters\[0\]\.source: 'Answer' is none of/),
      '.properties.colour: unknown',
    ]);
  });
});

describe('doubts', () => {
  const ids = (props: Partial<FoundryDeploymentProps>) =>
    findingsOf(deployed(props).deployment).map(({ id, level }) => `${id} ${level}`);

  test('none, where prompts stay and versions are fixed', () => {
    expect(ids({})).toEqual([]);
  });

  test('prompts that leave the region', () => {
    const with_ = (capacity: ModelCapacity) => ids({ models: { chat: { ...CHAT, capacity } } });
    expect(with_(ModelCapacity.globalStandard({ tokensPerMinute: 1000 }))).toEqual(['model/leaves-region warning']);
    expect(with_(ModelCapacity.dataZoneStandard({ tokensPerMinute: 1000 }))).toEqual(['model/leaves-region info']);
  });

  test('versions that move, or end', () => {
    expect(ids({ models: { chat: { ...CHAT, upgrade: ModelUpgrade.WHEN_DEFAULT_CHANGES } } })).toEqual([
      'model/moves warning',
    ]);
    expect(ids({ models: { chat: { ...CHAT, upgrade: ModelUpgrade.NEVER } } })).toEqual(['model/ends info']);
  });
});

describe('refuses', () => {
  test('all that is wrong at once', () => {
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

  test('no models, a policy that filters nothing, and a malformed name of one', () => {
    expect(codesOf(() => deployed({ models: {} }))).toEqual(['ServedModels']);
    const nothing = {
      harmfulContent: ScreeningStrength.NONE,
      promptAttacks: false,
      documentAttacks: false,
      protectedMaterial: false,
    };
    expect(codesOf(() => deployed({ contentPolicy: ContentPolicy.of(nothing) }))).toEqual(['ContentPolicy']);
    expect(codesOf(() => deployed({ contentPolicy: ContentPolicy.existing('a b') }))).toEqual(['ContentPolicy']);
  });

  test.each([undefined, null, 7, 'text', [], {}])('%p in place of each prop with an error of its own', (hostile) => {
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

test('what holds state keeps its addresses', () => {
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
