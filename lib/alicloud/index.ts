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
export type { DataRepository, DataRepositoryProps } from './storage/data-repository';
export { BucketVolume, type BucketVolumeProps } from './training/bucket-volume';
export type { JobEnvironment, SecretKey } from '../kubernetes/job-environment';
export { JobVolume, type MountOptions, type ScratchOptions } from '../kubernetes/job-volume';
export type { KubernetesManifest } from '../kubernetes/manifest';
export { type CpfsStorageOptions, TrainingStorage } from './training/training-storage';
export { TrainingCluster, type TrainingClusterProps, type TrainingGroupOptions } from './training/training-cluster';
export { JobPriority } from '../kubernetes/queues';
export type { TrainingImages } from '../kubernetes';
export type { EnvVar, ManifestBundle } from '../kubernetes';
export type { KubeletOptions } from '../kubernetes/kubelet-options';
export type { FabricPod, Taint } from '../kubernetes/pool';
export type { TrainJobOptions } from '../kubernetes/train-job';
export type { ClusterSoftware } from '../terraform/cluster-software';
export { Installation } from '../terraform/installation';
export { Prices, type PricesOptions } from '../core/catalog/price-override';
export type { TrainingPlan } from '../core/planning/plan-training';
export { ModelSpec, type ModelSpecBase } from '../core/workload/model-spec';
export { TrainingJob, type TrainingJobProps } from '../core/workload/training-job';
export { acknowledge } from '../terraform/findings';
export { useProviders } from '../terraform/use-providers';
export { DataPurpose } from '../core/data-purpose';
export { DataClass } from '../core/data-class';
export type { CostAllocationProps } from '../core/cost-allocation';
export type { AlicloudMachineRow } from '../core/catalog/alicloud-machines';
export type { ChipName, ChipRow, CHIPS, ChipVendor } from '../core/catalog/chips';
export type { MachineStatics, StaticName } from '../core/catalog/machine-names';
export type { Finding, FINDING_IDS, FindingId, FindingLevel } from '../core/findings';
