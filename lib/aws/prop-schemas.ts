// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { AlertTopicProps } from './operations/alert-topic';
import type { AsynchronousOptions, ComponentsOptions, ServerlessOptions } from './inference/endpoint-kind';
import type { AwsBatchOptions } from './batch/aws-batch-options';
import type { AwsMachineSpec } from './machine/machine';
import type { BatchInferencePlatformProps, BatchWorkflowOptions } from './batch/batch-inference-platform';
import type { BatchInferenceProps } from './batch/batch-inference';
import type { BatchObservabilityProps } from './batch/batch-observability';
import type { BufferedOptions, StreamedOptions } from './gateway/response-mode';
import type {
  CapacityBlockOptions,
  CapacityReservationOptions,
  NewReservationOptions,
  SpotOptions,
} from './capacity/capacity';
import type { ClusterSoftwareProps } from './cluster/cluster-software';
import type { ControlPlaneProps } from './cluster/control-plane';
import type { CostBudgetProps } from './operations/cost-budget';
import type { DataBucketAttributes, DataBucketProps } from './storage/data-bucket';
import type { DataCapture, InferenceEndpointProps, PrefixAwareOptions } from './inference/endpoint-options';
import type { DataRepositoryProps } from './storage/data-repository';
import type { DeniedTopic, ExistingGuardrail, GuardrailOptions } from './gateway/prompt-screening';
import type { EfaNodeGroupOptions, EfaNodeGroupProps, NodeOptions } from './nodes/node-group-options';
import type { EfaSecurityGroupProps } from './network/efa-security-group';
import type { EncryptedLogGroupProps } from './operations/encrypted-log-group';
import type { EndpointLatencyOptions } from './inference/endpoint-base';
import type { EndpointScaling, ScheduledLimits } from './inference/endpoint-scaling';
import type { ExistingClusterOptions, NewClusterOptions, SystemNodeOptions } from './cluster/cluster-source';
import type { GatewayAlarmsProps } from './gateway/gateway-alarms';
import type { GatewayClient, GatewayDomain, GatewayLimits, InferenceGatewayProps } from './gateway/gateway-options';
import type { GatewayLatencyOptions } from './gateway/gateway-base';
import type { InferenceEndpointAttributes } from './inference/imported-endpoint';
import type { InferenceGatewayAttributes } from './gateway/imported-gateway';
import type { InferenceNodeOptions, KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference';
import type { InferenceObservabilityProps } from './inference/inference-observability';
import type { InferenceTargetOptions } from './gateway/inference-target';
import type { InternalLoadBalancerOptions } from './kubernetes-inference/serving-ingress';
import type { KarpenterNodesOptions } from './kubernetes-inference/serving-nodes';
import type { KubernetesInferenceObservabilityProps } from './kubernetes-inference/kubernetes-inference-observability';
import type { LustreFileSystemAttributes, LustreFileSystemProps } from './storage/lustre-file-system';
import type { LustreStorageOptions } from './training/training-storage';
import type { MlVpcEndpointsProps } from './network/ml-vpc-endpoints';
import type { MlVpcProps } from './network/ml-vpc';
import type { ModelArchiveOptions, ModelFilesOptions } from './inference/model-artifact';
import type { NetworkInterface } from './network/network-layout';
import type { NodeLaunchTemplateProps } from './nodes/node-launch-template';
import type { OwnImageOptions } from './nodes/node-image';
import type { PlannedBatchWork } from './batch/batch-estimate';
import type { PlatformGatewayOptions } from './inference/platform-gateway';
import type { PrivateExposureOptions } from './gateway/gateway-exposure';
import type { RealtimeInferencePlatformProps } from './inference/realtime-inference-platform';
import type { ServedModel } from './inference/served-model';
import type { ServingContainerOptions } from './inference/serving-container';
import type { SystemNodeGroupProps } from './nodes/system-node-group';
import type { TokenOptions } from './gateway/gateway-authorization';
import type { TrainingClusterProps } from './training/training-cluster';
import type { TrainingImages } from './training/training-software';
import type { TrainingObservabilityProps, WatchedFileSystem } from './training/training-observability';
import type { TrainingPlatformProps } from './training/training-platform';
import type { TransformOptions } from './batch/transform-options';
import type { UpdateOptions } from './inference/endpoint-update';
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
import {
  AWS_MARKET,
  AWS_NETWORK_CARD,
  CHIP_ROW,
  DATA_CLASS,
  DATA_PURPOSE,
  PRICES,
  SERVING_LOAD,
  TRAINING_JOB,
} from '../core/prop-schemas';
import {
  BODY_SIZE,
  BUCKET,
  CERTIFICATE,
  CLUSTER,
  CONNECTABLE,
  DATA_BUCKET,
  DURATION,
  ENDPOINT_ACCESS,
  GATEWAY_AUTHORIZATION,
  IMAGE_VERSION,
  INSTANCE_TYPE,
  INTERFACE_VPC_ENDPOINT_AWS_SERVICE,
  KEY,
  KUBERNETES_VERSION,
  LAYER_VERSION,
  LUSTRE_MAINTENANCE_TIME,
  OBJECT_LOCK_RETENTION,
  ROLE,
  SCHEDULE,
  SCHEDULE_EXPRESSION,
  SECURITY_GROUP,
  SIZE,
  SUBNET,
  SUBNET_SELECTION,
  TIME_ZONE,
  TOPIC,
  VPC,
  VPC_ENDPOINT,
  WHOLE_NODES,
} from './props/prop-types';
import { CONFIRMED } from '../core/prop-types';
import { KUBELET_OPTIONS, SERVING_CACHE, SERVING_SCALING, SERVING_SERVER, TAINT } from '../kubernetes/prop-schemas';

export const ADDON_NAME: PropType = oneOf([
  'eks-pod-identity-agent',
  'vpc-cni',
  'kube-proxy',
  'coredns',
  'metrics-server',
  'eks-node-monitoring-agent',
  'aws-fsx-csi-driver',
  'amazon-cloudwatch-observability',
]);
export const AWS_MACHINE: PropType = instanceOf('aws.AwsMachine', 'an AwsMachine', (value) =>
  typeof value === 'string'
    ? `Use AwsMachine.fromName('${value}').`
    : 'Use a static member of AwsMachine, for example AwsMachine.P6E_GB200_36XLARGE.',
);
export const BATCH_COMPUTE: PropType = instanceOf(
  'aws.BatchCompute',
  'a BatchCompute',
  'Use BatchCompute.awsBatch(…) or BatchCompute.transform(…).',
);
export const BATCH_INFERENCE: PropType = instanceOf(
  'aws.BatchInference',
  'a BatchInference',
  'Use new BatchInference(…).',
);
export const CAPACITY: PropType = instanceOf(
  'aws.Capacity',
  'a Capacity',
  'Use a static member of Capacity, for example Capacity.onDemand().',
);
export const CLUSTER_SOURCE: PropType = instanceOf(
  'aws.ClusterSource',
  'a ClusterSource',
  'Use ClusterSource.create() or ClusterSource.fromCluster(…).',
);
export const DATA_REPOSITORY_EVENT: PropType = oneOf(['NEW', 'CHANGED', 'DELETED']);
export const EFA_NODE_GROUP: PropType = instanceOf('aws.EfaNodeGroup', 'an EfaNodeGroup', 'Use new EfaNodeGroup(…).');
export const ENDPOINT_KIND: PropType = instanceOf(
  'aws.EndpointKind',
  'an EndpointKind',
  'Use a static member of EndpointKind, for example EndpointKind.components().',
);
export const ENDPOINT_ROUTING: PropType = instanceOf(
  'aws.EndpointRouting',
  'an EndpointRouting',
  'Use EndpointRouting.leastOutstanding(), EndpointRouting.random() or EndpointRouting.prefixAware().',
);
export const ENDPOINT_UPDATE: PropType = instanceOf(
  'aws.EndpointUpdate',
  'an EndpointUpdate',
  'Use a static member of EndpointUpdate, for example EndpointUpdate.rolling().',
);
export const GATEWAY_EXPOSURE: PropType = instanceOf(
  'aws.GatewayExposure',
  'a GatewayExposure',
  'Use GatewayExposure.public() or GatewayExposure.private(…).',
);
export const INFERENCE_ENDPOINT: PropType = withMembers(
  'an IInferenceEndpoint',
  {
    endpointName: 'string',
    endpointArn: 'string',
    isAsynchronous: 'boolean',
    modelNames: 'object',
    components: 'object',
    grantInvoke: 'function',
    metricInvocations: 'function',
    metricErrorShare: 'function',
    metricLatency: 'function',
    metricConcurrency: 'function',
    metricBacklog: 'function',
    metricAcceleratorUtilization: 'function',
    metricAcceleratorMemoryUtilization: 'function',
  },
  'Use new InferenceEndpoint(…), InferenceEndpoint.fromEndpointName(…) or InferenceEndpoint.fromInferenceEndpointAttributes(…).',
);
export const INFERENCE_GATEWAY: PropType = withMembers(
  'an IInferenceGateway',
  {
    url: 'string',
    restApiId: 'string',
    timeout: 'object',
    grantInvoke: 'function',
    metricRequests: 'function',
    metricErrorShare: 'function',
    metricRefusedShare: 'function',
    metricThrottledShare: 'function',
    metricLatency: 'function',
  },
  'Use new InferenceGateway(…) or InferenceGateway.fromInferenceGatewayAttributes(…).',
);
export const INFERENCE_TARGET: PropType = withMembers(
  'an IInferenceTarget',
  { endpointName: 'string', grantInvoke: 'function' },
  'Use new InferenceTarget(…), InferenceTarget.component(…) or InferenceTarget.fromEndpointName(…).',
);
export const INSTALLATION: PropType = instanceOf(
  'aws.Installation',
  'an Installation',
  'Use Installation.byDeployment() or Installation.gitOps().',
);
export const INTERCONNECT: PropType = instanceOf(
  'aws.Interconnect',
  'an Interconnect',
  'Use Interconnect.efa(), Interconnect.efaOnCards(…) or Interconnect.none().',
);
export const KUBERNETES_INFERENCE: PropType = instanceOf(
  'aws.KubernetesInference',
  'a KubernetesInference',
  'Use new KubernetesInference(…).',
);
export const LUSTRE_FILE_SYSTEM: PropType = withMembers(
  'an ILustreFileSystem',
  {
    fileSystemId: 'string',
    dnsName: 'string',
    mountName: 'string',
    sizeGiB: 'number',
    efa: 'boolean',
    allowClients: 'function',
    connections: 'object',
  },
  'Use new LustreFileSystem(…) or LustreFileSystem.fromLustreFileSystemAttributes(…).',
);
export const LUSTRE_METADATA: PropType = instanceOf(
  'aws.LustreMetadata',
  'a LustreMetadata',
  'Use LustreMetadata.automatic() or LustreMetadata.provisioned(…).',
);
export const MODEL_ARTIFACT: PropType = instanceOf(
  'aws.ModelArtifact',
  'a ModelArtifact',
  'Use ModelArtifact.archive(…) or ModelArtifact.files(…).',
);
export const NODE_IMAGE: PropType = instanceOf(
  'aws.NodeImage',
  'a NodeImage',
  'Use NodeImage.release(…) or NodeImage.ami(…).',
);
export const NODE_OS: PropType = oneOf(['AL2023', 'BOTTLEROCKET']);
export const PII_ACTION: PropType = oneOf(['BLOCK', 'ANONYMIZE']);
export const PROMPT_SCREENING: PropType = instanceOf(
  'aws.PromptScreening',
  'a PromptScreening',
  'Use PromptScreening.guardrail(), PromptScreening.fromGuardrail(…) or PromptScreening.none().',
);
export const REALTIME_SERVING: PropType = instanceOf(
  'aws.RealtimeServing',
  'a RealtimeServing',
  'Use RealtimeServing.sageMaker(…) or RealtimeServing.fromEndpoint(…).',
);
export const RESPONSE_MODE: PropType = instanceOf(
  'aws.ResponseMode',
  'a ResponseMode',
  'Use ResponseMode.buffered() or ResponseMode.streamed().',
);
export const SCREENING_STRENGTH: PropType = oneOf(['NONE', 'LOW', 'MEDIUM', 'HIGH']);
export const SERVING_CONTAINER: PropType = instanceOf(
  'aws.ServingContainer',
  'a ServingContainer',
  'Use a static member of ServingContainer, for example ServingContainer.vllm(…).',
);
export const SERVING_IMAGE: PropType = instanceOf(
  'aws.ServingImage',
  'a ServingImage',
  'Use ServingImage.ecr(…) or ServingImage.deepLearningContainer(…).',
);
export const SERVING_INGRESS: PropType = instanceOf(
  'aws.ServingIngress',
  'a ServingIngress',
  'Use ServingIngress.clusterOnly(), ServingIngress.internalLoadBalancer() or ServingIngress.gateway(…).',
);
export const SERVING_MODEL: PropType = instanceOf(
  'aws.ServingModel',
  'a ServingModel',
  'Use ServingModel.artifact(…), ServingModel.huggingFace(…) or ServingModel.volume(…).',
);
export const SERVING_NODES: PropType = instanceOf(
  'aws.ServingNodes',
  'a ServingNodes',
  'Use ServingNodes.karpenter() or ServingNodes.managed().',
);
export const SHARED_CHART: PropType = oneOf([
  'dra-driver-nvidia-gpu',
  'jobset',
  'keda',
  'kube-prometheus-stack',
  'kubeflow-trainer',
  'kueue',
  'lws',
  'nvidia-device-plugin',
  'aws-efa-k8s-device-plugin',
  'aws-load-balancer-controller',
  'cluster-autoscaler',
  'neuron-helm-chart',
]);
export const TRAINING_STORAGE: PropType = instanceOf(
  'aws.TrainingStorage',
  'a TrainingStorage',
  'Use a static member of TrainingStorage, for example TrainingStorage.lustre().',
);
export const TRANSFORM_SPLIT: PropType = oneOf(['None', 'Line', 'RecordIO', 'TFRecord']);

export const ALERT_TOPIC_PROPS: PropSchema<AlertTopicProps> = {
  alertEmails: ANY,
};

export const ASYNCHRONOUS_OPTIONS: PropSchema<AsynchronousOptions> = {
  output: required(DATA_BUCKET),
  outputPrefix: STRING,
  failurePrefix: STRING,
  input: DATA_BUCKET,
  concurrencyPerInstance: NUMBER,
  topic: TOPIC,
};

export const AWS_BATCH_OPTIONS: PropSchema<AwsBatchOptions> = {
  vpc: VPC,
  subnets: SUBNET_SELECTION,
  machine: required(AWS_MACHINE),
  maxMachines: required(NUMBER),
  capacity: CAPACITY,
  spotPatience: DURATION,
  image: required(STRING),
  command: LINES,
  environment: recordOf(STRING_OR_EMPTY),
  acceleratorsPerReplica: NUMBER,
  sharedMemory: SIZE,
  bootDisk: SIZE,
  bootDiskKey: KEY,
  taskTimeout: DURATION,
  attempts: NUMBER,
  prices: PRICES,
};

export const AWS_MACHINE_SPEC: PropSchema<AwsMachineSpec> = {
  accelerators: required(NUMBER),
  acceleratorMemoryGiB: required(NUMBER),
  vcpus: required(NUMBER),
  memoryGiB: required(NUMBER),
  arch: required(oneOf(['amd64', 'arm64'])),
  efaInterfaces: required(NUMBER),
  cards: required(listOf(objectOf(() => AWS_NETWORK_CARD, 'an object { maxInterfaces, efa }'))),
  networkGbps: required(NUMBER),
  ebsGbps: NUMBER,
  localNvmeGB: NUMBER,
  clusterPlacement: required(BOOLEAN),
  markets: listOf(AWS_MARKET),
  onDemandPriced: BOOLEAN,
  ultraServerNodes: listOf(NUMBER),
  topologyLayers: NUMBER,
  lustreEfa: BOOLEAN,
  regions: required(listOf(STRING)),
  unverified: STRING,
  chip: required(
    anyOf(
      oneOf(['A100-40']),
      objectOf(() => CHIP_ROW, 'an object { vendor, memoryGiB, memoryBandwidthGBps, scaleUp, … }'),
      oneOf(['T4']),
      oneOf(['A10']),
      oneOf(['A10G']),
      oneOf(['L4']),
      oneOf(['L20']),
      oneOf(['L40S']),
      oneOf(['RTXPRO4500']),
      oneOf(['RTXPRO6000']),
      oneOf(['A100-80']),
      oneOf(['A100-80-PCIe']),
      oneOf(['H100']),
      oneOf(['H100-PCIe']),
      oneOf(['H100-NVL']),
      oneOf(['H800']),
      oneOf(['H200']),
      oneOf(['H200-NVL']),
      oneOf(['ALI-HOPPER-96']),
      oneOf(['ALI-BLACKWELL-48']),
      oneOf(['ALI-BLACKWELL-72']),
      oneOf(['B200']),
      oneOf(['GB200']),
      oneOf(['B300']),
      oneOf(['GB300']),
      oneOf(['MI300X']),
      oneOf(['MI325X']),
      oneOf(['MI350X']),
      oneOf(['MI355X']),
      oneOf(['Inferentia2']),
      oneOf(['Trainium1']),
      oneOf(['Trainium2']),
      oneOf(['Trainium3']),
      oneOf(['TPU v4']),
      oneOf(['TPU v5e']),
      oneOf(['TPU v5p']),
      oneOf(['TPU v6e']),
      oneOf(['TPU7x']),
    ),
  ),
};

export const BATCH_INFERENCE_PLATFORM_PROPS: PropSchema<BatchInferencePlatformProps> = {
  workflow: required(objectOf(() => BATCH_WORKFLOW_OPTIONS, 'an object { compute }')),
  input: DATA_BUCKET,
  inputPrefix: STRING,
  results: DATA_BUCKET,
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: ANY,
  dataClass: DATA_CLASS,
  encryptionKey: KEY,
};

export const BATCH_INFERENCE_PROPS: PropSchema<BatchInferenceProps> = {
  input: required(DATA_BUCKET),
  inputPrefix: required(STRING_OR_EMPTY),
  results: required(DATA_BUCKET),
  resultsPrefix: STRING,
  compute: required(BATCH_COMPUTE),
  shardsPerTask: NUMBER,
  concurrency: NUMBER,
  toleratedFailurePercent: NUMBER,
  timeout: DURATION,
  schedule: SCHEDULE_EXPRESSION,
  work: objectOf(() => PLANNED_BATCH_WORK, 'an object { load, requests }'),
};

export const BATCH_OBSERVABILITY_PROPS: PropSchema<BatchObservabilityProps> = {
  batchInference: required(BATCH_INFERENCE),
  alertTopic: TOPIC,
  dailyUsd: NUMBER,
  maxWait: DURATION,
};

export const BATCH_WORKFLOW_OPTIONS: PropSchema<BatchWorkflowOptions> = {
  resultsPrefix: STRING,
  shardsPerTask: NUMBER,
  toleratedFailurePercent: NUMBER,
  schedule: SCHEDULE_EXPRESSION,
  work: objectOf(() => PLANNED_BATCH_WORK, 'an object { load, requests }'),
  compute: required(BATCH_COMPUTE),
  concurrency: NUMBER,
  timeout: DURATION,
};

export const BUFFERED_OPTIONS: PropSchema<BufferedOptions> = {
  timeout: DURATION,
  timeoutQuota: DURATION,
};

export const CAPACITY_BLOCK_OPTIONS: PropSchema<CapacityBlockOptions> = {
  desiredNodes: NUMBER,
  availabilityZone: STRING,
  machine: AWS_MACHINE,
};

export const CAPACITY_RESERVATION_OPTIONS: PropSchema<CapacityReservationOptions> = {
  placementGroupName: STRING,
  availabilityZone: STRING,
  machine: AWS_MACHINE,
};

export const CLUSTER_SOFTWARE_PROPS: PropSchema<ClusterSoftwareProps> = {
  cluster: required(CLUSTER),
  installation: required(INSTALLATION),
  groups: required(listOf(EFA_NODE_GROUP)),
  fileSystem: LUSTRE_FILE_SYSTEM,
  images: required(objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance, efaPlugin }')),
  systemLabels: required(recordOf(STRING_OR_EMPTY)),
  existingCharts: listOf(SHARED_CHART),
};

export const COMPONENTS_OPTIONS: PropSchema<ComponentsOptions> = {
  cached: BOOLEAN,
};

export const CONTROL_PLANE_PROPS: PropSchema<ControlPlaneProps> = {
  vpc: required(VPC),
  subnets: listOf(SUBNET),
  kubernetesVersion: KUBERNETES_VERSION,
  apiAccess: ENDPOINT_ACCESS,
  admins: listOf(ROLE),
  encryptionKey: KEY,
  serviceCidr: STRING,
  kubectlLayer: LAYER_VERSION,
};

export const COST_BUDGET_PROPS: PropSchema<CostBudgetProps> = {
  monthlyUsd: ANY,
  tags: recordOf(STRING_OR_EMPTY),
  alertTopic: required(TOPIC),
  actualPercent: listOf(NUMBER),
  forecastPercent: listOf(NUMBER),
};

export const DATA_BUCKET_ATTRIBUTES: PropSchema<DataBucketAttributes> = {
  bucketName: STRING,
  bucketArn: STRING,
  encryptionKeyArn: STRING,
};

export const DATA_BUCKET_PROPS: PropSchema<DataBucketProps> = {
  purpose: DATA_PURPOSE,
  dataClass: DATA_CLASS,
  encryptionKey: KEY,
  accessLogs: BUCKET,
  versioned: BOOLEAN,
  expiration: DURATION,
  noncurrentVersionExpiration: DURATION,
  retention: OBJECT_LOCK_RETENTION,
  vpcEndpoints: listOf(STRING),
  endpointExemptRoles: listOf(ROLE),
  removalPolicy: oneOf(['destroy', 'retain', 'snapshot', 'retain-on-update-or-delete']),
};

export const DATA_CAPTURE: PropSchema<DataCapture> = {
  bucket: required(DATA_BUCKET),
  percent: NUMBER,
  prefix: STRING,
};

export const DATA_REPOSITORY_PROPS: PropSchema<DataRepositoryProps> = {
  bucket: required(BUCKET),
  prefix: STRING_OR_EMPTY,
  path: required(STRING),
  imports: listOf(DATA_REPOSITORY_EVENT),
  exports: listOf(DATA_REPOSITORY_EVENT),
};

export const DENIED_TOPIC: PropSchema<DeniedTopic> = {
  definition: required(STRING),
  examples: listOf(STRING),
};

export const EFA_NODE_GROUP_OPTIONS: PropSchema<EfaNodeGroupOptions> = {
  machine: required(AWS_MACHINE),
  nodes: required(WHOLE_NODES),
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  interconnect: INTERCONNECT,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { os, image, bootDisk, bootDiskKey, … }'),
};

export const EFA_NODE_GROUP_PROPS: PropSchema<EfaNodeGroupProps> = {
  cluster: required(CLUSTER),
  name: STRING,
  role: ROLE,
  securityGroup: SECURITY_GROUP,
  minNodes: NUMBER,
  kubernetesVersion: KUBERNETES_VERSION,
  machine: required(AWS_MACHINE),
  nodes: required(WHOLE_NODES),
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  interconnect: INTERCONNECT,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { os, image, bootDisk, bootDiskKey, … }'),
};

export const EFA_SECURITY_GROUP_PROPS: PropSchema<EfaSecurityGroupProps> = {
  vpc: required(VPC),
  description: STRING,
};

export const ENCRYPTED_LOG_GROUP_PROPS: PropSchema<EncryptedLogGroupProps> = {
  logGroupName: STRING,
  retention: oneOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999,
  ]),
  removalPolicy: required(oneOf(['destroy', 'retain', 'snapshot', 'retain-on-update-or-delete'])),
};

