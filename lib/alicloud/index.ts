export { AlicloudMachine, type AlicloudMachineBase } from './machine/machine';
export type { MlNetworkAttributes } from './network/existing-network';
export { MlNetwork, type MlNetworkProps } from './network/ml-network';
export type { IMlNetwork, ZoneVswitch } from './network/network-attributes';
export type { NetworkRanges } from './network/network-ranges';
export { CostAllocation } from './operations/cost-allocation';
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
export { JobVolume, type MountOptions, type ScratchOptions } from '../kubernetes/job-volume';
export type { KubernetesManifest } from '../kubernetes/manifest';
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
