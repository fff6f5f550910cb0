// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { AcceleratorNodePoolProps, NodeOptions } from './nodes/node-pool-options';
import type {
  AssuranceOptions,
  LingjunOptions,
  NewReservationOptions,
  ReservationOptions,
  SpotOptions,
} from './capacity/capacity';
import type { BucketVolumeProps } from './training/bucket-volume';
import type { ClusterMaintenance, MaintenanceWindow } from './cluster/maintenance';
import type {
  CodeSourceOptions,
  DatasetOptions,
  MachineLearningWorkspaceProps,
  RegisteredModelOptions,
  WorkspaceMember,
} from './machine-learning/machine-learning-workspace';
import type { ContainerRegistryProps } from './machine-learning/container-registry';
import type { ControlPlaneAttributes, ExistingClusterOptions } from './cluster/cluster-source';
import type { ControlPlaneProps, NewClusterOptions } from './cluster/control-plane';
import type { ControlPolicyProps } from './operations/control-policy';
import type { CostBudgetProps } from './operations/cost-budget';
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
import type { GpuAlarmsProps } from './operations/gpu-alarms';
import type { ImageModelOptions, MountedModelOptions } from './inference/endpoint-model';
import type { InferenceEndpointAttributes } from './inference/inference-endpoint';
import type { MlNetworkAttributes } from './network/existing-network';
import type { MlNetworkProps } from './network/ml-network';
import type { MlopsPlatformProps } from './machine-learning/mlops-platform';
import type { QuotaAlarmProps, QuotaOptions } from './operations/quota-alarm';
import type { RealtimeInferencePlatformProps } from './inference/realtime-inference-platform';
import type { SystemNodeOptions, SystemNodePoolProps } from './nodes/system-node-pool';
import type { TagPolicyProps } from './operations/tag-policy';
import type { TrainingClusterProps, TrainingGroupOptions } from './training/training-cluster';
import type { TrainingPlatformProps } from './training/training-platform';
import type { ZoneVswitch } from './network/network-attributes';
import { ACK_CLUSTER, TIME_OF_DAY } from './props/prop-types';
import {
  ANY,
  BOOLEAN,
  DATE,
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
import { CONFIRMED } from '../core/prop-types';
import { DATA_CLASS, DATA_PURPOSE, PRICES, SERVING_LOAD, TRAINING_JOB } from '../core/prop-schemas';
import { INSTALLATION } from '../terraform/prop-schemas';
import { KUBELET_OPTIONS, SERVING_SERVER, TAINT, TRAINING_IMAGES } from '../kubernetes/prop-schemas';
import { TERRAFORM_DEPENDABLE } from '../terraform/prop-types';

export const ALICLOUD_MACHINE: PropType = instanceOf('alicloud.AlicloudMachine', 'an AlicloudMachine', (value) =>
  typeof value === 'string'
    ? `Use AlicloudMachine.fromName('${value}').`
    : 'Use a static member of AlicloudMachine, for example AlicloudMachine.ECS_EBMGN9G_64XLARGE.',
);
export const API_ACCESS: PropType = oneOf(['private', 'public']);
export const CAPACITY: PropType = instanceOf(
  'alicloud.Capacity',
  'a Capacity',
  'Use a static member of Capacity, for example Capacity.onDemand().',
);
export const CLUSTER_SOURCE: PropType = instanceOf(
  'alicloud.ClusterSource',
  'a ClusterSource',
  'Use ClusterSource.create() or ClusterSource.fromCluster(…).',
);
export const CLUSTER_TIER: PropType = oneOf(['ack.pro.small', 'ack.pro.xlarge', 'ack.pro.2xlarge', 'ack.pro.4xlarge']);
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
  'Use new EncryptionKey(…), EncryptionKey.of(…) or EncryptionKey.fromEncryptionKeyId(…).',
);
export const ENDPOINT_MODEL: PropType = instanceOf(
  'alicloud.EndpointModel',
  'an EndpointModel',
  'Use EndpointModel.bucket(…) or EndpointModel.image(…).',
);
export const FUNCTION_GPU: PropType = oneOf(['fc.gpu.tesla.1', 'fc.gpu.ada.1']);
export const GPU_SHARING: PropType = oneOf(['cgpu', 'core_mem', 'share', 'mps']);
export const ML_NETWORK: PropType = withMembers(
  'an IMlNetwork',
  { vpcId: 'string', region: 'string', securityGroupId: 'string', vswitches: 'object' },
  'Use new MlNetwork(…) or MlNetwork.fromMlNetworkAttributes(…).',
);
export const OS_HARDENING: PropType = oneOf(['alibaba-cloud', 'mlps']);
export const QUOTA: PropType = instanceOf('alicloud.Quota', 'a Quota', 'Use Quota.ofMachine(…) or Quota.of(…).');
export const REALTIME_SERVING: PropType = instanceOf(
  'alicloud.RealtimeServing',
  'a RealtimeServing',
  'Use RealtimeServing.eas(…), RealtimeServing.functionCompute(…) or RealtimeServing.fromEndpoint(…).',
);
export const REGISTRY_EDITION: PropType = oneOf(['Basic', 'Standard', 'Advanced']);
export const SHARED_CHART: PropType = oneOf([
  'jobset',
  'keda',
  'kube-prometheus-stack',
  'kubeflow-trainer',
  'kueue',
  'lws',
  'picker-kinds',
]);
export const STORAGE_REDUNDANCY: PropType = oneOf(['LRS', 'ZRS']);
export const TAG_POLICY_TARGET: PropType = instanceOf(
  'alicloud.TagPolicyTarget',
  'a TagPolicyTarget',
  'Use TagPolicyTarget.account(), TagPolicyTarget.folder(…) or TagPolicyTarget.member(…).',
);
export const TRAINING_STORAGE: PropType = instanceOf(
  'alicloud.TrainingStorage',
  'a TrainingStorage',
  'Use a static member of TrainingStorage, for example TrainingStorage.cpfs().',
);
export const UPGRADE_CHANNEL: PropType = oneOf(['patch', 'stable', 'rapid', 'none']);
export const WEEK_DAY: PropType = oneOf(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);

