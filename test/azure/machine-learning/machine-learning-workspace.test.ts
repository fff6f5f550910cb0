import { TerraformOutput, Testing } from 'cdktf';
import { DataClass, findingsOf } from 'ai-infra-constructs';
import {
  EncryptionKey,
  MachineLearningWorkspace,
  type MachineLearningWorkspaceProps,
  ManagedNetwork,
  MlNetwork,
  ResourceGroup,
} from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { codesOf, type Json, newStack, problemsOf, resourcesOf, theOnly, told } from '../support';
import { GROUP, rolesOf, sentOf, SUBNET, WORKSPACE } from './support';

function synthWorkspace(props: Partial<MachineLearningWorkspaceProps> = {}) {
  const stack = newStack();
  const workspace = new MachineLearningWorkspace(stack, 'Workspace', { resourceGroup: GROUP, ...props });
  return { stack, workspace, resource: bodyOf(stack) };
}

/** The workspace, without the action that creates its network. */
function bodyOf(stack: ReturnType<typeof newStack>): Json {
  const [found] = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
    (type as string).includes('/workspaces@'),
  );
  return found;
}

const refused = (props: Partial<MachineLearningWorkspaceProps>) => problemsOf(() => synthWorkspace(props));
const findings = (props: Partial<MachineLearningWorkspaceProps>) =>
  findingsOf(synthWorkspace(props).workspace).map(({ id }) => id);

