export { AzureMarket, Capacity, type NewReservationOptions, type SpotOptions } from './capacity/capacity';
export { AzureMachine, type AzureMachineBase } from './machine/machine';
export { type IMachineLearningCluster, MachineLearningCluster } from './machine-learning/machine-learning-cluster';
export type { MachineLearningClusterProps } from './machine-learning/machine-learning-cluster';
export { MachineLearningWorkspace } from './machine-learning/machine-learning-workspace';
export {
  type ApprovedOutboundOptions,
  type InternetOutboundOptions,
  ManagedNetwork,
  type PrivateEndpointRule,
  type ServiceTagRule,
} from './machine-learning/managed-network';
export type {
  IMachineLearningWorkspace,
  MachineLearningWorkspaceAttributes,
} from './machine-learning/workspace-attributes';
export type {
  IWorkspaceResource,
  IWorkspaceStorage,
  MachineLearningWorkspaceProps,
} from './machine-learning/machine-learning-workspace';
export type { MlNetworkAttributes } from './network/imported-network';
export { MlNetwork, type MlNetworkProps, type SubnetOptions } from './network/ml-network';
export type { IMlNetwork } from './network/ml-network';
export type { NetworkRanges } from './network/network-ranges';
export { CurrentSubscription } from './operations/current-subscription';
export {
  EncryptionKey,
  type EncryptionKeyAttributes,
  type EncryptionKeyProps,
  type IEncryptionKey,
} from './operations/encryption-key';
export type { IManagedIdentity } from './operations/identity';
export { ResourceGroup, type ResourceGroupAttributes, type ResourceGroupProps } from './operations/resource-group';
export type { IResourceGroup } from './props/resource-group';
export {
  type AzapiIdentity,
  AzapiProvider,
  type AzapiProviderConfig,
  AzapiResource,
  type AzapiResourceConfig,
} from './provider/azapi';
export type { DataCapture, InferenceEndpointProps } from './inference/endpoint-options';
export type { EndpointScaling } from './inference/endpoint-options';
export type { IInferenceEndpoint, InferenceEndpointAttributes } from './inference/inference-endpoint';
export { EndpointAuthorization } from './inference/endpoint-options';
export type { ModelDeployment } from './inference/endpoint-deployments';
export type { DeploymentAutoscaling } from './inference/deployment-autoscaling';
export { InferenceEndpoint } from './inference/inference-endpoint';
export {
  ModelArtifact,
  type ModelFilesOptions,
  ModelFormat,
  type RegisteredModelOptions,
  type SharedModelOptions,
} from './inference/model-artifact';
export type { ServedModel } from './inference/endpoint-options';
export {
  type RegisteredEnvironmentOptions,
  ServingContainer,
  type ServingImageOptions,
} from './inference/serving-container';
export { type BatchEstimate, BatchInference } from './batch/batch-inference';
export { type BatchInferenceProps, BatchOutputAction, type IBatchCluster } from './batch/batch-inference';
export type { BatchMarket } from './batch/batch-inference-platform';
export type { PlannedBatchWork } from '../core/planning/cost/batch-estimate';
export type { BatchWork } from '../core/planning/cost/batch-estimate';
export { ModelMonitor } from './machine-learning/model-monitor';
export {
  type IMonitoredEndpoint,
  type ModelMonitorProps,
  MonitorFrequency,
  MonitorTask,
  type ReferenceData,
  type SparkMachine,
} from './machine-learning/model-monitor';
export {
  type IModelRegistry,
  ModelRegistry,
  type ModelRegistryAttributes,
  type ModelRegistryProps,
} from './machine-learning/model-registry';
export {
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
  type BatchWorkflowOptions,
} from './batch/batch-inference-platform';
export { BlobDatastore, type BlobDatastoreProps } from './machine-learning/workspace-parts';
export { MlopsPlatform } from './machine-learning/mlops-platform';
export type { MlopsPlatformProps } from './machine-learning/mlops-platform';
export { acknowledge } from '../terraform/findings';
export { DataPurpose } from '../core/data-purpose';
export { GatewayAuthorization, type EntraOptions } from './gateway/gateway-authorization';
export { GatewayExposure, type PrivateExposureOptions, type PublicExposureOptions } from './gateway/gateway-exposure';
export type { GatewayClient, GatewayLimits, InferenceGatewayProps, PooledEndpoint } from './gateway/gateway-options';
export { GatewaySecurityGroup, type GatewaySecurityGroupProps } from './gateway/gateway-security-group';
export { GatewayTier, type GatewayTierName } from './gateway/gateway-tier';
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
export { type FoundryDeploymentProps, type FoundryModel, ModelUpgrade } from './inference/foundry-deployment';
export {
  type DeploymentSkuName,
  ModelCapacity,
  ProcessingLocation,
  type ProvisionedCapacityOptions,
  type TokenCapacityOptions,
} from './inference/model-capacity';
export { type ILogWorkspace, LogWorkspace, type LogWorkspaceProps } from './operations/log-workspace';
export type { DataBucketAttributes, IDataBucket } from './storage/data-bucket';
export { DataBucket } from './storage/data-bucket';
export { type DataBucketProps, type RetentionLock, StorageRedundancy } from './storage/data-bucket';
export type { ILustreFileSystem, LustreFileSystemAttributes } from './storage/lustre-file-system';
export { LustreFileSystem } from './storage/lustre-file-system';
export {
  type BlobIntegration,
  type LustreFileSystemProps,
  type LustreMaintenance,
  type RootSquash,
  RootSquashMode,
} from './storage/lustre-file-system';
export { Weekday } from './props/weekday';
export type { ControlPlaneAttributes, IAksCluster } from './cluster/cluster-source';
export type { ClusterIdentity } from './cluster/job-identity';
export { ClusterSource, type ExistingClusterOptions, type SharedChart } from './cluster/cluster-source';
export { ControlPlane } from './cluster/control-plane';
export {
  ApiAccess,
  type ControlPlaneProps,
  type NewClusterOptions,
  OutboundType,
  UpgradeChannel,
} from './cluster/control-plane';
export type { ClusterMaintenance, MaintenanceExclusion, MaintenanceWindow } from './cluster/maintenance';
export type { DiskEncryption } from './cluster/cluster-settings';
export type { JobIdentity } from './cluster/job-identity';
export type { KubernetesConnection, TokenCommand } from './cluster/control-plane';
export type { ManagedPrometheus } from './cluster/managed-prometheus';
export { AcceleratorNodePool } from './nodes/accelerator-node-pool';
export { InfinibandFeature } from './nodes/infiniband-feature';
export {
  type AcceleratorNodeOptions,
  type AcceleratorNodePoolProps,
  BootDiskType,
  GpuDriver,
  KubeletDisk,
  type NodeOptions,
} from './nodes/node-pool-options';
export { SystemNodePool, type SystemNodePoolProps } from './nodes/system-node-pool';
export type { SystemNodeOptions } from './nodes/node-pool-options';
export { BucketVolume, type BucketMountOptions, type MountedBucket } from './training/bucket-volume';
export type { JobEnvironment, SecretKey } from '../kubernetes/job-environment';
export { JobVolume, type MountOptions, type ScratchOptions } from '../kubernetes/job-volume';
export { JobPriority } from '../kubernetes/queues';
export type { TrainJobOptions } from '../kubernetes/train-job';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps, TrainingGroupOptions } from './training/training-cluster';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export { type LustreStorageOptions, TrainingStorage } from './training/training-storage';
export type { KubeletOptions, TrainingImages } from '../kubernetes';
export type { ClusterSoftware } from '../terraform/cluster-software';
export { Installation } from '../terraform/installation';
export { useProviders } from '../terraform/use-providers';
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
export { ContainerAppServer, type CustomServerOptions } from './inference/container-app-server';
export { ServerlessGpu, type ServerlessGpuName } from './inference/serverless-gpu';
export { GatewayAlarms, type GatewayAlarmsProps } from './gateway/gateway-alarms';
export { RealtimeInferencePlatform } from './inference/realtime-inference-platform';
export type { PlatformGatewayOptions, RealtimeInferencePlatformProps } from './inference/realtime-inference-platform';
export {
  type ContainerAppServingOptions,
  type FoundryServingOptions,
  RealtimeServing,
} from './inference/realtime-serving';
export { AlertGroup, type AlertGroupProps, type IAlertGroup } from './operations/alert-group';
export { KubernetesInference } from './kubernetes-inference/kubernetes-inference';
export type { KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference';
export type { ReplicaLimits } from '../core/planning/serving/endpoint-load';
export {
  KubernetesInferenceObservability,
  type KubernetesInferenceObservabilityProps,
} from './kubernetes-inference/kubernetes-inference-observability';
export { type InternalLoadBalancerOptions, ServingIngress } from './kubernetes-inference/serving-ingress';
export type { GatewayOptions } from '../kubernetes/serving/gateway';
export { ServingModel } from './kubernetes-inference/serving-model';
export type {
  BucketModelOptions,
  HubModelOptions as HubServingOptions,
  VolumeModelOptions,
} from '../kubernetes/serving/model-volume';
export { ServingCache } from '../kubernetes/serving/scale';
export {
  type ExistingPrometheus,
  type KedaOptions,
  type ScalingOptions,
  ServingScaling,
} from '../kubernetes/serving/scale';
export { ServingServer } from '../kubernetes/serving/serving-server';
export type { NewReservation } from './capacity/capacity';
export type { IsolationMode } from './machine-learning/managed-network';
export type { WorkIdentity } from './machine-learning/work-identity';
export type { PrivateLink, PrivateLinkTarget } from './network/private-link';
export type { PrincipalType } from './operations/roles';
export type { AzapiUpdateResource } from './provider/azapi-update';
export type { BlobAccess } from './storage/blob-access';
export type { LustreSubnet } from './storage/lustre-subnet';
export type { InstalledCharts } from '../terraform/charts';
export type { RawChart } from '../terraform/raw-chart';
export type { BudgetShares } from '../core/cost-allocation';
export { Prices, type PricesOptions } from '../core/catalog/price-override';
export type { ListedPrice } from '../core/catalog/price-file';
export type { PriceOverride, PricesFileOptions } from '../core/catalog/price-override';
export type { CostAllocationProps } from '../core/cost-allocation';
export { DataClass } from '../core/data-class';
export type { Finding, FINDING_IDS, FindingId, FindingLevel } from '../core/findings';
export type { EstimatedRun } from '../core/planning/cost/batch-estimate';
export type { ChosenStorage } from '../core/planning/storage/open-storage';
export type {
  ColdStart,
  LatencyMs,
  LatencyPercentile,
  LoadedLatencyPlan,
  PlannedLoad,
  PlannedReplica,
  PlannedReplicas,
  ServingBinding,
  ServingCost,
  ServingLatencyPlan,
  ServingMemoryPlan,
  ServingPlan,
  ServingThroughput,
} from '../core/planning/serving/plan-serving';
export type {
  LayoutPart,
  PlannedCheckpoint,
  PlannedJob,
  PlannedMemory,
  PlannedParallelism,
  PlannedTime,
  TrainingBinding,
  TrainingCost,
  TrainingPlan,
} from '../core/planning/plan-training';
export type { PlannedPrecision } from '../core/planning/layout/plan-hardware';
export { ModelSpec, type ModelSpecBase, type ModelStaticName, type ModelStatics } from '../core/workload/model-spec';
export { ServingLoad, type ServingLoadProps } from '../core/workload/serving-load';
export { TrainingJob, type TrainingJobProps } from '../core/workload/training-job';
export type {
  EnvVar,
  KedaActivation,
  KedaQuery,
  KedaSchedule,
  KedaTriggers,
  KubernetesManifest,
  ManifestBundle,
  PodIdentity,
  ServerOptions,
  TrainJobProps,
  VllmServerOptions,
} from '../kubernetes';
export type { GatewayApi } from './gateway/gateway-api';
export type { IInferenceGateway, InferenceGatewayAttributes } from './gateway/gateway-options';
export type { GatewayBackends } from './gateway/gateway-backends';
export type { GatewayService } from './gateway/gateway-service';
export type { GatewayTelemetry } from './gateway/gateway-telemetry';
export type { AiAccountProps } from './inference/ai-account';
export type { ModelIdentity } from './kubernetes-inference/inference-software';
export type { InferenceRouteProps } from '../kubernetes/serving/gateway';
export type { ModelCache } from '../kubernetes/serving/model-files';
export type { ServingScale } from '../kubernetes/serving/scale';
export type { ModelServer } from '../kubernetes/serving/server';
export type { Cloud, CLOUDS } from '../core/catalog/machines';
export type { AzureInfiniband, AzureMachineRow } from '../core/catalog/azure-machines';
export type { ChipName, ChipRow, CHIPS, ChipVendor } from '../core/catalog/chips';
export type { MachineStatics, StaticName } from '../core/catalog/machine-names';
export type { PriceMarket } from '../core/catalog/prices';
export type { SERVICE_LEVELS, ServiceLevelName } from '../core/catalog/service-levels';
export type { BatchRun } from '../core/planning/cost/batch-estimate';
export type { StorageSizing } from '../core/planning/storage/open-storage';
export type {
  Contradiction,
  DeclaredStorage,
  MarketPrice,
  PlanCluster,
  PlanEvidence,
  PlanResult,
  PlanStorage,
  PlanStorageTier,
  ReadRate,
} from '../core/planning/plan';
export type { PlanRange } from '../core/planning/range';
export type { DurationLike } from '../core/workload/training-job';
export type { Parallelism } from '../core/workload/parallelism';
export type { Precision } from '../core/workload/model-spec';
export type { LoraProps, Optimizer, Recompute, Sharding, TrainingKind } from '../core/workload/training-job';
export type { ObjectMeta } from '../kubernetes/manifest';
export type { ScaleRange } from '../kubernetes/serving/scale';
export type { ServerMetrics } from '../kubernetes/serving/server';
export type { AzapiChange, AzapiChangeConfig, AzapiUpdateResourceConfig } from './provider/azapi-update';
export type { ModelName, MODELS } from '../core/catalog/models';
export type { ParameterCount } from '../core/workload/model-parameters';
export type { Price } from '../core/catalog/price-of';
export type { PriceConfidence } from '../core/catalog/prices';
export type { ERROR_CODES, ErrorCode } from '../core/error-codes';
export type { Problem } from '../core/errors';
export type { LatentAttention, MixtureOfExperts, ModelShape } from '../core/workload/model-parameters';
export type {
  AcceleratorPool,
  DeviceClaim,
  FabricPod,
  HostPath,
  MountedFiles,
  PoolFabric,
  PoolProvisioning,
  PoolSlices,
  Taint,
} from '../kubernetes/pool';
export type { ChartPin, ChartRelease } from '../kubernetes';
