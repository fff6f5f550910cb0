/*
 * All imports from the azurerm provider. Deep imports, because the whole package costs seconds and hundreds of megabytes. In one file, so that a
 * provider with another name is a change of one file. One export per line, in alphabetical order.
 */
export { ApiManagement } from '@cdktf/provider-azurerm/lib/api-management';
export { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
export { ApiManagementApiOperation } from '@cdktf/provider-azurerm/lib/api-management-api-operation';
export { ApiManagementApiPolicy } from '@cdktf/provider-azurerm/lib/api-management-api-policy';
export { ApiManagementBackend } from '@cdktf/provider-azurerm/lib/api-management-backend';
export { ApiManagementLogger } from '@cdktf/provider-azurerm/lib/api-management-logger';
export { ApplicationInsights } from '@cdktf/provider-azurerm/lib/application-insights';
export { CapacityReservation } from '@cdktf/provider-azurerm/lib/capacity-reservation';
export { CapacityReservationGroup } from '@cdktf/provider-azurerm/lib/capacity-reservation-group';
export { CognitiveAccount } from '@cdktf/provider-azurerm/lib/cognitive-account';
export { CognitiveAccountRaiBlocklist } from '@cdktf/provider-azurerm/lib/cognitive-account-rai-blocklist';
export { CognitiveDeployment } from '@cdktf/provider-azurerm/lib/cognitive-deployment';
export { ConsumptionBudgetResourceGroup } from '@cdktf/provider-azurerm/lib/consumption-budget-resource-group';
export { ConsumptionBudgetSubscription } from '@cdktf/provider-azurerm/lib/consumption-budget-subscription';
export { ContainerApp } from '@cdktf/provider-azurerm/lib/container-app';
export { ContainerAppEnvironmentStorage } from '@cdktf/provider-azurerm/lib/container-app-environment-storage';
export { ContainerRegistry } from '@cdktf/provider-azurerm/lib/container-registry';
export { CostAnomalyAlert } from '@cdktf/provider-azurerm/lib/cost-anomaly-alert';
export { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
export { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
export { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
export { KubernetesCluster, type KubernetesClusterConfig } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
export {
  KubernetesClusterNodePool,
  type KubernetesClusterNodePoolConfig,
} from '@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool';
export { LogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/log-analytics-workspace';
export { ManagedLustreFileSystem } from '@cdktf/provider-azurerm/lib/managed-lustre-file-system';
export { MonitorAlertPrometheusRuleGroup } from '@cdktf/provider-azurerm/lib/monitor-alert-prometheus-rule-group';
export { MonitorActionGroup } from '@cdktf/provider-azurerm/lib/monitor-action-group';
export { MonitorAutoscaleSetting } from '@cdktf/provider-azurerm/lib/monitor-autoscale-setting';
export { MonitorDataCollectionEndpoint } from '@cdktf/provider-azurerm/lib/monitor-data-collection-endpoint';
export { MonitorDataCollectionRule } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule';
export { MonitorDataCollectionRuleAssociation } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule-association';
export { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
export { MonitorMetricAlert } from '@cdktf/provider-azurerm/lib/monitor-metric-alert';
export { MonitorWorkspace } from '@cdktf/provider-azurerm/lib/monitor-workspace';
export { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
export { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
export {
  NetworkSecurityGroup,
  type NetworkSecurityGroupSecurityRule,
} from '@cdktf/provider-azurerm/lib/network-security-group';
export { PolicyDefinition } from '@cdktf/provider-azurerm/lib/policy-definition';
export { PrivateDnsARecord } from '@cdktf/provider-azurerm/lib/private-dns-a-record';
export { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
export { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
export { PrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
export { ProximityPlacementGroup } from '@cdktf/provider-azurerm/lib/proximity-placement-group';
export { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
export { ResourceGroup as AzurermResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
export { ResourceGroupPolicyAssignment } from '@cdktf/provider-azurerm/lib/resource-group-policy-assignment';
export { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
export { RoleDefinition } from '@cdktf/provider-azurerm/lib/role-definition';
export { StorageAccount, type StorageAccountConfig } from '@cdktf/provider-azurerm/lib/storage-account';
export { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
export { StorageContainerImmutabilityPolicy } from '@cdktf/provider-azurerm/lib/storage-container-immutability-policy';
export {
  StorageManagementPolicy,
  type StorageManagementPolicyRule,
} from '@cdktf/provider-azurerm/lib/storage-management-policy';
export { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
export { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
export { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
export { SubscriptionPolicyAssignment } from '@cdktf/provider-azurerm/lib/subscription-policy-assignment';
export { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
export { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
