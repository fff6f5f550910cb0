// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { AcceleratorNodePoolProps, NodeOptions, SystemNodeOptions } from './nodes/node-pool-options';
import type { AlertGroupProps } from './operations/alert-group';
import type {
  ApprovedOutboundOptions,
  InternetOutboundOptions,
  PrivateEndpointRule,
  ServiceTagRule,
} from './machine-learning/managed-network';
import type { BatchInferencePlatformProps, BatchWorkflowOptions } from './batch/batch-inference-platform';
import type { BatchInferenceProps } from './batch/batch-inference';
import type { BlobDatastoreProps } from './machine-learning/workspace-parts';
import type {
  BlobIntegration,
  LustreFileSystemAttributes,
  LustreFileSystemProps,
  LustreMaintenance,
  RootSquash,
} from './storage/lustre-file-system';
import type { Blocklist, ContentPolicyOptions } from './inference/content-policy';
import type { ClusterMaintenance, MaintenanceExclusion, MaintenanceWindow } from './cluster/maintenance';
import type { ContainerAppEnvironmentProps } from './inference/container-app-environment';
import type { ContainerAppInferenceProps, ContainerAppScaling } from './inference/container-app-inference-props';
import type { ContainerAppServingOptions, FoundryServingOptions } from './inference/realtime-serving';
import type { ContentSafetyOptions } from './gateway/prompt-screening';
import type { ControlPlaneAttributes, ExistingClusterOptions } from './cluster/cluster-source';
import type { ControlPlaneProps, NewClusterOptions } from './cluster/control-plane';
import type { CostAnomalyAlertProps } from './operations/cost-anomaly-alert';
import type { CostBudgetProps } from './operations/cost-budget';
import type { CustomServerOptions } from './inference/container-app-server';
import type { DataBucketAttributes, DataBucketProps, RetentionLock } from './storage/data-bucket';
import type { DataCapture, EndpointScaling, InferenceEndpointProps, ServedModel } from './inference/endpoint-options';
import type { EncryptionKeyAttributes, EncryptionKeyProps } from './operations/encryption-key';
import type { EntraOptions } from './gateway/gateway-authorization';
import type { FoundryDeploymentProps, FoundryModel } from './inference/foundry-deployment';
import type {
  GatewayClient,
  GatewayLimits,
  InferenceGatewayAttributes,
  InferenceGatewayProps,
  PooledEndpoint,
} from './gateway/gateway-options';
import type { GatewaySecurityGroupProps } from './gateway/gateway-security-group';
import type { GrantedPrincipal } from './operations/roles';
import type { HubModelOptions, ModelSizeOptions, NfsShareOptions } from './inference/container-app-model';
import type { InferenceEndpointAttributes } from './inference/inference-endpoint';
import type { InferenceTargetOptions } from './gateway/inference-target';
import type { InternalLoadBalancerOptions } from './kubernetes-inference/serving-ingress';
import type { KubernetesInferenceObservabilityProps } from './kubernetes-inference/kubernetes-inference-observability';
import type { KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference';
import type { LogWorkspaceProps } from './operations/log-workspace';
import type { LustreStorageOptions } from './training/training-storage';
import type { MachineLearningClusterProps } from './machine-learning/machine-learning-cluster';
import type { MachineLearningWorkspaceAttributes } from './machine-learning/workspace-attributes';
import type { MachineLearningWorkspaceProps } from './machine-learning/machine-learning-workspace';
import type { MlNetworkAttributes } from './network/imported-network';
import type { MlNetworkProps } from './network/ml-network';
import type { MlopsPlatformProps } from './machine-learning/mlops-platform';
import type { ModelFilesOptions, RegisteredModelOptions, SharedModelOptions } from './inference/model-artifact';
import type { ModelMonitorProps, ReferenceData } from './machine-learning/model-monitor';
import type { ModelRegistryAttributes, ModelRegistryProps } from './machine-learning/model-registry';
import type { NewReservationOptions, SpotOptions } from './capacity/capacity';
import type { PlatformGatewayOptions, RealtimeInferencePlatformProps } from './inference/realtime-inference-platform';
import type { PrivateExposureOptions, PublicExposureOptions } from './gateway/gateway-exposure';
import type { ProvisionedCapacityOptions, TokenCapacityOptions } from './inference/model-capacity';
import type { RegisteredEnvironmentOptions, ServingImageOptions } from './inference/serving-container';
import type { ResourceGroupAttributes, ResourceGroupProps } from './operations/resource-group';
import type { ResponseOptions } from './gateway/response-mode';
import type { SystemNodePoolProps } from './nodes/system-node-pool';
import type { TagPolicyProps } from './operations/tag-policy';
import type { TrainingClusterProps, TrainingGroupOptions } from './training/training-cluster';
import type { TrainingPlatformProps } from './training/training-platform';
import { AKS_CLUSTER, GATEWAY_AUTHORIZATION } from './props/prop-types';
import {
  ANY,
  BOOLEAN,
  DATE,
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
import { DATA_CLASS, DATA_PURPOSE, PLANNED_BATCH_WORK, PRICES, SERVING_LOAD, TRAINING_JOB } from '../core/prop-schemas';
import {
  ENV_VAR,
  KUBELET_OPTIONS,
  SERVING_CACHE,
  SERVING_SCALING,
  SERVING_SERVER,
  TAINT,
  TRAINING_IMAGES,
} from '../kubernetes/prop-schemas';
import { INSTALLATION } from '../terraform/prop-schemas';
import { TERRAFORM_DEPENDABLE } from '../terraform/prop-types';

export const ALERT_GROUP: PropType = withMembers(
  'an IAlertGroup',
  { id: 'string' },
  'Use new AlertGroup(…) or AlertGroup.fromAlertGroupId(…).',
);
export const API_ACCESS: PropType = oneOf(['private', 'public-by-entra']);
export const AZURE_MACHINE: PropType = instanceOf('azure.AzureMachine', 'an AzureMachine', (value) =>
  typeof value === 'string'
    ? `Use AzureMachine.fromName('${value}').`
    : 'Use a static member of AzureMachine, for example AzureMachine.NC24ADS_A100_V4.',
);
export const BATCH_CLUSTER: PropType = withMembers(
  'an IBatchCluster',
  { machine: 'object', maxNodes: 'number', capacity: 'object', id: 'string' },
  'Pass the batch cluster itself.',
);
export const BATCH_OUTPUT_ACTION: PropType = oneOf(['AppendRow', 'SummaryOnly']);
export const BOOT_DISK_TYPE: PropType = oneOf(['Managed', 'Ephemeral']);
export const CAPACITY: PropType = instanceOf(
  'azure.Capacity',
  'a Capacity',
  'Use a static member of Capacity, for example Capacity.onDemand().',
);
export const CLUSTER_SOURCE: PropType = instanceOf(
  'azure.ClusterSource',
  'a ClusterSource',
  'Use ClusterSource.create() or ClusterSource.fromCluster(…).',
);
export const CONTAINER_APP_ENVIRONMENT: PropType = withMembers(
  'an IContainerAppEnvironment',
  { id: 'string', profiles: 'object' },
  'Use new ContainerAppEnvironment(…).',
);
export const CONTAINER_APP_MODEL: PropType = instanceOf(
  'azure.ContainerAppModel',
  'a ContainerAppModel',
  'Use ContainerAppModel.inImage(…), ContainerAppModel.nfsShare(…) or ContainerAppModel.huggingFace(…).',
);
export const CONTAINER_APP_SERVER: PropType = instanceOf(
  'azure.ContainerAppServer',
  'a ContainerAppServer',
  'Use ContainerAppServer.vllm() or ContainerAppServer.of(…).',
);
export const CONTAINER_REGISTRY: PropType = withMembers(
  'an IContainerRegistry',
  { id: 'string', loginServer: 'string' },
  'Pass the container registry itself.',
);
export const CONTENT_POLICY: PropType = instanceOf(
  'azure.ContentPolicy',
  'a ContentPolicy',
  'Use ContentPolicy.of() or ContentPolicy.fromPolicyName(…).',
);
export const CONTENT_SAFETY: PropType = withMembers(
  'an IContentSafety',
  { endpoint: 'string', grantInvoke: 'function' },
  'Pass the content safety itself.',
);
export const DATA_BUCKET: PropType = withMembers(
  'an IDataBucket',
  { accountName: 'string', accountId: 'string', containerName: 'string' },
  'Use new DataBucket(…) or DataBucket.fromDataBucketAttributes(…).',
);
export const ENCRYPTION_KEY: PropType = withMembers(
  'an IEncryptionKey',
  { keyId: 'string', versionedKeyId: 'string', vaultId: 'string', identity: 'object' },
  'Use new EncryptionKey(…) or EncryptionKey.fromEncryptionKeyAttributes(…).',
);
export const ENDPOINT_AUTHORIZATION: PropType = oneOf(['ENTRA', 'KEY']);
export const GATEWAY_EXPOSURE: PropType = instanceOf(
  'azure.GatewayExposure',
  'a GatewayExposure',
  'Use GatewayExposure.public() or GatewayExposure.private().',
);
export const GATEWAY_TIER: PropType = instanceOf(
  'azure.GatewayTier',
  'a GatewayTier',
  'Use a static member of GatewayTier, for example GatewayTier.standardV2().',
);
export const GPU_DRIVER: PropType = oneOf(['None', 'Install']);
export const INFERENCE_ENDPOINT: PropType = withMembers(
  'an IInferenceEndpoint',
  { id: 'string', endpointName: 'string', scoringUri: 'string', grantInvoke: 'function' },
  'Use new InferenceEndpoint(…) or InferenceEndpoint.fromInferenceEndpointAttributes(…).',
);
export const INFERENCE_TARGET: PropType = withMembers(
  'an IInferenceTarget',
  { url: 'string' },
  'Use new InferenceTarget(…), InferenceTarget.onlineEndpoint(…) or InferenceTarget.fromUrl(…).',
);
export const INFINIBAND_FEATURE: PropType = oneOf(['registered', 'register', 'unregistered']);
export const KUBELET_DISK: PropType = oneOf(['OS', 'Temporary']);
export const KUBERNETES_INFERENCE: PropType = instanceOf(
  'azure.KubernetesInference',
  'a KubernetesInference',
  'Use new KubernetesInference(…).',
);
export const LOG_WORKSPACE: PropType = withMembers(
  'an ILogWorkspace',
  { id: 'string' },
  'Use new LogWorkspace(…) or LogWorkspace.fromLogWorkspaceId(…).',
);
export const LUSTRE_FILE_SYSTEM: PropType = withMembers(
  'an ILustreFileSystem',
  { name: 'string', mgsAddress: 'string', zone: 'string' },
  'Use new LustreFileSystem(…) or LustreFileSystem.fromLustreFileSystemAttributes(…).',
);
export const MACHINE_LEARNING_WORKSPACE: PropType = withMembers(
  'an IMachineLearningWorkspace',
  { id: 'string', resourceGroup: 'object' },
  'Use new MachineLearningWorkspace(…) or MachineLearningWorkspace.fromMachineLearningWorkspaceAttributes(…).',
);
export const MANAGED_IDENTITY: PropType = withMembers(
  'an IManagedIdentity',
  { id: 'string', principalId: 'string', clientId: 'string' },
  'Pass the managed identity itself.',
);
export const MANAGED_NETWORK: PropType = instanceOf(
  'azure.ManagedNetwork',
  'a ManagedNetwork',
  'Use ManagedNetwork.approvedOutbound(), ManagedNetwork.internetOutbound() or ManagedNetwork.none().',
);
export const ML_NETWORK: PropType = withMembers(
  'an IMlNetwork',
  {
    virtualNetworkId: 'string',
    nodeSubnetId: 'string',
    endpointSubnetId: 'string',
    podCidr: 'string',
    serviceCidr: 'string',
    privateDnsZoneId: 'function',
  },
  'Use new MlNetwork(…) or MlNetwork.fromMlNetworkAttributes(…).',
);
export const MODEL_ARTIFACT: PropType = instanceOf(
  'azure.ModelArtifact',
  'a ModelArtifact',
  'Use ModelArtifact.registered(…), ModelArtifact.shared(…) or ModelArtifact.files(…).',
);
export const MODEL_CAPACITY: PropType = instanceOf(
  'azure.ModelCapacity',
  'a ModelCapacity',
  'Use a static member of ModelCapacity, for example ModelCapacity.standard(…).',
);
export const MODEL_FORMAT: PropType = oneOf(['custom_model', 'mlflow_model', 'triton_model']);
export const MODEL_REGISTRY: PropType = withMembers(
  'an IModelRegistry',
  { id: 'string', registryName: 'string', registryUri: 'string' },
  'Use new ModelRegistry(…) or ModelRegistry.fromModelRegistryAttributes(…).',
);
export const MODEL_UPGRADE: PropType = oneOf([
  'NoAutoUpgrade',
  'OnceCurrentVersionExpired',
  'OnceNewDefaultVersionAvailable',
]);
export const MONITORED_ENDPOINT: PropType = withMembers(
  'an IMonitoredEndpoint',
  { id: 'string', endpointName: 'string', workspace: 'object', monitorable: 'object' },
  'Pass the monitored endpoint itself.',
);
export const MONITOR_FREQUENCY: PropType = oneOf(['daily', 'weekly']);
export const MONITOR_TASK: PropType = oneOf(['classification', 'regression']);
export const OUTBOUND_TYPE: PropType = oneOf(['userAssignedNATGateway', 'userDefinedRouting']);
export const PRINCIPAL_TYPE: PropType = oneOf(['User', 'Group', 'ServicePrincipal']);
export const PRIVATE_LINK_TARGET: PropType = oneOf([
  'queue',
  'blob',
  'dfs',
  'file',
  'table',
  'vault',
  'registry',
  'account',
  'amlworkspace',
  'amlregistry',
  'Gateway',
]);
export const PROMPT_SCREENING: PropType = instanceOf(
  'azure.PromptScreening',
  'a PromptScreening',
  'Use PromptScreening.contentSafety(…) or PromptScreening.none().',
);
export const REALTIME_SERVING: PropType = instanceOf(
  'azure.RealtimeServing',
  'a RealtimeServing',
  'Use RealtimeServing.foundry(…), RealtimeServing.containerApp(…) or RealtimeServing.fromTarget(…).',
);
export const RESOURCE_GROUP: PropType = withMembers(
  'an IResourceGroup',
  { name: 'string', location: 'string' },
  'Use new ResourceGroup(…) or ResourceGroup.fromResourceGroupAttributes(…).',
);
export const RESPONSE_MODE: PropType = instanceOf(
  'azure.ResponseMode',
  'a ResponseMode',
  'Use ResponseMode.buffered() or ResponseMode.streamed().',
);
export const ROOT_SQUASH_MODE: PropType = oneOf(['RootOnly', 'All']);
export const SCREENING_STRENGTH: PropType = oneOf(['NONE', 'LOW', 'MEDIUM', 'HIGH']);
export const SERVERLESS_GPU: PropType = instanceOf(
  'azure.ServerlessGpu',
  'a ServerlessGpu',
  'Use ServerlessGpu.A100 or ServerlessGpu.T4.',
);
export const SERVING_CONTAINER: PropType = instanceOf(
  'azure.ServingContainer',
  'a ServingContainer',
  'Use ServingContainer.mlflow(), ServingContainer.image(…) or ServingContainer.registered(…).',
);
export const SERVING_INGRESS: PropType = instanceOf(
  'azure.ServingIngress',
  'a ServingIngress',
  'Use ServingIngress.clusterOnly(), ServingIngress.internalLoadBalancer(…) or ServingIngress.gateway(…).',
);
export const SERVING_MODEL: PropType = instanceOf(
  'azure.ServingModel',
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
  'dcgm-exporter',
  'gpu-operator',
  'network-operator',
  'nvidia-device-plugin',
]);
export const SPARK_MACHINE: PropType = oneOf([
  'Standard_E4s_v3',
  'Standard_E8s_v3',
  'Standard_E16s_v3',
  'Standard_E32s_v3',
  'Standard_E64s_v3',
]);
export const STORAGE_REDUNDANCY: PropType = oneOf(['LRS', 'ZRS', 'GRS', 'GZRS']);
export const TAG_POLICY_EFFECT: PropType = oneOf(['audit', 'deny']);
export const TRAINING_STORAGE: PropType = instanceOf(
  'azure.TrainingStorage',
  'a TrainingStorage',
  'Use a static member of TrainingStorage, for example TrainingStorage.lustre().',
);
export const UPGRADE_CHANNEL: PropType = oneOf(['patch', 'stable', 'rapid', 'node-image', 'none']);
export const WEEKDAY: PropType = oneOf(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
export const WORKSPACE_RESOURCE: PropType = withMembers(
  'an IWorkspaceResource',
  { id: 'string' },
  'Pass the workspace resource itself.',
);
export const WORKSPACE_STORAGE: PropType = withMembers(
  'an IWorkspaceStorage',
  { id: 'string' },
  'Pass the workspace storage itself.',
);

export const ACCELERATOR_NODE_POOL_PROPS: PropSchema<AcceleratorNodePoolProps> = {
  cluster: required(AKS_CLUSTER),
  nodes: required(NUMBER),
  minNodes: NUMBER,
  zone: STRING,
  name: STRING,
  after: listOf(TERRAFORM_DEPENDABLE),
  machine: required(AZURE_MACHINE),
  capacity: CAPACITY,
  infinibandFeature: INFINIBAND_FEATURE,
  compactPlacement: BOOLEAN,
  driver: GPU_DRIVER,
  bootDiskGiB: NUMBER,
  bootDiskType: BOOT_DISK_TYPE,
  kubeletDisk: KUBELET_DISK,
  encryptionAtHost: BOOLEAN,
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  sysctls: recordOf(STRING_OR_EMPTY),
};

export const ALERT_GROUP_PROPS: PropSchema<AlertGroupProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  alertEmails: required(listOf(STRING)),
};

export const APPROVED_OUTBOUND_OPTIONS: PropSchema<ApprovedOutboundOptions> = {
  serviceTags: recordOf(objectOf(() => SERVICE_TAG_RULE, 'an object { tag }')),
  hosts: recordOf(STRING_OR_EMPTY),
  privateEndpoints: recordOf(objectOf(() => PRIVATE_ENDPOINT_RULE, 'an object { resourceId, target }')),
};

export const BATCH_INFERENCE_PLATFORM_PROPS: PropSchema<BatchInferencePlatformProps> = {
  workflow: required(objectOf(() => BATCH_WORKFLOW_OPTIONS, 'an object { artifact }')),
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  workspace: MACHINE_LEARNING_WORKSPACE,
  input: DATA_BUCKET,
  results: DATA_BUCKET,
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: listOf(STRING),
  dataClass: DATA_CLASS,
  encryptionKey: ENCRYPTION_KEY,
};

export const BATCH_INFERENCE_PROPS: PropSchema<BatchInferenceProps> = {
  workspace: required(MACHINE_LEARNING_WORKSPACE),
  artifact: required(MODEL_ARTIFACT),
  container: SERVING_CONTAINER,
  machine: AZURE_MACHINE,
  maxMachines: NUMBER,
  capacity: CAPACITY,
  cluster: BATCH_CLUSTER,
  shardsPerTask: NUMBER,
  acceleratorsPerReplica: NUMBER,
  taskTimeoutSeconds: NUMBER,
  attempts: NUMBER,
  toleratedFailures: NUMBER,
  outputAction: BATCH_OUTPUT_ACTION,
  work: objectOf(() => PLANNED_BATCH_WORK, 'an object { load, requests }'),
  endpointName: STRING,
  prices: PRICES,
};

export const BATCH_WORKFLOW_OPTIONS: PropSchema<BatchWorkflowOptions> = {
  machine: AZURE_MACHINE,
  maxMachines: NUMBER,
  acceleratorsPerReplica: NUMBER,
  capacity: CAPACITY,
  shardsPerTask: NUMBER,
  attempts: NUMBER,
  work: objectOf(() => PLANNED_BATCH_WORK, 'an object { load, requests }'),
  prices: PRICES,
  endpointName: STRING,
  artifact: required(MODEL_ARTIFACT),
  container: SERVING_CONTAINER,
  taskTimeoutSeconds: NUMBER,
  toleratedFailures: NUMBER,
  outputAction: BATCH_OUTPUT_ACTION,
};

export const BLOB_DATASTORE_PROPS: PropSchema<BlobDatastoreProps> = {
  workspace: required(MACHINE_LEARNING_WORKSPACE),
  bucket: required(DATA_BUCKET),
  datastoreName: required(STRING),
};

export const BLOB_INTEGRATION: PropSchema<BlobIntegration> = {
  bucket: required(DATA_BUCKET),
  resourceProviderId: required(STRING),
  importPrefix: STRING,
  loggingContainerName: STRING,
};

export const BLOCKLIST: PropSchema<Blocklist> = {
  terms: listOf(STRING),
  patterns: listOf(STRING),
};

export const CLUSTER_MAINTENANCE: PropSchema<ClusterMaintenance> = {
  window: objectOf(() => MAINTENANCE_WINDOW, 'an object { day, start, hours }'),
  exclusions: listOf(objectOf(() => MAINTENANCE_EXCLUSION, 'an object { from, until }')),
};

export const CONTAINER_APP_ENVIRONMENT_PROPS: PropSchema<ContainerAppEnvironmentProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: required(ML_NETWORK),
  accelerators: required(listOf(SERVERLESS_GPU)),
  cidr: STRING,
  subnetId: STRING,
  logs: LOG_WORKSPACE,
};

