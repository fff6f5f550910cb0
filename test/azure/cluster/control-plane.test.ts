import { TerraformVariable, Testing } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  ApiAccess,
  ControlPlane,
  type ControlPlaneProps,
  EncryptionKey,
  MlNetwork,
  OutboundType,
  UpgradeChannel,
  Weekday,
} from 'ai-infra-constructs/azure';
import { keyOfDisks, newStack, refusalsOf, resourcesOf, theOnly } from '../support';

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

  test('is private and has no local accounts', () => {
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

  test('enables workload identity', () => {
    expect(cluster).toMatchObject({ oidc_issuer_enabled: true, workload_identity_enabled: true });
    expect(plane.oidcIssuerUrl).toMatch(/TfToken/);
  });

  test('uses an overlay network with Cilium and a NAT gateway', () => {
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

  test('depends on the NAT association, role assignments, and disk encryption', () => {
    expect(cluster.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/role_assignment\..*Identity_Subnet/),
        expect.stringMatching(/role_assignment\..*Identity_Assign/),
        expect.stringMatching(/role_assignment\..*Disks_Use/),
        expect.stringMatching(/nat_gateway_association\..*Network_NodesNat/),
      ]),
    );
  });

  test('has its own identities with the required roles', () => {
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

  test('encrypts disks with a rotating key, without access to the vault', () => {
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

  test('enables cost analysis in the standard tier', () => {
    expect(cluster).toMatchObject({ sku_tier: 'Standard', cost_analysis_enabled: true });
  });

  test('sends metrics to its own workspace', () => {
    expect(cluster.monitor_metrics).toBeDefined();
    const rule = theOnly(stack, 'azurerm_monitor_data_collection_rule');
    expect(rule.data_flow).toEqual([{ streams: ['Microsoft-PrometheusMetrics'], destinations: ['workspace'] }]);
    expect(rule.destinations.monitor_account[0].monitor_account_id).toMatch(/azurerm_monitor_workspace/);
    expect(theOnly(stack, 'azurerm_monitor_data_collection_rule_association').target_resource_id).toMatch(
      /kubernetes_cluster/,
    );
  });

  test('has labeled system nodes without public addresses', () => {
    expect(cluster.default_node_pool).toMatchObject({
      name: 'system',
      vm_size: 'Standard_D8ds_v5',
      auto_scaling_enabled: true,
      min_count: 2,
      max_count: 5,
      node_labels: { 'ai-infra/role': 'system' },
      // The key of an ephemeral disk cannot rotate while the pool has nodes.
      os_disk_type: 'Managed',
    });
    expect(cluster.default_node_pool).not.toHaveProperty('node_public_ip_enabled');
  });

  test('is upgraded weekly, and protected from deletion', () => {
    expect(cluster).toMatchObject({
      automatic_upgrade_channel: 'patch',
      node_os_upgrade_channel: 'SecurityPatch',
      maintenance_window_auto_upgrade: { day_of_week: 'Saturday', duration: 8 },
      maintenance_window_node_os: { frequency: 'Weekly' },
      lifecycle: { prevent_destroy: true },
    });
  });

  test('is upgraded in the window of its maintenance, except on excluded days', () => {
    const { cluster: own } = synth({
      maintenance: {
        window: { day: Weekday.WEDNESDAY, start: '01:30', hours: 6 },
        exclusions: [{ from: new Date('2026-12-01T09:00:00Z'), until: new Date('2027-01-15T12:00:00Z') }],
      },
    });
    const window = {
      frequency: 'Weekly',
      interval: 1,
      day_of_week: 'Wednesday',
      start_time: '01:30',
      utc_offset: '+00:00',
      duration: 6,
      not_allowed: [{ start: '2026-12-01T00:00:00Z', end: '2027-01-15T00:00:00Z' }],
    };
    expect(own).toMatchObject({ maintenance_window_auto_upgrade: window, maintenance_window_node_os: window });
  });

  test('enforces Azure policies and encrypts the disks of system nodes at the host on request', () => {
    expect(cluster).not.toHaveProperty('azure_policy_enabled');
    expect(cluster.default_node_pool).not.toHaveProperty('host_encryption_enabled');
    const strict = synth({ azurePolicy: true, systemNodes: { encryptionAtHost: true } }).cluster;
    expect(strict).toMatchObject({ azure_policy_enabled: true, default_node_pool: { host_encryption_enabled: true } });
  });

  test('has valid names', () => {
    expect(cluster.dns_prefix).toMatch(/^[a-z0-9][a-z0-9-]{0,52}[a-z0-9]$/);
    expect(cluster.node_resource_group.length).toBeLessThanOrEqual(80);
    const endpoint = theOnly(stack, 'azurerm_monitor_data_collection_endpoint').name as string;
    expect(endpoint.length).toBeLessThanOrEqual(44);
  });

  test('provides a connection for Helm with an Entra token', () => {
    expect(plane.connection.exec).toMatchObject({ command: 'kubelogin' });
    expect(plane.connection.exec.args).toContain('6dae42f8-4368-4678-94ff-3960e28e3630');
  });
});

describe('existing resources', () => {
  test('uses an existing network and key', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup });
    const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup });
    const plane = new ControlPlane(stack, 'Cluster', { resourceGroup, network, encryptionKey });
    expect(plane.network).toBe(network);
    const { default_node_pool } = theOnly(stack, 'azurerm_kubernetes_cluster');
    expect(default_node_pool.vnet_subnet_id).toMatch(/azurerm_subnet\.Network_/);
    expect(keyOfDisks(stack)).toMatch(/azapi_resource\.Key_/);
  });

  test('uses an existing network with a firewall', () => {
    const subnets = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';
    const network = MlNetwork.fromMlNetworkAttributes(newStack(), 'Network', {
      virtualNetworkId: subnets,
      nodeSubnetId: `${subnets}/subnets/nodes`,
      endpointSubnetId: `${subnets}/subnets/endpoints`,
    });
    const { cluster } = synth({ network, outboundType: OutboundType.USER_DEFINED_ROUTING });
    expect(cluster.network_profile.outbound_type).toBe('userDefinedRouting');
    expect(cluster.default_node_pool.vnet_subnet_id).toBe(`${subnets}/subnets/nodes`);
  });
});

