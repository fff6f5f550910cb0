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
  new DataBucket(stack, 'Data', { location: 'us-central1', dataClass: DataClass.RESTRICTED });
  new AcceleratorNodePool(stack, 'Nodes', {
    cluster: CLUSTER,
    machine: GoogleMachine.G2_STANDARD_96,
    nodes: 1,
    zone: 'us-central1-a',
    capacity: Capacity.spot(),
  });

  test('lowers what Google refuses in upper case', () => {
    expect(allocation.labels).toEqual(LABELS);
  });

  test('stands on cluster, machines, keys and buckets, and leaves their own labels alone', () => {
    expect(theOnly(stack, 'google_container_cluster').resource_labels).toEqual(LABELS);
    expect(theOnly(stack, 'google_container_node_pool').node_config).toMatchObject({
      resource_labels: LABELS,
      machine_type: 'g2-standard-96',
    });
    expect(theOnly(stack, 'google_storage_bucket').labels).toEqual({ ...LABELS, 'data-class': 'restricted' });
    for (const key of Object.values(resourcesOf(stack, 'google_kms_crypto_key'))) expect(key.labels).toEqual(LABELS);
  });

  test('stands on nothing that takes no labels', () => {
    expect(theOnly(stack, 'google_compute_router').labels).toBeUndefined();
  });

  test('refuses what some cloud would', () => {
    expect(codesOf(() => CostAllocation.apply(newStack(), { ...WHO, owner: 'a@b.example' }))).toEqual(['TagValue']);
  });
});

function budget(props: Partial<CostBudgetProps> = {}) {
  const stack = newStack();
  new CostBudget(stack, 'Budget', { billingAccount: '012345-567890-ABCDEF', monthlyUsd: 800_000, ...props });
  return theOnly(stack, 'google_billing_budget');
}

describe('a budget', () => {
  test('speaks at half, four fifths and all of the money, and when the forecast says so', () => {
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

  test('counts one label, and tells the channels', () => {
    const made = budget({ label: { key: 'project', value: 'atlas' }, channels: ['projects/p/notificationChannels/1'] });
    expect(made.budget_filter.labels).toEqual({ project: 'atlas' });
    expect(made.all_updates_rule).toMatchObject({
      monitoring_notification_channels: ['projects/p/notificationChannels/1'],
    });
  });

  test.each([
    [{ billingAccount: 'mine' }, 'billingAccount'],
    [{ monthlyUsd: 0 }, 'monthlyUsd'],
    [{ monthlyUsd: 10.5 }, 'monthlyUsd'],
    [{ channels: ['1', '2', '3', '4', '5', '6'] }, 'channels'],
    [{ actualPercent: [50, 50] }, 'actualPercent and forecastPercent'],
  ])('%j is refused', (props, prop) => {
    expect(problemsOf(() => budget(props))).toEqual([expect.objectContaining({ code: 'BudgetInvalid', prop })]);
  });
});
