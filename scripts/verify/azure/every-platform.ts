/** Reference architectures with existing resources and options that their examples leave out, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import {
  AzapiProvider,
  AzureMachine,
  BatchInferencePlatform,
  Capacity,
  ContainerAppModel,
  DataBucket,
  EncryptionKey,
  GatewayAuthorization,
  GatewayExposure,
  InfinibandFeature,
  MachineLearningWorkspace,
  MlNetwork,
  MlopsPlatform,
  ModelArtifact,
  ModelRegistry,
  RealtimeInferencePlatform,
  RealtimeServing,
  ResourceGroup,
  ServerlessGpu,
  TrainingPlatform,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/mine/providers`;
const VNET = `${ID}/Microsoft.Network/virtualNetworks/v`;
const ZONES = [
  ...['blob', 'dfs', 'file'].map((part) => `privatelink.${part}.core.windows.net`),
  ...['privatelink.vaultcore.azure.net', 'privatelink.azurecr.io'],
  ...['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net', 'privatelink.azure-api.net'],
];
const networkIn = (stack: TerraformStack) =>
  MlNetwork.fromMlNetworkAttributes(stack, 'Network', {
    virtualNetworkId: VNET,
    nodeSubnetId: `${VNET}/subnets/nodes`,
    endpointSubnetId: `${VNET}/subnets/endpoints`,
    privateDnsZones: Object.fromEntries(ZONES.map((zone) => [zone, `${ID}/Microsoft.Network/privateDnsZones/${zone}`])),
  });
const BILL = {
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 40_000,
  alertEmails: ['ml-platform@example.com'],
};
const bucketIn = (stack: TerraformStack, accountName: string) =>
  DataBucket.fromDataBucketAttributes(stack, accountName, {
    accountName,
    accountId: `${ID}/Microsoft.Storage/storageAccounts/${accountName}`,
    containerName: 'data',
  });

const batch = newStack('batch-over-buckets');
new BatchInferencePlatform(batch.stack, 'Platform', {
  ...{ ...BILL, resourceGroup: batch.resourceGroup, network: networkIn(batch.stack) },
  encryptionKey: new EncryptionKey(batch.stack, 'Key', { resourceGroup: batch.resourceGroup }),
  dataClass: DataClass.RESTRICTED,
  input: bucketIn(batch.stack, 'prompts'),
  results: bucketIn(batch.stack, 'answers'),
  workflow: {
    artifact: ModelArtifact.registered({ name: 'ranker', version: '7' }),
    machine: AzureMachine.NC24ADS_A100_V4,
  },
});

const shared = newStack('batch-in-workspace');
new BatchInferencePlatform(shared.stack, 'Platform', {
  ...{ ...BILL, resourceGroup: shared.resourceGroup, network: networkIn(shared.stack) },
  workspace: MachineLearningWorkspace.fromMachineLearningWorkspaceAttributes(shared.stack, 'Workspace', {
    workspaceId: `${ID}/Microsoft.MachineLearningServices/workspaces/research`,
    resourceGroup: shared.resourceGroup,
    storageAccountId: `${ID}/Microsoft.Storage/storageAccounts/research`,
    containerRegistryId: `${ID}/Microsoft.ContainerRegistry/registries/research`,
    logAnalyticsWorkspaceId: `${ID}/Microsoft.OperationalInsights/workspaces/research`,
    identity: {
      id: `${ID}/Microsoft.ManagedIdentity/userAssignedIdentities/research`,
      principalId: '0f4a3c1e-7a0b-4f53-9d1c-2b6f3d7c8e90',
      clientId: '0f4a3c1e-7a0b-4f53-9d1c-2b6f3d7c8e91',
    },
    hasManagedNetwork: true,
  }),
  workflow: {
    artifact: ModelArtifact.registered({ name: 'ranker', version: '7' }),
    machine: AzureMachine.NC24ADS_A100_V4,
  },
});

const mlops = newStack('mlops-with-registry');
new MlopsPlatform(mlops.stack, 'Platform', {
  ...{ ...BILL, resourceGroup: mlops.resourceGroup, network: networkIn(mlops.stack) },
  registry: ModelRegistry.fromModelRegistryAttributes(mlops.stack, 'Registry', {
    registryId: `${ID}/Microsoft.MachineLearningServices/registries/company`,
    registryName: 'company',
    registryUri: 'azureml://swedencentral.api.azureml.ms/mlflow/v1.0/registries/company',
  }),
  machine: AzureMachine.ND96ISR_H100_V5,
  capacity: Capacity.spot(),
  job: TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e11, finishWithinDays: 5 }),
});

const realtime = newStack('realtime-in-network');
new RealtimeInferencePlatform(realtime.stack, 'Platform', {
  ...{ ...BILL, resourceGroup: realtime.resourceGroup, network: networkIn(realtime.stack) },
  appSubnetId: `${VNET}/subnets/apps`,
  serving: RealtimeServing.containerApp({
    accelerator: ServerlessGpu.A100,
    model: ContainerAppModel.inImage('/model', { sizeGiB: 16 }),
    clientCidrs: ['10.1.0.0/27'],
  }),
  gateway: {
    exposure: GatewayExposure.private({ subnetId: `${VNET}/subnets/gateway` }),
    authorization: GatewayAuthorization.entra({
      audiences: ['api://atlas-models'],
      applicationIds: ['0f4a3c1e-7a0b-4f53-9d1c-2b6f3d7c8e90'],
    }),
    publisherEmail: 'ml-platform@example.com',
  },
});

const training = newStack('training-of-restricted-data');
const { trainingCluster: cluster } = new TrainingPlatform(training.stack, 'Platform', {
  ...{ ...BILL, resourceGroup: training.resourceGroup },
  zone: '1',
  machine: AzureMachine.ND96ISR_H200_V5,
  infinibandFeature: InfinibandFeature.REGISTERED,
  nodes: 2,
  dataClass: DataClass.RESTRICTED,
});
new HelmProvider(training.stack, 'Helm', { kubernetes: cluster.controlPlane!.connection });
app.synth();

function newStack(id: string): { stack: TerraformStack; resourceGroup: ResourceGroup } {
  const stack = new TerraformStack(app, id);
  const features = [{ storage: [{ dataPlaneAvailable: false }] }];
  new AzurermProvider(stack, 'Azurerm', { subscriptionId: SUBSCRIPTION, features });
  new AzapiProvider(stack, 'Azapi', { subscriptionId: SUBSCRIPTION });
  return { stack, resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }) };
}
