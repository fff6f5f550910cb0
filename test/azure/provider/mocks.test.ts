import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azapiOverrides, azurermMock } from '../../../scripts/mocks/azure';
import { azurermId, idOf } from '../../../scripts/mocks/azure-ids';

const FACADE = readFileSync(join(__dirname, '../../../lib/azure/provider/azurerm.ts'), 'utf8');

/** Types of resources that the library makes, by the modules that it imports them from. */
const TYPES = [...FACADE.matchAll(/@cdktf\/provider-azurerm\/lib\/([a-z0-9-]+)/g)]
  .map(([, module]) => module!)
  .filter((module) => !module.startsWith('data-') && module !== 'provider')
  .map((module) => `azurerm_${module.replace(/-/g, '_')}`);

test('every resource of the library has a mocked id in the format of Azure', () => {
  expect(TYPES.length).toBeGreaterThan(40);
  expect(TYPES.filter((type) => azurermId(type) === undefined)).toEqual([]);
  for (const type of TYPES) expect(azurermId(type)).toMatch(/^(\/subscriptions\/[0-9a-f-]{36}|https:\/\/)/);
});

test('the depth of an id matches its type', () => {
  expect(idOf('Microsoft.Network/virtualNetworks/subnets')).toMatch(
    /\/resourceGroups\/mocked\/providers\/Microsoft\.Network\/virtualNetworks\/mocked\/subnets\/mocked$/,
  );
});

test('rejects a type without an id format', () => {
  expect(() => azurermMock(['azurerm_quantum_computer'])).toThrow(/has no id of a azurerm_quantum_computer/);
});

test('azapi has a response for each path that is read', () => {
  const stack = JSON.stringify({
    a: '${azapi_resource.Key.output.properties.keyUri}',
    b: '${azapi_resource.Key.output.properties.keyUriWithVersion}/x',
    c: '${azapi_resource.Keys.output.properties.other}',
  });
  expect(azapiOverrides({ Key: { type: 'Microsoft.KeyVault/vaults/keys@2023-07-01' } }, stack)).toEqual([
    {
      target: 'azapi_resource.Key',
      values: {
        id: expect.stringMatching(/Microsoft\.KeyVault\/vaults\/mocked\/keys\/mocked$/),
        output: {
          properties: {
            keyUri: expect.stringMatching(/^https:\/\/mocked\.vault\.azure\.net\/keys\//),
            keyUriWithVersion: expect.stringMatching(/^https:/),
          },
        },
      },
    },
  ]);
});
