import {
  AcceleratorNodePool,
  Capacity,
  ControlPlane,
  CostAllocation,
  CostBudget,
  type CostBudgetProps,
  DataBucket,
  GoogleMachine,
} from 'ai-infra-constructs/google';
import { DataClass } from 'ai-infra-constructs';
import { CLUSTER, codesOf, newStack, problemsOf, resourcesOf, theOnly } from '../support';

const WHO = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' };
const LABELS = { project: 'atlas', team: 'research', environment: 'prod', 'cost-center': 'r-17', owner: 'ml-platform' };

describe('cost allocation', () => {
  const stack = newStack();
  const allocation = CostAllocation.apply(stack, WHO);
  new ControlPlane(stack, 'ControlPlane', { region: 'us-central1' });
  new DataBucket(stack, 'Data', { region: 'us-central1', dataClass: DataClass.RESTRICTED });
  new AcceleratorNodePool(stack, 'Nodes', {
    cluster: CLUSTER,
    machine: GoogleMachine.G2_STANDARD_96,
    nodes: 1,
    zone: 'us-central1-a',
    capacity: Capacity.spot(),
  });

  test('converts values to lower case', () => {
    expect(allocation.labels).toEqual(LABELS);
  });

  test('labels clusters, machines, keys and buckets, and keeps their other labels', () => {
    expect(theOnly(stack, 'google_container_cluster').resource_labels).toEqual(LABELS);
    expect(theOnly(stack, 'google_container_node_pool').node_config).toMatchObject({
      resource_labels: LABELS,
      machine_type: 'g2-standard-96',
    });
    expect(theOnly(stack, 'google_storage_bucket').labels).toEqual({ ...LABELS, 'data-class': 'restricted' });
    for (const key of Object.values(resourcesOf(stack, 'google_kms_crypto_key'))) expect(key.labels).toEqual(LABELS);
  });

  test('skips resources that do not support labels', () => {
    expect(theOnly(stack, 'google_compute_router').labels).toBeUndefined();
  });

  test('rejects a value that another cloud rejects', () => {
    expect(codesOf(() => CostAllocation.apply(newStack(), { ...WHO, owner: 'a@b.example' }))).toEqual(['TagValue']);
  });
});

function budget(props: Partial<CostBudgetProps> = {}) {
  const stack = newStack();
  new CostBudget(stack, 'Budget', { billingAccount: '012345-567890-ABCDEF', monthlyUsd: 800_000, ...props });
  return theOnly(stack, 'google_billing_budget');
}

describe('a budget', () => {
  test('notifies at 50, 80 and 100 percent of spend, and at 100 percent of the forecast', () => {
    expect(budget()).toMatchObject({
      amount: { specified_amount: { currency_code: 'USD', units: '800000' } },
      threshold_rules: [
        { threshold_percent: 0.5, spend_basis: 'CURRENT_SPEND' },
        { threshold_percent: 0.8, spend_basis: 'CURRENT_SPEND' },
        { threshold_percent: 1, spend_basis: 'CURRENT_SPEND' },
        { threshold_percent: 1, spend_basis: 'FORECASTED_SPEND' },
      ],
    });
  });

  test('filters on one label and notifies existing channels', () => {
    const made = budget({
      label: { key: 'project', value: 'atlas' },
      alertChannels: ['projects/p/notificationChannels/1'],
    });
    expect(made.budget_filter.labels).toEqual({ project: 'atlas' });
    expect(made.all_updates_rule).toMatchObject({
      monitoring_notification_channels: ['projects/p/notificationChannels/1'],
    });
  });

  test('creates an email channel for each address', () => {
    const stack = newStack();
    const { alerts } = new CostBudget(stack, 'Budget', {
      billingAccount: '012345-567890-ABCDEF',
      monthlyUsd: 1,
      alertEmails: ['finance@example.com', 'oncall@example.com'],
    });
    expect(Object.values(resourcesOf(stack, 'google_monitoring_notification_channel'))).toMatchObject([
      { type: 'email', labels: { email_address: 'finance@example.com' } },
      { type: 'email', labels: { email_address: 'oncall@example.com' } },
    ]);
    expect(alerts!.channelIds).toHaveLength(2);
    expect(codesOf(() => budget({ alertEmails: ['finance'] }))).toEqual(['AlertEmail']);
  });

  test.each([
    [{ billingAccount: 'mine' }, 'billingAccount'],
    [{ monthlyUsd: 0 }, 'monthlyUsd'],
    [{ monthlyUsd: 10.5 }, 'monthlyUsd'],
    [{ alertChannels: ['1', '2', '3', '4', '5', '6'] }, 'alertChannels'],
    [{ alertEmails: ['a@b.example'], alertChannels: ['1', '2', '3', '4', '5'] }, 'alertChannels'],
    [{ actualPercent: [50, 50] }, 'actualPercent and forecastPercent'],
  ])('rejects %j', (props, prop) => {
    expect(problemsOf(() => budget(props))).toEqual([expect.objectContaining({ code: 'BudgetInvalid', prop })]);
  });
});
