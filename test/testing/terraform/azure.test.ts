import { type Entry, exposed, ofTerraform } from '../support';

describe('Azure machines', () => {
  test('AKS pools show machines, scaling and market, and the API is public by default', () => {
    const architecture = ofTerraform({
      'azurerm_kubernetes_cluster.main': {
        kubernetes_version: '1.33',
        api_server_access_profile: { authorized_ip_ranges: ['198.51.100.0/24'] },
        default_node_pool: { name: 'system', vm_size: 'Standard_D4s_v5', node_count: 2 },
      },
      'azurerm_kubernetes_cluster_node_pool.gpu': {
        kubernetes_cluster_id: '${azurerm_kubernetes_cluster.main.id}',
        vm_size: 'Standard_ND96isr_H100_v5',
        min_count: 0,
        max_count: 4,
        priority: 'Spot',
        node_public_ip_enabled: true,
        proximity_placement_group_id: '${azurerm_proximity_placement_group.near.id}',
        os_disk_size_gb: 256,
      },
    });
    expect(architecture.compute).toMatchObject([
      {
        name: 'gpu',
        machines: ['Standard_ND96isr_H100_v5'],
        count: { min: 0, desired: 0, max: 4 },
        market: 'spot',
        placement: 'proximity group',
        disks: ['256 GB'],
      },
      { name: 'main/system', count: { desired: 2 }, market: 'on-demand' },
    ]);
    expect(exposed(architecture)).toEqual([
      'gpu: nodes have public IP addresses',
      'main: Kubernetes API, from 198.51.100.0/24',
    ]);
    const closed = ofTerraform({ 'azurerm_kubernetes_cluster.main': { private_cluster_enabled: true } });
    expect(exposed(closed)).toEqual([]);
  });

  test('AKS nodes have the encryption of their cluster, with both providers', () => {
    const cluster = {
      disk_encryption_set_id: '${azurerm_disk_encryption_set.disks.id}',
      private_cluster_enabled: true,
    };
    const architecture = ofTerraform({
      'azurerm_disk_encryption_set.disks': {},
      'azurerm_kubernetes_cluster.main': { ...cluster, default_node_pool: { vm_size: 'Standard_D4s_v5' } },
      'azurerm_kubernetes_cluster_node_pool.h100': {
        kubernetes_cluster_id: '${azurerm_kubernetes_cluster.main.id}',
        vm_size: 'Standard_ND96isr_H100_v5',
        node_count: 2,
        zones: ['1'],
      },
      'azapi_resource.gb300': {
        type: 'Microsoft.ContainerService/managedClusters/agentPools@2026-05-01',
        parent_id: '${azurerm_kubernetes_cluster.main.id}',
        body: {
          properties: {
            vmSize: 'Standard_ND128isr_GB300_v6',
            minCount: 0,
            maxCount: 18,
            scaleSetPriority: 'Spot',
            availabilityZones: ['2'],
            gpuProfile: { driver: 'None' },
            enableNodePublicIP: true,
          },
        },
      },
    });
    expect(architecture.compute).toHaveLength(3);
    for (const { encryption } of architecture.compute) expect(encryption).toEqual({ key: 'customer', name: 'disks' });
    expect(architecture.compute.find(({ name }) => name === 'gb300')).toMatchObject({
      kind: 'AKS node pool',
      machines: ['Standard_ND128isr_GB300_v6'],
      count: { min: 0, max: 18 },
      market: 'spot',
      details: { zones: '2', 'gpu driver': 'None' },
    });
    expect(exposed(architecture)).toEqual(['gb300: nodes have public IP addresses']);
  });

  test('azapi resources without a reader are counted', () => {
    const type = 'Microsoft.Features/featureProviders/subscriptionFeatureRegistrations@2021-07-01';
    expect(ofTerraform({ 'azapi_resource.feature': { type } }).other).toEqual({ azapi_resource: 1 });
  });

  test('a scale set shows its fabric, disks and addresses', () => {
    const set = ofTerraform({
      'azurerm_linux_virtual_machine_scale_set.nodes': {
        sku: 'Standard_ND96isr_H100_v5',
        instances: 8,
        single_placement_group: true,
        capacity_reservation_group_id: 'x',
        encryption_at_host_enabled: true,
        os_disk: { storage_account_type: 'Premium_LRS', disk_size_gb: 128, disk_encryption_set_id: '/subscriptions/x' },
        network_interface: [{ ip_configuration: [{ public_ip_address: [{}] }] }],
      },
    });
    expect(set.compute[0]).toMatchObject({
      count: { desired: 8 },
      market: 'reservation',
      placement: 'single placement group',
      disks: ['128 GB Premium_LRS'],
      encryption: { key: 'customer' },
      interfaces: { interface: 1 },
      details: { 'host encryption': 'on' },
    });
    expect(exposed(set)).toEqual(['nodes: public IP address of each machine']);
    expect(set.cost!.groups[0]).toMatchObject({ count: 8, region: 'eastus' });
  });

  test('a virtual machine and Azure ML compute are listed', () => {
    const architecture = ofTerraform({
      'azurerm_linux_virtual_machine.box': { size: 'Standard_NC40ads_H100_v5', os_disk: {} },
      'azurerm_machine_learning_compute_cluster.train': {
        vm_size: 'Standard_ND96isr_H100_v5',
        vm_priority: 'LowPriority',
        node_public_ip_enabled: false,
        scale_settings: { min_node_count: 0, max_node_count: 4 },
      },
      'azurerm_machine_learning_compute_instance.desk': { virtual_machine_size: 'Standard_NC4as_T4_v3' },
    });
    expect(architecture.compute).toMatchObject([
      { name: 'box', count: { desired: 1 } },
      { name: 'desk', machines: ['Standard_NC4as_T4_v3'] },
      { name: 'train', market: 'spot', count: { min: 0, desired: 0, max: 4 } },
    ]);
    expect(exposed(architecture)).toEqual(['desk: it has a public IP address']);
  });
});

