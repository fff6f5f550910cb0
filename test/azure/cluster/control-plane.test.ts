import { TerraformVariable } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  ApiAccess,
  ControlPlane,
  type ControlPlaneProps,
  EncryptionKey,
  MlNetwork,
  OutboundType,
  UpgradeChannel,
} from 'ai-infra-constructs/azure';
import { newStack, refusalsOf, resourcesOf, theOnly } from '../support';

const resourceGroup = { name: 'ml', location: 'swedencentral' };
const ADMIN = '0f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10';

function synth(props: Partial<ControlPlaneProps> = {}) {
  const stack = newStack();
  const plane = new ControlPlane(stack, 'Cluster', { resourceGroup, ...props });
  return { stack, plane, cluster: theOnly(stack, 'azurerm_kubernetes_cluster') };
}

const refused = (props: Partial<ControlPlaneProps>) =>
  refusalsOf(() => new ControlPlane(newStack(), 'Cluster', { resourceGroup, ...props }));

describe('a control plane', () => {
  const { stack, plane, cluster } = synth({ admins: [ADMIN] });

  test('is private, and takes no local account', () => {
    expect(cluster).toMatchObject({
      private_cluster_enabled: true,
      private_dns_zone_id: 'System',
      private_cluster_public_fqdn_enabled: false,
      local_account_disabled: true,
      run_command_enabled: false,
      role_based_access_control_enabled: true,
      azure_active_directory_role_based_access_control: { azure_rbac_enabled: true },
    });
    expect(cluster).not.toHaveProperty('api_server_access_profile');
  });

  test('lets pods act by tokens of its own', () => {
    expect(cluster).toMatchObject({ oidc_issuer_enabled: true, workload_identity_enabled: true });
    expect(plane.oidcIssuerUrl).toMatch(/TfToken/);
  });

  test('has pods on an overlay beside the network, with Cilium, and gets out by the NAT gateway', () => {
    expect(cluster.network_profile).toEqual({
      network_plugin: 'azure',
      network_plugin_mode: 'overlay',
      network_data_plane: 'cilium',
      network_policy: 'cilium',
      pod_cidr: '10.4.0.0/14',
      service_cidr: '10.8.0.0/20',
      dns_service_ip: '10.8.0.10',
      load_balancer_sku: 'standard',
      outbound_type: 'userAssignedNATGateway',
    });
  });

  test('stands only once its subnet gets out, its rights are there, and its disks have a key', () => {
    expect(cluster.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/role_assignment\..*Identity_Subnet/),
        expect.stringMatching(/role_assignment\..*Identity_Assign/),
        expect.stringMatching(/role_assignment\..*Disks_Use/),
        expect.stringMatching(/nat_gateway_association\..*Network_NodesNat/),
      ]),
    );
  });

  test('acts as identities of its own, which may use the subnet and hand on the identity of the kubelets', () => {
    expect(cluster.identity).toEqual({ type: 'UserAssigned', identity_ids: [expect.stringMatching(/ControlPlane/)] });
    expect(cluster.kubelet_identity.user_assigned_identity_id).toMatch(/Kubelet/);
    const roles = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).map(
      (one) => one.role_definition_name as string,
    );
    expect(roles).toEqual(
      expect.arrayContaining([
        'Network Contributor',
        'Managed Identity Operator',
        'Reader',
        'Azure Kubernetes Service RBAC Cluster Admin',
      ]),
    );
  });

  test('encrypts disks under a key that rotates, without a look into its vault', () => {
    const isSet = ({ type }: { type: string }) => type.startsWith('Microsoft.Compute/diskEncryptionSets@');
    const [set] = Object.values(resourcesOf(stack, 'azapi_resource')).filter(isSet);
    expect(set).toMatchObject({ identity: [{ type: 'UserAssigned' }], location: 'swedencentral' });
    expect(set.body.properties).toMatchObject({
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      activeKey: {
        keyUrl: expect.stringMatching(/keyUriWithVersion\}$/),
        sourceVault: { id: expect.stringContaining('azurerm_key_vault.') },
      },
      rotationToLatestKeyVersionEnabled: true,
    });
    expect(set.depends_on).toHaveLength(2);
    expect(cluster.disk_encryption_set_id).toMatch(/azapi_resource\.Cluster_Disks_\w+\.id/);
  });

  test('tells costs by namespace, in the tier that can', () => {
    expect(cluster).toMatchObject({ sku_tier: 'Standard', cost_analysis_enabled: true });
  });

  test('sends its metrics to a workspace of its own', () => {
    expect(cluster.monitor_metrics).toBeDefined();
    const rule = theOnly(stack, 'azurerm_monitor_data_collection_rule');
    expect(rule.data_flow).toEqual([{ streams: ['Microsoft-PrometheusMetrics'], destinations: ['workspace'] }]);
    expect(rule.destinations.monitor_account[0].monitor_account_id).toMatch(/azurerm_monitor_workspace/);
    expect(theOnly(stack, 'azurerm_monitor_data_collection_rule_association').target_resource_id).toMatch(
      /kubernetes_cluster/,
    );
  });

  test('has system nodes that controllers find by a label, without public addresses', () => {
    expect(cluster.default_node_pool).toMatchObject({
      name: 'system',
      vm_size: 'Standard_D8ds_v5',
      auto_scaling_enabled: true,
      min_count: 2,
      max_count: 5,
      node_labels: { 'ai-infra/role': 'system' },
      // Its key rotates while it stands, which that of an ephemeral disk does not.
      os_disk_type: 'Managed',
    });
    expect(cluster.default_node_pool).not.toHaveProperty('node_public_ip_enabled');
  });

  test('is upgraded in one night of the week, and never deleted by Terraform', () => {
    expect(cluster).toMatchObject({
      automatic_upgrade_channel: 'patch',
      node_os_upgrade_channel: 'SecurityPatch',
      maintenance_window_auto_upgrade: { day_of_week: 'Saturday', duration: 8 },
      maintenance_window_node_os: { frequency: 'Weekly' },
      lifecycle: { prevent_destroy: true },
    });
  });

  test('has names that Azure takes', () => {
    expect(cluster.dns_prefix).toMatch(/^[a-z0-9][a-z0-9-]{0,52}[a-z0-9]$/);
    expect(cluster.node_resource_group.length).toBeLessThanOrEqual(80);
    const endpoint = theOnly(stack, 'azurerm_monitor_data_collection_endpoint').name as string;
    expect(endpoint.length).toBeLessThanOrEqual(44);
  });

  test('tells Helm how to reach it: by a token of Entra', () => {
    expect(plane.connection.exec).toMatchObject({ command: 'kubelogin' });
    expect(plane.connection.exec.args).toContain('6dae42f8-4368-4678-94ff-3960e28e3630');
  });
});

