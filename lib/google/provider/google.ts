/*
 * All imports from the Google provider. They are deep imports, because the whole package takes 2 s and 470 MB to load.
 * They are in one file, so that another provider package needs a change only here.
 */
export {
  AccessContextManagerServicePerimeter,
  type AccessContextManagerServicePerimeterConfig,
} from '@cdktf/provider-google/lib/access-context-manager-service-perimeter';
export { AccessContextManagerServicePerimeterDryRunResource } from '@cdktf/provider-google/lib/access-context-manager-service-perimeter-dry-run-resource';
export { AccessContextManagerServicePerimeterResource } from '@cdktf/provider-google/lib/access-context-manager-service-perimeter-resource';
export { BillingBudget } from '@cdktf/provider-google/lib/billing-budget';
export { CloudRunV2Service, type CloudRunV2ServiceConfig } from '@cdktf/provider-google/lib/cloud-run-v2-service';
export { CloudRunV2ServiceIamMember } from '@cdktf/provider-google/lib/cloud-run-v2-service-iam-member';
export { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
export { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall';
export { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule';
export { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
export { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
export {
  ComputeRegionCommitment,
  type ComputeRegionCommitmentConfig,
} from '@cdktf/provider-google/lib/compute-region-commitment';
export { ComputeReservation } from '@cdktf/provider-google/lib/compute-reservation';
export { ComputeResourcePolicy } from '@cdktf/provider-google/lib/compute-resource-policy';
export { ComputeRouter } from '@cdktf/provider-google/lib/compute-router';
export { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat';
export { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork';
export { ContainerCluster, type ContainerClusterConfig } from '@cdktf/provider-google/lib/container-cluster';
export { ContainerNodePool, type ContainerNodePoolConfig } from '@cdktf/provider-google/lib/container-node-pool';
export { DataLossPreventionInspectTemplate } from '@cdktf/provider-google/lib/data-loss-prevention-inspect-template';
export {
  DataLossPreventionJobTrigger,
  type DataLossPreventionJobTriggerConfig,
} from '@cdktf/provider-google/lib/data-loss-prevention-job-trigger';
export { DataGoogleClientConfig } from '@cdktf/provider-google/lib/data-google-client-config';
export { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project';
export { DataGoogleStorageProjectServiceAccount } from '@cdktf/provider-google/lib/data-google-storage-project-service-account';
export { KmsCryptoKey } from '@cdktf/provider-google/lib/kms-crypto-key';
export { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
export { KmsKeyRing } from '@cdktf/provider-google/lib/kms-key-ring';
export { LustreInstance } from '@cdktf/provider-google/lib/lustre-instance';
export {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConfig,
} from '@cdktf/provider-google/lib/monitoring-alert-policy';
export { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard';
export { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel';
export { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role';
export { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
export { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
export { ServiceNetworkingConnection } from '@cdktf/provider-google/lib/service-networking-connection';
export { StorageAnywhereCache } from '@cdktf/provider-google/lib/storage-anywhere-cache';
export { StorageBucket, type StorageBucketConfig } from '@cdktf/provider-google/lib/storage-bucket';
export { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member';
export { VertexAiEndpoint } from '@cdktf/provider-google/lib/vertex-ai-endpoint';
export {
  VertexAiEndpointWithModelGardenDeployment,
  type VertexAiEndpointWithModelGardenDeploymentConfig,
} from '@cdktf/provider-google/lib/vertex-ai-endpoint-with-model-garden-deployment';