export const ENDPOINT_LATENCY_OPTIONS: PropSchema<EndpointLatencyOptions> = {
  percentile: NUMBER,
  model: STRING,
  period: DURATION,
  statistic: STRING,
  dimensionsMap: recordOf(STRING_OR_EMPTY),
  unit: oneOf([
    'Seconds',
    'Microseconds',
    'Milliseconds',
    'Bytes',
    'Kilobytes',
    'Megabytes',
    'Gigabytes',
    'Terabytes',
    'Bits',
    'Kilobits',
    'Megabits',
    'Gigabits',
    'Terabits',
    'Percent',
    'Count',
    'Bytes/Second',
    'Kilobytes/Second',
    'Megabytes/Second',
    'Gigabytes/Second',
    'Terabytes/Second',
    'Bits/Second',
    'Kilobits/Second',
    'Megabits/Second',
    'Gigabits/Second',
    'Terabits/Second',
    'Count/Second',
    'None',
  ]),
  label: STRING,
  color: STRING,
  id: STRING,
  visible: BOOLEAN,
  account: STRING,
  region: STRING,
  stackAccount: STRING,
  stackRegion: STRING,
};

export const ENDPOINT_SCALING: PropSchema<EndpointScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
  targetConcurrency: NUMBER,
  scaleInCooldown: DURATION,
  scaleOutCooldown: DURATION,
  schedule: listOf(objectOf(() => SCHEDULED_LIMITS, 'an object { name, at }')),
};