export const CONTAINER_APP_INFERENCE_PROPS: PropSchema<ContainerAppInferenceProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  accelerator: required(SERVERLESS_GPU),
  model: required(CONTAINER_APP_MODEL),
  server: CONTAINER_APP_SERVER,
  load: SERVING_LOAD,
  scaling: objectOf(
    () => CONTAINER_APP_SCALING,
    'an object { minReplicas, maxReplicas, targetConcurrency, cooldownSeconds }',
  ),
  clientCidrs: listOf(STRING),
  registry: CONTAINER_REGISTRY,
  environment: CONTAINER_APP_ENVIRONMENT,
  network: ML_NETWORK,
  cidr: STRING,
  subnetId: STRING,
  logs: LOG_WORKSPACE,
  name: STRING,
  prices: PRICES,
};

export const CONTAINER_APP_SCALING: PropSchema<ContainerAppScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
  targetConcurrency: NUMBER,
  cooldownSeconds: NUMBER,
};

export const CONTAINER_APP_SERVING_OPTIONS: PropSchema<ContainerAppServingOptions> = {
  name: STRING,
  model: required(CONTAINER_APP_MODEL),
  server: CONTAINER_APP_SERVER,
  prices: PRICES,
  load: SERVING_LOAD,
  scaling: objectOf(
    () => CONTAINER_APP_SCALING,
    'an object { minReplicas, maxReplicas, targetConcurrency, cooldownSeconds }',
  ),
  registry: CONTAINER_REGISTRY,
  accelerator: required(SERVERLESS_GPU),
  clientCidrs: listOf(STRING),
};