describe('what exists may be brought', () => {
  test('network and key', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup });
    const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup });
    const plane = new ControlPlane(stack, 'Cluster', { resourceGroup, network, encryptionKey });
    expect(plane.network).toBe(network);
    expect(Object.keys(resourcesOf(stack, 'azurerm_virtual_network'))).toHaveLength(1);
    expect(Object.keys(resourcesOf(stack, 'azurerm_key_vault'))).toHaveLength(1);
  });

  test('a network that gets out through a firewall', () => {
    const subnets = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';
    const network = MlNetwork.existing({
      virtualNetworkId: subnets,
      nodeSubnetId: `${subnets}/subnets/nodes`,
      endpointSubnetId: `${subnets}/subnets/endpoints`,
    });
    const { cluster } = synth({ network, outboundType: OutboundType.USER_DEFINED_ROUTING });
    expect(cluster.network_profile.outbound_type).toBe('userDefinedRouting');
    expect(cluster.default_node_pool.vnet_subnet_id).toBe(`${subnets}/subnets/nodes`);
  });
});

test('logs who changed what, where it is told to', () => {
  const workspace = '/subscriptions/s/resourceGroups/ml/providers/Microsoft.OperationalInsights/workspaces/logs';
  const { enabled_log, ...setting } = theOnly(
    synth({ logs: { id: workspace } }).stack,
    'azurerm_monitor_diagnostic_setting',
  );
  expect(setting.log_analytics_workspace_id).toBe(workspace);
  expect(setting.target_resource_id).toMatch(/azurerm_kubernetes_cluster/);
  expect(enabled_log).toContainEqual({ category: 'kube-audit-admin' });
  expect(resourcesOf(synth().stack, 'azurerm_monitor_diagnostic_setting')).toEqual({});
});

