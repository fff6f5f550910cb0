// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { AcceleratorNetworksProps } from './network/accelerator-networks';
import type { AcceleratorNodePoolProps, NodeOptions } from './nodes/node-pool-options';
import type { AlertChannelsProps, CostBudgetProps } from './operations/cost-budget';
import type { BatchInferencePlatformProps, BatchWorkflowOptions } from './batch/batch-inference-platform';
import type { BatchInferenceProps } from './batch/batch-inference';
import type {
  CalendarReservationOptions,
  FlexStartOptions,
  NewReservationOptions,
  ReservationOptions,
} from './capacity/capacity';
import type { CloudRunInferenceProps, InstanceScaling } from './inference/cloud-run-inference';
import type { ClusterMaintenance, MaintenanceExclusion, MaintenanceWindow } from './cluster/maintenance';
import type { CommitmentOptions, CommitmentProps } from './capacity/commitment';
import type { ControlPlaneAttributes, ExistingClusterOptions } from './cluster/cluster-source';
import type { ControlPlaneProps, NewClusterOptions } from './cluster/control-plane';
import type { DataBucketProps, RetentionLock } from './storage/data-bucket';
import type { DataInspectionOptions, DataInspectionProps } from './governance/data-inspection';
import type { EncryptionKeyProps, ExistingKeyOptions } from './operations/encryption-key';
import type {
  EndpointScaling,
  InferenceEndpointAttributes,
  InferenceEndpointProps,
} from './inference/inference-endpoint';
import type { GardenContainer } from './inference/garden-container';
import type { GardenModelOptions, HuggingFaceOptions } from './inference/garden-model';
import type { ImageModelOptions, MountedModelOptions } from './inference/cloud-run-model';
import type { InferenceGatewayOptions, InternalLoadBalancerOptions } from './kubernetes-inference/serving-model';
import type { InferenceObservabilityProps, ObservedEndpoint } from './inference/inference-observability';
import type { InspectionTable } from './governance/inspection-results';
import type { KubernetesInferenceObservabilityProps } from './kubernetes-inference/kubernetes-inference-observability';
import type { KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference';
import type { LustreFileSystemAttributes, LustreFileSystemProps } from './storage/lustre-file-system';
import type { MlNetworkAttributes } from './network/existing-network';
import type { MlNetworkProps } from './network/ml-network';
import type { PerimeterEgress, PerimeterIngress, ServicePerimeterOptions } from './governance/service-perimeter';
import type { PerimeterMemberProps } from './governance/perimeter-member';
import type { PrivateConnectionProps } from './inference/private-connection';
import type { PrivateEndpointProps, RequestLog } from './inference/private-endpoint';
import type { ProxySubnetProps } from './network/proxy-subnet';
import type { RangeNames } from './network/network-attributes';
import type { RealtimeInferencePlatformProps } from './inference/realtime-inference-platform';
import type { SystemNodeOptions, SystemNodePoolProps } from './nodes/system-node-pool';
import type { TrainJobOptions } from './training/training-software';
import type { TrainingClusterProps } from './training/training-cluster';
import type { TrainingGroupOptions } from './training/training-group';
import type { TrainingPlatformProps } from './training/training-platform';
import { ACCELERATOR_NETWORKS, GKE_VERSION, TIME_OF_DAY } from './props/prop-types';
import {
  ANY,
  BOOLEAN,
  DATE,
  LINES,
  NUMBER,
  STRING,
  STRING_OR_EMPTY,
  anyOf,
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
import {
  DATA_CLASS,
  DATA_PURPOSE,
  PLANNED_BATCH_WORK,
  PRICES,
  REPLICA_LIMITS,
  SERVING_LOAD,
  TRAINING_JOB,
} from '../core/prop-schemas';
import { INSTALLATION } from '../terraform/prop-schemas';
import {
  JOB_PRIORITY,
  JOB_VOLUME,
  KUBELET_OPTIONS,
  SECRET_KEY,
  SERVING_CACHE,
  SERVING_SCALING,
  SERVING_SERVER,
  TAINT,
  TRAINING_IMAGES,
} from '../kubernetes/prop-schemas';
import { TERRAFORM_DEPENDABLE } from '../terraform/prop-types';

export const ACCELERATOR_NODE_POOL: PropType = instanceOf(
  'google.AcceleratorNodePool',
  'an AcceleratorNodePool',
  'Use new AcceleratorNodePool(…).',
);
export const API_ACCESS: PropType = oneOf(['private', 'dns-by-iam']);
export const CAPACITY: PropType = instanceOf(
  'google.Capacity',
  'a Capacity',
  'Use a static member of Capacity, for example Capacity.onDemand().',
);
export const CLOUD_RUN_GPU: PropType = oneOf(['nvidia-l4', 'nvidia-rtx-pro-6000']);
export const CLOUD_RUN_INGRESS: PropType = oneOf([
  'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
  'INGRESS_TRAFFIC_ALL',
]);
export const CLOUD_RUN_MODEL: PropType = instanceOf(
  'google.CloudRunModel',
  'a CloudRunModel',
  'Use CloudRunModel.bucket(…) or CloudRunModel.image(…).',
);
export const CLUSTER_SOURCE: PropType = instanceOf(
  'google.ClusterSource',
  'a ClusterSource',
  'Use ClusterSource.create() or ClusterSource.fromCluster(…).',
);
export const DATA_BUCKET: PropType = withMembers(
  'an IDataBucket',
  { name: 'string' },
  'Use new DataBucket(…) or DataBucket.fromBucketName(…).',
);
export const ENCRYPTION_KEY: PropType = withMembers(
  'an IEncryptionKey',
  { keyId: 'string', location: 'string', grantTo: 'function' },
  'Use new EncryptionKey(…) or EncryptionKey.fromEncryptionKeyId(…).',
);
export const ENDPOINT_METRICS: PropType = withMembers(
  'an EndpointMetrics',
  { requests: 'object', errors: 'object', latency: 'function', replicas: 'object', acceleratorUtilization: 'object' },
  'Pass the endpoint metrics itself.',
);
export const GARDEN_MODEL: PropType = instanceOf(
  'google.GardenModel',
  'a GardenModel',
  'Use GardenModel.publisher(…) or GardenModel.huggingFace(…).',
);
export const GKE_CLUSTER: PropType = withMembers(
  'an IGkeCluster',
  { name: 'string', location: 'string' },
  'Pass the gke cluster itself.',
);
export const GOOGLE_MACHINE: PropType = instanceOf('google.GoogleMachine', 'a GoogleMachine', (value) =>
  typeof value === 'string'
    ? `Use GoogleMachine.fromName('${value}').`
    : 'Use a static member of GoogleMachine, for example GoogleMachine.A2_HIGHGPU_1G.',
);
export const GPU_DRIVER: PropType = oneOf(['DEFAULT', 'LATEST', 'INSTALLATION_DISABLED']);
export const INSPECTION_RESULTS: PropType = instanceOf(
  'google.InspectionResults',
  'an InspectionResults',
  'Use InspectionResults.bigQuery(…), InspectionResults.pubSub(…) or InspectionResults.securityCommandCenter().',
);
export const KUBERNETES_INFERENCE: PropType = instanceOf(
  'google.KubernetesInference',
  'a KubernetesInference',
  'Use new KubernetesInference(…).',
);
export const LUSTRE_FILE_SYSTEM: PropType = withMembers(
  'an ILustreFileSystem',
  { volumeHandle: 'string', serverIp: 'string', fsName: 'string', zone: 'string' },
  'Use new LustreFileSystem(…) or LustreFileSystem.fromLustreFileSystemAttributes(…).',
);
export const MAINTENANCE_SCOPE: PropType = oneOf(['NO_MINOR_OR_NODE_UPGRADES', 'NO_MINOR_UPGRADES', 'NO_UPGRADES']);
export const ML_NETWORK: PropType = withMembers(
  'an IMlNetwork',
  { networkId: 'string', subnetworkId: 'string', region: 'string' },
  'Use new MlNetwork(…) or MlNetwork.fromMlNetworkAttributes(…).',
);
export const PERIMETER_MODE: PropType = oneOf(['dry-run', 'enforced']);
export const REALTIME_SERVING: PropType = instanceOf(
  'google.RealtimeServing',
  'a RealtimeServing',
  'Use a static member of RealtimeServing, for example RealtimeServing.vertex(…).',
);
export const RELEASE_CHANNEL: PropType = oneOf(['RAPID', 'REGULAR', 'STABLE', 'EXTENDED']);
export const SERVING_INGRESS: PropType = instanceOf(
  'google.ServingIngress',
  'a ServingIngress',
  'Use a static member of ServingIngress, for example ServingIngress.clusterOnly().',
);
export const SERVING_MODEL: PropType = instanceOf(
  'google.ServingModel',
  'a ServingModel',
  'Use ServingModel.bucket(…), ServingModel.huggingFace(…) or ServingModel.volume(…).',
);
export const SHARED_CHART: PropType = oneOf([
  'dra-driver-nvidia-gpu',
  'jobset',
  'keda',
  'kube-prometheus-stack',
  'kubeflow-trainer',
  'kueue',
  'lws',
  'picker-kinds',
]);
export const TRAINING_STORAGE: PropType = instanceOf(
  'google.TrainingStorage',
  'a TrainingStorage',
  'Use a static member of TrainingStorage, for example TrainingStorage.lustre().',
);
export const VERTEX_ENDPOINT_ACCESS: PropType = oneOf(['dedicated', 'shared']);
export const WEEK_DAY: PropType = oneOf(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']);

export const ACCELERATOR_NETWORKS_PROPS: PropSchema<AcceleratorNetworksProps> = {
  machine: required(GOOGLE_MACHINE),
  zone: required(STRING),
  cidr: STRING,
};

export const ACCELERATOR_NODE_POOL_PROPS: PropSchema<AcceleratorNodePoolProps> = {
  cluster: required(GKE_CLUSTER),
  zone: required(STRING),
  serviceAccount: STRING,
  name: STRING,
  group: STRING,
  minNodes: NUMBER,
  compactPlacement: BOOLEAN,
  computeClass: STRING,
  after: listOf(TERRAFORM_DEPENDABLE),
  machine: required(GOOGLE_MACHINE),
  nodes: NUMBER,
  topology: STRING,
  capacity: CAPACITY,
  networks: ACCELERATOR_NETWORKS,
  driver: GPU_DRIVER,
  bootDiskGiB: NUMBER,
  bootDiskKey: ENCRYPTION_KEY,
  imageStreaming: BOOLEAN,
  preloadedImages: listOf(STRING),
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  sysctls: recordOf(STRING_OR_EMPTY),
};

export const ALERT_CHANNELS_PROPS: PropSchema<AlertChannelsProps> = {
  emails: required(listOf(STRING)),
};

export const BATCH_INFERENCE_PLATFORM_PROPS: PropSchema<BatchInferencePlatformProps> = {
  workflow: required(objectOf(() => BATCH_WORKFLOW_OPTIONS, 'an object { zone, machine, maxMachines, model }')),
  input: DATA_BUCKET,
  inputPrefix: STRING,
  results: DATA_BUCKET,
  costAllocation: ANY,
  billingAccount: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: ANY,
  alertChannels: ANY,
  dataClass: DATA_CLASS,
};

export const BATCH_INFERENCE_PROPS: PropSchema<BatchInferenceProps> = {
  zone: required(STRING),
  input: required(DATA_BUCKET),
  inputPrefix: required(STRING_OR_EMPTY),
  results: required(DATA_BUCKET),
  resultsPrefix: STRING,
  machine: required(GOOGLE_MACHINE),
  maxMachines: required(NUMBER),
  model: required(SERVING_MODEL),
  server: SERVING_SERVER,
  acceleratorsPerReplica: NUMBER,
  capacity: CAPACITY,
  topology: STRING,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { networks, driver, bootDiskGiB, bootDiskKey, … }'),
  shardsPerTask: NUMBER,
  attempts: NUMBER,
  toleratedFailurePercent: NUMBER,
  timeoutHours: NUMBER,
  schedule: STRING,
  queue: STRING,
  work: objectOf(() => PLANNED_BATCH_WORK, 'an object { load, requests }'),
  name: STRING,
  namespace: STRING,
  cluster: CLUSTER_SOURCE,
  network: ML_NETWORK,
  installation: INSTALLATION,
  prices: PRICES,
};

export const BATCH_WORKFLOW_OPTIONS: PropSchema<BatchWorkflowOptions> = {
  network: ML_NETWORK,
  name: STRING,
  zone: required(STRING),
  resultsPrefix: STRING,
  machine: required(GOOGLE_MACHINE),
  maxMachines: required(NUMBER),
  model: required(SERVING_MODEL),
  server: SERVING_SERVER,
  acceleratorsPerReplica: NUMBER,
  capacity: CAPACITY,
  topology: STRING,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { networks, driver, bootDiskGiB, bootDiskKey, … }'),
  shardsPerTask: NUMBER,
  attempts: NUMBER,
  toleratedFailurePercent: NUMBER,
  timeoutHours: NUMBER,
  schedule: STRING,
  queue: STRING,
  work: objectOf(() => PLANNED_BATCH_WORK, 'an object { load, requests }'),
  namespace: STRING,
  cluster: CLUSTER_SOURCE,
  installation: INSTALLATION,
  prices: PRICES,
};

export const CALENDAR_RESERVATION_OPTIONS: PropSchema<CalendarReservationOptions> = {
  until: required(DATE),
  project: STRING,
  block: STRING,
  subBlock: STRING,
};

export const CLOUD_RUN_INFERENCE_PROPS: PropSchema<CloudRunInferenceProps> = {
  region: required(STRING),
  gpu: required(CLOUD_RUN_GPU),
  model: required(CLOUD_RUN_MODEL),
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  scaling: objectOf(() => INSTANCE_SCALING, 'an object { minReplicas, maxReplicas }'),
  concurrency: NUMBER,
  timeoutSeconds: NUMBER,
  vcpus: NUMBER,
  memoryGiB: NUMBER,
  zonalRedundancy: BOOLEAN,
  ingress: CLOUD_RUN_INGRESS,
  network: ML_NETWORK,
  invokers: listOf(STRING),
  serviceAccount: STRING,
  encryptionKey: ENCRYPTION_KEY,
  name: STRING,
  deletionProtection: BOOLEAN,
  prices: PRICES,
};

export const CLUSTER_MAINTENANCE: PropSchema<ClusterMaintenance> = {
  window: objectOf(() => MAINTENANCE_WINDOW, 'an object { days, start, hours }'),
  exclusions: listOf(objectOf(() => MAINTENANCE_EXCLUSION, 'an object { name, from, until }')),
};

export const COMMITMENT_OPTIONS: PropSchema<CommitmentOptions> = {
  years: required(NUMBER),
  autoRenew: BOOLEAN,
  confirm: required(STRING),
};

export const COMMITMENT_PROPS: PropSchema<CommitmentProps> = {
  machine: required(GOOGLE_MACHINE),
  nodes: required(NUMBER),
  zone: required(STRING),
  reservation: required(STRING),
  years: required(NUMBER),
  autoRenew: BOOLEAN,
  confirm: required(STRING),
};

export const CONTROL_PLANE_ATTRIBUTES: PropSchema<ControlPlaneAttributes> = {
  name: required(STRING),
  location: required(STRING),
  kubernetesVersion: STRING,
};

export const CONTROL_PLANE_PROPS: PropSchema<ControlPlaneProps> = {
  region: required(STRING),
  network: ML_NETWORK,
  releaseChannel: RELEASE_CHANNEL,
  kubernetesVersion: GKE_VERSION,
  name: STRING,
  maintenance: objectOf(() => CLUSTER_MAINTENANCE, 'an object { window, exclusions }'),
  securityGroup: STRING,
  zones: listOf(STRING),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: API_ACCESS,
  authorizedCidrs: listOf(STRING),
  betaApis: listOf(STRING),
  legacyLustrePort: BOOLEAN,
  serviceAccount: STRING,
  shieldedNodes: BOOLEAN,
  deletionProtection: BOOLEAN,
};

export const COST_BUDGET_PROPS: PropSchema<CostBudgetProps> = {
  billingAccount: required(STRING),
  monthlyUsd: required(NUMBER),
  label: objectOf(() => ({ key: required(STRING), value: required(STRING) }), 'an object { key, value }'),
  alertEmails: listOf(STRING),
  alertChannels: listOf(STRING),
  actualPercent: listOf(NUMBER),
  forecastPercent: listOf(NUMBER),
};

export const DATA_BUCKET_PROPS: PropSchema<DataBucketProps> = {
  region: required(STRING),
  purpose: DATA_PURPOSE,
  dataClass: DATA_CLASS,
  encryptionKey: ENCRYPTION_KEY,
  accessLogs: DATA_BUCKET,
  versioned: BOOLEAN,
  hierarchical: BOOLEAN,
  expirationDays: NUMBER,
  noncurrentVersionExpirationDays: NUMBER,
  softDeleteDays: NUMBER,
  retention: objectOf(() => RETENTION_LOCK, 'an object { days }'),
  inspection: objectOf(() => DATA_INSPECTION_OPTIONS, 'an object { results }'),
  cacheZones: listOf(STRING),
};

export const DATA_INSPECTION_OPTIONS: PropSchema<DataInspectionOptions> = {
  results: required(listOf(INSPECTION_RESULTS)),
  infoTypes: listOf(STRING),
  everyDays: NUMBER,
  filesPercent: NUMBER,
};

export const DATA_INSPECTION_PROPS: PropSchema<DataInspectionProps> = {
  bucket: required(DATA_BUCKET),
  region: required(STRING),
  results: required(listOf(INSPECTION_RESULTS)),
  infoTypes: listOf(STRING),
  everyDays: NUMBER,
  filesPercent: NUMBER,
};

export const ENCRYPTION_KEY_PROPS: PropSchema<EncryptionKeyProps> = {
  region: required(STRING),
};

export const ENDPOINT_SCALING: PropSchema<EndpointScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
  targetUtilizationPercent: NUMBER,
};

export const EXISTING_CLUSTER_OPTIONS: PropSchema<ExistingClusterOptions> = {
  systemLabels: recordOf(STRING_OR_EMPTY),
  existingCharts: listOf(SHARED_CHART),
  managedPrometheus: BOOLEAN,
  admins: listOf(STRING),
};

export const EXISTING_KEY_OPTIONS: PropSchema<ExistingKeyOptions> = {
  grants: BOOLEAN,
};

export const FLEX_START_OPTIONS: PropSchema<FlexStartOptions> = {
  maxRunDays: NUMBER,
  queued: BOOLEAN,
};

export const GARDEN_CONTAINER: PropSchema<GardenContainer> = {
  image: required(STRING),
  command: listOf(STRING),
  args: LINES,
  env: recordOf(STRING_OR_EMPTY),
  port: NUMBER,
  predictRoute: STRING,
  healthRoute: STRING,
  sharedMemoryMiB: NUMBER,
  deploymentTimeoutSeconds: NUMBER,
};

export const GARDEN_MODEL_OPTIONS: PropSchema<GardenModelOptions> = {
  acceptEula: BOOLEAN,
};

export const HUGGING_FACE_OPTIONS: PropSchema<HuggingFaceOptions> = {
  accessToken: STRING,
  cached: BOOLEAN,
  acceptEula: BOOLEAN,
};

export const IMAGE_MODEL_OPTIONS: PropSchema<ImageModelOptions> = {
  path: required(STRING),
  sizeGiB: required(NUMBER),
};

export const INFERENCE_ENDPOINT_ATTRIBUTES: PropSchema<InferenceEndpointAttributes> = {
  endpointId: required(STRING),
  region: required(STRING),
  access: VERTEX_ENDPOINT_ACCESS,
  limits: objectOf(() => REPLICA_LIMITS, 'an object { minReplicas, maxReplicas }'),
};

export const INFERENCE_ENDPOINT_PROPS: PropSchema<InferenceEndpointProps> = {
  region: required(STRING),
  model: required(GARDEN_MODEL),
  machine: required(GOOGLE_MACHINE),
  container: objectOf(() => GARDEN_CONTAINER, 'an object { image }'),
  load: SERVING_LOAD,
  scaling: objectOf(() => ENDPOINT_SCALING, 'an object { minReplicas, maxReplicas, targetUtilizationPercent }'),
  machinesPerReplica: NUMBER,
  capacity: CAPACITY,
  reservationZone: STRING,
  access: VERTEX_ENDPOINT_ACCESS,
  displayName: STRING,
  invokers: listOf(STRING),
  prices: PRICES,
};

export const INFERENCE_GATEWAY_OPTIONS: PropSchema<InferenceGatewayOptions> = {
  certificate: STRING,
  hostnames: listOf(STRING),
};

export const INFERENCE_OBSERVABILITY_PROPS: PropSchema<InferenceObservabilityProps> = {
  endpoint: required(objectOf(() => OBSERVED_ENDPOINT, 'an object { metrics }')),
  load: SERVING_LOAD,
  alertEmails: listOf(STRING),
  alertChannels: listOf(STRING),
};

export const INSPECTION_TABLE: PropSchema<InspectionTable> = {
  dataset: required(STRING),
  table: STRING,
  project: STRING,
};

export const INSTANCE_SCALING: PropSchema<InstanceScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
};

export const INTERNAL_LOAD_BALANCER_OPTIONS: PropSchema<InternalLoadBalancerOptions> = {
  clientCidrs: required(listOf(STRING)),
};

export const KUBERNETES_INFERENCE_OBSERVABILITY_PROPS: PropSchema<KubernetesInferenceObservabilityProps> = {
  endpoint: required(KUBERNETES_INFERENCE),
  alertEmails: listOf(STRING),
  alertChannels: listOf(STRING),
};

export const KUBERNETES_INFERENCE_PROPS: PropSchema<KubernetesInferenceProps> = {
  zone: required(STRING),
  machine: required(GOOGLE_MACHINE),
  model: required(SERVING_MODEL),
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  acceleratorsPerReplica: NUMBER,
  scaling: SERVING_SCALING,
  capacity: CAPACITY,
  topology: STRING,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { networks, driver, bootDiskGiB, bootDiskKey, … }'),
  nodePool: ACCELERATOR_NODE_POOL,
  ingress: SERVING_INGRESS,
  cache: SERVING_CACHE,
  name: STRING,
  namespace: STRING,
  cluster: CLUSTER_SOURCE,
  network: ML_NETWORK,
  after: listOf(TERRAFORM_DEPENDABLE),
  installation: INSTALLATION,
  prices: PRICES,
};

export const LUSTRE_FILE_SYSTEM_ATTRIBUTES: PropSchema<LustreFileSystemAttributes> = {
  volumeHandle: required(STRING),
  serverIp: required(STRING),
  fsName: required(STRING),
  zone: required(STRING),
  sizeGiB: NUMBER,
  throughputMBps: NUMBER,
};

export const LUSTRE_FILE_SYSTEM_PROPS: PropSchema<LustreFileSystemProps> = {
  network: required(ML_NETWORK),
  zone: required(STRING),
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  fsName: STRING,
  legacyGkePort: BOOLEAN,
};

export const MAINTENANCE_EXCLUSION: PropSchema<MaintenanceExclusion> = {
  name: required(STRING),
  from: required(DATE),
  until: required(DATE),
  scope: MAINTENANCE_SCOPE,
};

export const MAINTENANCE_WINDOW: PropSchema<MaintenanceWindow> = {
  days: required(listOf(WEEK_DAY)),
  start: required(TIME_OF_DAY),
  hours: required(NUMBER),
};

export const ML_NETWORK_ATTRIBUTES: PropSchema<MlNetworkAttributes> = {
  networkId: required(STRING),
  subnetworkId: required(STRING),
  peeringCidrs: listOf(STRING),
  proxyCidr: STRING,
  shared: BOOLEAN,
  region: required(STRING),
  rangeNames: objectOf(() => RANGE_NAMES, 'an object { pods, services }'),
  nodeCidr: STRING,
  podCidr: STRING,
  serviceCidr: STRING,
};

export const ML_NETWORK_PROPS: PropSchema<MlNetworkProps> = {
  region: required(STRING),
  nodeCidr: STRING,
  podCidr: STRING,
  serviceCidr: STRING,
};

export const MOUNTED_MODEL_OPTIONS: PropSchema<MountedModelOptions> = {
  prefix: required(STRING),
  sizeGiB: required(NUMBER),
};

export const NEW_CLUSTER_OPTIONS: PropSchema<NewClusterOptions> = {
  admins: listOf(STRING),
  systemNodes: objectOf(() => SYSTEM_NODE_OPTIONS, 'an object { machineType, minNodesPerZone, maxNodesPerZone }'),
  releaseChannel: RELEASE_CHANNEL,
  kubernetesVersion: GKE_VERSION,
  name: STRING,
  maintenance: objectOf(() => CLUSTER_MAINTENANCE, 'an object { window, exclusions }'),
  securityGroup: STRING,
  zones: listOf(STRING),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: API_ACCESS,
  authorizedCidrs: listOf(STRING),
  betaApis: listOf(STRING),
  legacyLustrePort: BOOLEAN,
  deletionProtection: BOOLEAN,
};

export const NEW_RESERVATION_OPTIONS: PropSchema<NewReservationOptions> = {
  until: DATE,
  confirm: required(CONFIRMED),
  commitment: objectOf(() => COMMITMENT_OPTIONS, 'an object { years, confirm }'),
};

export const NODE_OPTIONS: PropSchema<NodeOptions> = {
  networks: ACCELERATOR_NETWORKS,
  driver: GPU_DRIVER,
  bootDiskGiB: NUMBER,
  bootDiskKey: ENCRYPTION_KEY,
  imageStreaming: BOOLEAN,
  preloadedImages: listOf(STRING),
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  sysctls: recordOf(STRING_OR_EMPTY),
};

export const OBSERVED_ENDPOINT: PropSchema<ObservedEndpoint> = {
  metrics: required(ENDPOINT_METRICS),
  limits: objectOf(() => REPLICA_LIMITS, 'an object { minReplicas, maxReplicas }'),
};

export const PERIMETER_EGRESS: PropSchema<PerimeterEgress> = {
  identities: listOf(STRING),
  to: required(listOf(STRING)),
  services: required(listOf(STRING)),
};

export const PERIMETER_INGRESS: PropSchema<PerimeterIngress> = {
  identities: listOf(STRING),
  from: listOf(STRING),
  services: required(listOf(STRING)),
};

export const PERIMETER_MEMBER_PROPS: PropSchema<PerimeterMemberProps> = {
  perimeter: required(STRING),
  mode: PERIMETER_MODE,
};

export const PRIVATE_CONNECTION_PROPS: PropSchema<PrivateConnectionProps> = {
  network: required(ML_NETWORK),
  serviceAttachment: required(STRING),
};

export const PRIVATE_ENDPOINT_PROPS: PropSchema<PrivateEndpointProps> = {
  region: required(STRING),
  projects: listOf(STRING),
  encryptionKey: ENCRYPTION_KEY,
  requestLog: objectOf(() => REQUEST_LOG, 'an object { table }'),
  displayName: STRING,
};

export const PROXY_SUBNET_PROPS: PropSchema<ProxySubnetProps> = {
  network: required(ML_NETWORK),
  cidr: STRING,
};

export const RANGE_NAMES: PropSchema<RangeNames> = {
  pods: required(STRING),
  services: required(STRING),
};

export const REALTIME_INFERENCE_PLATFORM_PROPS: PropSchema<RealtimeInferencePlatformProps> = {
  serving: required(REALTIME_SERVING),
  costAllocation: ANY,
  billingAccount: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: listOf(STRING),
  alertChannels: listOf(STRING),
  dataClass: DATA_CLASS,
  load: SERVING_LOAD,
  prices: PRICES,
};

export const REQUEST_LOG: PropSchema<RequestLog> = {
  table: required(STRING),
  percent: NUMBER,
};

export const RESERVATION_OPTIONS: PropSchema<ReservationOptions> = {
  project: STRING,
  block: STRING,
  subBlock: STRING,
};

export const RETENTION_LOCK: PropSchema<RetentionLock> = {
  days: required(NUMBER),
  permanent: BOOLEAN,
};

export const SERVICE_PERIMETER_OPTIONS: PropSchema<ServicePerimeterOptions> = {
  accessPolicy: required(STRING),
  mode: PERIMETER_MODE,
  services: listOf(STRING),
  projects: listOf(STRING),
  accessLevels: listOf(STRING),
  ingress: listOf(objectOf(() => PERIMETER_INGRESS, 'an object { services }')),
  egress: listOf(objectOf(() => PERIMETER_EGRESS, 'an object { to, services }')),
};

export const SYSTEM_NODE_OPTIONS: PropSchema<SystemNodeOptions> = {
  machineType: STRING,
  minNodesPerZone: NUMBER,
  maxNodesPerZone: NUMBER,
};

export const SYSTEM_NODE_POOL_PROPS: PropSchema<SystemNodePoolProps> = {
  cluster: required(GKE_CLUSTER),
  serviceAccount: STRING,
  bootDiskKey: ENCRYPTION_KEY,
  after: listOf(TERRAFORM_DEPENDABLE),
  name: STRING,
  machineType: STRING,
  minNodesPerZone: NUMBER,
  maxNodesPerZone: NUMBER,
};

export const TRAINING_CLUSTER_PROPS: PropSchema<TrainingClusterProps> = {
  zone: required(STRING),
  nodes: NUMBER,
  network: ML_NETWORK,
  cluster: CLUSTER_SOURCE,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => TRAINING_GROUP_OPTIONS, 'an object { machine }')),
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance }'),
  slices: NUMBER,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { networks, driver, bootDiskGiB, bootDiskKey, … }'),
  machine: required(GOOGLE_MACHINE),
  topology: STRING,
  capacity: CAPACITY,
};

