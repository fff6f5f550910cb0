export {
  Capacity,
  type FlexStartOptions,
  type CalendarReservationOptions,
  type NewReservationOptions,
  type ReservationOptions,
} from './capacity/capacity';
export { Commitment, type CommitmentProps } from './capacity/commitment';
export type { CommitmentOptions } from './capacity/commitment';
export type { CommittedCost } from './capacity/commitment';
export { ClusterSource, type ExistingClusterOptions, type SharedChart } from './cluster/cluster-source';
export type { ControlPlaneAttributes, IGkeCluster } from './cluster/cluster-source';
export { DataInspection, type DataInspectionProps } from './governance/data-inspection';
export type { DataInspectionOptions } from './governance/data-inspection';
export { InspectionResults, type InspectionTable } from './governance/inspection-results';
export { PerimeterMember, type PerimeterMemberProps } from './governance/perimeter-member';
export { ServicePerimeter, type ServicePerimeterProps } from './governance/service-perimeter';
export {
  type PerimeterEgress,
  type PerimeterIngress,
  PerimeterMode,
  type ServicePerimeterOptions,
} from './governance/service-perimeter';
export { GoogleMachine, type GoogleMachineBase } from './machine/machine';
export type { TpuSlice } from './machine/tpu-topology';
export {
  type AcceleratorNetwork,
  AcceleratorNetworks,
  type AcceleratorNetworksProps,
} from './network/accelerator-networks';
export { AcceleratorNodePool } from './nodes/accelerator-node-pool';
export {
  type AcceleratorNodeOptions,
  type AcceleratorNodePoolProps,
  GpuDriver,
  type NodeOptions,
} from './nodes/node-pool-options';
export { acknowledge } from '../terraform/findings';
export { ControlPlane } from './cluster/control-plane';
export { ApiAccess, type ControlPlaneProps, type NewClusterOptions, ReleaseChannel } from './cluster/control-plane';
export {
  type ClusterMaintenance,
  type MaintenanceExclusion,
  MaintenanceScope,
  type MaintenanceWindow,
  WeekDay,
} from './cluster/maintenance';
export type { MlNetworkAttributes } from './network/existing-network';
export { MlNetwork, type MlNetworkProps } from './network/ml-network';
export type { IMlNetwork, RangeNames } from './network/network-attributes';
export { CurrentProject, ServiceAgent } from './operations/current-project';
export {
  EncryptionKey,
  type EncryptionKeyProps,
  type ExistingKeyOptions,
  type IEncryptionKey,
} from './operations/encryption-key';
export { DataPurpose } from '../core/data-purpose';
export { DataBucket, type DataBucketProps, type RetentionLock } from './storage/data-bucket';
export { LustreFileSystem, type LustreFileSystemProps } from './storage/lustre-file-system';
export { ServicePeering } from './storage/service-peering';
export { CostAllocation } from './operations/cost-allocation';
export { AlertChannels, type AlertChannelsProps } from './operations/cost-budget';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { type SystemNodeOptions, SystemNodePool, type SystemNodePoolProps } from './nodes/system-node-pool';
export type { KubernetesConnection } from './cluster/control-plane';
export { Installation } from '../terraform/installation';
export { useProviders } from '../terraform/use-providers';
export type { JobIdentity, JobIdentityProps } from './cluster/job-identity';
export type { IDataBucket } from './storage/data-bucket';
export type { ClusterSoftware } from '../terraform/cluster-software';
export type { ILustreFileSystem, LustreFileSystemAttributes } from './storage/lustre-file-system';
export { BucketVolume, type BucketMountOptions } from './training/bucket-volume';
export type { JobEnvironment, SecretKey } from '../kubernetes/job-environment';
export { JobVolume, type MountOptions, type ScratchOptions } from '../kubernetes/job-volume';
export { JobPriority } from '../kubernetes/queues';
export type { TrainJobOptions } from './training/training-software';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps } from './training/training-cluster';
export type { TrainingGroup, TrainingGroupOptions, TrainingGroupProps } from './training/training-group';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export type { TrainingImages } from '../kubernetes';
export { type LustreStorageOptions, TrainingStorage } from './training/training-group';
export { CloudRunGpu } from './inference/cloud-run-model';
export { CloudRunInference } from './inference/cloud-run-inference';
export { CloudRunModel, type ImageModelOptions, type MountedModelOptions } from './inference/cloud-run-model';
export { type CloudRunInferenceProps, CloudRunIngress, type InstanceScaling } from './inference/cloud-run-inference';
export type { EndpointScaling } from './inference/inference-endpoint';
export type { GardenContainer } from './inference/garden-container';
export { GardenModel, type GardenModelOptions, type HuggingFaceOptions } from './inference/garden-model';
export { InferenceEndpoint } from './inference/inference-endpoint';
export type { IInferenceEndpoint, InferenceEndpointAttributes } from './inference/inference-endpoint';
export {
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
} from './inference/realtime-inference-platform';
export {
  type CloudRunServingOptions,
  type KubernetesServingOptions,
  type IRealtimeEndpoint,
  RealtimeServing,
  type SharedServing,
  type VertexServingOptions,
} from './inference/realtime-serving';
export type { EndpointMetrics, MetricQuery } from './inference/inference-observability';
export {
  InferenceObservability,
  type InferenceObservabilityProps,
  type ObservedEndpoint,
} from './inference/inference-observability';
export { PrivateConnection, type PrivateConnectionProps } from './inference/private-connection';
export { PrivateEndpoint, type PrivateEndpointProps, type RequestLog } from './inference/private-endpoint';
export { type InferenceEndpointProps, VertexEndpointAccess } from './inference/inference-endpoint';
export { ProxySubnet, type ProxySubnetProps } from './network/proxy-subnet';
export type { SpotOptions } from './capacity/capacity';
export type { InferenceLoadBalancer } from './kubernetes-inference/inference-load-balancer';
export type { InferenceNodes } from './kubernetes-inference/inference-nodes';
export type { InferenceSoftware } from './kubernetes-inference/inference-software';
export { KubernetesInference } from './kubernetes-inference/kubernetes-inference';
export type { KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference';
export {
  KubernetesInferenceObservability,
  type KubernetesInferenceObservabilityProps,
} from './kubernetes-inference/kubernetes-inference-observability';
export type { ModelIdentity } from './kubernetes-inference/model-identity';
export {
  type InferenceGatewayOptions,
  type InternalLoadBalancerOptions,
  ServingIngress,
} from './kubernetes-inference/serving-model';
export { ServingModel } from './kubernetes-inference/serving-model';
export type { GatewayOptions } from '../kubernetes/serving/gateway';
export type { BucketModelOptions, HubModelOptions, VolumeModelOptions } from '../kubernetes/serving/model-volume';
export { ServingCache } from '../kubernetes/serving/scale';
export {
  type ExistingPrometheus,
  type KedaOptions,
  type ScalingOptions,
  ServingScaling,
} from '../kubernetes/serving/scale';
export { ServingServer } from '../kubernetes/serving/serving-server';
export type { EnvVar, KubernetesManifest, ManifestBundle } from '../kubernetes';
export type {
  ServerOptions,
  VllmServerOptions,
  KedaActivation,
  KedaQuery,
  KedaSchedule,
  KedaTriggers,
} from '../kubernetes';
export { type BatchEstimate, BatchInference } from './batch/batch-inference';
export {
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
  type BatchWorkflowOptions,
} from './batch/batch-inference-platform';
export type { BatchInferenceProps } from './batch/batch-inference';
export type { PlannedBatchWork } from '../core/planning/cost/batch-estimate';
export type { BatchIdentity } from './batch/batch-identity';
export type { BatchSoftware } from './batch/batch-manifests';
export type { BatchWork } from '../core/planning/cost/batch-estimate';
export type { ReplicaLimits } from '../core/planning/serving/endpoint-load';
export type { NewReservation, NewReservationProps } from './capacity/capacity';
export type { Placement, PlacementProps } from './nodes/node-pool-options';
export type { BatchMarket } from './batch/resolved-batch';
export type { InstalledCharts } from '../terraform/charts';
export type { RawChart } from '../terraform/raw-chart';
export type { BudgetShares } from '../core/cost-allocation';
export type {
  GoogleDeviceClaim,
  GoogleLocalSsd,
  GoogleMachineRow,
  GoogleNetwork,
  GoogleProvisioning,
} from '../core/catalog/google-machines';
export type { TpuTopologyRow } from '../core/catalog/google-tpu-topologies';
export type { MachineStatics, StaticName } from '../core/catalog/machine-names';
export { Prices, type PricesOptions } from '../core/catalog/price-override';
export type { ListedPrice } from '../core/catalog/price-file';
export type { PriceOverride, PricesFileOptions } from '../core/catalog/price-override';
export type { CostAllocationProps } from '../core/cost-allocation';
export { DataClass } from '../core/data-class';
export type { Finding, FINDING_IDS, FindingId, FindingLevel } from '../core/findings';
export type { EstimatedRun } from '../core/planning/cost/batch-estimate';
export type { ChosenStorage } from '../core/planning/storage/open-storage';
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
export type { ChipName, ChipRow, CHIPS, ChipVendor } from '../core/catalog/chips';
export type { Cloud, CLOUDS } from '../core/catalog/machines';
export type { PriceMarket } from '../core/catalog/prices';
export type { SERVICE_LEVELS, ServiceLevelName } from '../core/catalog/service-levels';
export type { DurationLike } from '../core/workload/training-job';
export type { Parallelism } from '../core/workload/parallelism';
export type { Precision } from '../core/workload/model-spec';
export { ModelSpec, type ModelSpecBase, type ModelStaticName, type ModelStatics } from '../core/workload/model-spec';
export { ServingLoad, type ServingLoadProps } from '../core/workload/serving-load';
export {
  type LoraProps,
  type Optimizer,
  type Recompute,
  type Sharding,
  TrainingJob,
  type TrainingJobProps,
  type TrainingKind,
} from '../core/workload/training-job';
export type { ChartPin } from '../kubernetes/catalog/charts';
export type { TrainJobProps } from '../kubernetes/train-job';
export type { ChartRelease } from '../kubernetes/controller-charts';
export type { ObjectMeta } from '../kubernetes/manifest';
export type { TrainJobOptions as GroupJobOptions } from '../kubernetes/train-job';
export type { InferenceRouteProps } from '../kubernetes/serving/gateway';
export type { ModelCache } from '../kubernetes/serving/model-files';
export type { ScaleRange, ServingScale } from '../kubernetes/serving/scale';
export type { ModelServer, ServerMetrics } from '../kubernetes/serving/server';
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
export type { KubeletOptions } from '../kubernetes/kubelet-options';
