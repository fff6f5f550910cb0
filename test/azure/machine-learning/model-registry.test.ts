import { TerraformOutput, Testing } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import { MlNetwork, ModelRegistry, type ModelRegistryProps } from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { codesOf, type Json, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { GROUP, sent } from './support';

function synthRegistry(props: Partial<ModelRegistryProps> = {}) {
  const stack = newStack();
  const registry = new ModelRegistry(stack, 'Registry', { resourceGroup: GROUP, ...props });
  return { stack, registry, resource: sent(stack, 'registries') };
}

const findings = (props: Partial<ModelRegistryProps>) => findingsOf(synthRegistry(props).registry).map(({ id }) => id);

describe('a model registry', () => {
  test('is private, and has one copy per region', () => {
    const { resource } = synthRegistry({ locations: ['westeurope', 'swedencentral'] });
    const { publicNetworkAccess, regionDetails } = resource.body.properties;
    expect(publicNetworkAccess).toBe('Disabled');
    expect((regionDetails as Json[]).map(({ location }) => location as string)).toEqual([
      'swedencentral',
      'westeurope',
    ]);
    expect(regionDetails[0].storageAccountDetails[0].systemCreatedStorageAccount).toEqual({
      storageAccountType: 'Standard_ZRS',
      storageAccountHnsEnabled: false,
      allowBlobPublicAccess: false,
    });
  });

  test('has a globally unique name of at most 32 characters', () => {
    const { name } = synthRegistry().resource as { name: string };
    expect(name).toMatch(/^[a-z0-9-]{3,25}-\$\{substr\(sha256\(.*\), 0, 6\)\}$/);
  });

  test('is protected from deletion', () => {
    const { stack, resource } = synthRegistry();
    expect(resource.lifecycle).toEqual({ prevent_destroy: true });
    expect(Object.keys(resourcesOf(stack, 'azapi_resource'))).toEqual(['Registry_4DB9CCA5']);
  });

  test('has a private endpoint in a network', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    new ModelRegistry(stack, 'Registry', { resourceGroup: GROUP, network });
    expect(theOnly(stack, 'azurerm_private_endpoint').private_service_connection.subresource_names).toEqual([
      'amlregistry',
    ]);
  });

  test('has an MLflow URI, and grants read and write access', () => {
    const { stack, registry } = synthRegistry({ registryName: 'company' });
    new TerraformOutput(stack, 'Uri', { value: registry.registryUri });
    registry.grantRead('Readers', '11111111-1111-1111-1111-111111111111', 'Group');
    registry.grantUse('Ci', '22222222-2222-2222-2222-222222222222');
    const { output, resource } = JSON.parse(Testing.synth(stack));
    expect(output.Uri.value).toMatch(/^\$\{azapi_resource\.Registry_\w+\.output\.properties\.mlFlowRegistryUri\}$/);
    const roles = Object.values(resource.azurerm_role_assignment as Record<string, Json>);
    expect(roles.map((one) => [one.role_definition_name, one.principal_type])).toEqual([
      ['AzureML Registry User', 'ServicePrincipal'],
      ['Reader', 'Group'],
    ]);
    expect(codesOf(() => registry.grantUse(null as never, 7 as never))).toEqual(['ValueMissing', 'PropType']);
  });

  test('rejects invalid names and regions', () => {
    const run = () => synthRegistry({ registryName: '-a', locations: ['West Europe'] });
    expect(refusalsOf(run)).toEqual(['LocationInvalid locations[0]', 'AzureName registryName']);
  });

  test.each([undefined, null, 7, { resourceGroup: 1 }, { resourceGroup: GROUP, locations: 'x', publicAccess: 1 }])(
    'rejects hostile props %p',
    (props) => {
      const codes = codesOf(() => new ModelRegistry(newStack(), 'Registry', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing'].includes(code))).toBe(true);
    },
  );

  test('reports missing and public network access', () => {
    expect(findings({})).toEqual(['network/no-private-endpoint']);
    expect(findings({ publicAccess: true })).toEqual(['network/public-workspace']);
  });

  armTest('has a valid request body', () => {
    expect(faultsOf(synthRegistry({ locations: ['westeurope'] }).resource)).toEqual([]);
  });
});
