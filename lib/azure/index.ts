export { Capacity, type AzureMarket, type NewReservationOptions, type SpotOptions } from './capacity/capacity';
export { AzureMachine } from './machine/machine';
export { type IMachineLearningCluster, MachineLearningCluster } from './machine-learning/machine-learning-cluster';
export type { MachineLearningClusterProps } from './machine-learning/machine-learning-cluster-props';
export { MachineLearningWorkspace } from './machine-learning/machine-learning-workspace';
export {
  type ApprovedOutboundOptions,
  type InternetOutboundOptions,
  ManagedNetwork,
  type PrivateEndpointRule,
  type ServiceTagRule,
} from './machine-learning/managed-network';
export type { IMachineLearningWorkspace } from './machine-learning/workspace-attributes';
export type {
  IWorkspaceResource,
  IWorkspaceStorage,
  MachineLearningWorkspaceProps,
} from './machine-learning/workspace-props';
export type { ExistingNetwork } from './network/existing-network';
export { MlNetwork, type MlNetworkProps, type SubnetOptions } from './network/ml-network';
export type { IMlNetwork } from './network/network-attributes';
export type { NetworkRanges } from './network/network-ranges';
export { CurrentSubscription } from './operations/current-subscription';
export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from './operations/encryption-key';
export type { IManagedIdentity } from './operations/identity';
export { ResourceGroup, type ResourceGroupProps } from './operations/resource-group';
export type { IResourceGroup } from './props/resource-group';
export {
  type AzapiIdentity,
  AzapiProvider,
  type AzapiProviderConfig,
  AzapiResource,
  type AzapiResourceConfig,
} from './provider/azapi';
export type { DataCapture, InferenceEndpointProps } from './inference/endpoint-options';
export type { EndpointScaling } from './inference/endpoint-scaling';
export { InferenceEndpoint } from './inference/inference-endpoint';
export {
  ModelArtifact,
  type ModelFilesOptions,
  type RegisteredModelOptions,
  type SharedModelOptions,
} from './inference/model-artifact';
export type { ServedModel } from './inference/served-model';
export {
  type RegisteredEnvironmentOptions,
  ServingContainer,
  type ServingImageOptions,
} from './inference/serving-container';
export { type BatchEstimate, BatchInference } from './batch/batch-inference';
export type { BatchInferenceProps, IBatchCluster } from './batch/batch-inference-props';
export type { BatchWork } from '../core/planning/batch-estimate';
export { ModelMonitor } from './machine-learning/model-monitor';
export type {
  IMonitoredEndpoint,
  ModelMonitorProps,
  ReferenceData,
  SparkMachine,
} from './machine-learning/model-monitor-props';
export { ModelRegistry, type ModelRegistryProps } from './machine-learning/model-registry';
export { BatchInferencePlatform, type BatchInferencePlatformProps } from './batch/batch-inference-platform';
export { BlobDatastore, type BlobDatastoreProps } from './machine-learning/blob-datastore';
export { MlopsPlatform } from './machine-learning/mlops-platform';
export type { MlopsPlatformProps } from './machine-learning/mlops-platform-props';
export { acknowledge } from '../terraform/findings';
export { DataPurpose } from '../core/data-purpose';
export { GatewayAuthorization, type EntraOptions } from './gateway/gateway-authorization';
export { GatewayExposure, type PrivateExposureOptions, type PublicExposureOptions } from './gateway/gateway-exposure';
export type { GatewayClient, GatewayLimits, InferenceGatewayProps, PooledEndpoint } from './gateway/gateway-options';
export { GatewaySecurityGroup, type GatewaySecurityGroupProps } from './gateway/gateway-security-group';
export { type GatewayPlace, GatewayTier } from './gateway/gateway-tier';
export { InferenceGateway } from './gateway/inference-gateway';
export { type IInferenceTarget, InferenceTarget, type InferenceTargetOptions } from './gateway/inference-target';
export {
  type ContentSafetyOptions,
  type IContentSafety,
  PromptScreening,
  ScreeningStrength,
} from './gateway/prompt-screening';
export { ResponseMode, type ResponseOptions } from './gateway/response-mode';
export type { AiAccount } from './inference/ai-account';
export { type Blocklist, ContentPolicy, type ContentPolicyOptions } from './inference/content-policy';
export { FoundryDeployment } from './inference/foundry-deployment';
export { type FoundryDeploymentProps, type FoundryModel, ModelUpgrade } from './inference/foundry-deployment-props';
export { ModelCapacity, type ProvisionedCapacityOptions, type TokenCapacityOptions } from './inference/model-capacity';
export { type ILogWorkspace, LogWorkspace, type LogWorkspaceProps } from './operations/log-workspace';
export type { IDataBucket } from './storage/bucket-attributes';
export { DataBucket } from './storage/data-bucket';
export { type DataBucketProps, type RetentionLock, StorageRedundancy } from './storage/data-bucket-props';
export type { ILustreFileSystem } from './storage/lustre-attributes';
export { LustreFileSystem } from './storage/lustre-file-system';
export {
  type BlobIntegration,
  type LustreFileSystemProps,
  type LustreMaintenance,
  type RootSquash,
  RootSquashMode,
} from './storage/lustre-props';
export type { IAksCluster } from './cluster/aks-cluster';
export type { ClusterIdentity } from './cluster/cluster-identity';
export { ControlPlane } from './cluster/control-plane';
export { ApiAccess, type ControlPlaneProps, OutboundType, UpgradeChannel } from './cluster/control-plane-props';
export type { DiskEncryption } from './cluster/disk-encryption';
export type { JobIdentity } from './cluster/job-identity';
export type { KubernetesConnection, TokenCommand } from './cluster/kubernetes-connection';
export type { ManagedPrometheus } from './cluster/managed-prometheus';
export { AcceleratorNodePool } from './nodes/accelerator-node-pool';
export { InfinibandFeature } from './nodes/infiniband-feature';
export {
  type AcceleratorNodePoolOptions,
  type AcceleratorNodePoolProps,
  BootDisk,
  GpuDriver,
  KubeletDisk,
} from './nodes/node-pool-options';
export { SystemNodePool, type SystemNodePoolProps } from './nodes/system-node-pool';
export type { SystemNodes } from './nodes/system-nodes';
export type { TrainJobOptions } from '../kubernetes/train-job-options';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps } from './training/training-cluster-props';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export { type LustreStorageOptions, TrainingStorage } from './training/training-storage';
export type { TrainingImages } from '../kubernetes';
export type { ClusterSoftware } from '../terraform/cluster-software';
export { Installation } from '../terraform/installation';
export { CostAllocation } from './operations/cost-allocation';
export { CostAnomalyAlert, type CostAnomalyAlertProps } from './operations/cost-anomaly-alert';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { TagPolicy, TagPolicyEffect, type TagPolicyProps } from './operations/tag-policy';
export {
  ContainerAppEnvironment,
  type ContainerAppEnvironmentProps,
  type IContainerAppEnvironment,
} from './inference/container-app-environment';
export { ContainerAppInference } from './inference/container-app-inference';
export type {
  ContainerAppInferenceProps,
  ContainerAppScaling,
  IContainerRegistry,
} from './inference/container-app-inference-props';
export {
  ContainerAppModel,
  type HubModelOptions,
  type ModelSizeOptions,
  type NfsShareOptions,
} from './inference/container-app-model';
export { ContainerAppServer, type OwnServerOptions } from './inference/container-app-server';
export { ServerlessGpu, type ServerlessGpuName } from './inference/serverless-gpu';
export { GatewayAlarms, type GatewayAlarmsProps } from './gateway/gateway-alarms';
export type { IOnlineEndpoint } from './gateway/inference-target';
export { RealtimeInferencePlatform } from './inference/realtime-inference-platform';
export type {
  PlatformGatewayOptions,
  RealtimeInferencePlatformProps,
} from './inference/realtime-inference-platform-props';
export {
  type ContainerAppServingOptions,
  type FoundryServingOptions,
  RealtimeServing,
} from './inference/realtime-serving';
export { AlertGroup, type AlertGroupProps, type IAlertGroup } from './operations/alert-group';
export { KubernetesInference } from './kubernetes-inference/kubernetes-inference';
export type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference/kubernetes-inference-props';
export { type InternalLoadBalancerOptions, ServingIngress } from './kubernetes-inference/serving-ingress';
export type { GatewayOptions } from '../kubernetes/serving/gateway';
export { ServingModel } from './kubernetes-inference/serving-model';
export type {
  BucketModelOptions,
  HubModelOptions as HubServingOptions,
  VolumeModelOptions,
} from '../kubernetes/serving/model-options';
export { ServingCache } from '../kubernetes/serving/serving-cache';
export {
  type ExistingPrometheus,
  type KedaOptions,
  type ScalingOptions,
  ServingScaling,
} from '../kubernetes/serving/serving-scaling';
export { ServingServer } from '../kubernetes/serving/serving-server';