export const CONTENT_POLICY_OPTIONS: PropSchema<ContentPolicyOptions> = {
  harmfulContent: SCREENING_STRENGTH,
  promptAttacks: BOOLEAN,
  documentAttacks: BOOLEAN,
  protectedMaterial: BOOLEAN,
  blocklists: recordOf(objectOf(() => BLOCKLIST, 'an object { terms, patterns }')),
};

export const CONTENT_SAFETY_OPTIONS: PropSchema<ContentSafetyOptions> = {
  harmfulContent: SCREENING_STRENGTH,
  promptAttacks: BOOLEAN,
  answers: BOOLEAN,
  blocklists: listOf(STRING),
};

export const CONTROL_PLANE_ATTRIBUTES: PropSchema<ControlPlaneAttributes> = {
  clusterId: required(STRING),
  resourceGroup: required(RESOURCE_GROUP),
  nodeSubnetId: required(STRING),
  kubernetesVersion: STRING,
  principalId: STRING,
  oidcIssuerUrl: STRING,
};

export const CONTROL_PLANE_PROPS: PropSchema<ControlPlaneProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  outboundType: OUTBOUND_TYPE,
  kubernetesVersion: STRING,
  upgradeChannel: UPGRADE_CHANNEL,
  maintenance: objectOf(() => CLUSTER_MAINTENANCE, 'an object { window, exclusions }'),
  zones: listOf(STRING),
  systemNodes: objectOf(() => SYSTEM_NODE_OPTIONS, 'an object { machineType, minNodes, maxNodes, encryptionAtHost }'),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: API_ACCESS,
  authorizedCidrs: listOf(STRING),
  admins: listOf(STRING),
  logs: LOG_WORKSPACE,
  azurePolicy: BOOLEAN,
  deletionProtection: BOOLEAN,
};

