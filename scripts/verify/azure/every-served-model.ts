/** Models on AKS with a load, and on an existing cluster with its own gateway and Prometheus, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AlertGroup,
  AzapiProvider,
  AzureMachine,
  ClusterSource,
  ControlPlane,
  KubernetesInference,
  KubernetesInferenceObservability,
  MlNetwork,
  ResourceGroup,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const ACTIONS =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/mine/providers/Microsoft.Insights/actionGroups/oncall';
const HUB = ServingModel.huggingFace('meta-llama/Llama-3.1-8B-Instruct', {
  revision: 'a'.repeat(40),
  sizeGiB: 15,
  tokenSecret: 'hub',
});
const PRICES = Prices.of(
  [
    {
      cloud: 'azure',
      machine: 'Standard_NC96ads_A100_v4',
      market: 'on-demand',
      region: 'swedencentral',
      usdPerHour: 14,
      date: '2026-11-20',
    },
  ],
  { asOf: '2026-11-25' },
);

const planned = newStack('planned');
const { controlPlane } = new KubernetesInference(planned.stack, 'Chat', {
  resourceGroup: planned.resourceGroup,
  zone: '1',
  machine: AzureMachine.NC96ADS_A100_V4,
  model: HUB,
  load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1000, outputTokens: 300, requestsPerSecond: 20 }),
  prices: PRICES,
});
new HelmProvider(planned.stack, 'Helm', { kubernetes: controlPlane!.connection });

const existing = newStack('existing-cluster');
const network = new MlNetwork(existing.stack, 'Network', { resourceGroup: existing.resourceGroup });
const cluster = new ControlPlane(existing.stack, 'Cluster', { resourceGroup: existing.resourceGroup, network });
new HelmProvider(existing.stack, 'Helm', { kubernetes: cluster.connection });
const endpoint = new KubernetesInference(existing.stack, 'Chat', {
  resourceGroup: existing.resourceGroup,
  cluster: ClusterSource.fromCluster(cluster, {
    systemLabels: { 'ai-infra/role': 'system' },
    existingCharts: ['keda', 'gpu-operator'],
    metricsWorkspaceId: cluster.metrics.workspace.id,
  }),
  name: 'chat-large',
  namespace: 'models',
  machine: AzureMachine.NC24ADS_A100_V4,
  model: ServingModel.volume('models', { sizeGiB: 16, path: 'llama/v3' }),
  server: ServingServer.vllm({ servedModelName: 'chat', maxModelLength: 8192, memoryShare: 0.8, kvCacheType: 'fp8' }),
  scaling: ServingScaling.keda({
    minReplicas: 0,
    maxReplicas: 4,
    targetConcurrency: 16,
    queries: [{ query: 'sum(queue_depth{queue="chat"})', threshold: 10 }],
    schedules: [{ start: '0 8 * * 1-5', end: '0 18 * * 1-5', timeZone: 'Europe/Berlin', replicas: 2 }],
    prometheus: { address: 'http://prometheus.observability.svc:9090', namespace: 'observability' },
    activation: { query: 'sum(rate(gateway_requests_total{model="chat"}[1m]))', above: 0.5 },
  }),
  ingress: ServingIngress.gateway({
    gateway: { name: 'inference', namespace: 'gateways' },
    endpointPicker: { name: 'picker', port: 9002 },
    hostnames: ['chat.example.com'],
    priority: 1,
  }),
});
new KubernetesInferenceObservability(existing.stack, 'Alerts', {
  endpoint,
  alertEmails: ['ml-oncall@example.com'],
  alertActionGroups: [AlertGroup.fromAlertGroupId(existing.stack, 'OnCall', ACTIONS)],
});
app.synth();

function newStack(id: string): { stack: TerraformStack; resourceGroup: ResourceGroup } {
  const stack = new TerraformStack(app, id);
  new AzurermProvider(stack, 'Azurerm', { features: [{}] });
  new AzapiProvider(stack, 'Azapi');
  return { stack, resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }) };
}