export const EXISTING_CLUSTER_OPTIONS: PropSchema<ExistingClusterOptions> = {
  systemLabels: required(recordOf(STRING_OR_EMPTY)),
  existingCharts: listOf(SHARED_CHART),
  addons: listOf(ADDON_NAME),
  addonVersions: objectOf(
    () => ({
      'eks-pod-identity-agent': STRING,
      'vpc-cni': STRING,
      'kube-proxy': STRING,
      coredns: STRING,
      'metrics-server': STRING,
      'eks-node-monitoring-agent': STRING,
      'aws-fsx-csi-driver': STRING,
      'amazon-cloudwatch-observability': STRING,
    }),
    'an object { eks-pod-identity-agent, vpc-cni, kube-proxy, coredns, … }',
  ),
};

export const EXISTING_GUARDRAIL: PropSchema<ExistingGuardrail> = {
  guardrailId: required(STRING),
  version: required(STRING),
};

export const GATEWAY_ALARMS_PROPS: PropSchema<GatewayAlarmsProps> = {
  gateway: required(INFERENCE_GATEWAY),
  maxResponseTime: DURATION,
  alertTopic: TOPIC,
};

export const GATEWAY_CLIENT: PropSchema<GatewayClient> = {
  requestsPerSecond: required(NUMBER),
  burst: NUMBER,
  requestsPerDay: NUMBER,
};

