import { findingsOf } from 'ai-infra-constructs';
import { CurrentSubscription, EncryptionKey, ResourceGroup } from 'ai-infra-constructs/azure';
import { TerraformOutput, Token } from 'cdktf';
import { assignRole, Role, type RoleGrant } from '../../../lib/azure/operations/roles';
import { resourceGroupId } from '../../../lib/azure/props/resource-group';
import { UserAssignedIdentity } from '../../../lib/azure/provider/azurerm';
import { codesOf, newStack, problemsOf, resolvedIn, resourcesOf, theOnly } from '../support';

const GROUP = { name: 'mine', location: 'swedencentral' };

describe('a resource group', () => {
  test('derives its name from its path', () => {
    const stack = newStack();
    const group = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
    new TerraformOutput(stack, 'Id', { value: resourceGroupId(stack, group) });
    expect(theOnly(stack, 'azurerm_resource_group')).toMatchObject({
      name: expect.stringMatching(/^test-group-[0-9a-f]{8}$/),
      location: 'swedencentral',
    });
    expect(group.location).toBe('swedencentral');
  });

  test('that exists already has an id in the subscription of the stack', () => {
    const stack = newStack();
    expect(resolvedIn(stack, resourceGroupId(stack, GROUP))).toMatch(
      /^\/subscriptions\/\${data\.azurerm_client_config\..*\.subscription_id}\/resourceGroups\/mine$/,
    );
    expect(resourceGroupId(stack, { ...GROUP, id: '/subscriptions/x/resourceGroups/y' })).toBe(
      '/subscriptions/x/resourceGroups/y',
    );
  });

  test.each([
    [{ location: 'Sweden Central' }, 'LocationInvalid', 'Use swedencentral.'],
    [{ location: 'us-central1' }, 'LocationInvalid', 'az account list-locations'],
    [{ location: 'swedencentral', name: 'ends with.' }, 'AzureName', ''],
    [{ location: 'swedencentral', name: 'x'.repeat(91) }, 'AzureName', ''],
    [{ location: 7 }, 'PropType', ''],
    [{}, 'ValueMissing', ''],
    [undefined, 'ValueMissing', ''],
  ])('%j is rejected with %s', (props, code, fix) => {
    expect(problemsOf(() => new ResourceGroup(newStack(), 'Group', props as never))).toEqual([
      expect.objectContaining({ code, fix: expect.stringContaining(fix) }),
    ]);
  });

  test('records a region that the list does not have, once in an app', () => {
    const stack = newStack();
    const location = 'middleearth';
    const resourceGroup = new ResourceGroup(stack, 'Group', { location });
    new EncryptionKey(stack, 'Key', { resourceGroup });
    expect(findingsOf(stack)).toMatchObject([
      { id: 'location/unlisted', level: 'warning', message: expect.stringContaining(location) as string },
    ]);
    const plain = newStack();
    new EncryptionKey(plain, 'Key', { resourceGroup: { name: 'mine', location: 'swedencentrall' } });
    expect(findingsOf(plain)).toMatchObject([{ fix: expect.stringContaining('swedencentral,') as string }]);
    const listed = newStack();
    new EncryptionKey(listed, 'Key', { resourceGroup: new ResourceGroup(listed, 'Group', { location: 'eastus2' }) });
    expect(findingsOf(listed)).toEqual([]);
  });

  test('accepts a token as region', () => {
    const location = Token.asString({ resolve: () => '${var.location}' });
    expect(() => new ResourceGroup(newStack(), 'Group', { location })).not.toThrow();
  });
});

test('looks up the subscription once per stack', () => {
  const stack = newStack();
  expect(CurrentSubscription.of(stack)).toBe(CurrentSubscription.of(new ResourceGroup(stack, 'Group', GROUP)));
});

