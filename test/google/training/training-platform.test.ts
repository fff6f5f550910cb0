import { join } from 'node:path';
import {
  Capacity,
  GoogleMachine,
  InspectionResults,
  TrainingPlatform,
  type TrainingPlatformProps,
} from 'ai-infra-constructs/google';
import { ownedBy } from '../../terraform/platforms';
import { keepsAddresses } from '../../terraform/golden';
import { newStack, refusalsOf, resourcesOf, theOnly, ZONE } from '../support';

const PROPS: TrainingPlatformProps = {
  zone: ZONE,
  machine: GoogleMachine.A3_ULTRAGPU_8G,
  nodes: 16,
  capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
  ...ownedBy('research'),
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 800_000,
};

function synth(props: Partial<TrainingPlatformProps> = {}) {
  const stack = newStack('training');
  return { stack, platform: new TrainingPlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

/** Types whose replacement loses data, capacity or an address that others know. */
const STATEFUL = [
  'google_storage_bucket',
  'google_kms_key_ring',
  'google_kms_crypto_key',
  'google_lustre_instance',
  'google_container_cluster',
  'google_container_node_pool',
  'google_compute_reservation',
  'google_compute_network',
  'google_compute_subnetwork',
  'google_compute_global_address',
  'google_service_account',
];

describe('the reference', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'training-platform.golden.json'));

  test('has buckets for its data, in the region of its nodes, which its jobs may use', () => {
    const buckets = Object.values(resourcesOf(stack, 'google_storage_bucket'));
    expect(buckets.map(({ location }) => location)).toEqual(['us-central1', 'us-central1']);
    const grants = Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member'));
    expect(grants.map(({ bucket }) => bucket).sort()).toEqual([
      expect.stringMatching(/Platform_Checkpoints/),
      expect.stringMatching(/Platform_Datasets/),
    ]);
  });

  test('labels what it makes with who pays, and the budget counts that label', () => {
    expect(theOnly(stack, 'google_container_cluster').resource_labels).toMatchObject({
      project: 'atlas',
      owner: 'ml-platform',
    });
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.resource_labels).toMatchObject({ 'cost-center': 'r-17' });
    }
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toEqual({ project: 'atlas' });
  });

  test('makes no resource of its own below its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual(['Datasets', 'Checkpoints', 'Cluster', 'Budget']);
  });
});

test('buckets may be brought', () => {
  const { stack, platform } = synth({ datasets: { name: 'data' }, checkpoints: { name: 'runs' } });
  expect(resourcesOf(stack, 'google_storage_bucket')).toEqual({});
  expect(platform.cluster.checkpoints).toEqual({ name: 'runs' });
});

describe('governance', () => {
  const perimeter = { accessPolicy: '123' };
  const inspection = { results: [InspectionResults.securityCommandCenter()] };

  test('is a perimeter around the project, and an inspection of the datasets alone', () => {
    const { stack, platform } = synth({ perimeter, inspection });
    expect(platform.perimeter?.mode).toBe('dry-run');
    const { spec } = theOnly(stack, 'google_access_context_manager_service_perimeter');
    expect(spec.restricted_services).toEqual(
      expect.arrayContaining(['dlp', 'lustre', 'storage', 'container'].map((name) => `${name}.googleapis.com`)),
    );
    const trigger = theOnly(stack, 'google_data_loss_prevention_job_trigger');
    expect(trigger.inspect_job.storage_config.cloud_storage_options.file_set.url).toMatch(/Platform_Datasets/);
  });

  test('is none unless it was asked for', () => {
    const { stack } = synth();
    expect(resourcesOf(stack, 'google_access_context_manager_service_perimeter')).toEqual({});
    expect(resourcesOf(stack, 'google_data_loss_prevention_job_trigger')).toEqual({});
  });

  test('looks into no bucket that was brought, and names what is wrong', () => {
    const wrong = { perimeter: { accessPolicy: 'mine' }, inspection, datasets: { name: 'data' } };
    expect(refusalsOf(() => synth(wrong))).toEqual([
      'PerimeterInvalid perimeter.accessPolicy',
      'InspectionInvalid inspection',
    ]);
  });
});

test('all that is wrong is refused together, before anything is made', () => {
  const stack = newStack();
  const props = {
    ...PROPS,
    costAllocation: { project: 'atlas' } as never,
    billingAccount: 'mine',
    monthlyBudgetUsd: 0,
    zone: 'here',
  };
  const found = refusalsOf(() => new TrainingPlatform(stack, 'Platform', props));
  expect(found).toEqual(
    expect.arrayContaining([
      'TagMissing costAllocation.team',
      'BudgetInvalid billingAccount',
      'BudgetInvalid monthlyBudgetUsd',
      'LocationInvalid zone',
    ]),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'Cluster')).toBe(false);
});
