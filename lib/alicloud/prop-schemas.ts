// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { CpfsFileSystemAttributes, CpfsFileSystemProps, CpfsMountAddress } from './storage/cpfs-file-system';
import type { CpfsStorageOptions } from './training/training-storage';
import type { DataBucketProps, RetentionLock } from './storage/data-bucket';
import type { DataRepositoryProps } from './storage/data-repository';
import type { EncryptionKeyProps } from './operations/encryption-key';
import type {
  EndpointMonitoring,
  InferenceObservabilityProps,
  ObservedEndpoint,
} from './inference/inference-observability';
import type {
  EndpointScaling,
  EndpointSpot,
  InferenceEndpointProps,
  RequestLog,
  ServedModel,
} from './inference/endpoint-options';
import type { FunctionInferenceProps, FunctionLog, FunctionTraffic, InstanceScaling } from './inference/function-props';
import type { ImageModelOptions, MountedModelOptions } from './inference/endpoint-model';
import type { InferenceEndpointAttributes } from './inference/inference-endpoint';
import type { MlNetworkAttributes } from './network/existing-network';
import type { MlNetworkProps } from './network/ml-network';
import type { RealtimeInferencePlatformProps } from './inference/realtime-inference-platform';
import type { ZoneVswitch } from './network/network-attributes';
import {
  ANY,
  BOOLEAN,
  NUMBER,
  STRING,
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
export const CPFS_ENCRYPTION: PropType = oneOf(['customer-key', 'service-key']);
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
  'Use new EncryptionKey(…) or EncryptionKey.fromEncryptionKeyId(…).',
);
export const ENDPOINT_MODEL: PropType = instanceOf(
  'alicloud.EndpointModel',
  'an EndpointModel',
  'Use EndpointModel.bucket(…) or EndpointModel.image(…).',
);
export const FUNCTION_GPU: PropType = oneOf(['fc.gpu.tesla.1', 'fc.gpu.ada.1']);
export const ML_NETWORK: PropType = withMembers(
  'an IMlNetwork',
  { vpcId: 'string', region: 'string', securityGroupId: 'string', vswitches: 'object' },
  'Use new MlNetwork(…) or MlNetwork.fromMlNetworkAttributes(…).',
);
export const REALTIME_SERVING: PropType = instanceOf(
  'alicloud.RealtimeServing',
  'a RealtimeServing',
  'Use RealtimeServing.eas(…), RealtimeServing.functionCompute(…) or RealtimeServing.fromEndpoint(…).',
);
export const STORAGE_REDUNDANCY: PropType = oneOf(['LRS', 'ZRS']);

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
  encryption: CPFS_ENCRYPTION,
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
  encryption: CPFS_ENCRYPTION,
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

export const ENDPOINT_MONITORING: PropSchema<EndpointMonitoring> = {
  functionName: STRING,
  eventProduct: STRING,
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

export const FUNCTION_INFERENCE_PROPS: PropSchema<FunctionInferenceProps> = {
  gpu: required(FUNCTION_GPU),
  model: required(ENDPOINT_MODEL),
  server: required(SERVING_SERVER),
  load: SERVING_LOAD,
  scaling: objectOf(() => INSTANCE_SCALING, 'an object { minReplicas, maxReplicas }'),
  concurrency: NUMBER,
  timeoutSeconds: NUMBER,
  vcpus: NUMBER,
  memoryGiB: NUMBER,
  publicAccess: BOOLEAN,
  network: ML_NETWORK,
  invokers: listOf(STRING),
  roleName: STRING,
  log: objectOf(() => FUNCTION_LOG, 'an object { project, logstore }'),
  traffic: objectOf(() => FUNCTION_TRAFFIC, 'an object { version }'),
  name: STRING,
  prices: PRICES,
};

export const FUNCTION_LOG: PropSchema<FunctionLog> = {
  project: required(STRING),
  logstore: required(STRING),
};

export const FUNCTION_TRAFFIC: PropSchema<FunctionTraffic> = {
  version: required(STRING),
  nextVersion: STRING,
  nextPercent: NUMBER,
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

export const INFERENCE_OBSERVABILITY_PROPS: PropSchema<InferenceObservabilityProps> = {
  endpoint: required(objectOf(() => OBSERVED_ENDPOINT, 'an object { monitoring }')),
  load: SERVING_LOAD,
  alertContactGroups: required(listOf(STRING)),
};

export const INSTANCE_SCALING: PropSchema<InstanceScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
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

export const OBSERVED_ENDPOINT: PropSchema<ObservedEndpoint> = {
  monitoring: required(objectOf(() => ENDPOINT_MONITORING, 'an object { functionName, eventProduct }')),
};

export const REALTIME_INFERENCE_PLATFORM_PROPS: PropSchema<RealtimeInferencePlatformProps> = {
  serving: required(REALTIME_SERVING),
  zones: listOf(STRING),
  network: ML_NETWORK,
  costAllocation: ANY,
  monthlyBudgetUsd: required(NUMBER),
  alertContactGroups: listOf(STRING),
  dataClass: DATA_CLASS,
  load: SERVING_LOAD,
  prices: PRICES,
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

export const ZONE_VSWITCH: PropSchema<ZoneVswitch> = {
  zone: required(STRING),
  vswitchId: required(STRING),
  cidr: STRING,
};
