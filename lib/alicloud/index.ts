export { FunctionGpu } from './inference/function-gpu';
export { FunctionInference } from './inference/function-inference';
export type { FunctionInferenceProps, FunctionLog, FunctionTraffic, InstanceScaling } from './inference/function-props';
export { EndpointModel, type ImageModelOptions, type MountedModelOptions } from './inference/endpoint-model';
export type {
  EndpointScaling,
  EndpointSpot,
  InferenceEndpointProps,
  RequestLog,
  ServedModel,
} from './inference/endpoint-options';
export type { EndpointService } from './inference/endpoint-service';
export {
  type EndpointMonitoring,
  InferenceObservability,
  type InferenceObservabilityProps,
  type ObservedEndpoint,
} from './inference/inference-observability';
export {
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
} from './inference/realtime-inference-platform';
export {
  type EasServingOptions,
  type FunctionServingOptions,
  type IRealtimeEndpoint,
  type PlatformServing,
  RealtimeServing,
  type SharedServing,
} from './inference/realtime-serving';
export {
  type IInferenceEndpoint,
  InferenceEndpoint,
  type InferenceEndpointAttributes,
} from './inference/inference-endpoint';
export {
  type AssuranceOptions,
  Capacity,
  type LingjunOptions,
  type NewPrivatePool,
  type NewPrivatePoolProps,
  type NewReservationOptions,
  type ReservationOptions,
  type SpotOptions,
} from './capacity/capacity';
export {
  ClusterSource,
  type ControlPlaneAttributes,
  type ExistingClusterOptions,
  type IAckCluster,
  type SharedChart,
} from './cluster/cluster-source';
export {
  type AddOnInstallation,
  ApiAccess,
  ClusterTier,
  ControlPlane,
  type ControlPlaneProps,
  type NewClusterOptions,
  UpgradeChannel,
} from './cluster/control-plane';
export type { JobIdentity, JobIdentityProps } from './cluster/job-identity';
export type { KubernetesConnection, TokenCommand } from './cluster/kubernetes-connection';
export { type ClusterMaintenance, type MaintenanceWindow, WeekDay } from './cluster/maintenance';
export { AlicloudMachine, type AlicloudMachineBase } from './machine/machine';
export type { MlNetworkAttributes } from './network/existing-network';
export { MlNetwork, type MlNetworkProps } from './network/ml-network';
export type { IMlNetwork, ZoneVswitch } from './network/network-attributes';
export type { NetworkRanges } from './network/network-ranges';
export { AcceleratorNodePool } from './nodes/accelerator-node-pool';
export type { ErdmaController, ErdmaControllerProps } from './nodes/erdma-controller';
export { GpuSharing } from './nodes/gpu-sharing';
export type { NodeRole } from './nodes/node-config';
export {
  type AcceleratorNodeOptions,
  type AcceleratorNodePoolProps,
  type NodeOptions,
  OsHardening,
} from './nodes/node-pool-options';
export { SystemNodePool, type SystemNodePoolProps, type SystemNodeOptions } from './nodes/system-node-pool';
export { CostAllocation } from './operations/cost-allocation';
export { ContainerRegistry, type ContainerRegistryProps, RegistryEdition } from './machine-learning/container-registry';
export {
  type CodeSourceOptions,
  type DatasetOptions,
  DatasetType,
  MachineLearningWorkspace,
  type MachineLearningWorkspaceProps,
  type RegisteredModelOptions,
  type WorkspaceMember,
} from './machine-learning/machine-learning-workspace';
export { MlopsPlatform, type MlopsPlatformProps } from './machine-learning/mlops-platform';
export { ControlPolicy, type ControlPolicyProps } from './operations/control-policy';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { CurrentAccount } from './operations/current-account';
export { Quota, QuotaAlarm, type QuotaAlarmProps, type QuotaOptions } from './operations/quota-alarm';
export { TagPolicy, type TagPolicyProps, TagPolicyTarget } from './operations/tag-policy';
export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from './operations/encryption-key';
export {
  CpfsFileSystem,
  type CpfsFileSystemAttributes,
  type CpfsFileSystemProps,
  type CpfsMountAddress,
  type ICpfsFileSystem,
} from './storage/cpfs-file-system';
export { CpfsCacheLevel, type CpfsCacheOptions, CpfsProtocol } from './storage/cpfs-protocol';
export {
  DataBucket,
  type DataBucketProps,
  type IDataBucket,
  type RetentionLock,
  StorageRedundancy,
} from './storage/data-bucket';
export type { DataRepository, DataRepositoryProps } from './storage/data-repository';
export { BucketVolume, type BucketVolumeProps } from './training/bucket-volume';
export type { JobEnvironment, SecretKey } from '../kubernetes/job-environment';
export { JobVolume, type MountOptions, type ScratchOptions } from '../kubernetes/job-volume';
export type { KubernetesManifest } from '../kubernetes/manifest';
export { type CpfsStorageOptions, TrainingStorage } from './training/training-storage';
export { TrainingCluster, type TrainingClusterProps, type TrainingGroupOptions } from './training/training-cluster';
export { JobPriority } from '../kubernetes/queues';
export type { TrainingImages } from '../kubernetes';
export type { ManifestBundle } from '../kubernetes';
export type { KubeletOptions } from '../kubernetes/kubelet-options';
export type { FabricPod, Taint } from '../kubernetes/pool';
export type { TrainJobOptions } from '../kubernetes/train-job';
export type { ClusterSoftware } from '../terraform/cluster-software';
export { Installation } from '../terraform/installation';
export type { TrainingPlan } from '../core/planning/plan-training';
export { TrainingJob, type TrainingJobProps } from '../core/workload/training-job';
export { GpuAlarms, type GpuAlarmsProps } from './operations/gpu-alarms';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export { acknowledge } from '../terraform/findings';
export { useProviders } from '../terraform/use-providers';
export { DataPurpose } from '../core/data-purpose';
export { DataClass } from '../core/data-class';
export type { CostAllocationProps } from '../core/cost-allocation';
export type { AlicloudMachineRow } from '../core/catalog/alicloud-machines';
export type { ChipName, ChipRow, CHIPS, ChipVendor } from '../core/catalog/chips';
export type { MachineStatics, StaticName } from '../core/catalog/machine-names';
export type { Finding, FINDING_IDS, FindingId, FindingLevel } from '../core/findings';
export { ServingServer } from '../kubernetes/serving/serving-server';
export type { ServerOptions, VllmServerOptions } from '../kubernetes';
export type { ListedPrice } from '../core/catalog/price-file';
export type { PriceOverride, PricesFileOptions } from '../core/catalog/price-override';
export type { ChosenStorage, StorageSizing } from '../core/planning/storage/open-storage';
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
export type { LayoutPart } from '../core/planning/plan-training';
export type { PlannedPrecision } from '../core/planning/layout/plan-hardware';
export type { Cloud, CLOUDS } from '../core/catalog/machines';
export type { PriceMarket } from '../core/catalog/prices';
export type { SERVICE_LEVELS, ServiceLevelName } from '../core/catalog/service-levels';
export type { Precision } from '../core/workload/model-spec';
export { ModelSpec, type ModelSpecBase, type ModelStaticName, type ModelStatics } from '../core/workload/model-spec';
export { ServingLoad, type ServingLoadProps } from '../core/workload/serving-load';
export type { ModelName, MODELS } from '../core/catalog/models';
export type { ParameterCount } from '../core/workload/model-parameters';
export type { LatentAttention, MixtureOfExperts, ModelShape } from '../core/workload/model-parameters';
export type { Price } from '../core/catalog/price-of';
export type { PriceConfidence } from '../core/catalog/prices';
export type { ReplicaLimits } from '../core/planning/serving/endpoint-load';
