/** Everything of Azure ML in every option: what `verify:terraform` proves beside the examples. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import {
  AzapiProvider,
  AzureMachine,
  BatchInference,
  BlobDatastore,
  Capacity,
  InferenceEndpoint,
  MachineLearningCluster,
  MachineLearningWorkspace,
  ManagedNetwork,
  MlNetwork,
  ModelArtifact,
  ModelMonitor,
  ModelRegistry,
  ResourceGroup,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const IN_GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/ml/providers`;
const PRINCIPAL = '11111111-1111-1111-1111-111111111111';
const app = new App();

const STANDING = {
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
    serviceTags: { monitor: { tag: 'AzureMonitor' } },
    privateEndpoints: { shared: { resourceId: STANDING.storageAccountId, target: 'blob' } },
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
      container: ServingContainer.image({ image: 'research.azurecr.io/vllm:1', port: 8000, environment: { A: '1' } }),
      artifact: ModelArtifact.files({ name: 'chat', version: '1', uri: 'azureml://datastores/models/paths/chat/' }),
      trafficPercent: 90,
    },
    green: {
      container: ServingContainer.mlflow(),
      artifact: ModelArtifact.shared({ registry: 'company', name: 'chat', version: '2' }),
      trafficPercent: 10,
      scaling: { minimum: 2, maximum: 2 },
    },
    shadow: {
      container: ServingContainer.registered({
        name: 'torch',
        version: '1',
        codeId: `${STANDING.id}/codes/score/versions/1`,
        scoringScript: 'score.py',
      }),
      artifact: ModelArtifact.registered({ name: 'chat', version: '3' }),
      mirrorPercent: 20,
    },
  },
  scaling: { minimum: 1, maximum: 4 },
  dataCapture: { percent: 50 },
});
endpoint.grantInvoke('Web', PRINCIPAL);
new ModelMonitor(whole, 'Monitor', {
  endpoint,
  model: 'green',
  task: 'regression',
  emails: ['ml@example.com'],
  every: 'week',
  reference: { name: 'training', version: '1', targetColumn: 'price' },
});

const machines = newStack('compute-clusters');
for (const machine of AzureMachine.all) {
  const id = machine.name.replace(/^Standard_/, '');
  new MachineLearningCluster(machines, id, { workspace: STANDING, machine, nodes: 2 });
}
new MachineLearningCluster(machines, 'LowPriority', {
  workspace: STANDING,
  machine: AzureMachine.ND96ISR_H100_V5,
  nodes: 100,
  minimumNodes: 1,
  capacity: Capacity.spot(),
  subnetId: `${IN_GROUP}/Microsoft.Network/virtualNetworks/ml/subnets/nodes`,
});

const batch = newStack('batch-endpoints');
const artifact = ModelArtifact.registered({ name: 'ranker', version: '7' });
const own = new BatchInference(batch, 'Own', {
  workspace: STANDING,
  artifact,
  machine: AzureMachine.ND96ISR_H100_V5,
  mostMachines: 4,
  batchesPerMachine: 8,
  answers: 'files',
  capacity: Capacity.spot(),
});
own.grantStart('Nightly', PRINCIPAL);
new BatchInference(batch, 'Shared', { workspace: STANDING, artifact, cluster: own.cluster, mostMachines: 1 });
new BlobDatastore(batch, 'Store', {
  workspace: STANDING,
  bucket: { accountName: 'shards', accountId: STANDING.storageAccountId, containerName: 'data' },
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