describe('Azure storage', () => {
  const account = (more: object, others: Record<string, Record<string, unknown>> = {}) =>
    ofTerraform({
      'azurerm_storage_account.data': { account_tier: 'Premium', account_replication_type: 'ZRS', ...more },
      ...others,
    });

  test('an account shows its key, also if the key is a separate resource', () => {
    const apart = {
      'azurerm_storage_account_customer_managed_key.k': {
        storage_account_id: '${azurerm_storage_account.data.id}',
        key_vault_key_id: '${azurerm_key_vault_key.key.id}',
      },
      'azurerm_key_vault_key.key': { rotation_policy: {} },
    };
    expect(account({}, apart).storage[0]!.encryption).toEqual({ key: 'customer', name: 'key' });
    expect(account({}, apart).keys[0]!.details).toEqual({ rotation: 'rotates' });
    expect(account({}, apart).other).toEqual({});
    expect(account({}).storage[0]!.encryption).toEqual({ key: 'managed' });
  });

  test('an account shows its retention and its rejected credentials', () => {
    const { storage } = account({
      is_hns_enabled: true,
      shared_access_key_enabled: false,
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 14 } },
    });
    expect(storage[0]).toMatchObject({
      kind: 'storage account Premium ZRS',
      retention: 'deleted blobs kept for 14 days',
      details: { hierarchical: 'yes', versions: 'kept', 'shared keys': 'rejected' },
    });
  });

  test.each([
    [{}, ['data: open to every network, containers can be made public']],
    [{ allow_nested_items_to_be_public: false }, ['data: open to every network, with credentials']],
    [{ network_rules: { default_action: 'Deny' } }, []],
    [{ public_network_access_enabled: false }, []],
  ])('an account with %j is exposed as %j', (more, expected) => {
    expect(exposed(account(more))).toEqual(expected);
  });

  test('a container that everyone can read is exposed', () => {
    const container = (access?: string) =>
      exposed(ofTerraform({ 'azurerm_storage_container.c': { container_access_type: access } }));
    expect(container('blob')).toEqual(['c: everyone can read each blob']);
    expect(container()).toEqual([]);
  });

  test('Lustre, disks, queues and vaults are listed', () => {
    const { storage, queues, keys, exposure } = ofTerraform({
      'azurerm_managed_lustre_file_system.scratch': {
        sku_name: 'AMLFS-Durable-Premium-250',
        storage_capacity_in_tb: 16,
      },
      'azurerm_managed_disk.disk': { storage_account_type: 'Premium_LRS', disk_size_gb: 64 },
      'azurerm_servicebus_queue.q': { max_delivery_count: 5 },
      'azurerm_key_vault.v': {
        purge_protection_enabled: true,
        soft_delete_retention_days: 90,
        network_acls: { default_action: 'Deny' },
      },
    });
    expect(storage).toMatchObject([
      { name: 'disk', sizeGiB: 64 },
      { name: 'scratch', kind: 'Managed Lustre AMLFS-Durable-Premium-250', sizeGiB: 16384 },
    ]);
    expect(queues[0]!.details).toEqual({ tries: '5' });
    expect(keys[0]!.details).toEqual({ purge: 'purge protected', kept: 'deleted keys kept for 90 days' });
    expect(exposure).toEqual([]);
  });
});