describe('upgrades', () => {
  test('of images alone, or none', () => {
    expect(synth({ upgradeChannel: UpgradeChannel.NODE_IMAGE }).cluster).toMatchObject({
      automatic_upgrade_channel: 'node-image',
      node_os_upgrade_channel: 'NodeImage',
    });
    const none = synth({ upgradeChannel: UpgradeChannel.NONE, version: '1.34.2' }).cluster;
    expect(none).toMatchObject({ node_os_upgrade_channel: 'None', kubernetes_version: '1.34.2' });
    expect(none).not.toHaveProperty('automatic_upgrade_channel');
  });
});

test('a version that its channel moves on is no change: Kubernetes never goes down', () => {
  const ignored = (upgradeChannel?: UpgradeChannel) =>
    synth({ upgradeChannel, version: '1.34' }).cluster.lifecycle.ignore_changes as string[];
  const nodes = 'default_node_pool[0].node_count';
  for (const channel of [UpgradeChannel.STABLE, UpgradeChannel.RAPID])
    expect(ignored(channel)).toEqual([nodes, 'kubernetes_version']);
  for (const channel of [undefined, UpgradeChannel.PATCH, UpgradeChannel.NODE_IMAGE, UpgradeChannel.NONE])
    expect(ignored(channel)).toEqual([nodes]);
});

test('a public API is a finding, and takes the addresses that it is told', () => {
  const { plane, cluster } = synth({ apiAccess: ApiAccess.PUBLIC_BY_ENTRA, authorizedCidrs: ['203.0.113.0/24'] });
  expect(cluster.private_cluster_enabled).toBe(false);
  // Nodes reach it by the NAT of their network, which nobody else lets in.
  expect(cluster.api_server_access_profile).toEqual({
    authorized_ip_ranges: ['203.0.113.0/24', expect.stringMatching(/^\$\{azurerm_public_ip\.\w+\.ip_address\}\/32$/)],
  });
  expect(findingsOf(plane).map(({ id }) => id)).toContain('network/public-api');
  expect(findingsOf(synth().plane).map(({ id }) => id)).not.toContain('network/public-api');
});

test('may be left to Terraform to delete', () => {
  expect(synth({ deletionProtection: false }).cluster.lifecycle).not.toHaveProperty('prevent_destroy');
});

describe('refuses', () => {
  test.each<[string, Partial<ControlPlaneProps>, string[]]>([
    ['a version that is none', { version: 'latest' }, ['KubernetesVersion version']],
    ['a patch that the channel moves', { version: '1.34.2' }, ['KubernetesVersion version']],
    ['addresses of a private API', { authorizedCidrs: ['203.0.113.0/24'] }, ['ClusterOption authorizedCidrs']],
    [
      'addresses that are none',
      { apiAccess: ApiAccess.PUBLIC_BY_ENTRA, authorizedCidrs: ['203.0.113.7/24'] },
      ['CidrInvalid authorizedCidrs[0]'],
    ],
    [
      'more addresses than the API server takes',
      { apiAccess: ApiAccess.PUBLIC_BY_ENTRA, authorizedCidrs: Array<string>(201).fill('203.0.113.0/24') },
      ['CidrInvalid authorizedCidrs'],
    ],
    ['zones that are none', { zones: ['4'] }, ['LocationInvalid zones[0]']],
    [
      'more nodes than there may be',
      { systemNodes: { minNodes: 6 } },
      ['NodesOutOfRange systemNodes.minNodes and maxNodes'],
    ],
    ['admins by name', { admins: ['ada@example.com'] }, ['AdminInvalid admins[0]']],
    [
      'a region that is none',
      { resourceGroup: { name: 'ml', location: 'Sweden Central' } },
      ['LocationInvalid resourceGroup.location'],
    ],
    ['props of another type', { network: 'vnet', version: 1 } as never, ['PropType network', 'PropType version']],
  ])('%s', (_, props, problems) => {
    expect(refused(props)).toEqual(problems);
  });

  test('a number of nodes that is known only later', () => {
    const { numberValue: minNodes } = new TerraformVariable(newStack(), 'Nodes', { type: 'number' });
    expect(refused({ systemNodes: { minNodes } })).toEqual(['ValueUnknown systemNodes.minNodes']);
  });
});