export const GATEWAY_DOMAIN: PropSchema<GatewayDomain> = {
  domainName: required(STRING),
  certificate: required(CERTIFICATE),
  securityPolicy: oneOf([
    'TLS_1_0',
    'TLS_1_2',
    'SecurityPolicy_TLS13_1_3_2025_09',
    'SecurityPolicy_TLS13_1_3_FIPS_2025_09',
    'SecurityPolicy_TLS13_1_2_PQ_2025_09',
    'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    'SecurityPolicy_TLS13_2025_EDGE',
    'SecurityPolicy_TLS12_PFS_2025_EDGE',
    'SecurityPolicy_TLS12_2018_EDGE',
  ]),
};

export const GATEWAY_LATENCY_OPTIONS: PropSchema<GatewayLatencyOptions> = {
  percentile: NUMBER,
  period: DURATION,
  statistic: STRING,
  dimensionsMap: recordOf(STRING_OR_EMPTY),
  unit: oneOf([
    'Seconds',
    'Microseconds',
    'Milliseconds',
    'Bytes',
    'Kilobytes',
    'Megabytes',
    'Gigabytes',
    'Terabytes',
    'Bits',
    'Kilobits',
    'Megabits',
    'Gigabits',
    'Terabits',
    'Percent',
    'Count',
    'Bytes/Second',
    'Kilobytes/Second',
    'Megabytes/Second',
    'Gigabytes/Second',
    'Terabytes/Second',
    'Bits/Second',
    'Kilobits/Second',
    'Megabits/Second',
    'Gigabits/Second',
    'Terabits/Second',
    'Count/Second',
    'None',
  ]),
  label: STRING,
  color: STRING,
  id: STRING,
  visible: BOOLEAN,
  account: STRING,
  region: STRING,
  stackAccount: STRING,
  stackRegion: STRING,
};