describe('Azure endpoints', () => {
  test('an Azure ML workspace is private if its public network access is off', () => {
    const workspace = (more: Entry) => ofTerraform({ 'azurerm_machine_learning_workspace.w': more });
    expect(workspace({ public_network_access_enabled: false }).endpoints[0]).toMatchObject({ access: 'private' });
    expect(exposed(workspace({}))).toEqual(['w: open to every network, with credentials']);
  });

  test('online endpoints and deployments are read from azapi', () => {
    const architecture = ofTerraform({
      'azapi_resource.chat': {
        type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2024-10-01',
        body: { properties: { authMode: 'AADToken', publicNetworkAccess: 'Disabled' } },
      },
      'azapi_resource.blue': {
        type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2024-10-01',
        body: JSON.stringify({ sku: { capacity: 2 }, properties: { instanceType: 'Standard_NC40ads_H100_v5' } }),
      },
      'azapi_resource.else': { type: 'Microsoft.Foo/bars@2024-01-01' },
    });
    expect(architecture.endpoints[0]).toMatchObject({
      name: 'chat',
      access: 'private',
      details: { callers: 'AADToken' },
    });
    expect(architecture.compute[0]).toMatchObject({ machines: ['Standard_NC40ads_H100_v5'], count: { desired: 2 } });
    expect(architecture.other).toEqual({ azapi_resource: 1 });
  });

  test('cognitive accounts, model deployments and container apps are listed', () => {
    const architecture = ofTerraform({
      'azurerm_cognitive_account.a': {
        kind: 'AIServices',
        local_auth_enabled: false,
        public_network_access_enabled: false,
      },
      'azurerm_cognitive_deployment.d': {
        model: { name: 'gpt-4o', version: '2024-11-20' },
        sku: { name: 'GlobalStandard', capacity: 10 },
      },
      'azurerm_container_app.app': {
        ingress: { external_enabled: true },
        template: { max_replicas: 3, container: [{ cpu: 2, memory: '4Gi' }] },
      },
    });
    expect(architecture.endpoints).toMatchObject([
      { name: 'a', kind: 'AIServices account', access: 'private', details: { keys: 'rejected' } },
      { name: 'app', access: 'public' },
      { name: 'd', details: { model: 'gpt-4o 2024-11-20', capacity: 'GlobalStandard 10' } },
    ]);
    expect(architecture.compute[0]).toMatchObject({ count: { min: 0, max: 3 }, details: { size: '2 vCPU, 4Gi' } });
    expect(exposed(architecture)).toEqual(['app: external ingress']);
  });

  test.each([
    [{ source_address_prefix: '*', destination_port_range: '22' }, ['r: tcp 22 from *']],
    [
      { source_address_prefixes: ['10.0.0.0/8', 'Internet'], destination_port_range: '*' },
      ['r: tcp every port from Internet'],
    ],
    [{ source_address_prefix: 'VirtualNetwork', destination_port_range: '22' }, []],
    [{ source_address_prefix: '*', access: 'Deny' }, []],
    [{ source_address_prefix: '*', direction: 'Outbound' }, []],
  ])('a security rule %j opens %j, alone or in its group', (rule, expected) => {
    const whole = { direction: 'Inbound', access: 'Allow', protocol: 'Tcp', ...rule };
    expect(exposed(ofTerraform({ 'azurerm_network_security_rule.r': whole }))).toEqual(expected);
    expect(exposed(ofTerraform({ 'azurerm_network_security_group.r': { security_rule: [whole] } }))).toEqual(expected);
  });

  test('addresses, roles, networks, alerts and budgets are listed', () => {
    const { exposure, permissions, network, watch, other } = ofTerraform({
      'azurerm_public_ip.ip': {},
      'azurerm_role_assignment.owner': { role_definition_name: 'Owner' },
      'azurerm_role_assignment.reader': { role_definition_name: 'Reader' },
      'azurerm_virtual_network.net': { address_space: ['10.0.0.0/16'] },
      'azurerm_monitor_metric_alert.hot': {
        criteria: [{ metric_name: 'Cpu', operator: 'GreaterThan', threshold: 80 }],
      },
      'azurerm_consumption_budget_resource_group.cap': { amount: 1000, time_grain: 'Monthly', notification: [{}] },
    });
    expect(exposure[0]).toMatchObject({ name: 'ip' });
    expect(permissions).toEqual([{ name: 'owner', kind: 'role assignment', details: { may: 'Owner' } }]);
    expect(network[0]!.details).toEqual({ range: '10.0.0.0/16' });
    expect(watch).toMatchObject([
      { name: 'cap', details: { limit: '1000 in the billing currency, monthly' } },
      { name: 'hot', details: { when: 'Cpu GreaterThan 80' } },
    ]);
    expect(other).toEqual({ azurerm_role_assignment: 1 });
  });
});
