// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { BucketVolumeProps } from './training/bucket-volume';
import type {
  CodeSourceOptions,
  DatasetOptions,
  MachineLearningWorkspaceProps,
  RegisteredModelOptions,
  WorkspaceMember,
} from './machine-learning/machine-learning-workspace';
import type { ContainerRegistryProps } from './machine-learning/container-registry';
import type { ControlPolicyProps } from './operations/control-policy';
import type { CostBudgetProps } from './operations/cost-budget';
import type { CpfsFileSystemAttributes, CpfsFileSystemProps, CpfsMountAddress } from './storage/cpfs-file-system';
import type { CpfsStorageOptions } from './training/training-storage';
import type { DataBucketProps, RetentionLock } from './storage/data-bucket';
import type { DataRepositoryProps } from './storage/data-repository';
import type { EncryptionKeyProps } from './operations/encryption-key';
import type {
  EndpointScaling,
  EndpointSpot,
  InferenceEndpointProps,
  RequestLog,
  ServedModel,
} from './inference/endpoint-options';
import type { ImageModelOptions, MountedModelOptions } from './inference/endpoint-model';
import type { InferenceEndpointAttributes } from './inference/inference-endpoint';
import type { MlNetworkAttributes } from './network/existing-network';
import type { MlNetworkProps } from './network/ml-network';
import type { MlopsPlatformProps } from './machine-learning/mlops-platform';
import type { QuotaAlarmProps, QuotaOptions } from './operations/quota-alarm';
import type { TagPolicyProps } from './operations/tag-policy';
import type { ZoneVswitch } from './network/network-attributes';
import {
  ANY,
  BOOLEAN,
  NUMBER,
  STRING,
  STRING_OR_EMPTY,
  instanceOf,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  required,
  type PropSchema,
  type PropType,
  withMembers,
} from '../core/prop-schema';
import { DATA_CLASS, DATA_PURPOSE, PRICES, SERVING_LOAD } from '../core/prop-schemas';
import { SERVING_SERVER } from '../kubernetes/prop-schemas';

export const ALICLOUD_MACHINE: PropType = instanceOf('alicloud.AlicloudMachine', 'an AlicloudMachine', (value) =>
  typeof value === 'string'
    ? `Use AlicloudMachine.fromName('${value}').`
    : 'Use a static member of AlicloudMachine, for example AlicloudMachine.ECS_EBMGN9G_64XLARGE.',
);
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
export const DATASET_TYPE: PropType = oneOf(['COMMON', 'PIC', 'TEXT']);
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
export const ENDPOINT_MODEL: PropType = instanceOf(
  'alicloud.EndpointModel',
  'an EndpointModel',
  'Use EndpointModel.bucket(…) or EndpointModel.image(…).',
);
export const ML_NETWORK: PropType = withMembers(
  'an IMlNetwork',
  { vpcId: 'string', region: 'string', securityGroupId: 'string', vswitches: 'object' },
  'Use new MlNetwork(…) or MlNetwork.fromMlNetworkAttributes(…).',
);
export const QUOTA: PropType = instanceOf('alicloud.Quota', 'a Quota', 'Use Quota.ofMachine(…) or Quota.of(…).');
export const REGISTRY_EDITION: PropType = oneOf(['Basic', 'Standard', 'Advanced']);
export const STORAGE_REDUNDANCY: PropType = oneOf(['LRS', 'ZRS']);
export const TAG_POLICY_TARGET: PropType = instanceOf(
  'alicloud.TagPolicyTarget',
  'a TagPolicyTarget',
  'Use TagPolicyTarget.account(), TagPolicyTarget.folder(…) or TagPolicyTarget.member(…).',
);

export const BUCKET_VOLUME_PROPS: PropSchema<BucketVolumeProps> = {
  name: required(STRING),
  bucket: required(DATA_BUCKET),
  region: required(STRING),
  roleName: required(STRING),
  folder: STRING,
  writable: BOOLEAN,
};

export const CODE_SOURCE_OPTIONS: PropSchema<CodeSourceOptions> = {
  repository: required(STRING),
  branch: STRING,
  commit: STRING,
  mountPath: STRING,
};

export const CONTAINER_REGISTRY_PROPS: PropSchema<ContainerRegistryProps> = {
  network: required(ML_NETWORK),
  repositories: required(listOf(STRING)),
  edition: REGISTRY_EDITION,
};

export const CONTROL_POLICY_PROPS: PropSchema<ControlPolicyProps> = {
  targets: required(listOf(STRING)),
  deniedRegions: listOf(STRING),
  protectedExceptRoles: listOf(STRING),
  requiredTags: recordOf(listOf(STRING)),
};

