// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { BucketVolumeProps } from './training/bucket-volume';
import type { CpfsFileSystemAttributes, CpfsFileSystemProps, CpfsMountAddress } from './storage/cpfs-file-system';
import type { CpfsStorageOptions } from './training/training-storage';
import type { DataBucketProps, RetentionLock } from './storage/data-bucket';
import type { DataRepositoryProps } from './storage/data-repository';
import type { EncryptionKeyProps } from './operations/encryption-key';
import type { MlNetworkAttributes } from './network/existing-network';
import type { MlNetworkProps } from './network/ml-network';
import type { ZoneVswitch } from './network/network-attributes';
import {
  BOOLEAN,
  NUMBER,
  STRING,
  instanceOf,
  listOf,
  objectOf,
  oneOf,
  required,
  type PropSchema,
  type PropType,
  withMembers,
} from '../core/prop-schema';
import { DATA_CLASS, DATA_PURPOSE } from '../core/prop-schemas';

export const CPFS_FILE_SYSTEM: PropType = withMembers(
  'an ICpfsFileSystem',
  { fileSystemId: 'string', zone: 'string' },
  'Use new CpfsFileSystem(…) or CpfsFileSystem.fromCpfsFileSystemAttributes(…).',
);
export const CPFS_PROTOCOL: PropType = instanceOf(
  'alicloud.CpfsProtocol',
  'a CpfsProtocol',
  'Use CpfsProtocol.general() or CpfsProtocol.cache(…).',
);
export const DATA_BUCKET: PropType = withMembers(
  'an IDataBucket',
  { name: 'string' },
  'Use new DataBucket(…) or DataBucket.fromBucketName(…).',
);
export const ENCRYPTION_KEY: PropType = withMembers(
  'an IEncryptionKey',
  { keyId: 'string' },
  'Use new EncryptionKey(…), EncryptionKey.of(…) or EncryptionKey.fromEncryptionKeyId(…).',
);
export const ML_NETWORK: PropType = withMembers(
  'an IMlNetwork',
  { vpcId: 'string', region: 'string', securityGroupId: 'string', vswitches: 'object' },
  'Use new MlNetwork(…) or MlNetwork.fromMlNetworkAttributes(…).',
);
export const STORAGE_REDUNDANCY: PropType = oneOf(['LRS', 'ZRS']);

export const BUCKET_VOLUME_PROPS: PropSchema<BucketVolumeProps> = {
  name: required(STRING),
  bucket: required(DATA_BUCKET),
  region: required(STRING),
  roleName: required(STRING),
  folder: STRING,
  writable: BOOLEAN,
};

export const CPFS_FILE_SYSTEM_ATTRIBUTES: PropSchema<CpfsFileSystemAttributes> = {
  fileSystemId: required(STRING),
  zone: required(STRING),
  mountAddress: objectOf(() => CPFS_MOUNT_ADDRESS, 'an object { server }'),
  sizeGiB: NUMBER,
  throughputMBps: NUMBER,
  clientMBps: NUMBER,
};

export const CPFS_FILE_SYSTEM_PROPS: PropSchema<CpfsFileSystemProps> = {
  network: required(ML_NETWORK),
  zone: required(STRING),
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  encryptionKey: ENCRYPTION_KEY,
  protocol: CPFS_PROTOCOL,
  dataRepositories: listOf(objectOf(() => DATA_REPOSITORY_PROPS, 'an object { bucket, path }')),
  mountAddress: objectOf(() => CPFS_MOUNT_ADDRESS, 'an object { server }'),
};

export const CPFS_MOUNT_ADDRESS: PropSchema<CpfsMountAddress> = {
  server: required(STRING),
  path: STRING,
};

export const CPFS_STORAGE_OPTIONS: PropSchema<CpfsStorageOptions> = {
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  protocol: CPFS_PROTOCOL,
  dataRepositories: listOf(objectOf(() => DATA_REPOSITORY_PROPS, 'an object { bucket, path }')),
  mountAddress: objectOf(() => CPFS_MOUNT_ADDRESS, 'an object { server }'),
};

export const DATA_BUCKET_PROPS: PropSchema<DataBucketProps> = {
  purpose: DATA_PURPOSE,
  dataClass: DATA_CLASS,
  encryptionKey: ENCRYPTION_KEY,
  accessLogs: DATA_BUCKET,
  versioned: BOOLEAN,
  redundancy: STORAGE_REDUNDANCY,
  expirationDays: NUMBER,
  noncurrentVersionExpirationDays: NUMBER,
  retention: objectOf(() => RETENTION_LOCK, 'an object { days }'),
};

export const DATA_REPOSITORY_PROPS: PropSchema<DataRepositoryProps> = {
  bucket: required(DATA_BUCKET),
  path: required(STRING),
  throughputMBps: NUMBER,
};

export const ENCRYPTION_KEY_PROPS: PropSchema<EncryptionKeyProps> = {
  kmsInstanceId: STRING,
  rotationDays: NUMBER,
};

export const ML_NETWORK_ATTRIBUTES: PropSchema<MlNetworkAttributes> = {
  vpcId: required(STRING),
  region: required(STRING),
  securityGroupId: required(STRING),
  vswitches: required(listOf(objectOf(() => ZONE_VSWITCH, 'an object { zone, vswitchId }'))),
  serviceCidr: STRING,
  podVswitches: listOf(objectOf(() => ZONE_VSWITCH, 'an object { zone, vswitchId }')),
};

export const ML_NETWORK_PROPS: PropSchema<MlNetworkProps> = {
  zones: required(listOf(STRING)),
  cidr: STRING,
  nodeCidr: STRING,
  podCidr: STRING,
  serviceCidr: STRING,
  egressMbps: NUMBER,
};

export const RETENTION_LOCK: PropSchema<RetentionLock> = {
  days: required(NUMBER),
  permanent: BOOLEAN,
};

export const ZONE_VSWITCH: PropSchema<ZoneVswitch> = {
  zone: required(STRING),
  vswitchId: required(STRING),
  cidr: STRING,
};