describe('a workspace', () => {
  test('logs events and changes, and nothing with existing Application Insights', () => {
    const logs = theOnly(synthWorkspace().stack, 'azurerm_monitor_diagnostic_setting');
    expect(logs.target_resource_id).toMatch(/azapi_resource\.Workspace_\w+\.id/);
    const categories = (logs.enabled_log as { category: string }[]).map(({ category }) => category);
    expect(categories).toContain('ModelsChangeEvent');
    expect(categories.filter((category) => category.includes('Read'))).toEqual([]);
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/i';
    const { stack, workspace } = synthWorkspace({ applicationInsights: { id } });
    expect(workspace.logs).toBeUndefined();
    expect(resourcesOf(stack, 'azurerm_monitor_diagnostic_setting')).toEqual({});
  });

  test('has no public network access, and a storage account without keys', () => {
    const { stack, resource } = synthWorkspace();
    expect(resource.body.properties).toMatchObject({
      publicNetworkAccess: 'Disabled',
      systemDatastoresAuthMode: 'Identity',
      managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' },
      hbiWorkspace: false,
    });
    expect(theOnly(stack, 'azurerm_storage_account')).toMatchObject({
      account_tier: 'Standard',
      shared_access_key_enabled: false,
      public_network_access_enabled: false,
      allow_nested_items_to_be_public: false,
    });
    expect(theOnly(stack, 'azurerm_storage_account').is_hns_enabled).toBeUndefined();
    expect(theOnly(stack, 'azurerm_container_registry')).toMatchObject({
      sku: 'Premium',
      data_endpoint_enabled: true,
      admin_enabled: false,
      public_network_access_enabled: false,
    });
    expect(theOnly(stack, 'azurerm_key_vault')).toMatchObject({
      rbac_authorization_enabled: true,
      purge_protection_enabled: true,
      public_network_access_enabled: false,
    });
  });

  test('gets its role assignments before it is created', () => {
    const { stack, workspace, resource } = synthWorkspace();
    const roles = rolesOf(stack);
    const own = Object.keys(roles).filter((address) => address.startsWith('Workspace_Own'));
    const others = Object.keys(roles).filter((address) => !own.includes(address));
    expect(others.length).toBeGreaterThan(8);
    expect([...(resource.depends_on as string[])].sort()).toEqual(
      others.map((address) => `azurerm_role_assignment.${address}`).sort(),
    );
    expect(own).toHaveLength(1);
    expect(roles[own[0]!]).toMatchObject({
      role: 'Contributor',
      scope: expect.stringContaining('azapi_resource') as string,
    });
    expect(workspace.ready).toHaveLength(5);
  });

  test('reaches the queues and tables of its storage for batch deployments', () => {
    const { stack, resource } = synthWorkspace();
    const rules = Object.values(sentOf(stack, 'workspaces/outboundRules'));
    expect(rules.map(({ name, body }) => [name as string, body.properties])).toEqual(
      ['queue', 'table'].map((subresourceTarget) => [
        `workspace-${subresourceTarget}`,
        {
          type: 'PrivateEndpoint',
          destination: {
            serviceResourceId: resource.body.properties.storageAccount as string,
            subresourceTarget,
            sparkEnabled: true,
          },
        },
      ]),
    );
    const unmanaged = synthWorkspace({ outbound: ManagedNetwork.none() });
    expect(Object.values(sentOf(unmanaged.stack, 'workspaces/outboundRules'))).toEqual([]);
  });

  test('creates its managed network after its rules, with Spark', () => {
    const { stack } = synthWorkspace({ outbound: ManagedNetwork.approvedOutbound({ hosts: { pypi: 'pypi.org' } }) });
    const action = theOnly(stack, 'azapi_resource_action');
    expect(action).toMatchObject({
      action: 'provisionManagedNetwork',
      method: 'POST',
      when: 'apply',
      body: { includeSpark: true },
    });
    expect(action.depends_on).toContainEqual(expect.stringContaining('azapi_resource.Workspace_Rule-pypi') as string);
  });

  test('can approve the private endpoints of its managed network', () => {
    const outbound = ManagedNetwork.approvedOutbound({
      privateEndpoints: { data: { resourceId: WORKSPACE.storageAccountId, target: 'blob' } },
    });
    const { stack } = synthWorkspace({ outbound });
    const approved = Object.values(rolesOf(stack)).filter(({ role }) => role.includes('Network Connection Approver'));
    expect(approved.map(({ scope }) => scope)).toContain(WORKSPACE.storageAccountId);
    expect(approved.map(({ scope }) => scope)).toContainEqual(expect.stringMatching(/\/resourceGroups\/ml$/) as string);
  });

  test('creates no rules without a managed network', () => {
    const { stack, workspace, resource } = synthWorkspace({ outbound: ManagedNetwork.none() });
    expect(resource.body.properties.managedNetwork).toEqual({ isolationMode: 'Disabled' });
    expect(resourcesOf(stack, 'azapi_resource_action')).toEqual({});
    expect(Object.values(rolesOf(stack)).some(({ role }) => role.includes('Approver'))).toBe(false);
    expect(workspace.hasManagedNetwork).toBe(false);
  });

  test('has private endpoints, one after the other', () => {
    const stack = newStack();
    const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
    const network = new MlNetwork(stack, 'Network', { resourceGroup });
    new MachineLearningWorkspace(stack, 'Workspace', { resourceGroup, network });
    const links = Object.values(resourcesOf(stack, 'azurerm_private_endpoint'));
    expect(links.map((one) => one.private_service_connection.subresource_names[0] as string)).toEqual(
      expect.arrayContaining(['amlworkspace', 'blob', 'file', 'vault', 'registry']),
    );
    expect(links.filter(({ depends_on: after }) => after === undefined)).toHaveLength(1);
  });

  test('uses existing parts', () => {
    const in_ = (type: string) => ({ id: `/subscriptions/s/resourceGroups/g/providers/${type}/own` });
    const { stack, resource } = synthWorkspace({
      storageAccount: in_('Microsoft.Storage/storageAccounts'),
      keyVault: in_('Microsoft.KeyVault/vaults'),
      containerRegistry: in_('Microsoft.ContainerRegistry/registries'),
      applicationInsights: in_('Microsoft.Insights/components'),
      workspaceName: 'research',
      imageBuildCompute: 'builder',
    });
    for (const type of ['storage_account', 'key_vault', 'container_registry', 'application_insights'])
      expect(resourcesOf(stack, `azurerm_${type}`)).toEqual({});
    expect(resource).toMatchObject({ name: 'research', body: { properties: { imageBuildCompute: 'builder' } } });
    expect(resource.body.properties.keyVault).toBe(in_('Microsoft.KeyVault/vaults').id);
  });

  test('encrypts confidential data with a new key, except images', () => {
    const { stack, workspace, resource } = synthWorkspace({ dataClass: DataClass.CONFIDENTIAL });
    expect(workspace.encryptionKey).toBeDefined();
    expect(resource.body.properties).toMatchObject({
      hbiWorkspace: true,
      encryption: {
        status: 'Enabled',
        keyVaultProperties: { keyIdentifier: expect.stringContaining('keyUriWithVersion') as string },
      },
    });
    expect(theOnly(stack, 'azurerm_storage_account').customer_managed_key).toBeDefined();
    expect(theOnly(stack, 'azurerm_container_registry').encryption).toBeUndefined();
    expect(findingsOf(stack).map(({ id }) => id)).toContain('encryption/registry-key');
    expect(resource.identity[0].identity_ids).toHaveLength(2);
    expect(resource.depends_on).toContainEqual(expect.stringContaining('Key_Grant') as string);
  });

  test('uses an existing key', () => {
    const stack = newStack();
    const encryptionKey = new EncryptionKey(stack, 'Shared', { resourceGroup: GROUP, trustedServicesOnly: false });
    const workspace = new MachineLearningWorkspace(stack, 'Workspace', { resourceGroup: GROUP, encryptionKey });
    expect(theOnly(stack, 'azurerm_container_registry').encryption).toHaveLength(1);
    expect(workspace.encryptionKey).toBe(encryptionKey);
    expect(bodyOf(stack).body.properties.hbiWorkspace).toBe(false);
  });

  test('has an MLflow tracking URI', () => {
    const { workspace, stack } = synthWorkspace();
    new TerraformOutput(stack, 'Tracking', { value: workspace.trackingUri });
    const { output } = JSON.parse(Testing.synth(stack));
    expect(output.Tracking.value).toMatch(
      /^azureml:\/\/swedencentral\.api\.azureml\.ms\/mlflow\/v1\.0\$\{azapi_resource\..*\.id\}$/,
    );
  });

  test('grants use without permission to create compute clusters', () => {
    const { workspace, stack } = synthWorkspace();
    workspace.grantUse('Team', '11111111-1111-1111-1111-111111111111', 'Group');
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).filter(
      ({ principal_type: type }) => type === 'Group',
    );
    // The storage account takes no keys: what a job is sent goes there in the caller's own name.
    expect(grants.map(({ role_definition_name: role, scope }) => [role, scope])).toEqual([
      ['Storage Blob Data Contributor', expect.stringContaining('azurerm_storage_account.')],
      ['AzureML Data Scientist', expect.stringContaining('azapi_resource.')],
    ]);
    expect(codesOf(() => workspace.grantUse('', undefined as never, 'User'))).toEqual(['PropType', 'ValueMissing']);
    const to = '11111111-1111-1111-1111-111111111111';
    expect(codesOf(() => workspace.grantUse('Robot', to, 'Robot' as never))).toEqual(['ChoiceUnknown']);
  });

  armTest('has valid request bodies, with each type of rule', () => {
    const outbound = ManagedNetwork.approvedOutbound({
      hosts: { conda: '*.anaconda.org' },
      serviceTags: { monitor: { tag: 'AzureMonitor', ports: '443' } },
      privateEndpoints: { data: { resourceId: WORKSPACE.storageAccountId, target: 'blob' } },
    });
    const { stack, resource } = synthWorkspace({ outbound, dataClass: DataClass.RESTRICTED });
    expect(faultsOf(resource)).toEqual([]);
    const rules = Object.values(sentOf(stack, 'workspaces/outboundRules'));
    expect(rules).toHaveLength(5);
    for (const rule of rules) expect(faultsOf(rule)).toEqual([]);
  });
});