export const GATEWAY_LIMITS: PropSchema<GatewayLimits> = {
  requestsPerSecond: NUMBER,
  burst: NUMBER,
  requestsPerAddress: NUMBER,
};

export const GUARDRAIL_OPTIONS: PropSchema<GuardrailOptions> = {
  promptAttacks: SCREENING_STRENGTH,
  harmfulContent: SCREENING_STRENGTH,
  pii: objectOf(
    () => ({
      ADDRESS: PII_ACTION,
      AGE: PII_ACTION,
      AWS_ACCESS_KEY: PII_ACTION,
      AWS_SECRET_KEY: PII_ACTION,
      CA_HEALTH_NUMBER: PII_ACTION,
      CA_SOCIAL_INSURANCE_NUMBER: PII_ACTION,
      CREDIT_DEBIT_CARD_CVV: PII_ACTION,
      CREDIT_DEBIT_CARD_EXPIRY: PII_ACTION,
      CREDIT_DEBIT_CARD_NUMBER: PII_ACTION,
      DRIVER_ID: PII_ACTION,
      EMAIL: PII_ACTION,
      INTERNATIONAL_BANK_ACCOUNT_NUMBER: PII_ACTION,
      IP_ADDRESS: PII_ACTION,
      LICENSE_PLATE: PII_ACTION,
      MAC_ADDRESS: PII_ACTION,
      NAME: PII_ACTION,
      PASSWORD: PII_ACTION,
      PHONE: PII_ACTION,
      PIN: PII_ACTION,
      SWIFT_CODE: PII_ACTION,
      UK_NATIONAL_HEALTH_SERVICE_NUMBER: PII_ACTION,
      UK_NATIONAL_INSURANCE_NUMBER: PII_ACTION,
      UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER: PII_ACTION,
      URL: PII_ACTION,
      USERNAME: PII_ACTION,
      US_BANK_ACCOUNT_NUMBER: PII_ACTION,
      US_BANK_ROUTING_NUMBER: PII_ACTION,
      US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER: PII_ACTION,
      US_PASSPORT_NUMBER: PII_ACTION,
      US_SOCIAL_SECURITY_NUMBER: PII_ACTION,
      VEHICLE_IDENTIFICATION_NUMBER: PII_ACTION,
    }),
    'an object { ADDRESS, AGE, AWS_ACCESS_KEY, AWS_SECRET_KEY, … }',
  ),
  deniedTopics: recordOf(objectOf(() => DENIED_TOPIC, 'an object { definition }')),
};

