import { DataBucket, EncryptionKey, LustreFileSystem, MlNetwork, ResourceGroup } from 'ai-infra-constructs/azure';
import { newStack, resourcesOf } from '../support';

/** What holds data or keys: a release that moves an address would replace it. */
const STATEFUL = [
  'azapi_resource',
  'azurerm_key_vault',
  'azurerm_managed_lustre_file_system',
  'azurerm_resource_group',
  'azurerm_storage_account',
  'azurerm_storage_container',
  'azurerm_virtual_network',
];

test('keeps addresses and names of resources that hold data', () => {
  const stack = newStack();
  const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
  const network = new MlNetwork(stack, 'Network', { resourceGroup });
  const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup });
  const bucket = new DataBucket(stack, 'Data', { resourceGroup, network, encryptionKey });
  new LustreFileSystem(stack, 'Lustre', {
    resourceGroup,
    network,
    encryptionKey,
    zone: '1',
    sizeGiB: 8192,
    blobIntegration: { bucket, resourceProviderId: '00000000-0000-4000-8000-000000000002' },
  });
  const named = STATEFUL.flatMap((type) =>
    Object.entries(resourcesOf(stack, type)).map(([address, { name }]) => [
      `${type}.${address}`,
      String(name).replace(/\$\{.*\}/, '<subscription>'),
    ]),
  );
  expect(Object.fromEntries(named)).toEqual(GOLDEN);
});

const GOLDEN = {
  'azapi_resource.Key_961B73FD': 'data',
  'azurerm_key_vault.Key_Vault_2A6EBCCA': 'test-key-140a1ab1-<subscription>',
  'azurerm_managed_lustre_file_system.Lustre_F8935BA0': 'test-lustre-b7721fdc',
  'azurerm_resource_group.Group_C77FDACD': 'test-group-4defec15',
  'azurerm_storage_account.Data_666C94C7': 'testdata9fe956c2<subscription>',
  'azurerm_storage_container.Data_Container_39D5F5CD': 'data',
  'azurerm_storage_container.Data_LustreLogs_77B71255': 'lustre-logs',
  'azurerm_virtual_network.Network_1C6012B5': 'test-network-8d49c20d',
};