export const COST_ANOMALY_ALERT_PROPS: PropSchema<CostAnomalyAlertProps> = {
  alertEmails: required(listOf(STRING)),
  message: STRING,
};

export const COST_BUDGET_PROPS: PropSchema<CostBudgetProps> = {
  monthlyUsd: required(NUMBER),
  resourceGroup: RESOURCE_GROUP,
  tags: recordOf(STRING_OR_EMPTY),
  alertEmails: listOf(STRING),
  alertActionGroups: listOf(ALERT_GROUP),
  actualPercent: listOf(NUMBER),
  forecastPercent: listOf(NUMBER),
  startMonth: STRING,
};

export const CUSTOM_SERVER_OPTIONS: PropSchema<CustomServerOptions> = {
  image: required(STRING),
  port: required(NUMBER),
  healthPath: STRING,
  command: listOf(STRING),
  args: listOf(STRING),
  env: listOf(objectOf(() => ENV_VAR, 'an object { name, value }')),
};

export const DATA_BUCKET_ATTRIBUTES: PropSchema<DataBucketAttributes> = {
  accountName: required(STRING),
  accountId: required(STRING),
  containerName: required(STRING),
  acceptsKeys: BOOLEAN,
  hierarchical: BOOLEAN,
};

export const DATA_BUCKET_PROPS: PropSchema<DataBucketProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  purpose: DATA_PURPOSE,
  dataClass: DATA_CLASS,
  encryptionKey: ENCRYPTION_KEY,
  accessLogs: LOG_WORKSPACE,
  versioned: BOOLEAN,
  hierarchical: BOOLEAN,
  premium: BOOLEAN,
  nfs: BOOLEAN,
  accountKeys: BOOLEAN,
  redundancy: STORAGE_REDUNDANCY,
  expirationDays: NUMBER,
  noncurrentVersionExpirationDays: NUMBER,
  softDeleteDays: NUMBER,
  restoreDays: NUMBER,
  retention: objectOf(() => RETENTION_LOCK, 'an object { days }'),
};