export const ACCELERATOR_NODE_POOL_PROPS: PropSchema<AcceleratorNodePoolProps> = {
  cluster: required(ACK_CLUSTER),
  zone: required(STRING),
  name: STRING,
  group: STRING,
  minNodes: NUMBER,
  after: listOf(TERRAFORM_DEPENDABLE),
  machine: required(ALICLOUD_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  compactPlacement: BOOLEAN,
  driver: STRING,
  bootDiskGiB: NUMBER,
  bootDiskKey: ENCRYPTION_KEY,
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  gpuSharing: GPU_SHARING,
  hardening: OS_HARDENING,
  workerRole: STRING,
};

export const ASSURANCE_OPTIONS: PropSchema<AssuranceOptions> = {
  months: required(NUMBER),
  confirm: required(STRING),
};

export const BUCKET_VOLUME_PROPS: PropSchema<BucketVolumeProps> = {
  name: required(STRING),
  bucket: required(DATA_BUCKET),
  region: required(STRING),
  roleName: required(STRING),
  folder: STRING,
  writable: BOOLEAN,
};

export const CLUSTER_MAINTENANCE: PropSchema<ClusterMaintenance> = {
  window: objectOf(() => MAINTENANCE_WINDOW, 'an object { days, start, hours }'),
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

export const CONTROL_PLANE_ATTRIBUTES: PropSchema<ControlPlaneAttributes> = {
  clusterId: required(STRING),
  network: required(ML_NETWORK),
  kubernetesVersion: STRING,
  oidcProviderArn: STRING,
  oidcIssuerUrl: STRING,
};

export const CONTROL_PLANE_PROPS: PropSchema<ControlPlaneProps> = {
  network: ML_NETWORK,
  kubernetesVersion: STRING,
  name: STRING,
  maintenance: objectOf(() => CLUSTER_MAINTENANCE, 'an object { window }'),
  zones: listOf(STRING),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: API_ACCESS,
  deletionProtection: BOOLEAN,
  logRetentionDays: NUMBER,
  tier: CLUSTER_TIER,
  upgradeChannel: UPGRADE_CHANNEL,
  networkPolicies: BOOLEAN,
  addonVersions: recordOf(STRING_OR_EMPTY),
  admins: listOf(STRING),
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

export const EXISTING_CLUSTER_OPTIONS: PropSchema<ExistingClusterOptions> = {
  systemLabels: recordOf(STRING_OR_EMPTY),
  existingCharts: listOf(SHARED_CHART),
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

export const GPU_ALARMS_PROPS: PropSchema<GpuAlarmsProps> = {
  cluster: required(ACK_CLUSTER),
  after: listOf(TERRAFORM_DEPENDABLE),
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

export const LINGJUN_OPTIONS: PropSchema<LingjunOptions> = {
  clusterId: required(STRING),
  nodeGroupId: required(STRING),
  fabricGbps: required(NUMBER),
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

export const MAINTENANCE_WINDOW: PropSchema<MaintenanceWindow> = {
  days: required(listOf(WEEK_DAY)),
  start: required(TIME_OF_DAY),
  hours: required(NUMBER),
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

export const NEW_CLUSTER_OPTIONS: PropSchema<NewClusterOptions> = {
  zones: listOf(STRING),
  kubernetesVersion: STRING,
  upgradeChannel: UPGRADE_CHANNEL,
  maintenance: objectOf(() => CLUSTER_MAINTENANCE, 'an object { window }'),
  name: STRING,
  tier: CLUSTER_TIER,
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: API_ACCESS,
  networkPolicies: BOOLEAN,
  addonVersions: recordOf(STRING_OR_EMPTY),
  logRetentionDays: NUMBER,
  admins: listOf(STRING),
  systemNodes: objectOf(() => SYSTEM_NODE_OPTIONS, 'an object { machineTypes, minNodes, maxNodes }'),
  deletionProtection: BOOLEAN,
};

export const NEW_RESERVATION_OPTIONS: PropSchema<NewReservationOptions> = {
  until: DATE,
  confirm: required(CONFIRMED),
};

export const NODE_OPTIONS: PropSchema<NodeOptions> = {
  driver: STRING,
  bootDiskGiB: NUMBER,
  bootDiskKey: ENCRYPTION_KEY,
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  gpuSharing: GPU_SHARING,
  hardening: OS_HARDENING,
  workerRole: STRING,
};

export const OBSERVED_ENDPOINT: PropSchema<ObservedEndpoint> = {
  monitoring: required(objectOf(() => ENDPOINT_MONITORING, 'an object { functionName, eventProduct }')),
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

export const REGISTERED_MODEL_OPTIONS: PropSchema<RegisteredModelOptions> = {
  domain: STRING,
  task: STRING,
  description: STRING,
};

export const REQUEST_LOG: PropSchema<RequestLog> = {
  project: required(STRING),
  logstore: required(STRING),
};

export const RESERVATION_OPTIONS: PropSchema<ReservationOptions> = {
  zone: STRING,
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

export const SPOT_OPTIONS: PropSchema<SpotOptions> = {
  fallback: CAPACITY,
  maxPricePerHour: NUMBER,
};

export const SYSTEM_NODE_OPTIONS: PropSchema<SystemNodeOptions> = {
  machineTypes: listOf(STRING),
  minNodes: NUMBER,
  maxNodes: NUMBER,
};

export const SYSTEM_NODE_POOL_PROPS: PropSchema<SystemNodePoolProps> = {
  cluster: required(ACK_CLUSTER),
  zones: listOf(STRING),
  bootDiskKey: ENCRYPTION_KEY,
  after: listOf(TERRAFORM_DEPENDABLE),
  name: STRING,
  machineTypes: listOf(STRING),
  minNodes: NUMBER,
  maxNodes: NUMBER,
};

export const TAG_POLICY_PROPS: PropSchema<TagPolicyProps> = {
  target: TAG_POLICY_TARGET,
  requiredTags: listOf(STRING),
  allowedValues: recordOf(listOf(STRING)),
  enforcedFor: listOf(STRING),
};

export const TRAINING_CLUSTER_PROPS: PropSchema<TrainingClusterProps> = {
  zone: required(STRING),
  network: ML_NETWORK,
  cluster: CLUSTER_SOURCE,
  encryptionKey: ENCRYPTION_KEY,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => TRAINING_GROUP_OPTIONS, 'an object { machine }')),
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance }'),
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskKey, labels, … }'),
  machine: required(ALICLOUD_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  compactPlacement: BOOLEAN,
};

export const TRAINING_GROUP_OPTIONS: PropSchema<TrainingGroupOptions> = {
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskKey, labels, … }'),
  machine: required(ALICLOUD_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  compactPlacement: BOOLEAN,
};

export const TRAINING_PLATFORM_PROPS: PropSchema<TrainingPlatformProps> = {
  costAllocation: ANY,
  dataClass: DATA_CLASS,
  zone: required(STRING),
  network: ML_NETWORK,
  cluster: CLUSTER_SOURCE,
  encryptionKey: ENCRYPTION_KEY,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => TRAINING_GROUP_OPTIONS, 'an object { machine }')),
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance }'),
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskKey, labels, … }'),
  machine: required(ALICLOUD_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  compactPlacement: BOOLEAN,
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
