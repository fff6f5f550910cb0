/** Azure ML with all of its options, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { DataClass, ModelSpec, type PriceOverride, Prices, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import {
  AzapiProvider,
  AzureMachine,
  BatchInference,
  BatchOutputAction,
  BlobDatastore,
  Capacity,
  EncryptionKey,
  EndpointAuthorization,
  InferenceEndpoint,
  MachineLearningCluster,
  MachineLearningWorkspace,
  ManagedNetwork,
  MlNetwork,
  ModelArtifact,
  ModelFormat,
  ModelMonitor,
  MonitorFrequency,
  MonitorTask,
  ModelRegistry,
  ResourceGroup,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const IN_GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/ml/providers`;
const PRINCIPAL = '11111111-1111-1111-1111-111111111111';
const app = new App();

const EXISTING = {
  id: `${IN_GROUP}/Microsoft.MachineLearningServices/workspaces/research`,
  resourceGroup: { name: 'ml', location: 'swedencentral' },
  storageAccountId: `${IN_GROUP}/Microsoft.Storage/storageAccounts/research`,
  containerRegistryId: `${IN_GROUP}/Microsoft.ContainerRegistry/registries/research`,
};

const whole = newStack('machine-learning');
const resourceGroup = new ResourceGroup(whole, 'Group', { location: 'swedencentral' });
const network = new MlNetwork(whole, 'Network', { resourceGroup });
const workspace = new MachineLearningWorkspace(whole, 'Workspace', {
  resourceGroup,
  network,
  dataClass: DataClass.RESTRICTED,
  imageBuildCompute: 'builder',
  outbound: ManagedNetwork.approvedOutbound({
    hosts: { pypi: 'pypi.org', conda: '*.anaconda.org' },
    serviceTags: {
      monitor: { tag: 'AzureMonitor' },
      datagrams: { tag: 'AzureMachineLearning', ports: '5831', protocol: 'UDP' },
    },
    privateEndpoints: { shared: { resourceId: EXISTING.storageAccountId, target: 'blob' } },
  }),
});
workspace.grantUse('Team', PRINCIPAL, 'Group');
const registry = new ModelRegistry(whole, 'Registry', { resourceGroup, network, locations: ['westeurope'] });
registry.grantRead('Readers', PRINCIPAL, 'Group');
const endpoint = new InferenceEndpoint(whole, 'Endpoint', {
  workspace,
  machine: AzureMachine.NC24ADS_A100_V4,
  models: {
    blue: {
      container: ServingContainer.image({
        image: 'research.azurecr.io/triton:1',
        port: 8000,
        scoringPath: '/v2/models/chat/infer',
        livenessPath: '/v2/health/live',
        readinessPath: '/v2/health/ready',
        modelMountPath: '/models',
        environment: { A: '1' },
      }),
      artifact: ModelArtifact.files({
        name: 'chat',
        version: '1',
        uri: 'azureml://datastores/models/paths/chat/',
        format: ModelFormat.TRITON,
      }),
      trafficPercent: 90,
      timeoutSeconds: 60,
      startupMinutes: 30,
      scaling: {
        minReplicas: 1,
        maxReplicas: 4,
        targetUtilizationPercent: 50,
        scaleInCooldownMinutes: 30,
        scaleOutCooldownMinutes: 10,
      },
    },
    green: {
      container: ServingContainer.mlflow(),
      artifact: ModelArtifact.shared({ registry: 'company', name: 'chat', version: '2' }),
      trafficPercent: 10,
      scaling: { minReplicas: 2, maxReplicas: 2 },
    },
    shadow: {
      container: ServingContainer.registered({
        name: 'torch',
        version: '1',
        codeId: `${EXISTING.id}/codes/score/versions/1`,
        scoringScript: 'score.py',
        environment: { LOG_LEVEL: 'debug' },
      }),
      artifact: ModelArtifact.registered({ name: 'chat', version: '3' }),
      machine: AzureMachine.NC4AS_T4_V3,
      mirrorPercent: 20,
    },
  },
  scaling: { minReplicas: 1, maxReplicas: 4 },
  dataCapture: { percent: 50 },
});
endpoint.grantInvoke('Web', PRINCIPAL);
InferenceEndpoint.fromInferenceEndpointAttributes(whole, 'Existing', {
  id: `${EXISTING.id}/onlineEndpoints/chat`,
  endpointName: 'chat',
  scoringUri: 'https://chat.swedencentral.inference.ml.azure.com/v1/chat/completions',
  authorization: EndpointAuthorization.ENTRA,
}).grantInvoke('Existing', PRINCIPAL);
new ModelMonitor(whole, 'Monitor', {
  endpoint,
  model: 'shadow',
  task: MonitorTask.REGRESSION,
  alertEmails: ['ml@example.com'],
  frequency: MonitorFrequency.WEEKLY,
  reference: { name: 'training', version: '1', targetColumn: 'price' },
});

// A workspace of existing parts with public access, custom names and prices.
const open = newStack('open-workspace');
const identity = {
  id: `${IN_GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/work`,
  principalId: PRINCIPAL,
  clientId: PRINCIPAL,
};
const OWN_PRICE = { cloud: 'azure', market: 'on-demand', region: 'swedencentral', date: '2026-11-20' } as const;
const PRICES: readonly PriceOverride[] = [
  { ...OWN_PRICE, machine: 'Standard_NC24ads_A100_v4', usdPerHour: 4 },
  { ...OWN_PRICE, machine: 'Standard_ND96isr_H100_v5', usdPerHour: 90 },
];
const OWN_PRICES = { prices: Prices.of(PRICES, { asOf: '2026-11-25' }) };
const openGroup = new ResourceGroup(open, 'Group', { location: 'swedencentral' });
const openWorkspace = new MachineLearningWorkspace(open, 'Workspace', {
  resourceGroup: openGroup,
  workspaceName: 'open-research',
  storageAccount: { id: EXISTING.storageAccountId },
  keyVault: { id: `${IN_GROUP}/Microsoft.KeyVault/vaults/research` },
  containerRegistry: { id: EXISTING.containerRegistryId },
  applicationInsights: { id: `${IN_GROUP}/Microsoft.Insights/components/research` },
  encryptionKey: new EncryptionKey(open, 'Key', { resourceGroup: openGroup, trustedServicesOnly: false }),
  publicAccess: true,
});
new ModelRegistry(open, 'Registry', { resourceGroup: openGroup, registryName: 'open-models', publicAccess: true });
const byKey = new InferenceEndpoint(open, 'Endpoint', {
  workspace: openWorkspace,
  endpointName: 'open-chat',
  machine: AzureMachine.NC24ADS_A100_V4,
  models: {
    chat: {
      container: ServingContainer.image({ image: 'research.azurecr.io/vllm:1', port: 8000 }),
      artifact: ModelArtifact.registered({ name: 'chat', version: '3', sizeGB: 16 }),
      concurrency: 32,
    },
    credit: {
      container: ServingContainer.mlflow(),
      artifact: ModelArtifact.registered({ name: 'credit', version: '3' }),
    },
  },
  load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 512, outputTokens: 256, requestsPerSecond: 20 }),
  publicAccess: true,
  authorization: EndpointAuthorization.KEY,
  identity,
  dataCapture: {},
  ...OWN_PRICES,
});
new ModelMonitor(open, 'Monitor', {
  endpoint: byKey,
  task: MonitorTask.CLASSIFICATION,
  alertEmails: ['ml@example.com'],
  hour: 22,
  driftThreshold: 0.3,
  sparkMachine: 'Standard_E8s_v3',
  identity,
});
new MachineLearningCluster(open, 'Pretrain', {
  workspace: openWorkspace,
  clusterName: 'pretrain',
  machine: AzureMachine.ND96ISR_H100_V5,
  job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 2e11, finishWithinDays: 5 }),
  idleMinutes: 60,
  identity,
  ...OWN_PRICES,
});

const machines = newStack('compute-clusters');
for (const machine of AzureMachine.all) {
  const id = machine.name.replace(/^Standard_/, '');
  new MachineLearningCluster(machines, id, { workspace: EXISTING, machine, maxNodes: 2 });
}
new MachineLearningCluster(machines, 'LowPriority', {
  workspace: EXISTING,
  machine: AzureMachine.ND96ISR_H100_V5,
  maxNodes: 100,
  minNodes: 1,
  capacity: Capacity.spot(),
  subnetId: `${IN_GROUP}/Microsoft.Network/virtualNetworks/ml/subnets/nodes`,
});

const batch = newStack('batch-endpoints');
const artifact = ModelArtifact.registered({ name: 'ranker', version: '7' });
const own = new BatchInference(batch, 'Own', {
  workspace: EXISTING,
  artifact,
  machine: AzureMachine.ND96ISR_H100_V5,
  endpointName: 'own-ranker',
  container: ServingContainer.registered({
    name: 'torch',
    version: '1',
    codeId: `${EXISTING.id}/codes/rank/versions/1`,
    scoringScript: 'rank.py',
  }),
  maxMachines: 4,
  shardsPerTask: 2,
  acceleratorsPerReplica: 1,
  taskTimeoutSeconds: 600,
  attempts: 2,
  toleratedFailures: 10,
  outputAction: BatchOutputAction.SUMMARY_ONLY,
  work: {
    load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1000, outputTokens: 200, concurrency: 32 }),
    requests: 1_000_000,
    finishWithinHours: 1000,
    budgetUsd: 1_000_000,
  },
  capacity: Capacity.spot(),
  ...OWN_PRICES,
});
own.grantStart('Nightly', PRINCIPAL);
new BatchInference(batch, 'Shared', { workspace: EXISTING, artifact, cluster: own.cluster, maxMachines: 1 });
new BlobDatastore(batch, 'Store', {
  workspace: EXISTING,
  bucket: { accountName: 'shards', accountId: EXISTING.storageAccountId, containerName: 'data' },
  datastoreName: 'shards',
});

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AzurermProvider(stack, 'Azurerm', {
    features: [{ storage: [{ dataPlaneAvailable: false }] }],
    subscriptionId: SUBSCRIPTION,
  });
  new AzapiProvider(stack, 'Azapi', { subscriptionId: SUBSCRIPTION });
  return stack;
}

app.synth();