export const DATA_CAPTURE: PropSchema<DataCapture> = {
  percent: NUMBER,
};

export const ENCRYPTION_KEY_ATTRIBUTES: PropSchema<EncryptionKeyAttributes> = {
  keyId: required(STRING),
  versionedKeyId: required(STRING),
  vaultId: required(STRING),
  identity: required(MANAGED_IDENTITY),
  behindFirewall: BOOLEAN,
};

export const ENCRYPTION_KEY_PROPS: PropSchema<EncryptionKeyProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  trustedServicesOnly: BOOLEAN,
};

export const ENDPOINT_SCALING: PropSchema<EndpointScaling> = {
  minReplicas: NUMBER,
  maxReplicas: NUMBER,
  targetUtilizationPercent: NUMBER,
  scaleInCooldownMinutes: NUMBER,
  scaleOutCooldownMinutes: NUMBER,
};

export const ENTRA_OPTIONS: PropSchema<EntraOptions> = {
  audiences: required(listOf(STRING)),
  applicationIds: listOf(STRING),
  roles: listOf(STRING),
  tenantId: STRING,
};

export const EXISTING_CLUSTER_OPTIONS: PropSchema<ExistingClusterOptions> = {
  systemLabels: recordOf(STRING_OR_EMPTY),
  existingCharts: listOf(SHARED_CHART),
  metricsWorkspaceId: STRING,
};

export const FOUNDRY_DEPLOYMENT_PROPS: PropSchema<FoundryDeploymentProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: required(ML_NETWORK),
  models: required(recordOf(objectOf(() => FOUNDRY_MODEL, 'an object { model, version, capacity }'))),
  contentPolicy: CONTENT_POLICY,
  encryptionKey: ENCRYPTION_KEY,
  logs: LOG_WORKSPACE,
  accountName: STRING,
};

export const FOUNDRY_MODEL: PropSchema<FoundryModel> = {
  model: required(STRING),
  version: required(STRING),
  capacity: required(MODEL_CAPACITY),
  format: STRING,
  upgrade: MODEL_UPGRADE,
};

export const FOUNDRY_SERVING_OPTIONS: PropSchema<FoundryServingOptions> = {
  encryptionKey: ENCRYPTION_KEY,
  models: required(recordOf(objectOf(() => FOUNDRY_MODEL, 'an object { model, version, capacity }'))),
  contentPolicy: CONTENT_POLICY,
  accountName: STRING,
};

export const GATEWAY_CLIENT: PropSchema<GatewayClient> = {
  applicationId: required(STRING),
  tokensPerMinute: required(NUMBER),
  tokensPerDay: NUMBER,
  requestsPerSecond: NUMBER,
};

export const GATEWAY_LIMITS: PropSchema<GatewayLimits> = {
  requestsPerSecond: NUMBER,
  tokensPerMinute: NUMBER,
  requestsPerAddress: NUMBER,
};

export const GATEWAY_SECURITY_GROUP_PROPS: PropSchema<GatewaySecurityGroupProps> = {
  resourceGroup: required(RESOURCE_GROUP),
};

export const GRANTED_PRINCIPAL: PropSchema<GrantedPrincipal> = {
  id: required(STRING),
  principalId: required(STRING),
  principalType: required(PRINCIPAL_TYPE),
};

export const HUB_MODEL_OPTIONS: PropSchema<HubModelOptions> = {
  revision: required(STRING),
  sizeGiB: required(NUMBER),
};

export const INFERENCE_ENDPOINT_ATTRIBUTES: PropSchema<InferenceEndpointAttributes> = {
  id: required(STRING),
  endpointName: required(STRING),
  scoringUri: required(STRING),
  authorization: ENDPOINT_AUTHORIZATION,
};

export const INFERENCE_ENDPOINT_PROPS: PropSchema<InferenceEndpointProps> = {
  workspace: required(MACHINE_LEARNING_WORKSPACE),
  models: required(recordOf(objectOf(() => SERVED_MODEL, 'an object { container, artifact }'))),
  machine: required(AZURE_MACHINE),
  load: SERVING_LOAD,
  scaling: objectOf(
    () => ENDPOINT_SCALING,
    'an object { minReplicas, maxReplicas, targetUtilizationPercent, scaleInCooldownMinutes, … }',
  ),
  publicAccess: BOOLEAN,
  authorization: ENDPOINT_AUTHORIZATION,
  dataCapture: objectOf(() => DATA_CAPTURE, 'an object { percent }'),
  identity: MANAGED_IDENTITY,
  endpointName: STRING,
  prices: PRICES,
};

export const INFERENCE_GATEWAY_ATTRIBUTES: PropSchema<InferenceGatewayAttributes> = {
  url: required(STRING),
  serviceId: required(STRING),
  resourceGroup: required(RESOURCE_GROUP),
  timeoutSeconds: NUMBER,
};

export const INFERENCE_GATEWAY_PROPS: PropSchema<InferenceGatewayProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  endpoint: required(anyOf(INFERENCE_TARGET, recordOf(objectOf(() => POOLED_ENDPOINT, 'an object { endpoint }')))),
  exposure: required(GATEWAY_EXPOSURE),
  authorization: required(GATEWAY_AUTHORIZATION),
  publisherEmail: required(STRING),
  tier: GATEWAY_TIER,
  screening: PROMPT_SCREENING,
  responses: RESPONSE_MODE,
  maxBodyKiB: NUMBER,
  limits: objectOf(() => GATEWAY_LIMITS, 'an object { requestsPerSecond, tokensPerMinute, requestsPerAddress }'),
  clients: recordOf(objectOf(() => GATEWAY_CLIENT, 'an object { applicationId, tokensPerMinute }')),
  logRetentionDays: NUMBER,
  serviceName: STRING,
};