export const INFERENCE_ENDPOINT_ATTRIBUTES: PropSchema<InferenceEndpointAttributes> = {
  endpointName: required(STRING),
  inferenceComponentNames: listOf(STRING),
  variantNames: listOf(STRING),
  isAsynchronous: BOOLEAN,
};

export const INFERENCE_ENDPOINT_PROPS: PropSchema<InferenceEndpointProps> = {
  models: required(recordOf(objectOf(() => SERVED_MODEL, 'an object { container, artifact }'))),
  machine: AWS_MACHINE,
  kind: ENDPOINT_KIND,
  load: SERVING_LOAD,
  scaling: objectOf(
    () => ENDPOINT_SCALING,
    'an object { minReplicas, maxReplicas, targetConcurrency, scaleInCooldown, … }',
  ),
  routing: ENDPOINT_ROUTING,
  update: ENDPOINT_UPDATE,
  vpc: VPC,
  subnets: SUBNET_SELECTION,
  isolated: BOOLEAN,
  inferenceAmi: oneOf([
    'al2-ami-sagemaker-inference-gpu-2',
    'al2-ami-sagemaker-inference-gpu-2-1',
    'al2-ami-sagemaker-inference-gpu-3-1',
    'al2023-ami-sagemaker-inference-gpu-4-1',
    'al2-ami-sagemaker-inference-neuron-2',
  ]),
  dataCapture: objectOf(() => DATA_CAPTURE, 'an object { bucket }'),
  encryptionKey: KEY,
  endpointName: STRING,
  role: ROLE,
  alertTopic: TOPIC,
  prices: PRICES,
};

export const INFERENCE_GATEWAY_ATTRIBUTES: PropSchema<InferenceGatewayAttributes> = {
  restApiId: required(STRING),
  restApiName: STRING,
  url: STRING,
  timeout: DURATION,
};

export const INFERENCE_GATEWAY_PROPS: PropSchema<InferenceGatewayProps> = {
  endpoint: required(INFERENCE_TARGET),
  exposure: required(GATEWAY_EXPOSURE),
  authorization: required(GATEWAY_AUTHORIZATION),
  screening: PROMPT_SCREENING,
  domain: objectOf(() => GATEWAY_DOMAIN, 'an object { domainName, certificate }'),
  responses: RESPONSE_MODE,
  maxBody: BODY_SIZE,
  limits: objectOf(() => GATEWAY_LIMITS, 'an object { requestsPerSecond, burst, requestsPerAddress }'),
  clients: recordOf(objectOf(() => GATEWAY_CLIENT, 'an object { requestsPerSecond }')),
  logRetention: oneOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999,
  ]),
  cloudWatchRole: BOOLEAN,
  removalPolicy: oneOf(['destroy', 'retain', 'snapshot', 'retain-on-update-or-delete']),
};

export const INFERENCE_NODE_OPTIONS: PropSchema<InferenceNodeOptions> = {
  bootDisk: SIZE,
  bootDiskKey: KEY,
};

export const INFERENCE_OBSERVABILITY_PROPS: PropSchema<InferenceObservabilityProps> = {
  endpoint: required(INFERENCE_ENDPOINT),
  gateway: INFERENCE_GATEWAY,
  load: SERVING_LOAD,
  alertTopic: TOPIC,
};

export const INFERENCE_TARGET_OPTIONS: PropSchema<InferenceTargetOptions> = {
  inferenceComponentName: STRING,
};

export const INTERNAL_LOAD_BALANCER_OPTIONS: PropSchema<InternalLoadBalancerOptions> = {
  clients: listOf(CONNECTABLE),
  certificate: CERTIFICATE,
  accessLogs: BUCKET,
};

export const KARPENTER_NODES_OPTIONS: PropSchema<KarpenterNodesOptions> = {
  imageVersion: IMAGE_VERSION,
  installed: BOOLEAN,
};

export const KUBERNETES_INFERENCE_OBSERVABILITY_PROPS: PropSchema<KubernetesInferenceObservabilityProps> = {
  endpoint: required(KUBERNETES_INFERENCE),
  alertTopic: TOPIC,
};

export const KUBERNETES_INFERENCE_PROPS: PropSchema<KubernetesInferenceProps> = {
  machine: required(AWS_MACHINE),
  model: required(SERVING_MODEL),
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  acceleratorsPerReplica: NUMBER,
  scaling: SERVING_SCALING,
  nodes: SERVING_NODES,
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  ingress: SERVING_INGRESS,
  cache: SERVING_CACHE,
  name: STRING,
  namespace: STRING,
  nodeOptions: objectOf(() => INFERENCE_NODE_OPTIONS, 'an object { bootDisk, bootDiskKey }'),
  vpc: VPC,
  availabilityZones: listOf(STRING),
  cluster: CLUSTER_SOURCE,
  installation: INSTALLATION,
  prices: PRICES,
};