export const COST_BUDGET_PROPS: PropSchema<CostBudgetProps> = {
  monthlyUsd: required(NUMBER),
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

export const DATASET_OPTIONS: PropSchema<DatasetOptions> = {
  bucket: required(DATA_BUCKET),
  folder: STRING,
  type: DATASET_TYPE,
  mountPath: STRING,
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

export const ENDPOINT_SCALING: PropSchema<EndpointScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
  targetRequestsPerSecond: NUMBER,
  scaleInCooldownMinutes: NUMBER,
};

export const ENDPOINT_SPOT: PropSchema<EndpointSpot> = {
  maxPricePerHour: required(NUMBER),
  fallback: BOOLEAN,
  withoutProtectionPeriod: BOOLEAN,
};

export const IMAGE_MODEL_OPTIONS: PropSchema<ImageModelOptions> = {
  path: required(STRING),
  sizeGiB: required(NUMBER),
};

export const INFERENCE_ENDPOINT_ATTRIBUTES: PropSchema<InferenceEndpointAttributes> = {
  endpointName: required(STRING),
  region: required(STRING),
  publicAccess: BOOLEAN,
};

export const INFERENCE_ENDPOINT_PROPS: PropSchema<InferenceEndpointProps> = {
  network: required(ML_NETWORK),
  models: required(recordOf(objectOf(() => SERVED_MODEL, 'an object { model }'))),
  machine: required(ALICLOUD_MACHINE),
  fallbackMachines: listOf(ALICLOUD_MACHINE),
  spot: objectOf(() => ENDPOINT_SPOT, 'an object { maxPricePerHour }'),
  load: SERVING_LOAD,
  scaling: objectOf(
    () => ENDPOINT_SCALING,
    'an object { minReplicas, maxReplicas, targetRequestsPerSecond, scaleInCooldownMinutes }',
  ),
  publicAccess: BOOLEAN,
  gatewayId: STRING,
  workspaceId: STRING,
  roleName: STRING,
  requestLog: objectOf(() => REQUEST_LOG, 'an object { project, logstore }'),
  diskGiB: NUMBER,
  stopped: BOOLEAN,
  endpointName: STRING,
  prices: PRICES,
};

export const MACHINE_LEARNING_WORKSPACE_PROPS: PropSchema<MachineLearningWorkspaceProps> = {
  artifacts: required(DATA_BUCKET),
  workspaceName: STRING,
  description: STRING,
  separateDevelopment: BOOLEAN,
  datasets: recordOf(objectOf(() => DATASET_OPTIONS, 'an object { bucket }')),
  models: recordOf(objectOf(() => REGISTERED_MODEL_OPTIONS, 'an object { domain, task, description }')),
  experiments: listOf(STRING),
  codeSources: recordOf(objectOf(() => CODE_SOURCE_OPTIONS, 'an object { repository }')),
  members: listOf(objectOf(() => WORKSPACE_MEMBER, 'an object { userId, roles }')),
};

export const MLOPS_PLATFORM_PROPS: PropSchema<MlopsPlatformProps> = {
  network: required(ML_NETWORK),
  repositories: listOf(STRING),
  edition: REGISTRY_EDITION,
  encryptionKey: ENCRYPTION_KEY,
  dataClass: DATA_CLASS,
  jobRoleName: STRING,
  logRetentionDays: NUMBER,
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  models: recordOf(objectOf(() => REGISTERED_MODEL_OPTIONS, 'an object { domain, task, description }')),
  workspaceName: STRING,
  description: STRING,
  separateDevelopment: BOOLEAN,
  datasets: recordOf(objectOf(() => DATASET_OPTIONS, 'an object { bucket }')),
  experiments: listOf(STRING),
  codeSources: recordOf(objectOf(() => CODE_SOURCE_OPTIONS, 'an object { repository }')),
  members: listOf(objectOf(() => WORKSPACE_MEMBER, 'an object { userId, roles }')),
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

export const MOUNTED_MODEL_OPTIONS: PropSchema<MountedModelOptions> = {
  prefix: required(STRING),
  sizeGiB: required(NUMBER),
};

export const QUOTA_ALARM_PROPS: PropSchema<QuotaAlarmProps> = {
  quota: required(QUOTA),
  usedPercent: NUMBER,
  webHook: STRING,
};

export const QUOTA_OPTIONS: PropSchema<QuotaOptions> = {
  productCode: required(STRING),
  quotaActionCode: required(STRING),
  dimensions: recordOf(STRING_OR_EMPTY),
};

export const REGISTERED_MODEL_OPTIONS: PropSchema<RegisteredModelOptions> = {
  domain: STRING,
  task: STRING,
  description: STRING,
};

export const REQUEST_LOG: PropSchema<RequestLog> = {
  project: required(STRING),
  logstore: required(STRING),
};

export const RETENTION_LOCK: PropSchema<RetentionLock> = {
  days: required(NUMBER),
  permanent: BOOLEAN,
};

export const SERVED_MODEL: PropSchema<ServedModel> = {
  model: required(ENDPOINT_MODEL),
  server: SERVING_SERVER,
  machine: ALICLOUD_MACHINE,
  trafficPercent: NUMBER,
  timeoutSeconds: NUMBER,
  scaling: objectOf(
    () => ENDPOINT_SCALING,
    'an object { minReplicas, maxReplicas, targetRequestsPerSecond, scaleInCooldownMinutes }',
  ),
};

export const TAG_POLICY_PROPS: PropSchema<TagPolicyProps> = {
  target: TAG_POLICY_TARGET,
  requiredTags: listOf(STRING),
  allowedValues: recordOf(listOf(STRING)),
  enforcedFor: listOf(STRING),
};

export const WORKSPACE_MEMBER: PropSchema<WorkspaceMember> = {
  userId: required(STRING),
  roles: required(listOf(STRING)),
};

export const ZONE_VSWITCH: PropSchema<ZoneVswitch> = {
  zone: required(STRING),
  vswitchId: required(STRING),
  cidr: STRING,
};