export const INFERENCE_TARGET_OPTIONS: PropSchema<InferenceTargetOptions> = {
  tokenAudience: STRING,
  screens: BOOLEAN,
};

export const INTERNAL_LOAD_BALANCER_OPTIONS: PropSchema<InternalLoadBalancerOptions> = {
  clientCidrs: required(listOf(STRING)),
  address: STRING,
};

export const INTERNET_OUTBOUND_OPTIONS: PropSchema<InternetOutboundOptions> = {
  privateEndpoints: recordOf(objectOf(() => PRIVATE_ENDPOINT_RULE, 'an object { resourceId, target }')),
};

export const KUBERNETES_INFERENCE_OBSERVABILITY_PROPS: PropSchema<KubernetesInferenceObservabilityProps> = {
  endpoint: required(KUBERNETES_INFERENCE),
  alertEmails: listOf(STRING),
  alertActionGroups: listOf(ALERT_GROUP),
};

export const KUBERNETES_INFERENCE_PROPS: PropSchema<KubernetesInferenceProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  model: required(SERVING_MODEL),
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  acceleratorsPerReplica: NUMBER,
  scaling: SERVING_SCALING,
  ingress: SERVING_INGRESS,
  cache: SERVING_CACHE,
  name: STRING,
  namespace: STRING,
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskType, kubeletDisk, … }'),
  zone: STRING,
  cluster: CLUSTER_SOURCE,
  network: ML_NETWORK,
  installation: INSTALLATION,
  prices: PRICES,
  machine: required(AZURE_MACHINE),
  capacity: CAPACITY,
  infinibandFeature: INFINIBAND_FEATURE,
  compactPlacement: BOOLEAN,
};

export const LOG_WORKSPACE_PROPS: PropSchema<LogWorkspaceProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  logRetentionDays: NUMBER,
};

export const LUSTRE_FILE_SYSTEM_ATTRIBUTES: PropSchema<LustreFileSystemAttributes> = {
  name: required(STRING),
  mgsAddress: required(STRING),
  zone: required(STRING),
  sizeGiB: NUMBER,
  throughputMBps: NUMBER,
};

export const LUSTRE_FILE_SYSTEM_PROPS: PropSchema<LustreFileSystemProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: required(ML_NETWORK),
  zone: required(STRING),
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  subnetId: STRING,
  subnetCidr: STRING,
  clientCidrs: listOf(STRING),
  encryptionKey: ENCRYPTION_KEY,
  blobIntegration: objectOf(() => BLOB_INTEGRATION, 'an object { bucket, resourceProviderId }'),
  rootSquash: objectOf(() => ROOT_SQUASH, 'an object { noSquashNids }'),
  maintenance: objectOf(() => LUSTRE_MAINTENANCE, 'an object { day, time }'),
};

export const LUSTRE_MAINTENANCE: PropSchema<LustreMaintenance> = {
  day: required(WEEKDAY),
  time: required(STRING),
};

export const LUSTRE_STORAGE_OPTIONS: PropSchema<LustreStorageOptions> = {
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  subnetId: STRING,
  subnetCidr: STRING,
  blobIntegration: objectOf(() => BLOB_INTEGRATION, 'an object { bucket, resourceProviderId }'),
  rootSquash: objectOf(() => ROOT_SQUASH, 'an object { noSquashNids }'),
};

export const MACHINE_LEARNING_CLUSTER_PROPS: PropSchema<MachineLearningClusterProps> = {
  workspace: required(MACHINE_LEARNING_WORKSPACE),
  machine: required(AZURE_MACHINE),
  maxNodes: NUMBER,
  minNodes: NUMBER,
  capacity: CAPACITY,
  idleMinutes: NUMBER,
  subnetId: STRING,
  job: TRAINING_JOB,
  identity: MANAGED_IDENTITY,
  clusterName: STRING,
  prices: PRICES,
};

export const MACHINE_LEARNING_WORKSPACE_ATTRIBUTES: PropSchema<MachineLearningWorkspaceAttributes> = {
  workspaceId: required(STRING),
  resourceGroup: required(RESOURCE_GROUP),
  storageAccountId: STRING,
  containerRegistryId: STRING,
  logAnalyticsWorkspaceId: STRING,
  identity: MANAGED_IDENTITY,
  hasManagedNetwork: BOOLEAN,
};

export const MACHINE_LEARNING_WORKSPACE_PROPS: PropSchema<MachineLearningWorkspaceProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  outbound: MANAGED_NETWORK,
  storageAccount: WORKSPACE_STORAGE,
  keyVault: WORKSPACE_RESOURCE,
  containerRegistry: WORKSPACE_RESOURCE,
  applicationInsights: WORKSPACE_RESOURCE,
  encryptionKey: ENCRYPTION_KEY,
  dataClass: DATA_CLASS,
  publicAccess: BOOLEAN,
  imageBuildCompute: STRING,
  workspaceName: STRING,
};

export const MAINTENANCE_EXCLUSION: PropSchema<MaintenanceExclusion> = {
  from: required(DATE),
  until: required(DATE),
};

export const MAINTENANCE_WINDOW: PropSchema<MaintenanceWindow> = {
  day: required(WEEKDAY),
  start: required(STRING),
  hours: required(NUMBER),
};

