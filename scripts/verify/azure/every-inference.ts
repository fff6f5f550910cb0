/** Foundry models, container apps and gateways with all of their options, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AlertGroup,
  AzapiProvider,
  AzureMachine,
  Capacity,
  ContainerAppEnvironment,
  ContainerAppInference,
  ContainerAppModel,
  ContainerAppServer,
  ContentPolicy,
  EncryptionKey,
  FoundryDeployment,
  GatewayAlarms,
  GatewayAuthorization,
  GatewayExposure,
  GatewaySecurityGroup,
  GatewayTier,
  GpuDriver,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  LogWorkspace,
  MlNetwork,
  ModelCapacity,
  ModelUpgrade,
  PromptScreening,
  ResourceGroup,
  ResponseMode,
  ScreeningStrength,
  ServerlessGpu,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack, TerraformVariable } from 'cdktf';

const app = new App();
const APPLICATION = '11111111-1111-1111-1111-111111111111';

const TOKENS = { tokensPerMinute: 50_000 };
const UNITS = { throughputUnits: 50 };
const CAPACITIES = {
  standard: ModelCapacity.standard(TOKENS),
  'data-zone': ModelCapacity.dataZoneStandard(TOKENS),
  global: ModelCapacity.globalStandard(TOKENS),
  'provisioned.1': ModelCapacity.provisioned(UNITS),
  'provisioned.2': ModelCapacity.dataZoneProvisioned(UNITS),
  'provisioned.3': ModelCapacity.globalProvisioned(UNITS),
};

models(
  'own-policy',
  ContentPolicy.of({
    harmfulContent: ScreeningStrength.HIGH,
    blocklists: { names: { terms: ['Contoso', '<b>&"${x}'], patterns: ['a{2,}%{'] } },
  }),
);
models('bare-policy', ContentPolicy.of({ promptAttacks: false, documentAttacks: false, protectedMaterial: false }));
models('given-policy', ContentPolicy.fromPolicyName('Microsoft.DefaultV2'));

function models(id: string, contentPolicy: ContentPolicy): void {
  const { stack, resourceGroup, network } = place(`models-${id}`);
  const model = { model: 'gpt-5.4-mini', version: '2026-03-17' };
  const upgrades = Object.values(ModelUpgrade);
  new FoundryDeployment(stack, 'Models', {
    resourceGroup,
    network,
    contentPolicy,
    models: Object.fromEntries(
      Object.entries(CAPACITIES).map(([name, capacity], index) => [
        name,
        { ...model, capacity, upgrade: upgrades[index % 3] },
      ]),
    ),
  });
}

// An account with an existing key and log workspace, and a gateway in front of it with less screening than it supports.
const screened = place('models-screened');
const foundry = new FoundryDeployment(screened.stack, 'Models', {
  ...{ resourceGroup: screened.resourceGroup, network: screened.network, accountName: 'atlas-models' },
  encryptionKey: new EncryptionKey(screened.stack, 'Key', { resourceGroup: screened.resourceGroup }),
  logs: new LogWorkspace(screened.stack, 'Logs', { resourceGroup: screened.resourceGroup }),
  models: {
    llama: { model: 'Llama-3.3-70B-Instruct', format: 'Meta', version: '9', capacity: CAPACITIES.global },
  },
});
new InferenceGateway(screened.stack, 'Gateway', {
  resourceGroup: screened.resourceGroup,
  endpoint: foundry,
  exposure: GatewayExposure.public(),
  authorization: GatewayAuthorization.entra({ audiences: ['api://models'], applicationIds: [APPLICATION] }),
  publisherEmail: 'ml@example.com',
  screening: PromptScreening.contentSafety(foundry, {
    harmfulContent: ScreeningStrength.LOW,
    promptAttacks: false,
    answers: false,
  }),
  logRetentionDays: 90,
  serviceName: 'atlas-gateway',
});

const apps = place('apps');
const environment = new ContainerAppEnvironment(apps.stack, 'Apps', {
  ...{ resourceGroup: apps.resourceGroup, network: apps.network, cidr: '10.0.129.0/24' },
  accelerators: [ServerlessGpu.A100, ServerlessGpu.T4],
});
const SOURCES = {
  image: ContainerAppModel.inImage('/model', { sizeGiB: 4 }),
  share: ContainerAppModel.nfsShare({ accountName: 'weights', shareName: 'models', path: 'llama/v3', sizeGiB: 8 }),
  hub: ContainerAppModel.huggingFace('Qwen/Qwen3-1.7B', { revision: 'a'.repeat(40), sizeGiB: 4 }),
};
for (const accelerator of [ServerlessGpu.A100, ServerlessGpu.T4]) {
  for (const [name, model] of Object.entries(SOURCES)) {
    new ContainerAppInference(apps.stack, `${accelerator.name}-${name}`, {
      ...{ resourceGroup: apps.resourceGroup, environment, accelerator, model },
      scaling: { minReplicas: 0, maxReplicas: 3, targetConcurrency: 20, cooldownSeconds: 600 },
      clientCidrs: ['10.0.0.0/16'],
    });
  }
}
const registry = { id: groupOf('Microsoft.ContainerRegistry/registries/images'), loginServer: 'images.azurecr.io' };
const own = place('own-app');
new ContainerAppInference(own.stack, 'Own', {
  ...{ resourceGroup: own.resourceGroup, network: own.network, cidr: '10.0.129.0/27', registry },
  accelerator: ServerlessGpu.A100,
  model: SOURCES.image,
  server: ContainerAppServer.of({
    image: `images.azurecr.io/server@sha256:${'0'.repeat(64)}`,
    port: 9000,
    command: ['serve'],
    args: ['--template', '${x} %{y}'],
    env: [{ name: 'MODE', value: '' }],
  }),
});

const CLUSTERS: Readonly<Record<string, Partial<KubernetesInferenceProps>>> = {
  bucket: {
    model: ServingModel.bucket(
      {
        accountName: 'weights',
        accountId: groupOf('Microsoft.Storage/storageAccounts/weights'),
        containerName: 'models',
      },
      { prefix: 'llama/v3', sha256: 'a'.repeat(64), sizeGiB: 16 },
    ),
    scaling: ServingScaling.keda({ minReplicas: 2, maxReplicas: 4, targetConcurrency: 16 }),
    ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.128.0/27'], address: '10.0.40.10' }),
  },
  aks: { nodeOptions: { driver: GpuDriver.AKS }, capacity: Capacity.spot(), cache: ServingCache.node() },
  triton: { server: ServingServer.triton(), scaling: ServingScaling.fixed(2) },
  hpa: { scaling: ServingScaling.hpa({ maxReplicas: 2, targetConcurrency: 4 }), acceleratorsPerReplica: 4 },
  ops: { installation: Installation.gitOps() },
};
for (const [name, props] of Object.entries(CLUSTERS)) {
  const { stack, resourceGroup, network } = place(`kubernetes-${name}`);
  const model = ServingModel.volume('models', { sizeGiB: 16 });
  const machine = AzureMachine.NC96ADS_A100_V4;
  const { controlPlane } = new KubernetesInference(stack, 'Chat', { resourceGroup, network, machine, model, ...props });
  new HelmProvider(stack, 'Helm', { kubernetes: controlPlane!.connection });
}

const ENTRA = GatewayAuthorization.entra({
  audiences: ['api://models'],
  applicationIds: [APPLICATION],
  roles: ['Model.Call'],
});
const LIMITS = { requestsPerSecond: 0.5, tokensPerMinute: 90_000, requestsPerAddress: 300 };
const GATEWAYS: Readonly<Record<string, Partial<InferenceGatewayProps>>> = {
  standard: {
    limits: LIMITS,
    clients: { web: { applicationId: APPLICATION, tokensPerMinute: 1000, tokensPerDay: 50_000, requestsPerSecond: 2 } },
  },
  developer: {
    tier: GatewayTier.developer(),
    responses: ResponseMode.buffered({ timeoutSeconds: 30 }),
    maxBodyKiB: 64,
  },
  premium: { tier: GatewayTier.premium(2), authorization: GatewayAuthorization.none() },
  'premium-v2': { tier: GatewayTier.premiumV2() },
};
for (const [name, props] of Object.entries(GATEWAYS)) gateway(name, props);

function gateway(name: string, props: Partial<InferenceGatewayProps>): void {
  const { stack, resourceGroup, network } = place(`gateway-${name}`);
  const { tier = GatewayTier.standardV2() } = props;
  const { resource: rules } = new GatewaySecurityGroup(stack, 'Rules', { resourceGroup });
  const delegation = tier.canBePrivate ? tier.privateDelegation : tier.publicDelegation;
  const securityGroup = delegation ? undefined : rules;
  const subnet = network.addSubnet('Gateway', { cidr: '10.0.128.0/27', delegation, securityGroup });
  const capacity = CAPACITIES.standard;
  const chat = { model: 'gpt-5.4-mini', version: '2026-03-17', capacity };
  const [sweden, france] = ['Sweden', 'France'].map(
    (id) => new FoundryDeployment(stack, id, { resourceGroup, network, models: { chat } }),
  ) as [FoundryDeployment, FoundryDeployment];
  const { virtualNetworkId } = network;
  const after = network.readyOf(subnet);
  const made = new InferenceGateway(stack, 'Gateway', {
    resourceGroup,
    endpoint: { sweden: { endpoint: sweden }, france: { endpoint: france, priority: 2, weight: 50 } },
    exposure: tier.canBePrivate
      ? GatewayExposure.private({ subnetId: subnet.id, virtualNetworkId, after })
      : GatewayExposure.public({ subnetId: subnet.id, after }),
    authorization: ENTRA,
    publisherEmail: 'ml@example.com',
    screening: PromptScreening.contentSafety(sweden, { blocklists: ['names'] }),
    ...props,
  });
  const alerts = new AlertGroup(stack, 'Alerts', { resourceGroup, alertEmails: ['ml@example.com'] });
  new GatewayAlarms(stack, 'Alarms', { gateway: made, alerts });
}

const existing = place('existing-gateway');
new GatewayAlarms(existing.stack, 'Alarms', {
  gateway: InferenceGateway.fromInferenceGatewayAttributes(existing.stack, 'Gateway', {
    url: 'https://atlas.azure-api.net/v1',
    serviceId: groupOf('Microsoft.ApiManagement/service/atlas'),
    resourceGroup: existing.resourceGroup,
    timeoutSeconds: 120,
  }),
  alerts: { id: groupOf('Microsoft.Insights/actionGroups/on-call') },
});

// Ids and addresses that are known only at deployment.
const later = place('gateway-later');
const variable = (id: string) =>
  new TerraformVariable(later.stack, id, { type: 'string', default: APPLICATION }).stringValue;
new InferenceGateway(later.stack, 'Gateway', {
  resourceGroup: later.resourceGroup,
  endpoint: InferenceTarget.fromUrl('https://models.example.com/v1', { tokenAudience: 'api://models', screens: true }),
  exposure: GatewayExposure.public(),
  authorization: GatewayAuthorization.entra({ audiences: [variable('audience')], tenantId: variable('tenant') }),
  clients: { web: { applicationId: variable('application'), tokensPerMinute: 1000 } },
  publisherEmail: 'ml@example.com',
});

app.synth();

function groupOf(resource: string): string {
  return `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/models/providers/${resource}`;
}

function place(id: string): { stack: TerraformStack; resourceGroup: ResourceGroup; network: MlNetwork } {
  const stack = new TerraformStack(app, id);
  new AzurermProvider(stack, 'Azure', { features: [{}] });
  new AzapiProvider(stack, 'Azapi');
  const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
  return { stack, resourceGroup, network: new MlNetwork(stack, 'Network', { resourceGroup }) };
}
