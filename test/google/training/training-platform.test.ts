import { join } from 'node:path';
import {
  Capacity,
  ClusterSource,
  EncryptionKey,
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
  machine: GoogleMachine.A3_MEGAGPU_8G,
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

/** Resource types whose replacement loses data, capacity or an address. */
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

describe('a training platform', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'training-platform.golden.json'));

  test('creates buckets in the region of its nodes, which its jobs can use', () => {
    const buckets = Object.values(resourcesOf(stack, 'google_storage_bucket'));
    expect(buckets.map(({ location }) => location)).toEqual(['us-central1', 'us-central1']);
    const grants = Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member'));
    expect(grants.map(({ bucket }) => bucket).sort()).toEqual([
      expect.stringMatching(/Platform_Checkpoints/),
      expect.stringMatching(/Platform_Datasets/),
    ]);
  });

  test('labels its resources for cost allocation, and the budget filters on a label', () => {
    expect(theOnly(stack, 'google_container_cluster').resource_labels).toMatchObject({
      project: 'atlas',
      owner: 'ml-platform',
    });
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.resource_labels).toMatchObject({ 'cost-center': 'r-17' });
    }
    expect(theOnly(stack, 'google_billing_budget').budget_filter.labels).toEqual({ project: 'atlas' });
  });

  test('has only its parts as children', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual(['Datasets', 'Checkpoints', 'Cluster', 'Budget']);
  });
});

test('uses existing buckets', () => {
  const { stack, platform } = synth({ datasets: { name: 'data' }, checkpoints: { name: 'runs' } });
  expect(resourcesOf(stack, 'google_storage_bucket')).toEqual({});
  expect(platform.trainingCluster.checkpoints).toEqual({ name: 'runs' });
});

describe('alerts', () => {
  test('send budget notifications to new and existing channels', () => {
    const { stack, platform } = synth({
      alertEmails: ['oncall@example.com'],
      alertChannels: ['projects/p/notificationChannels/1'],
    });
    expect(theOnly(stack, 'google_monitoring_notification_channel')).toMatchObject({
      type: 'email',
      labels: { email_address: 'oncall@example.com' },
      user_labels: { project: 'atlas' },
    });
    expect(platform.alerts!.resources).toHaveLength(1);
    const rule = theOnly(stack, 'google_billing_budget').all_updates_rule;
    expect(rule.monitoring_notification_channels).toEqual([
      expect.stringMatching(/^\${google_monitoring_notification_channel\./),
      'projects/p/notificationChannels/1',
    ]);
  });

  test('are rejected if an email address is invalid or there are too many channels', () => {
    expect(refusalsOf(() => synth({ alertEmails: ['oncall'] }))).toEqual(['AlertEmail alertEmails[0]']);
    expect(refusalsOf(() => synth({ alertChannels: ['1', '2', '3', '4', '5', '6'] }))).toEqual([
      'BudgetInvalid alertChannels',
    ]);
  });
});

test('encrypts its buckets and its cluster with the key of the cluster source', () => {
  const base = newStack();
  const keyId = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
  const encryptionKey = EncryptionKey.fromEncryptionKeyId(base, 'Key', keyId, { grants: false });
  const { stack } = synth({ cluster: ClusterSource.create({ encryptionKey }) });
  expect(resourcesOf(stack, 'google_kms_crypto_key')).toEqual({});
  for (const bucket of Object.values(resourcesOf(stack, 'google_storage_bucket'))) {
    expect(bucket.encryption.default_kms_key_name).toBe(keyId);
  }
  expect(theOnly(stack, 'google_container_cluster').database_encryption.key_name).toBe(keyId);
});

describe('governance', () => {
  const perimeter = { accessPolicy: '123' };
  const inspection = { results: [InspectionResults.securityCommandCenter()] };

  test('creates a perimeter around the project and inspects only the datasets', () => {
    const { stack, platform } = synth({ perimeter, inspection });
    expect(platform.perimeter?.mode).toBe('dry-run');
    const { spec } = theOnly(stack, 'google_access_context_manager_service_perimeter');
    expect(spec.restricted_services).toEqual(
      expect.arrayContaining(['dlp', 'lustre', 'storage', 'container'].map((name) => `${name}.googleapis.com`)),
    );
    const trigger = theOnly(stack, 'google_data_loss_prevention_job_trigger');
    expect(trigger.inspect_job.storage_config.cloud_storage_options.file_set.url).toMatch(/Platform_Datasets/);
  });

  test('is off by default', () => {
    const { stack } = synth();
    expect(resourcesOf(stack, 'google_access_context_manager_service_perimeter')).toEqual({});
    expect(resourcesOf(stack, 'google_data_loss_prevention_job_trigger')).toEqual({});
  });

  test('rejects the inspection of an existing bucket, and an invalid perimeter', () => {
    const wrong = { perimeter: { accessPolicy: 'mine' }, inspection, datasets: { name: 'data' } };
    expect(refusalsOf(() => synth(wrong))).toEqual([
      'PerimeterInvalid perimeter.accessPolicy',
      'InspectionInvalid inspection',
    ]);
  });
});

test('reports all problems in one error before it creates resources', () => {
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
