import { join } from 'node:path';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Prices } from 'ai-infra-constructs';
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
  KubernetesInferenceObservability,
  MlNetwork,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
  RealtimeServing,
  ServingModel,
} from 'ai-infra-constructs/google';
import { reportOf } from '../../terraform/support';
import { ownedBy } from '../../terraform/platforms';
import { keepsAddresses } from '../../terraform/golden';
import { codesOf, type Json, newStack, refusalsOf, resourcesOf, theOnly, ZONE } from '../support';
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

/** Types whose replacement loses data, or a name or address that others use. */
const STATEFUL = [
  'google_cloud_run_v2_service',
  'google_kms_key_ring',
  'google_kms_crypto_key',
  'google_compute_network',
  'google_compute_subnetwork',
  'google_service_account',
  'google_billing_budget',
];

describe('the reference architecture', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'realtime-inference-platform.golden.json'));

  test('matches its architecture snapshot', () => {
    const { stack: whole } = synth({}, (one) => new GoogleProvider(one, 'Google'));
    expect(whole).toMatchArchitectureFile('realtime-inference-platform.architecture.txt');
  });

  test('labels its resources for cost allocation, and the budget filters by that label', () => {
    expect(theOnly(stack, 'google_cloud_run_v2_service').labels).toMatchObject({
      project: 'atlas',
      'data-class': 'confidential',
    });
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toEqual({ project: 'atlas' });
  });

  test('sends the traffic of its containers through its own network', () => {
    const { vpc_access: access } = theOnly(stack, 'google_cloud_run_v2_service').template;
    expect(access.egress).toBe('ALL_TRAFFIC');
    expect(theOnly(stack, 'google_compute_network')).toBeDefined();
    expect(idsOf(platform)).not.toContain('network/open-container');
  });

  test('creates only its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual([
      'Network',
      'Endpoint',
      'Observability',
      'Budget',
    ]);
  });

  test('has alerts for errors and for the maximum number of instances', () => {
    const { errors, saturation, latency } = platform.observability!;
    expect([errors, saturation].every(Boolean)).toBe(true);
    expect(latency).toBeUndefined();
  });

  test('plans the load', () => {
    expect(platform.endpoint).toBeInstanceOf(CloudRunInference);
    expect(platform.endpoint.plan!.load.requestsPerSecond).toBe(5);
  });
});

describe('other backends', () => {
  test('Vertex AI supports no labels, so the budget covers the whole project', () => {
    const { stack, platform } = synth({ serving: VERTEX, alertChannels: ['projects/p/notificationChannels/1'] });
    expect(platform.endpoint).toBeInstanceOf(InferenceEndpoint);
    expect(theOnly(stack, DEPLOYMENT)).toBeDefined();
    const budget = theOnly(stack, 'google_billing_budget');
    expect(budget.budget_filter.labels).toBeUndefined();
    expect(budget.all_updates_rule.monitoring_notification_channels).toEqual(['projects/p/notificationChannels/1']);
  });

  test('GKE serves on a cluster', () => {
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
    expect(platform.observability).toBeInstanceOf(KubernetesInferenceObservability);
    const [policy] = Object.values<Json>(resourcesOf(stack, 'google_monitoring_alert_policy'));
    expect(policy.conditions[0].condition_prometheus_query_language.query).toContain('namespace="endpoint"');
    expect(theOnly(stack, 'google_container_cluster').resource_labels).toMatchObject({ project: 'atlas' });
  });

  test('Cloud Run accepts a network', () => {
    const stack = newStack('inference');
    const network = new MlNetwork(stack, 'Own', { region: 'europe-west4' });
    const serving = RealtimeServing.cloudRun({ ...CLOUD_RUN, network });
    new RealtimeInferencePlatform(stack, 'Platform', { ...PROPS, serving });
    expect(Object.keys(resourcesOf(stack, 'google_compute_network'))).toEqual([expect.stringMatching(/^Own_/)]);
  });
});

