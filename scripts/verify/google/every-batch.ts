/** Batch inference with every capacity, model source and installation, for `verify:terraform`. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  BatchInference,
  BatchInferencePlatform,
  type BatchInferenceProps,
  Capacity,
  ClusterSource,
  ControlPlane,
  DataBucket,
  GoogleMachine,
  Installation,
  ServingModel,
  ServingServer,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const REGION = 'us-central1';
const app = new App();
const HUB = ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB: 15.3 });
const bucketModel = (name: string) =>
  ServingModel.bucket({ name }, { prefix: 'v3/', sha256: 'c0ffee00'.repeat(8), sizeGiB: 15 });

const CASES: Readonly<Record<string, Partial<BatchInferenceProps>>> = {
  usual: { schedule: '0 2 * * *', queue: 'night', resultsPrefix: 'answers/', name: 'rank', namespace: 'search' },
  estimated: {
    work: {
      load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 500, outputTokens: 50, concurrency: 64 }),
      requests: 1_000_000,
      budgetUsd: 5000,
    },
    prices: Prices.asOf('2026-11-26'),
  },
  spot: { capacity: Capacity.spot(), model: bucketModel('models'), inputPrefix: '' },
  demand: { capacity: Capacity.onDemand(), shardsPerTask: 100, timeoutHours: 2.5 },
  flex: { capacity: Capacity.flexStart(), machine: GoogleMachine.A3_ULTRAGPU_8G },
  reserved: { capacity: Capacity.reservation('r'), machine: GoogleMachine.A3_HIGHGPU_8G, acceleratorsPerReplica: 8 },
  volume: { model: ServingModel.volume('models', { sizeGiB: 15 }), toleratedFailurePercent: 0, attempts: 1 },
  tpu: {
    machine: GoogleMachine.CT6E_STANDARD_8T,
    server: ServingServer.vllm({ image: 'vllm/vllm-tpu:v0.13.2' }),
    topology: '2x4',
    nodeOptions: { bootDiskGiB: 300 },
  },
  'git-ops': { installation: Installation.gitOps(), model: bucketModel('models') },
};

for (const [name, props] of Object.entries(CASES)) {
  const stack = newStack(name);
  const { controlPlane } = new BatchInference(stack, 'Ranking', withDefaults(stack, props));
  new HelmProvider(stack, 'Helm', { kubernetes: controlPlane!.connection });
}

const existing = newStack('existing');
const cluster = new ControlPlane(existing, 'Cluster', { region: REGION });
new HelmProvider(existing, 'Helm', { kubernetes: cluster.connection });
const source = ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } });
new BatchInference(existing, 'Ranking', withDefaults(existing, { cluster: source, network: cluster.network }));

const platform = newStack('platform');
const { batchInference } = new BatchInferencePlatform(platform, 'Platform', {
  workflow: { zone: 'us-central1-b', machine: GoogleMachine.G2_STANDARD_48, maxMachines: 2, model: HUB },
  input: { name: 'prompts' },
  inputPrefix: 'night/',
  results: { name: 'answers' },
  dataClass: DataClass.RESTRICTED,
  costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 40_000,
  alertEmails: ['ml@example.com'],
  alertChannels: ['projects/p/notificationChannels/1'],
});
new HelmProvider(platform, 'Helm', { kubernetes: batchInference.controlPlane!.connection });

app.synth();

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
  return stack;
}

function withDefaults(stack: TerraformStack, props: Partial<BatchInferenceProps>): BatchInferenceProps {
  return {
    zone: 'us-central1-b',
    machine: GoogleMachine.G2_STANDARD_48,
    maxMachines: 2,
    model: HUB,
    input: { name: 'requests' },
    inputPrefix: 'requests/',
    results: new DataBucket(stack, 'Results', { region: REGION }),
    ...props,
  };
}
