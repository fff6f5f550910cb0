/**
 * Resource ids in the format of Azure, for each azurerm type that the library creates. azurerm parses ids, so they cannot be random strings. Source: the import sections of the provider's documentation, azurerm 4.55.0.
 */
export const SUBSCRIPTION = '/subscriptions/00000000-0000-4000-8000-000000000000';
export const GUID = '11111111-1111-4111-8111-111111111111';
const GROUP = `${SUBSCRIPTION}/resourceGroups/mocked`;

/** Returns the id of a resource by its type: `Microsoft.Network/virtualNetworks/subnets` has two levels. */
export function idOf(type: string, parent = GROUP): string {
  const [namespace = '', ...levels] = type.split('/');
  return `${parent}/providers/${namespace}${levels.map((level) => `/${level}/mocked`).join('')}`;
}

/** Types of resources in a resource group. */
const TYPES: Readonly<Record<string, string>> = {
  azurerm_api_management: 'Microsoft.ApiManagement/service',
  azurerm_api_management_api: 'Microsoft.ApiManagement/service/apis',
  azurerm_api_management_api_operation: 'Microsoft.ApiManagement/service/apis/operations',
  azurerm_api_management_api_policy: 'Microsoft.ApiManagement/service/apis',
  azurerm_api_management_backend: 'Microsoft.ApiManagement/service/backends',
  azurerm_api_management_logger: 'Microsoft.ApiManagement/service/loggers',
  azurerm_application_insights: 'Microsoft.Insights/components',
  azurerm_capacity_reservation: 'Microsoft.Compute/capacityReservationGroups/capacityReservations',
  azurerm_capacity_reservation_group: 'Microsoft.Compute/capacityReservationGroups',
  azurerm_cognitive_account: 'Microsoft.CognitiveServices/accounts',
  azurerm_cognitive_account_rai_blocklist: 'Microsoft.CognitiveServices/accounts/raiBlocklists',
  azurerm_cognitive_account_rai_policy: 'Microsoft.CognitiveServices/accounts/raiPolicies',
  azurerm_cognitive_deployment: 'Microsoft.CognitiveServices/accounts/deployments',
  azurerm_container_app: 'Microsoft.App/containerApps',
  azurerm_container_app_environment: 'Microsoft.App/managedEnvironments',
  azurerm_container_app_environment_storage: 'Microsoft.App/managedEnvironments/storages',
  azurerm_container_registry: 'Microsoft.ContainerRegistry/registries',
  azurerm_disk_encryption_set: 'Microsoft.Compute/diskEncryptionSets',
  azurerm_federated_identity_credential:
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
  azurerm_key_vault: 'Microsoft.KeyVault/vaults',
  azurerm_kubernetes_cluster: 'Microsoft.ContainerService/managedClusters',
  azurerm_kubernetes_cluster_extension: 'Microsoft.KubernetesConfiguration/extensions',
  azurerm_kubernetes_cluster_node_pool: 'Microsoft.ContainerService/managedClusters/agentPools',
  azurerm_log_analytics_workspace: 'Microsoft.OperationalInsights/workspaces',
  azurerm_machine_learning_compute_cluster: 'Microsoft.MachineLearningServices/workspaces/computes',
  azurerm_machine_learning_workspace: 'Microsoft.MachineLearningServices/workspaces',
  azurerm_managed_lustre_file_system: 'Microsoft.StorageCache/amlFilesystems',
  azurerm_monitor_action_group: 'Microsoft.Insights/actionGroups',
  azurerm_monitor_alert_prometheus_rule_group: 'Microsoft.AlertsManagement/prometheusRuleGroups',
  azurerm_monitor_autoscale_setting: 'Microsoft.Insights/autoScaleSettings',
  azurerm_monitor_data_collection_endpoint: 'Microsoft.Insights/dataCollectionEndpoints',
  azurerm_monitor_data_collection_rule: 'Microsoft.Insights/dataCollectionRules',
  azurerm_monitor_metric_alert: 'Microsoft.Insights/metricAlerts',
  azurerm_monitor_workspace: 'Microsoft.Monitor/accounts',
  azurerm_nat_gateway: 'Microsoft.Network/natGateways',
  azurerm_network_security_group: 'Microsoft.Network/networkSecurityGroups',
  azurerm_private_dns_zone: 'Microsoft.Network/privateDnsZones',
  azurerm_private_dns_a_record: 'Microsoft.Network/privateDnsZones/A',
  azurerm_private_dns_zone_virtual_network_link: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  azurerm_private_endpoint: 'Microsoft.Network/privateEndpoints',
  azurerm_proximity_placement_group: 'Microsoft.Compute/proximityPlacementGroups',
  azurerm_public_ip: 'Microsoft.Network/publicIPAddresses',
  azurerm_storage_account: 'Microsoft.Storage/storageAccounts',
  azurerm_subnet: 'Microsoft.Network/virtualNetworks/subnets',
  azurerm_user_assigned_identity: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  azurerm_virtual_network: 'Microsoft.Network/virtualNetworks',
};

const ACCOUNT = idOf('Microsoft.Storage/storageAccounts');
const SUBNET = idOf('Microsoft.Network/virtualNetworks/subnets');

/** What does not, or has an id of a form of its own. */
const OTHERS: Readonly<Record<string, string>> = {
  azurerm_consumption_budget_resource_group: `${GROUP}/providers/Microsoft.Consumption/budgets/mocked`,
  azurerm_consumption_budget_subscription: `${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/mocked`,
  azurerm_cost_anomaly_alert: `${SUBSCRIPTION}/providers/Microsoft.CostManagement/scheduledActions/mocked`,
  azurerm_key_vault_key: `https://mocked.vault.azure.net/keys/mocked/${'0'.repeat(32)}`,
  azurerm_monitor_data_collection_rule_association: `${idOf('Microsoft.ContainerService/managedClusters')}/providers/Microsoft.Insights/dataCollectionRuleAssociations/mocked`,
  azurerm_monitor_diagnostic_setting: `${ACCOUNT}/blobServices/default|mocked`,
  azurerm_nat_gateway_public_ip_association: `${idOf('Microsoft.Network/natGateways')}|${idOf('Microsoft.Network/publicIPAddresses')}`,
  azurerm_policy_definition: `${SUBSCRIPTION}/providers/Microsoft.Authorization/policyDefinitions/mocked`,
  azurerm_resource_group: GROUP,
  azurerm_resource_group_policy_assignment: `${GROUP}/providers/Microsoft.Authorization/policyAssignments/mocked`,
  azurerm_resource_provider_registration: `${SUBSCRIPTION}/providers/Microsoft.ContainerService`,
  azurerm_role_assignment: `${GROUP}/providers/Microsoft.Authorization/roleAssignments/${GUID}`,
  azurerm_role_definition: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${GUID}|${GROUP}`,
  azurerm_storage_container: `${ACCOUNT}/blobServices/default/containers/mocked`,
  azurerm_storage_container_immutability_policy: `${ACCOUNT}/blobServices/default/containers/mocked/immutabilityPolicies/default`,
  azurerm_storage_management_policy: `${ACCOUNT}/managementPolicies/default`,
  azurerm_subnet_nat_gateway_association: SUBNET,
  azurerm_subnet_network_security_group_association: SUBNET,
  azurerm_subscription_policy_assignment: `${SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/mocked`,
};

/** The id of a resource of azurerm by its type there; nothing where this table lacks it. */
export function azurermId(type: string): string | undefined {
  const inGroup = TYPES[type];
  return inGroup === undefined ? OTHERS[type] : idOf(inGroup);
}
