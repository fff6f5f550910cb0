// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { DataBucketProps, RetentionLock } from './storage/data-bucket';
import type { EncryptionKeyProps } from './operations/encryption-key';
import type { MlNetworkAttributes } from './network/existing-network';
import type { MlNetworkProps } from './network/ml-network';
import type { ZoneVswitch } from './network/network-attributes';
import {
  BOOLEAN,
  NUMBER,
  STRING,
  listOf,
  objectOf,
  oneOf,
  required,
  type PropSchema,
  type PropType,
  withMembers,
} from '../core/prop-schema';
import { DATA_CLASS, DATA_PURPOSE } from '../core/prop-schemas';

export const DATA_BUCKET: PropType = withMembers(
  'an IDataBucket',
  { name: 'string' },
  'Use new DataBucket(…) or DataBucket.fromBucketName(…).',
);
export const ENCRYPTION_KEY: PropType = withMembers(
  'an IEncryptionKey',
  { keyId: 'string' },
  'Use new EncryptionKey(…) or EncryptionKey.fromEncryptionKeyId(…).',
);
export const STORAGE_REDUNDANCY: PropType = oneOf(['LRS', 'ZRS']);

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