export const MLOPS_PLATFORM_PROPS: PropSchema<MlopsPlatformProps> = {
  machine: required(AZURE_MACHINE),
  maxNodes: NUMBER,
  capacity: CAPACITY,
  job: TRAINING_JOB,
  registry: MODEL_REGISTRY,
  endpoint: objectOf(
    () => ({
      machine: required(AZURE_MACHINE),
      prices: PRICES,
      authorization: ENDPOINT_AUTHORIZATION,
      models: required(recordOf(objectOf(() => SERVED_MODEL, 'an object { container, artifact }'))),
      load: SERVING_LOAD,
      scaling: objectOf(
        () => ENDPOINT_SCALING,
        'an object { minReplicas, maxReplicas, targetUtilizationPercent, scaleInCooldownMinutes, … }',
      ),
      publicAccess: BOOLEAN,
      dataCapture: objectOf(() => DATA_CAPTURE, 'an object { percent }'),
      identity: MANAGED_IDENTITY,
      endpointName: STRING,
    }),
    'an object { machine, models }',
  ),
  monitor: objectOf(
    () => ({
      model: STRING,
      identity: MANAGED_IDENTITY,
      task: required(MONITOR_TASK),
      alertEmails: required(listOf(STRING)),
      reference: objectOf(() => REFERENCE_DATA, 'an object { name, version }'),
      frequency: MONITOR_FREQUENCY,
      hour: NUMBER,
      driftThreshold: NUMBER,
      sparkMachine: SPARK_MACHINE,
    }),
    'an object { task, alertEmails }',
  ),
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: listOf(STRING),
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  outbound: MANAGED_NETWORK,
  storageAccount: WORKSPACE_STORAGE,
  keyVault: WORKSPACE_RESOURCE,
  containerRegistry: WORKSPACE_RESOURCE,
  applicationInsights: WORKSPACE_RESOURCE,
  encryptionKey: ENCRYPTION_KEY,
  dataClass: DATA_CLASS,
  publicAccess: BOOLEAN,
  imageBuildCompute: STRING,
  workspaceName: STRING,
};

export const ML_NETWORK_ATTRIBUTES: PropSchema<MlNetworkAttributes> = {
  virtualNetworkId: required(STRING),
  nodeSubnetId: required(STRING),
  endpointSubnetId: required(STRING),
  location: STRING,
  podCidr: STRING,
  serviceCidr: STRING,
  privateDnsZones: recordOf(STRING_OR_EMPTY),
};

export const ML_NETWORK_PROPS: PropSchema<MlNetworkProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  cidr: STRING,
  nodeCidr: STRING,
  endpointCidr: STRING,
  podCidr: STRING,
  serviceCidr: STRING,
  zone: STRING,
};

export const MODEL_FILES_OPTIONS: PropSchema<ModelFilesOptions> = {
  uri: required(STRING),
  format: MODEL_FORMAT,
  name: required(STRING),
  version: required(STRING),
  sizeGB: NUMBER,
};

export const MODEL_MONITOR_PROPS: PropSchema<ModelMonitorProps> = {
  endpoint: required(MONITORED_ENDPOINT),
  model: STRING,
  task: required(MONITOR_TASK),
  alertEmails: required(listOf(STRING)),
  reference: objectOf(() => REFERENCE_DATA, 'an object { name, version }'),
  frequency: MONITOR_FREQUENCY,
  hour: NUMBER,
  driftThreshold: NUMBER,
  sparkMachine: SPARK_MACHINE,
  identity: MANAGED_IDENTITY,
};

export const MODEL_REGISTRY_ATTRIBUTES: PropSchema<ModelRegistryAttributes> = {
  registryId: required(STRING),
  registryName: required(STRING),
  registryUri: required(STRING),
};

export const MODEL_REGISTRY_PROPS: PropSchema<ModelRegistryProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  locations: listOf(STRING),
  network: ML_NETWORK,
  publicAccess: BOOLEAN,
  registryName: STRING,
};

export const MODEL_SIZE_OPTIONS: PropSchema<ModelSizeOptions> = {
  sizeGiB: required(NUMBER),
};

export const NEW_CLUSTER_OPTIONS: PropSchema<NewClusterOptions> = {
  outboundType: OUTBOUND_TYPE,
  kubernetesVersion: STRING,
  upgradeChannel: UPGRADE_CHANNEL,
  maintenance: objectOf(() => CLUSTER_MAINTENANCE, 'an object { window, exclusions }'),
  zones: listOf(STRING),
  systemNodes: objectOf(() => SYSTEM_NODE_OPTIONS, 'an object { machineType, minNodes, maxNodes, encryptionAtHost }'),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: API_ACCESS,
  authorizedCidrs: listOf(STRING),
  admins: listOf(STRING),
  logs: LOG_WORKSPACE,
  azurePolicy: BOOLEAN,
  deletionProtection: BOOLEAN,
};

export const NEW_RESERVATION_OPTIONS: PropSchema<NewReservationOptions> = {
  confirm: required(CONFIRMED),
};

export const NFS_SHARE_OPTIONS: PropSchema<NfsShareOptions> = {
  accountName: required(STRING),
  shareName: required(STRING),
  path: STRING,
  sizeGiB: required(NUMBER),
};

export const NODE_OPTIONS: PropSchema<NodeOptions> = {
  driver: GPU_DRIVER,
  bootDiskGiB: NUMBER,
  bootDiskType: BOOT_DISK_TYPE,
  kubeletDisk: KUBELET_DISK,
  encryptionAtHost: BOOLEAN,
  labels: recordOf(STRING_OR_EMPTY),
  taints: listOf(objectOf(() => TAINT, 'an object { key, effect }')),
  maxPodsPerNode: NUMBER,
  kubelet: objectOf(() => KUBELET_OPTIONS, 'an object { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit }'),
  sysctls: recordOf(STRING_OR_EMPTY),
};

export const PLATFORM_GATEWAY_OPTIONS: PropSchema<PlatformGatewayOptions> = {
  exposure: required(GATEWAY_EXPOSURE),
  authorization: required(GATEWAY_AUTHORIZATION),
  publisherEmail: required(STRING),
  tier: GATEWAY_TIER,
  screening: PROMPT_SCREENING,
  responses: RESPONSE_MODE,
  maxBodyKiB: NUMBER,
  limits: objectOf(() => GATEWAY_LIMITS, 'an object { requestsPerSecond, tokensPerMinute, requestsPerAddress }'),
  clients: recordOf(objectOf(() => GATEWAY_CLIENT, 'an object { applicationId, tokensPerMinute }')),
  serviceName: STRING,
};

export const POOLED_ENDPOINT: PropSchema<PooledEndpoint> = {
  endpoint: required(INFERENCE_TARGET),
  priority: NUMBER,
  weight: NUMBER,
};

export const PRIVATE_ENDPOINT_RULE: PropSchema<PrivateEndpointRule> = {
  resourceId: required(STRING),
  target: required(PRIVATE_LINK_TARGET),
};

export const PRIVATE_EXPOSURE_OPTIONS: PropSchema<PrivateExposureOptions> = {
  subnetId: STRING,
  virtualNetworkId: STRING,
  after: listOf(TERRAFORM_DEPENDABLE),
};

export const PROVISIONED_CAPACITY_OPTIONS: PropSchema<ProvisionedCapacityOptions> = {
  throughputUnits: required(NUMBER),
};

export const PUBLIC_EXPOSURE_OPTIONS: PropSchema<PublicExposureOptions> = {
  subnetId: STRING,
  after: listOf(TERRAFORM_DEPENDABLE),
};

