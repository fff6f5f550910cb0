/** Endpoints of every kind, on every machine that Vertex AI and Cloud Run support, with every option, for `verify:terraform`. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AlertChannels,
  Capacity,
  CloudRunGpu,
  CloudRunInference,
  CloudRunIngress,
  CloudRunModel,
  CostAllocation,
  DataBucket,
  EncryptionKey,
  GardenModel,
  GoogleMachine,
  InferenceEndpoint,
  InferenceObservability,
  MlNetwork,
  PrivateConnection,
  PrivateEndpoint,
  RealtimeInferencePlatform,
  RealtimeServing,
  ServingServer,
  VertexEndpointAccess,
} from 'ai-infra-constructs/google';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { VERTEX_ACCELERATORS, VERTEX_TPUS } from '../../../lib/core/catalog/vertex-inference';

const REGION = 'us-central1';
const app = new App();
const LOAD = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  weightPrecision: 'fp8',
  inputTokens: 500,
  outputTokens: 100,
  requestsPerSecond: 1,
});
const OWN_PRICE = { market: 'on-demand', usdPerHour: 2, date: '2026-11-25' } as const;

const garden = newStack('garden');
const model = GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it', { acceptEula: true });
for (const machine of GoogleMachine.all.filter(isServed)) {
  for (const capacity of [Capacity.onDemand(), Capacity.spot(), Capacity.reservation('r', { project: 'p' })]) {
    if (machine.markets && !machine.markets.includes(capacity.market)) continue;
    new InferenceEndpoint(garden, `${machine.name}-${capacity.market}`, {
      region: REGION,
      model,
      machine,
      capacity,
      reservationZone: capacity.market === 'reservation' ? `${REGION}-b` : undefined,
      machinesPerReplica: !machine.isTpu && machine.spec.accelerators === 8 ? 2 : undefined,
      scaling: { minReplicas: 1, maxReplicas: 3, targetUtilizationPercent: 70 },
    });
  }
}
const token = new TerraformVariable(garden, 'Token', { sensitive: true, default: 'hf' });
const hub = new InferenceEndpoint(garden, 'Hub', {
  region: REGION,
  model: GardenModel.huggingFace('google/gemma-2-2b-it', {
    acceptEula: true,
    accessToken: token.stringValue,
    cached: true,
  }),
  machine: GoogleMachine.G2_STANDARD_12,
  access: VertexEndpointAccess.SHARED,
  displayName: 'Chat',
  invokers: ['serviceAccount:app@p.iam.gserviceaccount.com'],
  container: {
    image: 'us-docker.pkg.dev/p/serving/vllm:1',
    command: ['vllm'],
    args: ['serve'],
    env: { MODEL_ID: 'gemma' },
    port: 8000,
    predictRoute: '/generate',
    healthRoute: '/health',
    sharedMemoryMiB: 16_384,
    deploymentTimeoutSeconds: 7200,
  },
});
hub.grantInvoke('Ada', 'user:ada@example.com');
new InferenceEndpoint(garden, 'Planned', {
  region: REGION,
  model,
  machine: GoogleMachine.G2_STANDARD_12,
  load: LOAD,
  prices: Prices.of([{ ...OWN_PRICE, machine: 'g2-standard-12' }], { asOf: '2026-11-26' }),
});
new InferenceObservability(garden, 'Observability', {
  endpoint: hub,
  load: LOAD,
  alertEmails: ['ml@example.com'],
  alertChannels: ['projects/p/notificationChannels/1'],
});

const existing = newStack('existing');
const serving = RealtimeServing.fromEndpoint(
  InferenceEndpoint.fromInferenceEndpointAttributes(existing, 'Chat', {
    endpointId: '1234567890',
    region: REGION,
    access: VertexEndpointAccess.DEDICATED,
    limits: { minReplicas: 1, maxReplicas: 4 },
  }),
);
const { channelIds } = new AlertChannels(existing, 'Receivers', { emails: ['search@example.com'] });
new RealtimeInferencePlatform(existing, 'Platform', {
  serving,
  load: LOAD,
  costAllocation: { project: 'a', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' },
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 1000,
  alertEmails: ['ml@example.com'],
  alertChannels: channelIds,
});

const connected = newStack('private');
const network = new MlNetwork(connected, 'Network', { region: REGION });
new PrivateEndpoint(connected, 'Bare', { region: REGION });
const endpoint = new PrivateEndpoint(connected, 'Whole', {
  region: REGION,
  projects: ['p', 'q'],
  encryptionKey: new EncryptionKey(connected, 'Key', { region: REGION }),
  requestLog: { table: 'bq://p.logs.chat', percent: 10 },
  displayName: 'Chat',
});
endpoint.connectFrom('Clients', network, `projects/t/regions/${REGION}/serviceAttachments/a`);
new PrivateConnection(connected, 'Partner', {
  network,
  serviceAttachment: `projects/partner/regions/${REGION}/serviceAttachments/search`,
});

const run = newStack('cloud-run');
CostAllocation.apply(run, { project: 'a', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' });
const bucket = new DataBucket(run, 'Models', { region: REGION });
const subnets = new MlNetwork(run, 'Network', { region: REGION });
for (const gpu of Object.values(CloudRunGpu)) {
  new CloudRunInference(run, `${gpu}-bare`, {
    region: REGION,
    gpu,
    model: CloudRunModel.bucket(bucket, { prefix: 'llama/v3/', sizeGiB: 15 }),
  });
  for (const ingress of Object.values(CloudRunIngress)) {
    new CloudRunInference(run, `${gpu}-${ingress}`, {
      region: REGION,
      gpu,
      ingress,
      model: CloudRunModel.image({ path: '/models/llama', sizeGiB: 15 }),
      server: ServingServer.triton({ image: 'us-docker.pkg.dev/p/serving/triton:1', env: [{ name: 'A', value: 'b' }] }),
      scaling: { minReplicas: 1, maxReplicas: 4 },
      concurrency: 32,
      timeoutSeconds: 3600,
      zonalRedundancy: true,
      network: subnets,
      invokers: ['group:apps@example.com'],
      serviceAccount: 'chat@p.iam.gserviceaccount.com',
      deletionProtection: false,
    });
  }
}
new CloudRunInference(run, 'Planned', {
  region: REGION,
  gpu: CloudRunGpu.L4,
  model: CloudRunModel.bucket(bucket, { prefix: 'llama/v3/', sizeGiB: 8.5 }),
  load: LOAD,
  name: 'chat',
  encryptionKey: new EncryptionKey(run, 'ServingKey', { region: REGION }),
  prices: Prices.of([{ ...OWN_PRICE, machine: 'cloud-run-nvidia-l4' }], { asOf: '2026-11-26' }),
});

app.synth();

function isServed({ spec, isTpu }: GoogleMachine): boolean {
  if (isTpu) return (VERTEX_TPUS as readonly string[]).includes(spec.chip);
  return Object.hasOwn(VERTEX_ACCELERATORS, spec.acceleratorLabel) && spec.accelerators >= 1;
}

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
  return stack;
}
