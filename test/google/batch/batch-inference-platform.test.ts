import { join } from 'node:path';
import {
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
  ClusterSource,
  EncryptionKey,
  GoogleMachine,
} from 'ai-infra-constructs/google';
import { ownedBy } from '../../terraform/platforms';
import { keepsAddresses } from '../../terraform/golden';
import { newStack, refusalsOf, resourcesOf, theOnly, ZONE } from '../support';
import { hub } from './support';

const PROPS: BatchInferencePlatformProps = {
  workflow: { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, maxMachines: 8, model: hub() },
  ...ownedBy('search'),
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 40_000,
};

function synth(props: Partial<BatchInferencePlatformProps> = {}) {
  const stack = newStack('batch');
  return { stack, platform: new BatchInferencePlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

const STATEFUL = [
  'google_storage_bucket',
  'google_kms_key_ring',
  'google_kms_crypto_key',
  'google_container_cluster',
  'google_container_node_pool',
  'google_compute_network',
  'google_compute_subnetwork',
  'google_service_account',
];

describe('the reference architecture', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'batch-inference-platform.golden.json'));

  test('creates buckets for shards and results, and grants its pods access', () => {
    const grants = Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member'));
    expect(grants.map(({ bucket, role }) => [/Platform_(\w+?)_/.exec(String(bucket))?.[1], role])).toEqual([
      ['Requests', 'roles/storage.objectViewer'],
      ['Results', 'roles/storage.objectUser'],
    ]);
    expect(platform.batchInference.inputPrefix).toBe('requests/');
  });

  test('labels its resources for cost allocation, and the budget filters by that label', () => {
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.resource_labels).toMatchObject({ 'cost-center': 'r-17' });
    }
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toEqual({ project: 'atlas' });
  });

  test('creates only its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual(['Requests', 'Results', 'Inference', 'Budget']);
  });
});

test('accepts existing buckets', () => {
  const { stack, platform } = synth({ input: { name: 'asked' }, results: { name: 'answered' } });
  expect(resourcesOf(stack, 'google_storage_bucket')).toEqual({});
  expect(platform.results).toEqual({ name: 'answered' });
});

test('sends budget notifications to email addresses and existing channels', () => {
  const existing = 'projects/p/notificationChannels/1';
  const { stack, platform } = synth({ alertEmails: ['ml@example.com'], alertChannels: [existing] });
  const channel = theOnly(stack, 'google_monitoring_notification_channel');
  expect(channel).toMatchObject({ type: 'email', labels: { email_address: 'ml@example.com' } });
  expect(channel.user_labels).toMatchObject({ project: 'atlas' });
  expect(theOnly(stack, 'google_billing_budget').all_updates_rule.monitoring_notification_channels).toEqual([
    expect.stringMatching(/^\$\{google_monitoring_notification_channel\./),
    existing,
  ]);
  expect(platform.alerts!.resources).toHaveLength(1);
});

test('uses the key of a new cluster for its buckets', () => {
  const stack = newStack('batch');
  const encryptionKey = new EncryptionKey(stack, 'Own', { region: 'us-central1' });
  const workflow = { ...PROPS.workflow, cluster: ClusterSource.create({ encryptionKey }) };
  new BatchInferencePlatform(stack, 'Platform', { ...PROPS, workflow });
  const keys = Object.values(resourcesOf(stack, 'google_storage_bucket')).map(
    ({ encryption }) => /google_kms_crypto_key\.(\w+?)_/.exec(encryption.default_kms_key_name as string)?.[1],
  );
  expect([...new Set(keys)]).toEqual(['Own']);
});

test('reports all problems in one error, before anything is created', () => {
  const stack = newStack();
  const props = {
    ...PROPS,
    costAllocation: { project: 'atlas' } as never,
    billingAccount: 'mine',
    monthlyBudgetUsd: 0,
    workflow: { ...PROPS.workflow, maxMachines: 0 },
    alertEmails: ['nobody'],
    inputPrefix: '/requests',
  };
  expect(refusalsOf(() => new BatchInferencePlatform(stack, 'Platform', props))).toEqual(
    expect.arrayContaining([
      'TagMissing costAllocation.team',
      'BudgetInvalid billingAccount',
      'BudgetInvalid monthlyBudgetUsd',
      'BatchLimit workflow.maxMachines',
      'AlertEmail alertEmails[0]',
      'ShardPrefix inputPrefix',
    ]),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'Inference')).toBe(false);
});
