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
export { AlicloudMachine, type AlicloudMachineBase } from './machine/machine';
export type { MlNetworkAttributes } from './network/existing-network';
export { MlNetwork, type MlNetworkProps } from './network/ml-network';
export type { IMlNetwork, ZoneVswitch } from './network/network-attributes';
export type { NetworkRanges } from './network/network-ranges';
export { CostAllocation } from './operations/cost-allocation';
export { CurrentAccount } from './operations/current-account';
export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from './operations/encryption-key';
export {
  CpfsEncryption,
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
export { DataRepository, type DataRepositoryProps } from './storage/data-repository';
export { type CpfsStorageOptions, TrainingStorage } from './training/training-storage';
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
export type { EnvVar, ServerOptions, VllmServerOptions } from '../kubernetes';
export { Prices, type PricesOptions } from '../core/catalog/price-override';
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
