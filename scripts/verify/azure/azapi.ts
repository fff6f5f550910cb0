/** Direct use of azapi with every option, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { AzapiProvider, type AzapiProviderConfig, AzapiResource, ResourceGroup } from 'ai-infra-constructs/azure';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const subscriptionId = '00000000-0000-4000-8000-000000000000';
const GUID = '22222222-2222-4222-8222-222222222222';
const OTHER_SUBSCRIPTION = '33333333-3333-4333-8333-333333333333';
const ID = `/subscriptions/${subscriptionId}/resourceGroups/search/providers`;
const SEARCH = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.Search/searchServices/shared`;
const app = new App();

/** Principals that run Terraform: a pipeline with OpenID Connect, or a machine with its identity. */
const DEPLOYERS: Readonly<Record<string, AzapiProviderConfig>> = {
  pipeline: { tenantId: GUID, clientId: GUID, useOidc: true },
  machine: { useMsi: true },
};
for (const [name, deployer] of Object.entries(DEPLOYERS)) {
  const stack = new TerraformStack(app, `azapi-${name}`);
  new AzurermProvider(stack, 'Azurerm', { features: [{}], subscriptionId });
  new AzapiProvider(stack, 'Azapi', { subscriptionId, ...deployer });
  // The search service is another subscription's.
  const shared = new AzapiProvider(stack, 'Shared', {
    subscriptionId: OTHER_SUBSCRIPTION,
    useMsi: true,
    alias: 'shared',
  });

  const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
  const account = new AzapiResource(stack, 'Account', {
    type: 'Microsoft.Storage/storageAccounts@2026-04-01',
    name: 'atlasresults',
    parentId: resourceGroup.id,
    location: resourceGroup.location,
    identity: {
      type: 'UserAssigned',
      identityIds: [`${ID}/Microsoft.ManagedIdentity/userAssignedIdentities/work`],
    },
    body: { kind: 'StorageV2', sku: { name: 'Standard_ZRS' }, properties: { allowSharedKeyAccess: false } },
    tags: { project: 'atlas' },
    responseExportValues: ['properties.primaryEndpoints.blob'],
    ignoreBodyChanges: ['properties.networkAcls'],
    ignoreCasing: true,
    replaceTriggersRefs: ['sku.name'],
    timeouts: { create: '10m', read: '5m', update: '10m', delete: '10m' },
    lifecycle: { preventDestroy: true },
  });
  new AzapiResource(stack, 'Link', {
    provider: shared,
    type: 'Microsoft.Search/searchServices/sharedPrivateLinkResources@2025-05-01',
    name: 'results',
    parentId: SEARCH,
    body: { properties: { privateLinkResourceId: account.id, groupId: 'blob', requestMessage: 'Indexes results.' } },
    // A search service takes one change of its links at a time.
    locks: [SEARCH],
    schemaValidation: false,
  });
  new TerraformOutput(stack, 'Blobs', { value: account.outputAt('properties.primaryEndpoints.blob') });
}
app.synth();