describe('a role assignment', () => {
  const stack = newStack();
  const identity = new UserAssignedIdentity(stack, 'Identity', { ...GROUP, resourceGroupName: 'mine' });
  const right = (id: string, given: Partial<RoleGrant> = {}) =>
    assignRole(stack, id, { role: Role.READER, on: '/Account', to: identity.principalId, ...given });

  test('is created once per role, scope, and principal', () => {
    const first = right('First');
    expect(right('Second')).toBe(first);
    expect(right('Third', { on: '/account' })).toBe(first);
  });

  test('differs by role, scope, or principal', () => {
    const others = [{ role: Role.CONTRIBUTOR }, { on: '/account/data' }, { to: 'someone' }].map((given, index) =>
      right(`Other${index}`, given),
    );
    expect(new Set([right('First'), ...others]).size).toBe(4);
  });

  test('is created in each stack', () => {
    const other = newStack();
    assignRole(other, 'First', { role: Role.READER, on: '/account', to: 'someone' });
    expect(theOnly(other, 'azurerm_role_assignment').scope).toBe('/account');
  });
});

describe('an encryption key', () => {
  const stack = newStack();
  const key = new EncryptionKey(stack, 'Key', { resourceGroup: GROUP });

  test('is in a vault behind a firewall with purge protection', () => {
    expect(theOnly(stack, 'azurerm_key_vault')).toMatchObject({
      rbac_authorization_enabled: true,
      purge_protection_enabled: true,
      soft_delete_retention_days: 90,
      network_acls: { bypass: 'AzureServices', default_action: 'Deny' },
      lifecycle: { prevent_destroy: true },
      name: expect.stringMatching(/^test-key-[0-9a-f]{8}-\${substr\(sha256\(data\.azurerm_client_config/),
    });
  });

  test('is created through Resource Manager, and rotates without an expiration date', () => {
    const { body, type, lifecycle } = theOnly(stack, 'azapi_resource');
    expect(type).toBe('Microsoft.KeyVault/vaults/keys@2023-07-01');
    expect(lifecycle.prevent_destroy).toBe(true);
    expect(body.properties).toMatchObject({ kty: 'RSA', keySize: 2048 });
    expect(body.properties.rotationPolicy.lifetimeActions).toEqual([
      { trigger: { timeAfterCreate: 'P90D' }, action: { type: 'rotate' } },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/expiryTime|exp"/);
  });

  test('ignores changes of its body', () => {
    expect(theOnly(stack, 'azapi_resource').lifecycle.ignore_changes).toEqual(['body']);
  });

  test('is usable after the role assignment of its identity', () => {
    const [address] = Object.keys(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(theOnly(stack, 'azurerm_role_assignment')).toMatchObject({
      role_definition_name: 'Key Vault Crypto Service Encryption User',
      principal_id: expect.stringContaining('azurerm_user_assigned_identity.'),
      scope: expect.stringContaining('azurerm_key_vault.'),
      skip_service_principal_aad_check: true,
    });
    expect(key.usable.map(({ fqn }) => resolvedIn(stack, fqn))).toEqual([
      expect.stringMatching(/azapi_resource\./),
      expect.stringContaining(address!),
    ]);
  });

  test('can open its vault to all networks', () => {
    const other = newStack();
    const open = new EncryptionKey(other, 'Key', { resourceGroup: GROUP, trustedServicesOnly: false });
    expect(theOnly(other, 'azurerm_key_vault').network_acls.default_action).toBe('Allow');
    expect([key.behindFirewall, open.behindFirewall]).toEqual([true, false]);
  });

  test('has URLs with and without a version', () => {
    expect(resolvedIn(stack, key.keyId)).toMatch(/\.output\.properties\.keyUri}$/);
    expect(resolvedIn(stack, key.versionedKeyId)).toMatch(/\.output\.properties\.keyUriWithVersion}$/);
  });

  test.each([
    [undefined, 'ValueMissing'],
    [{ resourceGroup: 'mine' }, 'PropType'],
    [{ resourceGroup: { name: 'mine', location: 'Sweden Central' } }, 'LocationInvalid'],
    [{ resourceGroup: null }, 'ValueMissing'],
  ])('%j is rejected with %s', (props, code) => {
    expect(codesOf(() => new EncryptionKey(newStack(), 'Key', props as never))).toEqual([code]);
  });
});
