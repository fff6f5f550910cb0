import { exposed, ofTerraform } from '../support';

test('a reservation shows its machines, count and zone, and is one part', () => {
  const { compute, other } = ofTerraform({
    'azurerm_capacity_reservation_group.group': { name: 'g' },
    'azurerm_capacity_reservation.nodes': {
      capacity_reservation_group_id: '${azurerm_capacity_reservation_group.group.id}',
      sku: { name: 'Standard_NC96ads_A100_v4', capacity: 3 },
      zone: '2',
    },
  });
  expect(compute).toMatchObject([
    {
      name: 'nodes',
      kind: 'capacity reservation',
      machines: ['Standard_NC96ads_A100_v4'],
      count: { desired: 3 },
      market: 'reservation',
      details: { zone: '2' },
    },
  ]);
  expect(other).toEqual({});
});

test('a public IP address is exposed, unless a NAT gateway uses it', () => {
  const addresses = {
    'azurerm_public_ip.nat': {},
    'azurerm_public_ip.open': {},
    'azurerm_nat_gateway.nat': { zones: ['1'] },
  };
  const association = {
    'azurerm_nat_gateway_public_ip_association.both': { public_ip_address_id: '${azurerm_public_ip.nat.id}' },
  };
  expect(exposed(ofTerraform(addresses))).toEqual([
    'nat: an address on the internet',
    'open: an address on the internet',
  ]);
  const joined = ofTerraform({ ...addresses, ...association });
  expect(exposed(joined)).toEqual(['open: an address on the internet']);
  expect(joined.network).toMatchObject([{ name: 'nat', kind: 'NAT gateway', details: { zones: '1' } }]);
});

test('a private endpoint shows its target', () => {
  const { network } = ofTerraform({
    'azurerm_storage_account.data': { public_network_access_enabled: false },
    'azurerm_private_endpoint.blob': {
      private_service_connection: {
        private_connection_resource_id: '${azurerm_storage_account.data.id}',
        subresource_names: ['blob'],
      },
    },
  });
  expect(network).toMatchObject([{ name: 'blob', kind: 'private endpoint', details: { to: 'data, blob' } }]);
});

test('a policy shows its effect if its definition is in the stack', () => {
  const rule = JSON.stringify({ if: {}, then: { effect: 'deny' } });
  const { watch } = ofTerraform({
    'azurerm_policy_definition.tags': { policy_rule: rule },
    'azurerm_subscription_policy_assignment.here': { policy_definition_id: '${azurerm_policy_definition.tags.id}' },
    'azurerm_resource_group_policy_assignment.there': { policy_definition_id: '/providers/x' },
    'azurerm_cost_anomaly_alert.cost': { email_addresses: ['ml@example.com'] },
  });
  expect(watch).toEqual([
    { name: 'cost', kind: 'cost anomaly alert' },
    { name: 'here', kind: 'policy', details: { effect: 'deny' } },
    { name: 'there', kind: 'policy' },
  ]);
});

test('a key from Resource Manager shows its rotation', () => {
  const key = (rotationPolicy?: object) =>
    ofTerraform({
      'azapi_resource.key': {
        type: 'Microsoft.KeyVault/vaults/keys@2023-07-01',
        body: { properties: { rotationPolicy } },
      },
    }).keys;
  expect(key({ lifetimeActions: [{ trigger: {}, action: { type: 'rotate' } }] })).toMatchObject([
    { kind: 'Key Vault key', details: { rotation: 'rotates' } },
  ]);
  expect(key()).toMatchObject([{ details: { rotation: 'does not rotate' } }]);
});

test('a storage account shows the duration of its lock', () => {
  const locked = (permanent: boolean) =>
    ofTerraform({
      'azurerm_storage_account.data': {},
      'azurerm_storage_container.data': { storage_account_id: '${azurerm_storage_account.data.id}' },
      'azurerm_storage_container_immutability_policy.lock': {
        storage_container_resource_manager_id: '${azurerm_storage_container.data.id}',
        immutability_period_in_days: 365,
        locked: permanent,
      },
    }).storage[0]!.details!.lock;
  expect([locked(false), locked(true)]).toEqual(['365 days', '365 days, permanent']);
});