describe('addresses of resources that hold state', () => {
  test('do not change', () => {
    const { stack } = synthWorkspace({ dataClass: DataClass.CONFIDENTIAL });
    const kept = [
      'azapi_resource',
      'azurerm_storage_account',
      'azurerm_container_registry',
      'azurerm_key_vault',
    ].flatMap((type) =>
      Object.entries(resourcesOf(stack, type))
        .filter(([, one]) => one.lifecycle?.prevent_destroy)
        .map(([address]) => `${type}.${address}`),
    );
    expect(kept).toEqual([
      'azapi_resource.Workspace_2F8C78CC',
      'azapi_resource.Workspace_Key_0E240FD6',
      'azurerm_storage_account.Workspace_Storage_C44AD9F6',
      'azurerm_container_registry.Workspace_Images_A47329F9',
      'azurerm_key_vault.Workspace_Key_Vault_2618AAE6',
    ]);
  });
});

describe('validation', () => {
  test('rejects unsupported storage accounts', () => {
    const storageAccount = { id: WORKSPACE.storageAccountId, accountTierInput: 'Premium', isHnsEnabledInput: true };
    expect(refused({ storageAccount }).map(({ code }) => code)).toEqual(['WorkspaceStorage', 'WorkspaceStorage']);
  });

  test('rejects ids of other resource types', () => {
    const other = { id: SUBNET };
    const props = { storageAccount: other, keyVault: other, containerRegistry: other, applicationInsights: other };
    expect(refused(props).map(({ prop }) => prop)).toEqual([
      'storageAccount.id',
      'keyVault.id',
      'containerRegistry.id',
      'applicationInsights.id',
    ]);
  });

  test('rejects public network access for confidential data', () => {
    expect(refused({ dataClass: DataClass.CONFIDENTIAL, publicAccess: true })).toMatchObject([
      { code: 'DataClassFloor', prop: 'publicAccess' },
    ]);
  });

  test('rejects invalid names and rules', () => {
    const outbound = ManagedNetwork.approvedOutbound({
      hosts: { a: 'https://pypi.org', same: 'pypi.org' },
      serviceTags: { same: { tag: 'AzureMonitor', ports: 'all' } },
    });
    expect(refused({ outbound, workspaceName: '-x', imageBuildCompute: 'x' }).map(told)).toEqual([
      'AzureName workspaceName',
      'AzureName imageBuildCompute',
      'OutboundRule outbound.same',
      'OutboundRule outbound.a',
      'OutboundRule outbound.hosts.a',
      'OutboundRule outbound.serviceTags.same.ports',
    ]);
  });

  test.each([undefined, null, 7, { resourceGroup: 'ml' }, { resourceGroup: GROUP, outbound: {}, publicAccess: 'no' }])(
    'rejects hostile props %p',
    (props) => {
      const codes = codesOf(() => new MachineLearningWorkspace(newStack(), 'Workspace', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing', 'ChoiceUnknown'].includes(code))).toBe(true);
    },
  );

  test('rejects hostile options of its network', () => {
    expect(codesOf(() => ManagedNetwork.approvedOutbound(null as never))).toEqual(['ValueMissing']);
    expect(codesOf(() => ManagedNetwork.internetOutbound({ privateEndpoints: { a: 7 } } as never))).toEqual([
      'PropType',
    ]);
  });
});

describe('findings', () => {
  test('reports missing network access', () => {
    expect(findings({})).toContain('network/no-private-endpoint');
    expect(findings({ publicAccess: true })).not.toContain('network/no-private-endpoint');
  });

  test('reports public network access', () => {
    expect(findings({ publicAccess: true })).toContain('network/public-workspace');
    expect(findings({})).not.toContain('network/public-workspace');
  });

  test('reports a firewall', () => {
    expect(findings({ outbound: ManagedNetwork.approvedOutbound({ hosts: { pypi: 'pypi.org' } }) })).toContain(
      'network/managed-firewall',
    );
    expect(findings({})).not.toContain('network/managed-firewall');
  });

  test('reports resources for a customer-managed key', () => {
    expect(findings({ dataClass: DataClass.CONFIDENTIAL })).toContain('cost/extra-resources');
    expect(findings({})).not.toContain('cost/extra-resources');
  });

  test('reports a missing image builder', () => {
    expect(findings({})).toContain('image/no-builder');
    expect(findings({ imageBuildCompute: 'builder' })).not.toContain('image/no-builder');
  });
});
