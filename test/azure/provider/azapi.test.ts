import { AzapiProvider, AzapiResource } from 'ai-infra-constructs/azure';
import { Testing, Token } from 'cdktf';
import { newStack, resolvedIn, theOnly } from '../support';

test('a resource sends its body without undefined properties', () => {
  const stack = newStack();
  new AzapiResource(stack, 'Resource', {
    type: 'Microsoft.Test/things@2026-01-01',
    name: 'one',
    parentId: '/subscriptions/x/resourceGroups/y',
    location: 'swedencentral',
    identity: { type: 'UserAssigned', identityIds: ['/id'] },
    body: { properties: { camelCase: 1, gone: undefined, list: [{ inList: Token.asString('${a.b.c}') }] } },
    locks: ['/lock'],
    ignoreCasing: true,
    timeouts: { create: '90m' },
  });
  expect(theOnly(stack, 'azapi_resource')).toEqual({
    type: 'Microsoft.Test/things@2026-01-01',
    name: 'one',
    parent_id: '/subscriptions/x/resourceGroups/y',
    location: 'swedencentral',
    identity: [{ type: 'UserAssigned', identity_ids: ['/id'] }],
    body: { properties: { camelCase: 1, list: [{ inList: '${a.b.c}' }] } },
    locks: ['/lock'],
    ignore_casing: true,
    timeouts: { create: '90m' },
  });
});

test('outputs are read by path', () => {
  const stack = newStack();
  const resource = new AzapiResource(stack, 'Resource', {
    type: 'Microsoft.Test/things@2026-01-01',
    name: 'one',
    parentId: '/x',
    body: {},
    responseExportValues: ['properties.uri'],
  });
  expect(resolvedIn(stack, resource.outputAt('properties.uri'))).toBe(
    '${azapi_resource.Resource.output.properties.uri}',
  );
  expect(resolvedIn(stack, resource.principalId)).toBe('${azapi_resource.Resource.identity[0].principal_id}');
  expect(resolvedIn(stack, resource.id)).toBe('${azapi_resource.Resource.id}');
});

test('the provider has its source and configuration', () => {
  const stack = newStack();
  new AzapiProvider(stack, 'Azapi', { subscriptionId: 's', useOidc: true });
  const { terraform, provider } = JSON.parse(Testing.synth(stack));
  expect(terraform.required_providers).toEqual({ azapi: { source: 'Azure/azapi', version: '~> 2.12' } });
  expect(provider.azapi).toEqual([{ subscription_id: 's', use_oidc: true }]);
});

test('a second provider is selected by its alias', () => {
  const stack = newStack();
  const provider = new AzapiProvider(stack, 'Other', { alias: 'other' });
  new AzapiResource(stack, 'Resource', { type: 'A/b@1', name: 'n', parentId: '/x', body: {}, provider });
  expect(theOnly(stack, 'azapi_resource').provider).toBe('azapi.other');
});
