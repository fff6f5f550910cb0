export { AlertTopic, type AlertTopicProps } from './alert-topic';
export {
  Capacity,
  type CapacityReservationOptions,
  type NewReservationOptions,
  type ReservationOptions,
  type SpotOptions,
} from './capacity';
export { CostAllocation } from './cost-allocation';
export { CostBudget, type CostBudgetProps } from './cost-budget';
export { EfaNodeGroup, type EfaNodeGroupOptions, type EfaNodeGroupProps } from './efa-node-group';
export { EfaSecurityGroup, type EfaSecurityGroupProps } from './efa-security-group';
export { acknowledge } from './findings';
export { Interconnect } from './interconnect';
export { AwsMachine, type AwsMachineSpec, NodeOs } from './machine';
export { type NetworkInterface, networkLayout } from './network-layout';
export { TrainingObservability, type TrainingObservabilityProps } from './training-observability';
export { ControlPlane, type ControlPlaneProps } from './control-plane';
export { DataBucket, type DataBucketProps } from './data-bucket';
export { DataPurpose } from './data-bucket-lifecycle';
export { DataRepositoryEvent, type DataRepositoryProps } from './data-repository';
export { Installation, type InClusterOptions } from './installation';
export type { ILustreFileSystem, LustreFileSystemAttributes } from './lustre-attributes';
export { LustreFileSystem, type LustreFileSystemProps } from './lustre-file-system';
export { LustreMetadata } from './lustre-metadata';
export { MlVpc, type MlVpcProps } from './ml-vpc';
export { SystemNodeGroup, type SystemNodeGroupProps } from './system-node-group';
export { TemplateChecks } from './template-checks';
export { type DataStore, TrainingCluster, type TrainingClusterProps } from './training-cluster';
export { TrainingPlatform, type TrainingPlatformProps } from './training-platform';
export type { TrainingImages } from './training-software';
export { type LustreStorageOptions, TrainingStorage } from './training-storage';
export { acceptRules } from './accepted-rules';
export type { KubernetesManifest, ManifestBundle } from '../kubernetes';
export { ClusterSoftware } from './cluster-software';
export { EncryptedLogGroup } from './encrypted-log-group';
export { ML_INTERFACE_ENDPOINTS, MlVpcEndpoints } from './ml-vpc-endpoints';
export { NodeLaunchTemplate } from './node-launch-template';
export type { TrainJobOptions } from './train-job-options';