export const LUSTRE_FILE_SYSTEM_ATTRIBUTES: PropSchema<LustreFileSystemAttributes> = {
  fileSystemId: required(STRING),
  dnsName: required(STRING),
  mountName: required(STRING),
  size: required(SIZE),
  securityGroup: required(SECURITY_GROUP),
  throughputMBps: NUMBER,
  efa: BOOLEAN,
  availabilityZone: STRING,
};

export const LUSTRE_FILE_SYSTEM_PROPS: PropSchema<LustreFileSystemProps> = {
  vpc: required(VPC),
  subnet: required(SUBNET),
  size: SIZE,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  efa: BOOLEAN,
  metadata: LUSTRE_METADATA,
  encryptionKey: KEY,
  maintenance: LUSTRE_MAINTENANCE_TIME,
  backupRetention: DURATION,
  dataRepositories: listOf(objectOf(() => DATA_REPOSITORY_PROPS, 'an object { bucket, path }')),
  removalPolicy: oneOf(['destroy', 'retain', 'snapshot', 'retain-on-update-or-delete']),
};

export const LUSTRE_STORAGE_OPTIONS: PropSchema<LustreStorageOptions> = {
  size: SIZE,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  efa: BOOLEAN,
  metadata: LUSTRE_METADATA,
  subnet: SUBNET,
};

export const ML_VPC_ENDPOINTS_PROPS: PropSchema<MlVpcEndpointsProps> = {
  vpc: required(VPC),
  cidr: required(STRING),
  subnets: required(SUBNET_SELECTION),
  services: recordOf(INTERFACE_VPC_ENDPOINT_AWS_SERVICE),
};

export const ML_VPC_PROPS: PropSchema<MlVpcProps> = {
  cidr: STRING_OR_EMPTY,
  peeredCidrs: LINES,
  serviceCidr: STRING,
  availabilityZones: listOf(STRING),
  natGateways: NUMBER,
  interfaceEndpoints: recordOf(INTERFACE_VPC_ENDPOINT_AWS_SERVICE),
  flowLogRetention: oneOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999,
  ]),
};

export const MODEL_ARCHIVE_OPTIONS: PropSchema<ModelArchiveOptions> = {
  key: required(STRING),
  sha256: required(STRING),
  bucket: required(DATA_BUCKET),
  version: required(STRING),
  sizeGB: required(NUMBER),
};

export const MODEL_FILES_OPTIONS: PropSchema<ModelFilesOptions> = {
  prefix: required(STRING),
  sha256: STRING,
  bucket: required(DATA_BUCKET),
  version: required(STRING),
  sizeGB: required(NUMBER),
};

export const NETWORK_INTERFACE: PropSchema<NetworkInterface> = {
  networkCardIndex: required(NUMBER),
  deviceIndex: required(NUMBER),
  interfaceType: required(oneOf(['efa', 'interface', 'efa-only'])),
};

export const NEW_CLUSTER_OPTIONS: PropSchema<NewClusterOptions> = {
  admins: listOf(ROLE),
  apiAccess: ENDPOINT_ACCESS,
  controlPlaneSubnets: SUBNET_SELECTION,
  kubernetesVersion: KUBERNETES_VERSION,
  encryptionKey: KEY,
  systemNodes: objectOf(() => SYSTEM_NODE_OPTIONS, 'an object { instanceType, minNodes, maxNodes, bootDisk, … }'),
  addonVersions: objectOf(
    () => ({
      'eks-pod-identity-agent': STRING,
      'vpc-cni': STRING,
      'kube-proxy': STRING,
      coredns: STRING,
      'metrics-server': STRING,
      'eks-node-monitoring-agent': STRING,
      'aws-fsx-csi-driver': STRING,
      'amazon-cloudwatch-observability': STRING,
    }),
    'an object { eks-pod-identity-agent, vpc-cni, kube-proxy, coredns, … }',
  ),
};

export const NEW_RESERVATION_OPTIONS: PropSchema<NewReservationOptions> = {
  confirm: required(CONFIRMED),
  until: DATE,
};

export const NODE_LAUNCH_TEMPLATE_PROPS: PropSchema<NodeLaunchTemplateProps> = {
  instanceType: STRING,
  interfaces: required(
    listOf(objectOf(() => NETWORK_INTERFACE, 'an object { networkCardIndex, deviceIndex, interfaceType }')),
  ),
  primaryGroups: required(listOf(SECURITY_GROUP)),
  fabricGroups: required(listOf(SECURITY_GROUP)),
  bootDisk: required(SIZE),
  bootDiskDevice: STRING,
  bootDiskKey: KEY,
  userData: STRING,
  imageId: STRING,
  placementGroupName: STRING,
  capacityReservationId: STRING,
  capacityBlock: BOOLEAN,
};

export const NODE_OPTIONS: PropSchema<NodeOptions> = {
  os: NODE_OS,
  image: NODE_IMAGE,
  bootDisk: SIZE,
  bootDiskKey: KEY,
  scratch: BOOLEAN,
  commands: LINES,
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  sysctls: recordOf(STRING_OR_EMPTY),
  ignoredXids: listOf(NUMBER),
  topologyAware: BOOLEAN,
  nodeQuota: NUMBER,
};

export const OWN_IMAGE_OPTIONS: PropSchema<OwnImageOptions> = {
  serviceCidr: required(STRING),
};

export const PLANNED_BATCH_WORK: PropSchema<PlannedBatchWork> = {
  finishWithin: DURATION,
  budgetUsd: NUMBER,
  load: required(SERVING_LOAD),
  requests: required(NUMBER),
};