test('sends audit logs to a workspace on request', () => {
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
  test('can be limited to node images, or turned off', () => {
    expect(synth({ upgradeChannel: UpgradeChannel.NODE_IMAGE }).cluster).toMatchObject({
      automatic_upgrade_channel: 'node-image',
      node_os_upgrade_channel: 'NodeImage',
    });
    const none = synth({ upgradeChannel: UpgradeChannel.NONE, kubernetesVersion: '1.34.2' }).cluster;
    expect(none).toMatchObject({ node_os_upgrade_channel: 'None', kubernetes_version: '1.34.2' });
    expect(none).not.toHaveProperty('automatic_upgrade_channel');
  });
});

test('ignores version changes of channels that upgrade the minor version', () => {
  const ignored = (upgradeChannel?: UpgradeChannel) =>
    synth({ upgradeChannel, kubernetesVersion: '1.34' }).cluster.lifecycle.ignore_changes as string[];
  const nodes = 'default_node_pool[0].node_count';
  for (const channel of [UpgradeChannel.STABLE, UpgradeChannel.RAPID])
    expect(ignored(channel)).toEqual([nodes, 'kubernetes_version']);
  for (const channel of [undefined, UpgradeChannel.PATCH, UpgradeChannel.NODE_IMAGE, UpgradeChannel.NONE])
    expect(ignored(channel)).toEqual([nodes]);
});

test('reports a public API, and applies authorized address ranges', () => {
  const { plane, cluster } = synth({ apiAccess: ApiAccess.PUBLIC_BY_ENTRA, authorizedCidrs: ['203.0.113.0/24'] });
  expect(cluster.private_cluster_enabled).toBe(false);
  // Nodes reach the API through the NAT address.
  expect(cluster.api_server_access_profile).toEqual({
    authorized_ip_ranges: ['203.0.113.0/24', expect.stringMatching(/^\$\{azurerm_public_ip\.\w+\.ip_address\}\/32$/)],
  });
  expect(findingsOf(plane).map(({ id }) => id)).toContain('network/public-api');
  expect(findingsOf(synth().plane).map(({ id }) => id)).not.toContain('network/public-api');
});

test('can be deleted without deletion protection', () => {
  expect(synth({ deletionProtection: false }).cluster.lifecycle).not.toHaveProperty('prevent_destroy');
});

