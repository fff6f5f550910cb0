/** Endpoints of every kind, on every machine that Vertex AI and Cloud Run serve on, with every option: what `verify:terraform` proves beside the examples. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  Capacity,
  CloudRunGpu,
  CloudRunInference,
  CloudRunIngress,
  CloudRunModel,
  CostAllocation,
  DataBucket,
  EncryptionKey,
  EndpointAccess,
  GardenModel,
  GoogleMachine,
  InferenceEndpoint,
  InferenceObservability,
  MlNetwork,
  PrivateConnection,
  PrivateEndpoint,
  ServingServer,
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
      scaling: { minimum: 1, maximum: 3, acceleratorUsePercent: 70 },
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
  access: EndpointAccess.SHARED,
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
    deploymentSeconds: 7200,
  },
});
hub.grantInvoke('Ada', 'user:ada@example.com');
new InferenceEndpoint(garden, 'Planned', {
  region: REGION,
  model,
  machine: GoogleMachine.G2_STANDARD_12,
  load: LOAD,
  prices: [{ ...OWN_PRICE, machine: 'g2-standard-12' }],
  pricesAsOf: '2026-11-26',
});
new InferenceObservability(garden, 'Observability', {
  endpoint: hub,
  load: LOAD,
  channels: ['projects/p/notificationChannels/1'],
});

const reached = newStack('private');
const network = new MlNetwork(reached, 'Network', { region: REGION });
new PrivateEndpoint(reached, 'Bare', { region: REGION });
const endpoint = new PrivateEndpoint(reached, 'Whole', {
  region: REGION,
  projects: ['p', 'q'],
  encryptionKey: new EncryptionKey(reached, 'Key', { location: REGION }),
  requestLog: { table: 'bq://p.logs.chat', percent: 10 },
  displayName: 'Chat',
});
endpoint.connectFrom('Clients', network, `projects/t/regions/${REGION}/serviceAttachments/a`);
new PrivateConnection(reached, 'Partner', {
  network,
  serviceAttachment: `projects/partner/regions/${REGION}/serviceAttachments/search`,
});

const run = newStack('cloud-run');
CostAllocation.apply(run, { project: 'a', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' });
const bucket = new DataBucket(run, 'Models', { location: REGION });
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
      scaling: { minimum: 1, maximum: 4 },
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
  encryptionKey: new EncryptionKey(run, 'ServingKey', { location: REGION }),
  prices: [{ ...OWN_PRICE, machine: 'cloud-run-l4' }],
  pricesAsOf: '2026-11-26',
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