export const PLATFORM_GATEWAY_OPTIONS: PropSchema<PlatformGatewayOptions> = {
  model: STRING,
  exposure: required(GATEWAY_EXPOSURE),
  authorization: required(GATEWAY_AUTHORIZATION),
  screening: PROMPT_SCREENING,
  responses: RESPONSE_MODE,
  limits: objectOf(() => GATEWAY_LIMITS, 'an object { requestsPerSecond, burst, requestsPerAddress }'),
  clients: recordOf(objectOf(() => GATEWAY_CLIENT, 'an object { requestsPerSecond }')),
  domain: objectOf(() => GATEWAY_DOMAIN, 'an object { domainName, certificate }'),
  maxBody: BODY_SIZE,
  logRetention: oneOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999,
  ]),
  cloudWatchRole: BOOLEAN,
  removalPolicy: oneOf(['destroy', 'retain', 'snapshot', 'retain-on-update-or-delete']),
};

export const PREFIX_AWARE_OPTIONS: PropSchema<PrefixAwareOptions> = {
  prefixLength: NUMBER,
  concurrencyThreshold: NUMBER,
};

export const PRIVATE_EXPOSURE_OPTIONS: PropSchema<PrivateExposureOptions> = {
  vpcEndpoints: required(listOf(VPC_ENDPOINT)),
};

export const REALTIME_INFERENCE_PLATFORM_PROPS: PropSchema<RealtimeInferencePlatformProps> = {
  serving: required(REALTIME_SERVING),
  load: SERVING_LOAD,
  prices: PRICES,
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: ANY,
  dataClass: DATA_CLASS,
  vpc: VPC,
  availabilityZones: listOf(STRING),
  gateway: objectOf(() => PLATFORM_GATEWAY_OPTIONS, 'an object { exposure, authorization }'),
};

export const SCHEDULED_LIMITS: PropSchema<ScheduledLimits> = {
  name: required(STRING),
  at: required(SCHEDULE),
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
  timeZone: TIME_ZONE,
};

export const SERVED_MODEL: PropSchema<ServedModel> = {
  container: required(SERVING_CONTAINER),
  artifact: required(MODEL_ARTIFACT),
  accelerators: NUMBER,
  memory: SIZE,
  weight: NUMBER,
  downloadTimeout: DURATION,
  startupTimeout: DURATION,
};

export const SERVERLESS_OPTIONS: PropSchema<ServerlessOptions> = {
  memory: required(SIZE),
  maxConcurrency: required(NUMBER),
  provisionedConcurrency: NUMBER,
};

export const SERVING_CONTAINER_OPTIONS: PropSchema<ServingContainerOptions> = {
  image: required(SERVING_IMAGE),
  environment: recordOf(STRING_OR_EMPTY),
};

export const SPOT_OPTIONS: PropSchema<SpotOptions> = {
  fallback: CAPACITY,
};

export const STREAMED_OPTIONS: PropSchema<StreamedOptions> = {
  timeout: DURATION,
  windowCharacters: NUMBER,
};

export const SYSTEM_NODE_GROUP_PROPS: PropSchema<SystemNodeGroupProps> = {
  cluster: required(CLUSTER),
  subnets: required(listOf(SUBNET)),
  instanceType: INSTANCE_TYPE,
  minNodes: NUMBER,
  maxNodes: NUMBER,
  role: ROLE,
  kubernetesVersion: KUBERNETES_VERSION,
  bootDisk: SIZE,
  bootDiskKey: KEY,
};

export const SYSTEM_NODE_OPTIONS: PropSchema<SystemNodeOptions> = {
  instanceType: INSTANCE_TYPE,
  minNodes: NUMBER,
  maxNodes: NUMBER,
  bootDisk: SIZE,
  bootDiskKey: KEY,
};

export const TOKEN_OPTIONS: PropSchema<TokenOptions> = {
  scopes: listOf(STRING),
};

export const TRAINING_CLUSTER_PROPS: PropSchema<TrainingClusterProps> = {
  nodes: WHOLE_NODES,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => EFA_NODE_GROUP_OPTIONS, 'an object { machine, nodes }')),
  vpc: VPC,
  availabilityZones: listOf(STRING),
  cluster: CLUSTER_SOURCE,
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance, efaPlugin }'),
  encryptionKey: KEY,
  machine: required(AWS_MACHINE),
  capacity: CAPACITY,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { os, image, bootDisk, bootDiskKey, … }'),
  subnets: SUBNET_SELECTION,
  interconnect: INTERCONNECT,
};

export const TRAINING_IMAGES: PropSchema<TrainingImages> = {
  training: STRING,
  acceptance: STRING,
  efaPlugin: STRING,
};

export const TRAINING_OBSERVABILITY_PROPS: PropSchema<TrainingObservabilityProps> = {
  clusterName: required(STRING),
  neuron: BOOLEAN,
  fileSystem: objectOf(() => WATCHED_FILE_SYSTEM, 'an object { fileSystemId, sizeGiB }'),
  alertTopic: TOPIC,
};

export const TRAINING_PLATFORM_PROPS: PropSchema<TrainingPlatformProps> = {
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: ANY,
  dataClass: DATA_CLASS,
  nodes: WHOLE_NODES,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => EFA_NODE_GROUP_OPTIONS, 'an object { machine, nodes }')),
  vpc: VPC,
  availabilityZones: listOf(STRING),
  cluster: CLUSTER_SOURCE,
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance, efaPlugin }'),
  encryptionKey: KEY,
  machine: required(AWS_MACHINE),
  capacity: CAPACITY,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { os, image, bootDisk, bootDiskKey, … }'),
  subnets: SUBNET_SELECTION,
  interconnect: INTERCONNECT,
};

export const TRANSFORM_OPTIONS: PropSchema<TransformOptions> = {
  modelName: required(STRING),
  modelRole: required(ROLE),
  machine: required(AWS_MACHINE),
  instances: NUMBER,
  splitBy: TRANSFORM_SPLIT,
  contentType: STRING,
  accept: STRING,
  maxPayload: SIZE,
  concurrentRequests: NUMBER,
  requestTimeout: DURATION,
  outputKey: KEY,
  usdPerHour: NUMBER,
};

export const UPDATE_OPTIONS: PropSchema<UpdateOptions> = {
  percent: NUMBER,
  watch: DURATION,
};

export const WATCHED_FILE_SYSTEM: PropSchema<WatchedFileSystem> = {
  fileSystemId: required(STRING),
  sizeGiB: required(NUMBER),
};
