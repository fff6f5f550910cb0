export { AlertTopic, type AlertTopicProps } from './operations/alert-topic';
export {
  Capacity,
  type CapacityBlockOptions,
  type CapacityReservationOptions,
  type NewReservationOptions,
  type NodeGroupCapacityType,
  type ReservationOptions,
  type SpotOptions,
} from './capacity/capacity';
export { CostAllocation } from './operations/cost-allocation';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { EfaNodeGroup } from './nodes/efa-node-group';
export type { EfaNodeGroupOptions, EfaNodeGroupProps, NodeOptions } from './nodes/node-group-options';
export { EfaSecurityGroup, type EfaSecurityGroupProps } from './network/efa-security-group';
export { acknowledge } from './template/findings';
export { findingsOf, type RecordedFinding } from '../core/findings';
export { NodeImage, type OwnImageOptions } from './nodes/node-image';
export type { KubeletOptions } from '../kubernetes/kubelet-options';
export { Interconnect } from './network/interconnect';
export { AwsMachine, type AwsMachineBase, type AwsMachineSpec, NodeOs } from './machine/machine';
export { type NetworkInterface, networkLayout } from './network/network-layout';
export {
  TrainingObservability,
  type TrainingObservabilityProps,
  type WatchedFileSystem,
} from './training/training-observability';
export { ClusterSource } from './cluster/cluster-source';
export type {
  ExistingClusterOptions,
  NewClusterOptions,
  SharedChart,
  SystemNodeOptions,
} from './cluster/cluster-source';
export { ControlPlane, type ControlPlaneProps, type IControlPlane } from './cluster/control-plane';
export { DataBucket, type DataBucketAttributes, type DataBucketProps, type IDataBucket } from './storage/data-bucket';
export { DataPurpose } from '../core/data-purpose';
export {
  type DataRepository,
  DataRepositoryEvent,
  type DataRepositoryOfFileSystemProps,
  type DataRepositoryProps,
} from './storage/data-repository';
export { type DeploymentOptions, Installation } from './cluster/installation';
export type { ILustreFileSystem, LustreFileSystemAttributes } from './storage/lustre-file-system';
export { LustreFileSystem, type LustreFileSystemProps } from './storage/lustre-file-system';
export { LustreMetadata } from './storage/lustre-file-system';
export { MlVpc, type MlVpcProps } from './network/ml-vpc';
export { SystemNodeGroup, type SystemNodeGroupProps } from './nodes/system-node-group';
export { TemplateChecks } from './template/template-checks';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps } from './training/training-cluster';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export type { TrainingImages } from './training/training-software';
export { type LustreSizing, type LustreStorageOptions, TrainingStorage } from './training/training-storage';
export { acceptRules } from './template/accepted-rules';
export type { ChartRelease, KubernetesManifest, ManifestBundle } from '../kubernetes';
export type { ChartPin } from '../kubernetes/catalog/charts';
export type { ObjectMeta } from '../kubernetes/manifest';
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
export type { JobEnvironment, SecretKey } from '../kubernetes/job-environment';
export { JobVolume, type MountOptions, type ScratchOptions } from '../kubernetes/job-volume';
export { JobPriority } from '../kubernetes/queues';
export type { AddonName, AddonVersions } from './cluster/cluster-addons';
export { ClusterSoftware, type ClusterSoftwareProps } from './cluster/cluster-software';
export type { JobIdentity, JobIdentityProps } from './cluster/job-identity';
export { EncryptedLogGroup, type EncryptedLogGroupProps } from './operations/encrypted-log-group';
export { mlInterfaceEndpoints, MlVpcEndpoints, type MlVpcEndpointsProps } from './network/ml-vpc-endpoints';
export { NodeLaunchTemplate, type NodeLaunchTemplateProps } from './nodes/node-launch-template';
export type { TrainJobProps } from '../kubernetes/train-job';
export type { TrainJobOptions } from '../kubernetes/train-job';
export { GatewayAlarms, type GatewayAlarmsProps } from './gateway/gateway-alarms';
export { GatewayAuthorization, type TokenOptions } from './gateway/gateway-authorization';
export type { GatewayLatencyOptions, IInferenceGateway, InferenceGatewayBase } from './gateway/gateway-base';
export { GatewayExposure, type PrivateExposureOptions } from './gateway/gateway-exposure';
export type { GatewayFirewall } from './gateway/gateway-firewall';
export type { GatewayFunction } from './gateway/gateway-function';
export type { GatewayGuardrail, IAppliedGuardrail } from './gateway/prompt-screening';
export type { GatewayClient, GatewayDomain, GatewayLimits, InferenceGatewayProps } from './gateway/gateway-options';
export type { InferenceGatewayAttributes } from './gateway/imported-gateway';
export { type IInferenceTarget, InferenceTarget, type InferenceTargetOptions } from './gateway/inference-target';
export { InferenceGateway } from './gateway/inference-gateway';
export type { PII_TYPES, PiiType } from './gateway/prompt-screening';
export {
  type DeniedTopic,
  type ExistingGuardrail,
  type GuardrailOptions,
  PiiAction,
  PromptScreening,
  ScreeningStrength,
} from './gateway/prompt-screening';
export { type BufferedOptions, ResponseMode, type StreamedOptions } from './gateway/response-mode';
export type { AwsBatchOptions } from './batch/aws-batch-options';
export { BatchCompute } from './batch/batch-compute';
export type { BatchEstimate, BatchWork, PlannedBatchWork } from './batch/batch-estimate';
export { BatchInference } from './batch/batch-inference';
export type { BatchQueues, BatchQueuesProps } from './batch/batch-queues';
export type { BatchMarket } from './batch/job-workflow';
export type { MachineShare } from './batch/machine-share';
export type { ShardJob, ShardJobProps } from './batch/shard-job';
export type { ShardLocationsProps } from './batch/shard-job';
export type { BatchInferenceProps } from './batch/batch-inference';
export {
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
  type BatchWorkflowOptions,
} from './batch/batch-inference-platform';
export { BatchObservability, type BatchObservabilityProps } from './batch/batch-observability';
export { type TransformOptions, TransformSplit } from './batch/transform-options';
export type { DataCapture } from './inference/endpoint-options';
export type {
  Environment,
  TensorFlowServingOptions,
  TorchServeOptions,
  TritonOptions,
  VllmOptions,
} from './inference/serving-container';
export {
  type AsynchronousOptions,
  type ComponentsOptions,
  EndpointKind,
  type ServerlessOptions,
} from './inference/endpoint-kind';
export type { InferenceEndpointProps } from './inference/endpoint-options';
export { EndpointRouting, type PrefixAwareOptions } from './inference/endpoint-options';
export type { EndpointScaling, ScheduledLimits } from './inference/endpoint-scaling';
export { type AllAtOnceOptions, EndpointUpdate, type UpdateOptions } from './inference/endpoint-update';
export type { PerModel } from './inference/per-model';
export { InferenceEndpoint } from './inference/inference-endpoint';
export { InferenceObservability, type InferenceObservabilityProps } from './inference/inference-observability';
export {
  type ModelArchiveOptions,
  ModelArtifact,
  type ModelArtifactOptions,
  type ModelFilesOptions,
} from './inference/model-artifact';
export type { PlatformGatewayOptions } from './inference/platform-gateway';
export {
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
} from './inference/realtime-inference-platform';
export type { ServedModel } from './inference/served-model';
export {
  type OwnContainerOptions,
  ServingContainer,
  type ServingContainerOptions,
} from './inference/serving-container';
export { ServingImage } from './inference/serving-image';
export type { InferenceNodeOptions, KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference';
export type { InferenceSoftware } from './kubernetes-inference/inference-software';
export type { InternalLoadBalancer } from './kubernetes-inference/serving-ingress';
export type { KarpenterNodes } from './kubernetes-inference/serving-nodes';
export { KubernetesInference } from './kubernetes-inference/kubernetes-inference';
export {
  KubernetesInferenceObservability,
  type KubernetesInferenceObservabilityProps,
} from './kubernetes-inference/kubernetes-inference-observability';
export type { ModelIdentity } from './kubernetes-inference/model-identity';
export type { ReplicaLimits } from '../core/planning/serving/endpoint-load';
export { ServingCache } from '../kubernetes/serving/scale';
export { type InternalLoadBalancerOptions, ServingIngress } from './kubernetes-inference/serving-ingress';
export type { GatewayOptions, InferenceRouteProps } from '../kubernetes/serving/gateway';
export { ServingModel } from './kubernetes-inference/serving-model';
export type { HubModelOptions, VolumeModelOptions } from '../kubernetes/serving/model-volume';
export { type KarpenterNodesOptions, ServingNodes } from './kubernetes-inference/serving-nodes';
export {
  type ExistingPrometheus,
  type KedaOptions,
  type ScalingOptions,
  ServingScaling,
} from '../kubernetes/serving/scale';
export { ServingServer } from '../kubernetes/serving/serving-server';
export type {
  EnvVar,
  ServerOptions,
  VllmServerOptions,
  KedaActivation,
  KedaQuery,
  KedaSchedule,
  KedaTriggers,
} from '../kubernetes';
export type { INFERENCE_AMIS, InferenceAmi } from '../core/catalog/sagemaker-hosting';
export type { EndpointAlarms } from './inference/endpoint-alarms';
export type { EndpointAutoscaling } from './inference/endpoint-scaling';
export type { EndpointRole } from './inference/endpoint-role';
export type { HostedModel } from './inference/inference-component';
export type { InferenceComponent } from './inference/inference-component';
export type {
  EndpointLatencyOptions,
  EndpointMetricOptions,
  IInferenceComponent,
  IInferenceEndpoint,
  InferenceEndpointBase,
} from './inference/endpoint-base';
export type { InferenceEndpointAttributes } from './inference/imported-endpoint';
export { RealtimeServing, type SageMakerServingOptions } from './inference/realtime-serving';
export type { AwsMachineRow, AwsMarket, AwsNetworkCard } from '../core/catalog/aws-machines';
export { CHIPS, type ChipName, type ChipRow, type ChipVendor } from '../core/catalog/chips';
export type { MachineStatics, StaticName } from '../core/catalog/machine-names';
export { Prices, type PricesOptions } from '../core/catalog/price-override';
export type { ListedPrice } from '../core/catalog/price-file';
export type { PriceOverride, PricesFileOptions } from '../core/catalog/price-override';
export type { Price } from '../core/catalog/price-of';
export type { PriceConfidence, PriceMarket } from '../core/catalog/prices';
export { CONFIRMATION } from '../core/confirmation';
export type { ERROR_CODES, ErrorCode } from '../core/error-codes';
export type { Problem } from '../core/errors';
export type { CostAllocationProps } from '../core/cost-allocation';
export { DataClass } from '../core/data-class';
export { type Finding, FINDING_IDS, type FindingId, type FindingLevel } from '../core/findings';
export type { EstimatedRun } from '../core/planning/cost/batch-estimate';
export type { ChosenStorage } from '../core/planning/storage/open-storage';
export type { StorageSizing } from '../core/planning/storage/open-storage';
export type { Cloud, CLOUDS } from '../core/catalog/machines';
export type { SERVICE_LEVELS, ServiceLevelName } from '../core/catalog/service-levels';
export type { BatchRun } from '../core/planning/cost/batch-estimate';
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
export type { Deadline, DurationLike } from '../core/workload/training-job';
export type { LatentAttention, MixtureOfExperts, ModelShape } from '../core/workload/model-parameters';
export { ModelSpec, type ModelSpecBase, type ModelStaticName, type ModelStatics } from '../core/workload/model-spec';
export type { Parallelism } from '../core/workload/parallelism';
export type { Precision } from '../core/workload/model-spec';
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
export type { ModelName, MODELS } from '../core/catalog/models';
export type { ParameterCount } from '../core/workload/model-parameters';
