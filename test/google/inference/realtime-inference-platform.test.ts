import { join } from 'node:path';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { TerraformStack } from 'cdktf';
import 'ai-infra-constructs/testing/jest';
import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  GardenModel,
  GoogleMachine,
  InferenceEndpoint,
  KubernetesInference,
  MlNetwork,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
  RealtimeServing,
  ServingModel,
} from 'ai-infra-constructs/google';
import { reportOf } from '../../terraform/support';
import { ownedBy } from '../../terraform/platforms';
import { keepsAddresses } from '../../terraform/golden';
import { codesOf, newStack, refusalsOf, resourcesOf, theOnly, ZONE } from '../support';
import { DEPLOYMENT, idsOf, loadOf } from './support';

const CLOUD_RUN = {
  region: 'europe-west4',
  gpu: CloudRunGpu.L4,
  model: CloudRunModel.bucket({ name: 'models' }, { prefix: 'llama-3.1-8b/v3/', sizeGiB: 7.5 }),
} as const;

const PROPS: RealtimeInferencePlatformProps = {
  serving: RealtimeServing.cloudRun(CLOUD_RUN),
  load: loadOf({ weightPrecision: 'fp8' }),
  ...ownedBy('chat'),
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 12_000,
};

const VERTEX = RealtimeServing.vertex({
  region: 'us-central1',
  model: GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it'),
  machine: GoogleMachine.G2_STANDARD_48,
});

function synth(props: Partial<RealtimeInferencePlatformProps> = {}, prepare?: (stack: TerraformStack) => void) {
  const stack = newStack('inference');
  prepare?.(stack);
  new HelmProvider(stack, 'Helm');
  return { stack, platform: new RealtimeInferencePlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

/** Types whose replacement loses data, or a name or address that others know. */
const STATEFUL = [
  'google_cloud_run_v2_service',
  'google_kms_key_ring',
  'google_kms_crypto_key',
  'google_compute_network',
  'google_compute_subnetwork',
  'google_service_account',
  'google_billing_budget',
];

describe('the reference', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'realtime-inference-platform.golden.json'));

  test('keeps its architecture: GPU, network, encryption and exposure', () => {
    const { stack: whole } = synth({}, (one) => new GoogleProvider(one, 'Google'));
    expect(whole).toMatchArchitectureFile('realtime-inference-platform.architecture.txt');
  });

  test('labels what it makes with who pays, and the budget counts that label', () => {
    expect(theOnly(stack, 'google_cloud_run_v2_service').labels).toMatchObject({
      project: 'atlas',
      'data-class': 'confidential',
    });
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toEqual({ project: 'atlas' });
  });

  test('keeps the traffic of its containers in a network of its own', () => {
    const { vpc_access: access } = theOnly(stack, 'google_cloud_run_v2_service').template;
    expect(access.egress).toBe('ALL_TRAFFIC');
    expect(theOnly(stack, 'google_compute_network')).toBeDefined();
    expect(idsOf(platform)).not.toContain('network/open-container');
  });

  test('makes no resource of its own below its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual([
      'Network',
      'Endpoint',
      'Observability',
      'Budget',
    ]);
  });

  test('alerts of failures and of replicas at their most', () => {
    const { errors, saturation, latency } = platform.observability!;
    expect([errors, saturation].every(Boolean)).toBe(true);
    expect(latency).toBeUndefined();
  });

  test('plans its load', () => {
    expect(platform.endpoint).toBeInstanceOf(CloudRunInference);
    expect(platform.endpoint.plan!.load.requestsPerSecond).toBe(5);
  });
});

