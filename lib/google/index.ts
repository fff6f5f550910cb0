export {
  Capacity,
  type FlexStartOptions,
  type NewReservationOptions,
  type ReservationOptions,
} from './capacity/capacity';
export { Commitment, type CommitmentProps } from './capacity/commitment';
export type { CommitmentOptions } from './capacity/commitment-options';
export type { CommittedCost } from './capacity/committed-cost';
export type { IGkeCluster } from './cluster/gke-cluster';
export { DataInspection, type DataInspectionProps } from './governance/data-inspection';
export type { DataInspectionOptions } from './governance/data-inspection-options';
export { InspectionResults, type InspectionTable } from './governance/inspection-results';
export { PerimeterMember, type PerimeterMemberProps } from './governance/perimeter-member';
export { ServicePerimeter, type ServicePerimeterProps } from './governance/service-perimeter';
export {
  type PerimeterEgress,
  type PerimeterIngress,
  PerimeterMode,
  type ServicePerimeterOptions,
} from './governance/service-perimeter-props';
export { GoogleMachine } from './machine/machine';
export type { TpuSlice } from './machine/tpu-topology';
export {
  type AcceleratorNetwork,
  AcceleratorNetworks,
  type AcceleratorNetworksProps,
} from './network/accelerator-networks';
export { AcceleratorNodePool } from './nodes/accelerator-node-pool';
export { type AcceleratorNodePoolOptions, type AcceleratorNodePoolProps, GpuDriver } from './nodes/node-pool-options';
export { acknowledge } from '../terraform/findings';
export { ControlPlane } from './cluster/control-plane';
export { ApiAccess, type ControlPlaneProps, ReleaseChannel } from './cluster/control-plane-props';
export {
  type ClusterMaintenance,
  type MaintenanceExclusion,
  MaintenanceScope,
  type MaintenanceWindow,
  WeekDay,
} from './cluster/maintenance';
export type { ExistingNetwork } from './network/existing-network';
export { MlNetwork, type MlNetworkProps } from './network/ml-network';
export type { IMlNetwork, RangeNames } from './network/network-attributes';
export { CurrentProject, type ServiceAgent } from './operations/current-project';
export { EncryptionKey, type EncryptionKeyProps } from './operations/encryption-key';
export { DataPurpose } from '../core/data-purpose';
export { DataBucket, type DataBucketProps, type RetentionLock } from './storage/data-bucket';
export { LustreFileSystem, type LustreFileSystemProps } from './storage/lustre-file-system';
export { ServicePeering } from './storage/service-peering';
export { CostAllocation } from './operations/cost-allocation';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { SystemNodePool, type SystemNodePoolProps } from './nodes/system-node-pool';
export type { KubernetesConnection } from './cluster/control-plane';
export { Installation } from '../terraform/installation';
export type { INamedBucket, JobIdentity } from './cluster/job-identity';
export type { ClusterSoftware } from '../terraform/cluster-software';
export type { ILustreFileSystem } from './storage/lustre-attributes';
export type { TrainJobOptions } from './training/train-job-options';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps } from './training/training-cluster-props';
export type { TrainingGroup, TrainingGroupOptions } from './training/training-group';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export type { TrainingImages } from '../kubernetes';
export { type LustreStorageOptions, TrainingStorage } from './training/training-storage';
export { CloudRunGpu } from './inference/cloud-run-gpu';
export { CloudRunInference } from './inference/cloud-run-inference';
export { CloudRunModel, type ImageModelOptions, type MountedModelOptions } from './inference/cloud-run-model';
export { type CloudRunInferenceProps, CloudRunIngress, type InstanceScaling } from './inference/cloud-run-props';
export type { EndpointScaling } from './inference/endpoint-scaling';
export type { GardenContainer } from './inference/garden-container';
export { GardenModel, type GardenModelOptions, type HuggingFaceOptions } from './inference/garden-model';
export { InferenceEndpoint } from './inference/inference-endpoint';
export {
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
} from './inference/realtime-inference-platform';
export { type RealtimeEndpoint, RealtimeServing, type SharedServing } from './inference/realtime-serving';
export type { EndpointMetrics, MetricQuery } from './inference/endpoint-metrics';
export {
  InferenceObservability,
  type InferenceObservabilityProps,
  type ObservedEndpoint,
} from './inference/inference-observability';
export { PrivateConnection, type PrivateConnectionProps } from './inference/private-connection';
export { PrivateEndpoint, type PrivateEndpointProps, type RequestLog } from './inference/private-endpoint';
export { EndpointAccess, type InferenceEndpointProps } from './inference/inference-endpoint-props';
export { ProxySubnet, type ProxySubnetProps } from './network/proxy-subnet';
export type { SpotOptions } from './capacity/capacity';
export type { InferenceEntrance } from './kubernetes-inference/inference-entrance';
export type { InferenceNodes } from './kubernetes-inference/inference-nodes';
export type { InferenceSoftware } from './kubernetes-inference/inference-software';
export { KubernetesInference } from './kubernetes-inference/kubernetes-inference';
export type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference/kubernetes-inference-props';
export type { ModelIdentity } from './kubernetes-inference/model-identity';
export {
  type InferenceGatewayOptions,
  type InternalLoadBalancerOptions,
  ServingIngress,
} from './kubernetes-inference/serving-ingress';
export { ServingModel } from './kubernetes-inference/serving-model';
export type { GatewayOptions } from '../kubernetes/serving/gateway';
export type { BucketModelOptions, HubModelOptions, VolumeModelOptions } from '../kubernetes/serving/model-options';
export { ServingCache } from '../kubernetes/serving/serving-cache';
export {
  type ExistingPrometheus,
  type KedaOptions,
  type ScalingOptions,
  ServingScaling,
} from '../kubernetes/serving/serving-scaling';
export { ServingServer } from '../kubernetes/serving/serving-server';
export type { EnvVar, KubernetesManifest, ManifestBundle } from '../kubernetes';
export type { ServerOptions, VllmServerOptions, WakeUp } from '../kubernetes';
export { type BatchEstimate, BatchInference } from './batch/batch-inference';
export { BatchInferencePlatform, type BatchInferencePlatformProps } from './batch/batch-inference-platform';
export type { BatchInferenceProps, PlannedBatchWork } from './batch/batch-inference-props';
export type { BatchIdentity } from './batch/batch-identity';
export type { BatchSoftware } from './batch/batch-software';
export type { BatchWork } from '../core/planning/batch-estimate';