export const REALTIME_INFERENCE_PLATFORM_PROPS: PropSchema<RealtimeInferencePlatformProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  serving: required(REALTIME_SERVING),
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  gateway: objectOf(() => PLATFORM_GATEWAY_OPTIONS, 'an object { exposure, authorization, publisherEmail }'),
  alertEmails: listOf(STRING),
  dataClass: DATA_CLASS,
  network: ML_NETWORK,
  appSubnetId: STRING,
};

export const REFERENCE_DATA: PropSchema<ReferenceData> = {
  name: required(STRING),
  version: required(STRING),
  targetColumn: STRING,
};

export const REGISTERED_ENVIRONMENT_OPTIONS: PropSchema<RegisteredEnvironmentOptions> = {
  name: required(STRING),
  version: required(STRING),
  codeId: required(STRING),
  scoringScript: required(STRING),
  environment: recordOf(STRING_OR_EMPTY),
};

export const REGISTERED_MODEL_OPTIONS: PropSchema<RegisteredModelOptions> = {
  name: required(STRING),
  version: required(STRING),
  sizeGB: NUMBER,
};

export const RESOURCE_GROUP_ATTRIBUTES: PropSchema<ResourceGroupAttributes> = {
  name: required(STRING),
  location: required(STRING),
  resourceGroupId: STRING,
};

export const RESOURCE_GROUP_PROPS: PropSchema<ResourceGroupProps> = {
  location: required(STRING),
  name: STRING,
};

export const RESPONSE_OPTIONS: PropSchema<ResponseOptions> = {
  timeoutSeconds: NUMBER,
};

export const RETENTION_LOCK: PropSchema<RetentionLock> = {
  days: required(NUMBER),
  permanent: BOOLEAN,
};

export const ROOT_SQUASH: PropSchema<RootSquash> = {
  mode: ROOT_SQUASH_MODE,
  noSquashNids: required(STRING),
  uid: NUMBER,
  gid: NUMBER,
};

export const SERVED_MODEL: PropSchema<ServedModel> = {
  container: required(SERVING_CONTAINER),
  artifact: required(MODEL_ARTIFACT),
  machine: AZURE_MACHINE,
  trafficPercent: NUMBER,
  mirrorPercent: NUMBER,
  concurrency: NUMBER,
  timeoutSeconds: NUMBER,
  startupMinutes: NUMBER,
  scaling: objectOf(
    () => ENDPOINT_SCALING,
    'an object { minReplicas, maxReplicas, targetUtilizationPercent, scaleInCooldownMinutes, … }',
  ),
};

export const SERVICE_TAG_RULE: PropSchema<ServiceTagRule> = {
  tag: required(STRING),
  ports: STRING,
  protocol: oneOf(['TCP', 'UDP', 'ICMP', '*']),
};

export const SERVING_IMAGE_OPTIONS: PropSchema<ServingImageOptions> = {
  image: required(STRING),
  port: required(NUMBER),
  scoringPath: STRING,
  livenessPath: STRING,
  readinessPath: STRING,
  modelMountPath: STRING,
  environment: recordOf(STRING_OR_EMPTY),
};

export const SHARED_MODEL_OPTIONS: PropSchema<SharedModelOptions> = {
  registry: required(STRING),
  name: required(STRING),
  version: required(STRING),
  sizeGB: NUMBER,
};

export const SPOT_OPTIONS: PropSchema<SpotOptions> = {
  maxUsdPerHour: NUMBER,
};

export const SYSTEM_NODE_OPTIONS: PropSchema<SystemNodeOptions> = {
  machineType: STRING,
  minNodes: NUMBER,
  maxNodes: NUMBER,
  encryptionAtHost: BOOLEAN,
};

export const SYSTEM_NODE_POOL_PROPS: PropSchema<SystemNodePoolProps> = {
  cluster: required(AKS_CLUSTER),
  zones: listOf(STRING),
  name: STRING,
  after: listOf(TERRAFORM_DEPENDABLE),
  machineType: STRING,
  minNodes: NUMBER,
  maxNodes: NUMBER,
  encryptionAtHost: BOOLEAN,
};

export const TAG_POLICY_PROPS: PropSchema<TagPolicyProps> = {
  resourceGroup: RESOURCE_GROUP,
  requiredTags: listOf(STRING),
  effect: TAG_POLICY_EFFECT,
};

export const TOKEN_CAPACITY_OPTIONS: PropSchema<TokenCapacityOptions> = {
  tokensPerMinute: required(NUMBER),
};

export const TRAINING_CLUSTER_PROPS: PropSchema<TrainingClusterProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  encryptionKey: ENCRYPTION_KEY,
  zone: STRING,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => TRAINING_GROUP_OPTIONS, 'an object { machine }')),
  cluster: CLUSTER_SOURCE,
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  repairFaults: BOOLEAN,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance }'),
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskType, kubeletDisk, … }'),
  machine: required(AZURE_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  infinibandFeature: INFINIBAND_FEATURE,
  compactPlacement: BOOLEAN,
};

export const TRAINING_GROUP_OPTIONS: PropSchema<TrainingGroupOptions> = {
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskType, kubeletDisk, … }'),
  machine: required(AZURE_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  infinibandFeature: INFINIBAND_FEATURE,
  compactPlacement: BOOLEAN,
};

export const TRAINING_PLATFORM_PROPS: PropSchema<TrainingPlatformProps> = {
  costAllocation: ANY,
  monthlyBudgetUsd: ANY,
  alertEmails: listOf(STRING),
  dataClass: DATA_CLASS,
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  encryptionKey: ENCRYPTION_KEY,
  zone: STRING,
  job: TRAINING_JOB,
  prices: PRICES,
  groups: recordOf(objectOf(() => TRAINING_GROUP_OPTIONS, 'an object { machine }')),
  cluster: CLUSTER_SOURCE,
  datasets: DATA_BUCKET,
  checkpoints: DATA_BUCKET,
  storage: TRAINING_STORAGE,
  repairFaults: BOOLEAN,
  installation: INSTALLATION,
  images: objectOf(() => TRAINING_IMAGES, 'an object { training, acceptance }'),
  nodeOptions: objectOf(() => NODE_OPTIONS, 'an object { driver, bootDiskGiB, bootDiskType, kubeletDisk, … }'),
  machine: required(AZURE_MACHINE),
  nodes: NUMBER,
  capacity: CAPACITY,
  infinibandFeature: INFINIBAND_FEATURE,
  compactPlacement: BOOLEAN,
};