describe('other ways to serve', () => {
  test('Vertex AI takes no labels, so the budget is of the whole project', () => {
    const { stack, platform } = synth({ serving: VERTEX, alertChannels: ['projects/p/notificationChannels/1'] });
    expect(platform.endpoint).toBeInstanceOf(InferenceEndpoint);
    expect(theOnly(stack, DEPLOYMENT)).toBeDefined();
    const budget = theOnly(stack, 'google_billing_budget');
    expect(budget.budget_filter.labels).toBeUndefined();
    expect(budget.all_updates_rule.monitoring_notification_channels).toEqual(['projects/p/notificationChannels/1']);
  });

  test('GKE serves on machines of a cluster', () => {
    const serving = RealtimeServing.kubernetes({
      zone: ZONE,
      machine: GoogleMachine.G2_STANDARD_48,
      model: ServingModel.huggingFace('meta-llama/Llama-3.1-8B-Instruct', {
        revision: '0'.repeat(40),
        sizeGiB: 15,
      }),
    });
    const { stack, platform } = synth({ serving, load: loadOf() });
    expect(platform.endpoint).toBeInstanceOf(KubernetesInference);
    expect(platform.observability).toBeUndefined();
    expect(theOnly(stack, 'google_container_cluster').resource_labels).toMatchObject({ project: 'atlas' });
  });

  test('a network may be brought', () => {
    const stack = newStack('inference');
    const network = new MlNetwork(stack, 'Own', { region: 'europe-west4' });
    const serving = RealtimeServing.cloudRun({ ...CLOUD_RUN, network });
    new RealtimeInferencePlatform(stack, 'Platform', { ...PROPS, serving });
    expect(Object.keys(resourcesOf(stack, 'google_compute_network'))).toHaveLength(1);
  });
});

test('a load that costs more than the budget is doubted', () => {
  const prices = [{ machine: 'cloud-run-nvidia-l4', market: 'on-demand', usdPerHour: 5 }] as const;
  expect(idsOf(synth({ prices, monthlyBudgetUsd: 100 }).platform)).toContain('cost/budget');
  expect(idsOf(synth({ prices }).platform)).not.toContain('cost/budget');
});

test('the report tells the plan of each way, beside what else bears the load', () => {
  interface Read {
    path: string;
    topology: { nodes: { machine: string } };
    alternatives: unknown[];
  }
  const workloads = reportOf((app) => {
    const platform = (id: string, props: Partial<RealtimeInferencePlatformProps>) =>
      new RealtimeInferencePlatform(new TerraformStack(app, id), 'Platform', { ...PROPS, ...props });
    platform('run', {});
    platform('vertex', { serving: VERTEX, load: loadOf() });
  }) as Read[];
  expect(workloads.map(({ path, topology }) => `${path} ${topology.nodes.machine}`)).toEqual([
    'run/Platform/Endpoint cloud-run-nvidia-l4',
    'vertex/Platform/Endpoint g2-standard-48',
  ]);
  expect(workloads.every(({ alternatives }) => alternatives.length > 0)).toBe(true);
});

test('all that is wrong is refused together, by the names that the platform has, before anything is made', () => {
  const stack = newStack();
  const props = {
    ...PROPS,
    serving: RealtimeServing.cloudRun({ ...CLOUD_RUN, region: 'here', vcpus: 5 }),
    prices: [{ machine: 'cloud-run-nvidia-l4', market: 'on-demand', usdPerHour: -1 }] as const,
    costAllocation: { project: 'atlas' } as never,
    billingAccount: 'mine',
    monthlyBudgetUsd: 0,
  };
  const found = refusalsOf(() => new RealtimeInferencePlatform(stack, 'Platform', props));
  expect(found).toEqual(
    expect.arrayContaining([
      'TagMissing costAllocation.team',
      'BudgetInvalid billingAccount',
      'BudgetInvalid monthlyBudgetUsd',
      'LocationInvalid serving.region',
      'InstanceSize serving.vcpus',
      'PriceInvalid prices[0].usdPerHour',
    ]),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'Endpoint')).toBe(false);
});

test.each([
  () => RealtimeServing.vertex(undefined as never),
  () => RealtimeServing.cloudRun(null as never),
  () => RealtimeServing.kubernetes(7 as never),
  () => synth({ serving: RealtimeServing.kubernetes({} as never) }),
  () => synth({ serving: 'vertex' as never }),
  () => new RealtimeInferencePlatform(newStack(), 'Platform', undefined as never),
  () => new RealtimeInferencePlatform(newStack(), 'Platform', null as never),
])('hostile props are refused with a code: %#', (run) => {
  expect(codesOf(run).length).toBeGreaterThan(0);
});