describe('an existing endpoint', () => {
  const platformOf = (limits?: { minReplicas: number; maxReplicas: number }) => {
    const stack = newStack('inference');
    const attributes = { endpointId: '1', region: 'us-central1', limits };
    const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', attributes);
    const serving = RealtimeServing.fromEndpoint(endpoint);
    return { stack, endpoint, platform: new RealtimeInferencePlatform(stack, 'Platform', { ...PROPS, serving }) };
  };

  test('gets alerts, a dashboard and a budget for the whole project', () => {
    const { stack, endpoint, platform } = platformOf({ minReplicas: 1, maxReplicas: 4 });
    expect(platform.endpoint).toBe(endpoint);
    expect(platform.endpoint.plan).toBeUndefined();
    expect(platform.observability!.saturation).toBeDefined();
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toBeUndefined();
    expect(resourcesOf(stack, DEPLOYMENT)).toEqual({});
  });

  test('gets no alert for the maximum number of replicas without limits', () => {
    expect(platformOf().platform.observability!.saturation).toBeUndefined();
  });
});

test('sends alerts and budget notifications to email addresses and existing channels', () => {
  const existing = 'projects/p/notificationChannels/1';
  const { stack, platform } = synth({ alertEmails: ['ml@example.com'], alertChannels: [existing] });
  const channels = [expect.stringMatching(/^\$\{google_monitoring_notification_channel\./), existing];
  expect(theOnly(stack, 'google_billing_budget').all_updates_rule.monitoring_notification_channels).toEqual(channels);
  for (const policy of Object.values(resourcesOf(stack, 'google_monitoring_alert_policy'))) {
    expect(policy.notification_channels).toEqual(channels);
  }
  expect(platform.alerts!.resources).toHaveLength(1);
});

test('records a load that costs more than the budget', () => {
  const prices = Prices.of([{ machine: 'cloud-run-nvidia-l4', market: 'on-demand', usdPerHour: 5 }]);
  expect(idsOf(synth({ prices, monthlyBudgetUsd: 100 }).platform)).toContain('cost/budget');
  expect(idsOf(synth({ prices, monthlyBudgetUsd: 100_000 }).platform)).not.toContain('cost/budget');
});

test('the report contains the plan of each backend, with the alternatives that it sells', () => {
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
  const [onRun, onVertex] = workloads.map(({ alternatives }) => alternatives.length);
  // The other GPU of Cloud Run has no price in the region.
  expect(onRun).toBe(0);
  expect(onVertex).toBeGreaterThan(0);
});

test('reports all problems in one error with the paths of the platform, before anything is created', () => {
  const stack = newStack();
  const props = {
    ...PROPS,
    serving: RealtimeServing.cloudRun({ ...CLOUD_RUN, region: 'here', vcpus: 5 }),
    costAllocation: { project: 'atlas' } as never,
    billingAccount: 'mine',
    monthlyBudgetUsd: 0,
    alertEmails: ['nobody'],
  };
  const found = refusalsOf(() => new RealtimeInferencePlatform(stack, 'Platform', props));
  expect(found).toEqual(
    expect.arrayContaining([
      'TagMissing costAllocation.team',
      'BudgetInvalid billingAccount',
      'BudgetInvalid monthlyBudgetUsd',
      'LocationInvalid serving.region',
      'InstanceSize serving.vcpus',
      'AlertEmail alertEmails[0]',
    ]),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'Endpoint')).toBe(false);
});

test.each([
  () => RealtimeServing.vertex(undefined as never),
  () => RealtimeServing.cloudRun(null as never),
  () => RealtimeServing.kubernetes(7 as never),
  () => RealtimeServing.fromEndpoint('chat' as never),
  () => synth({ serving: RealtimeServing.kubernetes({} as never) }),
  () => synth({ serving: 'vertex' as never }),
  () => new RealtimeInferencePlatform(newStack(), 'Platform', undefined as never),
  () => new RealtimeInferencePlatform(newStack(), 'Platform', null as never),
])('rejects hostile props with a code: %#', (run) => {
  expect(codesOf(run).length).toBeGreaterThan(0);
});
