import { join } from 'node:path';
import { BatchInferencePlatform, type BatchInferencePlatformProps, GoogleMachine } from 'ai-infra-constructs/google';
import { ownedBy } from '../../terraform/platforms';
import { keepsAddresses } from '../../terraform/golden';
import { newStack, problemsOf, resourcesOf, theOnly, told, ZONE } from '../support';
import { hub } from './support';

const PROPS: BatchInferencePlatformProps = {
  zone: ZONE,
  machine: GoogleMachine.G2_STANDARD_48,
  mostMachines: 8,
  model: hub(),
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

describe('the reference', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'batch-inference-platform.golden.json'));

  test('has buckets for shards and answers, which its pods may use', () => {
    const grants = Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member'));
    expect(grants.map(({ bucket, role }) => [/Platform_(\w+?)_/.exec(String(bucket))?.[1], role])).toEqual([
      ['Requests', 'roles/storage.objectViewer'],
      ['Results', 'roles/storage.objectUser'],
    ]);
    expect(platform.inference.inputPrefix).toBe('requests/');
  });

  test('labels what it makes with who pays, and the budget counts that label', () => {
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.resource_labels).toMatchObject({ 'cost-center': 'r-17' });
    }
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toEqual({ project: 'atlas' });
  });

  test('makes no resource of its own below its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual(['Requests', 'Results', 'Inference', 'Budget']);
  });
});

test('buckets may be brought', () => {
  const { stack, platform } = synth({ input: { name: 'asked' }, results: { name: 'answered' } });
  expect(resourcesOf(stack, 'google_storage_bucket')).toEqual({});
  expect(platform.results).toEqual({ name: 'answered' });
});

test('all that is wrong is refused together, before anything is made', () => {
  const stack = newStack();
  const props = {
    ...PROPS,
    costAllocation: { project: 'atlas' } as never,
    billingAccount: 'mine',
    monthlyBudgetUsd: 0,
    mostMachines: 0,
    inputPrefix: '/requests',
  };
  const found = problemsOf(() => new BatchInferencePlatform(stack, 'Platform', props));
  expect(found.map(told)).toEqual(
    expect.arrayContaining([
      'TagMissing costAllocation.team',
      'BudgetInvalid billingAccount',
      'BudgetInvalid monthlyBudgetUsd',
      'BatchLimit mostMachines',
      'ShardPrefix inputPrefix',
    ]),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'Inference')).toBe(false);
});
