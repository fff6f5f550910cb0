export {
  Capacity,
  type FlexStartOptions,
  type NewReservationOptions,
  type ReservationOptions,
} from './capacity/capacity';
export type { IGkeCluster } from './cluster/gke-cluster';
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
export { MlNetwork, type MlNetworkProps } from './network/ml-network';
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
export type { ClusterSoftware } from './cluster/cluster-software';
export type { ILustreFileSystem } from './storage/lustre-attributes';
export type { TrainJobOptions } from './training/train-job-options';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps } from './training/training-cluster-props';
export type { TrainingGroup, TrainingGroupOptions } from './training/training-group';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export type { TrainingImages } from './training/training-software';
export { type LustreStorageOptions, TrainingStorage } from './training/training-storage';
