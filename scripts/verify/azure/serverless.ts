/** Models on Container Apps with existing resources, a load and a custom server, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AzapiProvider,
  ContainerAppEnvironment,
  ContainerAppInference,
  ContainerAppModel,
  ContainerAppServer,
  LogWorkspace,
  MlNetwork,
  ResourceGroup,
  ServerlessGpu,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const ID = '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/mine/providers';
const VNET = `${ID}/Microsoft.Network/virtualNetworks/v`;
const DIGEST = `sha256:${'0'.repeat(64)}`;

const stack = new TerraformStack(app, 'serverless');
new AzurermProvider(stack, 'Azurerm', { features: [{}] });
new AzapiProvider(stack, 'Azapi');
const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
const network = MlNetwork.fromMlNetworkAttributes(stack, 'Network', {
  virtualNetworkId: VNET,
  nodeSubnetId: `${VNET}/subnets/nodes`,
  endpointSubnetId: `${VNET}/subnets/endpoints`,
});
const logs = new LogWorkspace(stack, 'Logs', { resourceGroup, logRetentionDays: 30 });

const PRICES = Prices.of(
  [
    {
      cloud: 'azure',
      machine: 'Consumption-GPU-NC24-A100',
      market: 'on-demand',
      region: 'swedencentral',
      usdPerHour: 4,
      date: '2026-11-20',
    },
  ],
  { asOf: '2026-11-25' },
);
new ContainerAppInference(stack, 'Chat', {
  ...{ resourceGroup, network, subnetId: `${VNET}/subnets/chat`, logs },
  name: 'chat',
  accelerator: ServerlessGpu.A100,
  model: ContainerAppModel.inImage('/model', { sizeGiB: 16 }),
  server: ContainerAppServer.vllm({
    image: `images.azurecr.io/chat@${DIGEST}`,
    servedModelName: 'chat-large',
    maxModelLength: 8192,
    memoryShare: 0.8,
    kvCacheType: 'fp8',
    args: ['--enable-prefix-caching', '--chat-template', '${x} %{y}'],
    env: [{ name: 'VLLM_LOGGING_LEVEL', value: 'DEBUG' }],
  }),
  load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 512, outputTokens: 256, requestsPerSecond: 20 }),
  prices: PRICES,
});

const environment = new ContainerAppEnvironment(stack, 'Apps', {
  ...{ resourceGroup, network, subnetId: `${VNET}/subnets/apps`, logs },
  accelerators: [ServerlessGpu.T4],
});
new ContainerAppInference(stack, 'Ranker', {
  ...{ resourceGroup, environment },
  accelerator: ServerlessGpu.T4,
  model: ContainerAppModel.inImage('/model', { sizeGiB: 1 }),
  server: ContainerAppServer.of({ image: `images.azurecr.io/ranker@${DIGEST}`, port: 8080, healthPath: '/v1/health' }),
});
app.synth();