export const TRAINING_GROUP_OPTIONS: PropSchema<TrainingGroupOptions> = {
  slices: NUMBER,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { networks, driver, bootDiskGiB, bootDiskKey, … }'),
  machine: required(GOOGLE_MACHINE),
  nodes: NUMBER,
  topology: STRING,
  capacity: CAPACITY,
};

export const TRAINING_PLATFORM_PROPS: PropSchema<TrainingPlatformProps> = {
  costAllocation: ANY,
  billingAccount: ANY,
  monthlyBudgetUsd: ANY,
  dataClass: DATA_CLASS,
  inspection: objectOf(() => DATA_INSPECTION_OPTIONS, 'an object { results }'),
  perimeter: objectOf(() => SERVICE_PERIMETER_OPTIONS, 'an object { accessPolicy }'),
  alertEmails: ANY,
  alertChannels: ANY,
  zone: required(STRING),
  nodes: NUMBER,
  network: ML_NETWORK,
  cluster: CLUSTER_SOURCE,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => TRAINING_GROUP_OPTIONS, 'an object { machine }')),
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance }'),
  slices: NUMBER,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { networks, driver, bootDiskGiB, bootDiskKey, … }'),
  machine: required(GOOGLE_MACHINE),
  topology: STRING,
  capacity: CAPACITY,
};

export const TRAIN_JOB_OPTIONS: PropSchema<TrainJobOptions> = {
  slices: NUMBER,
  name: required(STRING),
  group: STRING,
  nodes: NUMBER,
  command: LINES,
  image: STRING,
  priority: JOB_PRIORITY,
  env: recordOf(
    anyOf(
      STRING,
      objectOf(() => SECRET_KEY, 'an object { secret, key }'),
    ),
  ),
  volumes: listOf(JOB_VOLUME),
};
