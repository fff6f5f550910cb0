export { AlertTopic, type AlertTopicProps } from './operations/alert-topic';
export {
  Capacity,
  type CapacityReservationOptions,
  type NewReservationOptions,
  type ReservationOptions,
  type SpotOptions,
} from './capacity/capacity';
export { CostAllocation } from './operations/cost-allocation';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { EfaNodeGroup } from './nodes/efa-node-group';
export type { EfaNodeGroupOptions, EfaNodeGroupProps } from './nodes/node-group-options';
export { EfaSecurityGroup, type EfaSecurityGroupProps } from './network/efa-security-group';
export { acknowledge } from './template/findings';
export { Interconnect } from './network/interconnect';
export { AwsMachine, type AwsMachineSpec, NodeOs } from './machine/machine';
export { type NetworkInterface, networkLayout } from './network/network-layout';
export { TrainingObservability, type TrainingObservabilityProps } from './training/training-observability';
export { ControlPlane, type ControlPlaneProps } from './cluster/control-plane';
export { DataBucket, type DataBucketProps } from './storage/data-bucket';
export { DataPurpose } from './storage/data-bucket-lifecycle';
export { DataRepositoryEvent, type DataRepositoryProps } from './storage/data-repository';
export { Installation, type InClusterOptions } from './cluster/installation';
export type { ILustreFileSystem, LustreFileSystemAttributes } from './storage/lustre-attributes';
export { LustreFileSystem, type LustreFileSystemProps } from './storage/lustre-file-system';
export { LustreMetadata } from './storage/lustre-metadata';
export { MlVpc, type MlVpcProps } from './network/ml-vpc';
export { SystemNodeGroup, type SystemNodeGroupProps } from './nodes/system-node-group';
export { TemplateChecks } from './template/template-checks';
export { type DataStore, TrainingCluster, type TrainingClusterProps } from './training/training-cluster';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export type { TrainingImages } from './training/training-software';
export { type LustreStorageOptions, TrainingStorage } from './training/training-storage';
export { acceptRules } from './template/accepted-rules';
export type { KubernetesManifest, ManifestBundle } from '../kubernetes';
export { ClusterSoftware } from './cluster/cluster-software';
export { EncryptedLogGroup } from './operations/encrypted-log-group';
export { mlInterfaceEndpoints, MlVpcEndpoints } from './network/ml-vpc-endpoints';
export { NodeLaunchTemplate } from './nodes/node-launch-template';
export type { TrainJobOptions } from './training/train-job-options';