describe('an imported cluster', () => {
  const attrs = {
    clusterId: '/subscriptions/s/resourceGroups/ml/providers/Microsoft.ContainerService/managedClusters/c',
    resourceGroup,
    nodeSubnetId: '/subscriptions/s/resourceGroups/ml/providers/Microsoft.Network/virtualNetworks/v/subnets/n',
    oidcIssuerUrl: 'https://issuer.example.com/',
  };

  test('has its attributes and creates no resources', () => {
    const stack = newStack();
    const { clusterId: id, ...others } = attrs;
    expect(ControlPlane.fromControlPlaneAttributes(stack, 'Cluster', attrs)).toMatchObject({ id, ...others });
    expect(JSON.parse(Testing.synth(stack))).not.toHaveProperty('resource');
  });

  test('is rejected with a malformed id', () => {
    const wrong = { ...attrs, clusterId: 'c' };
    expect(refusalsOf(() => ControlPlane.fromControlPlaneAttributes(newStack(), 'Cluster', wrong))).toEqual([
      'ResourceIdInvalid attrs.id',
    ]);
  });
});

describe('validation', () => {
  test.each<[string, Partial<ControlPlaneProps>, string[]]>([
    ['an invalid version', { kubernetesVersion: 'latest' }, ['KubernetesVersion kubernetesVersion']],
    [
      'a patch with a channel that upgrades it',
      { kubernetesVersion: '1.34.2' },
      ['KubernetesVersion kubernetesVersion'],
    ],
    ['address ranges of a private API', { authorizedCidrs: ['203.0.113.0/24'] }, ['ClusterOption authorizedCidrs']],
    [
      'malformed address ranges',
      { apiAccess: ApiAccess.PUBLIC_BY_ENTRA, authorizedCidrs: ['203.0.113.7/24'] },
      ['CidrInvalid authorizedCidrs[0]'],
    ],
    [
      'too many address ranges',
      { apiAccess: ApiAccess.PUBLIC_BY_ENTRA, authorizedCidrs: Array<string>(201).fill('203.0.113.0/24') },
      ['CidrInvalid authorizedCidrs'],
    ],
    ['invalid zones', { zones: ['4'] }, ['LocationInvalid zones[0]']],
    [
      'a minimum greater than the maximum of system nodes',
      { systemNodes: { minNodes: 6 } },
      ['NodesOutOfRange systemNodes.minNodes and maxNodes'],
    ],
    ['admins by name', { admins: ['ada@example.com'] }, ['AdminInvalid admins[0]']],
    [
      'an admin that is in the list already, in another case',
      { admins: [ADMIN, 'ad000000-0000-4000-8000-000000000002', ADMIN.toUpperCase()] },
      ['AdminInvalid admins[2]'],
    ],
    [
      'an invalid maintenance window and exclusion',
      {
        maintenance: {
          window: { day: Weekday.FRIDAY, start: '24:00', hours: 3 },
          exclusions: [{ from: new Date('2026-12-31'), until: new Date('2026-12-01') }],
        },
      },
      [
        'MaintenanceWindow maintenance.window.start',
        'MaintenanceWindow maintenance.window.hours',
        'MaintenanceExclusion maintenance.exclusions[0].until',
      ],
    ],
    ...[3, 25, 4.5].map((hours): [string, Partial<ControlPlaneProps>, string[]] => [
      `a maintenance window of ${hours} hours`,
      { maintenance: { window: { day: Weekday.FRIDAY, start: '22:00', hours } } },
      ['MaintenanceWindow maintenance.window.hours'],
    ]),
    [
      'a maintenance exclusion with an invalid date',
      { maintenance: { exclusions: [{ from: new Date('2026-12-01'), until: new Date('x') }] } },
      ['MaintenanceExclusion maintenance.exclusions[0].until'],
    ],
    [
      'maintenance without upgrades',
      { upgradeChannel: UpgradeChannel.NONE, maintenance: {} },
      ['ClusterOption maintenance'],
    ],
    ['a version that AKS retired', { kubernetesVersion: '1.20' }, ['KubernetesVersion kubernetesVersion']],
    [
      'an invalid region',
      { resourceGroup: { name: 'ml', location: 'Sweden Central' } },
      ['LocationInvalid resourceGroup.location'],
    ],
    [
      'props of the wrong types',
      { network: 'vnet', kubernetesVersion: 1 } as never,
      ['PropType network', 'PropType kubernetesVersion'],
    ],
  ])('rejects %s', (_, props, problems) => {
    expect(refused(props)).toEqual(problems);
  });

  test('rejects a token as number of nodes', () => {
    const { numberValue: minNodes } = new TerraformVariable(newStack(), 'Nodes', { type: 'number' });
    expect(refused({ systemNodes: { minNodes } })).toEqual(['ValueUnknown systemNodes.minNodes']);
  });
});
