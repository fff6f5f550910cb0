/** Models on GKE with every ingress, capacity, model source, scaling and kind of machine, for `verify:terraform`. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  ApiAccess,
  Capacity,
  ClusterSource,
  ControlPlane,
  DataBucket,
  DataPurpose,
  GoogleMachine,
  Installation,
  KubernetesInference,
  KubernetesInferenceObservability,
  type KubernetesInferenceProps,
  MlNetwork,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const REGION = 'us-central1';
const ZONE = 'us-central1-b';
const SHA = 'c0ffee00'.repeat(8);
const app = new App();

const HUB = ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB: 15.3 });
const VOLUME = ServingModel.volume('models', { sizeGiB: 15, path: 'chat/v3' });
const LOAD = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1500,
  outputTokens: 300,
  requestsPerSecond: 2,
});
const LARGE = {
  machine: GoogleMachine.A3_MEGAGPU_8G,
  model: ServingModel.huggingFace('meta-llama/Llama-3.1-405B', {
    revision: '0123456789'.repeat(4),
    tokenSecret: 'hub',
    sizeGiB: 756,
  }),
};

const CASES: Readonly<Record<string, Partial<KubernetesInferenceProps>>> = {
  gateway: {
    model: HUB,
    ingress: ServingIngress.inferenceGateway({ certificate: 'chat', hostnames: ['chat.example.com'] }),
  },
  balanced: {
    model: HUB,
    ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/18'] }),
    scaling: ServingScaling.keda({ minReplicas: 2, maxReplicas: 8, targetConcurrency: 32 }),
    cluster: ClusterSource.create({ apiAccess: ApiAccess.DNS_BY_IAM }),
  },
  fallback: {
    model: VOLUME,
    machine: GoogleMachine.A2_HIGHGPU_2G,
    capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
    scaling: ServingScaling.fixed(3),
    cache: ServingCache.node('/mnt/disks/models'),
  },
  spot: { model: HUB, capacity: Capacity.spot(), cache: ServingCache.volume('cache') },
  flex: { model: HUB, capacity: Capacity.flexStart({ maxRunDays: 3 }), machine: GoogleMachine.A3_ULTRAGPU_8G },
  reserved: { ...LARGE, capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
  several: { ...LARGE, machine: GoogleMachine.A3_ULTRAGPU_8G, capacity: Capacity.spot() },
  adapter: { model: HUB, scaling: ServingScaling.hpa({ maxReplicas: 4, targetConcurrency: 16 }) },
  planned: { model: HUB, load: LOAD, machine: GoogleMachine.A3_HIGHGPU_8G, prices: Prices.asOf('2026-11-26') },
  targets: {
    model: HUB,
    machine: GoogleMachine.A3_HIGHGPU_8G,
    load: ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      inputTokens: 1500,
      outputTokens: 300,
      requestsPerSecond: 2,
      ttftMs: 5000,
      tpotMs: 200,
      percentile: 95,
      kvPrecision: 'fp8',
    }),
  },
  'scaled-to-zero': {
    model: HUB,
    server: ServingServer.vllm({ memoryShare: 0.85, kvCacheType: 'fp8' }),
    scaling: ServingScaling.keda({
      minReplicas: 0,
      maxReplicas: 2,
      targetConcurrency: 16,
      queries: [{ query: 'sum(queue_depth{queue="chat"})', threshold: 10 }],
      schedules: [{ start: '0 8 * * 1-5', end: '0 18 * * 1-5', timeZone: 'Europe/Berlin', replicas: 2 }],
      prometheus: { address: 'http://prometheus.monitoring:9090', namespace: 'monitoring' },
      activation: { query: 'sum(envoy_pending)', above: 1 },
    }),
  },
  triton: {
    model: VOLUME,
    server: ServingServer.triton({ args: ['--log-verbose=1'] }),
    nodeOptions: { preloadedImages: ['global/images/triton'] },
  },
  existing: {
    model: HUB,
    ingress: ServingIngress.gateway({
      gateway: { name: 'inference', namespace: 'gateways' },
      endpointPicker: { name: 'picker', port: 9002 },
      hostnames: ['chat.example.com'],
      priority: 1,
    }),
  },
  tpu: {
    model: HUB,
    machine: GoogleMachine.CT6E_STANDARD_8T,
    server: ServingServer.vllm({ image: 'vllm/vllm-tpu:v0.13.2' }),
    topology: '2x4',
  },
};

for (const [name, props] of Object.entries(CASES)) {
  const stack = newStack(name);
  const { controlPlane } = new KubernetesInference(stack, 'Chat', withDefaults(props));
  new HelmProvider(stack, 'Helm', { kubernetes: controlPlane!.connection });
}

const bucket = newStack('bucket');
const models = new DataBucket(bucket, 'Models', { region: REGION, purpose: DataPurpose.MODELS });
const first = new KubernetesInference(bucket, 'First', {
  ...withDefaults({}),
  model: ServingModel.bucket(models, { prefix: 'chat/v3/', sha256: SHA, sizeGiB: 15 }),
  ingress: ServingIngress.inferenceGateway(),
});
new HelmProvider(bucket, 'Helm', { kubernetes: first.controlPlane!.connection });
new KubernetesInference(bucket, 'Second', {
  ...withDefaults({ model: HUB }),
  cluster: ClusterSource.fromCluster(first.cluster, {
    systemLabels: { 'ai-infra/role': 'system' },
    existingCharts: ['picker-kinds'],
  }),
  after: [first.software.objects!.release],
  ingress: ServingIngress.inferenceGateway(),
});

const gitOps = newStack('git-ops');
new KubernetesInference(gitOps, 'Chat', {
  ...withDefaults({}),
  model: ServingModel.bucket({ name: 'models' }, { prefix: 'chat/v3', sha256: SHA, sizeGiB: 15 }),
  installation: Installation.gitOps(),
});

const pooled = newStack('pooled');
const network = new MlNetwork(pooled, 'Network', { region: REGION });
const cluster = new ControlPlane(pooled, 'ControlPlane', { region: REGION, network });
new HelmProvider(pooled, 'Helm', { kubernetes: cluster.connection });
const nodePool = new AcceleratorNodePool(pooled, 'Pool', {
  cluster,
  zone: ZONE,
  machine: GoogleMachine.G2_STANDARD_48,
  nodes: 4,
  minNodes: 1,
});
const watched = new KubernetesInference(pooled, 'Chat', {
  ...withDefaults({ model: HUB }),
  machine: GoogleMachine.G2_STANDARD_48,
  cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' }, managedPrometheus: true }),
  nodePool,
});
new KubernetesInferenceObservability(pooled, 'Observability', {
  endpoint: watched,
  alertEmails: ['ml-oncall@example.com'],
  alertChannels: ['projects/atlas/notificationChannels/1234567890'],
});

app.synth();

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
  return stack;
}

function withDefaults(props: Partial<KubernetesInferenceProps>): KubernetesInferenceProps {
  return { machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: HUB, ...props };
}
