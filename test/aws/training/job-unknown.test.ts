import { App, Aws, Lazy, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { Capacity, AwsMachine, Installation, TrainingCluster, TrainingStorage } from 'ai-infra-constructs/aws';
import type { TrainingClusterProps } from 'ai-infra-constructs/aws';
import { errorOf, problemsOf } from '../support';
import { jobCluster, PRICED, pretraining } from './job-support';

const number = () => Lazy.number({ produce: () => 8 });
const text = () => Lazy.string({ produce: () => 'later' });
const price = { machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40 } as const;

describe('what only the deployment knows', () => {
  test.each<[string, () => Partial<TrainingClusterProps>]>([
    ['ValueUnknown nodes', () => ({ nodes: number() })],
    ['ValueUnknown storage.sizeGiB', () => ({ storage: TrainingStorage.lustre({ sizeGiB: number() }) })],
    [
      'ValueUnknown storage.throughputMBpsPerTiB',
      () => ({ storage: TrainingStorage.lustre({ throughputMBpsPerTiB: number() }) }),
    ],
    [
      'ValueUnknown storage.requiredThroughputMBps',
      () => ({ storage: TrainingStorage.lustre({ requiredThroughputMBps: number() }) }),
    ],
    ['ValueUnknown prices[0].machine', () => ({ prices: [{ ...price, machine: text() }] })],
    ['ValueUnknown prices[0].usdPerHour', () => ({ prices: [{ ...price, usdPerHour: number() }] })],
    ['ValueUnknown prices[0].region', () => ({ prices: [{ ...price, region: Aws.REGION }] })],
    ['ValueUnknown prices[0].source', () => ({ prices: [{ ...price, source: text() }] })],
    ['ValueUnknown prices[0].date', () => ({ prices: [{ ...price, date: text() }] })],
    ['PlanInvalid pricesAsOf', () => ({ pricesAsOf: text() })],
  ])('is refused where a plan rests on it: %s', (problem, props) => {
    const error = errorOf(() => jobCluster(props()));

    expect(problemsOf(error)).toEqual([problem]);
    expect(error.message).not.toMatch(/e\+\d|\$\{Token/);
  });

  test.each([
    ['TrainingJobInvalid tokens', { tokens: number() }],
    ['TrainingJobInvalid budgetUsd', { budgetUsd: number() }],
    ['DeadlineInvalid finishWithinDays', { finishWithinDays: number() }],
  ])('is refused by the job itself: %s', (problem, props) => {
    expect(problemsOf(errorOf(() => pretraining(props)))).toEqual([problem]);
  });

  test('may be the region: the plan says whose prices it took, and no token is in it', () => {
    const { plan } = jobCluster({}, {});

    expect(plan!.cluster.region).toBe('us-east-1');
    expect(Token.isUnresolved(plan)).toBe(false);
    expect(JSON.stringify(plan)).not.toContain('Token');
  });

  test('a nested stack is in the region of its parent', () => {
    const parent = new Stack(new App(), 'Parent', { env: { account: '111122223333', region: 'us-west-2' } });
    const { plan } = new TrainingCluster(new NestedStack(parent, 'Nested'), 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      installation: Installation.gitOps(),
      job: pretraining(),
    });
    expect(plan!.cluster.region).toBe('us-west-2');
  });
});

describe('prices of the user’s own', () => {
  test('are of a machine that there is', () => {
    const error = errorOf(() => jobCluster({ prices: [price, { ...price, machine: 'p5.48xlrge' }] }));

    expect(problemsOf(error)).toEqual(['PriceInvalid prices[1].machine']);
    expect(error.message).toContain('Did you mean p5.48xlarge?');
  });

  test('may be of another cloud, to rank it beside', () => {
    const others = [{ machine: 'a3-megagpu-8g', cloud: 'google', market: 'on-demand', usdPerHour: 70 } as const];
    expect(jobCluster({ prices: others }).plan!.costs).toEqual(jobCluster().plan!.costs);
  });

  test('are not looked at without a job', () => {
    expect(jobCluster({ job: undefined, nodes: 2, prices: [{ ...price, machine: text() }] }).plan).toBeUndefined();
  });
});

test('a region without a price has no cost, and says so', () => {
  const { plan } = jobCluster({}, { env: { ...PRICED.env, region: 'me-south-1' } });
  const chosen = plan!.costs.find((cost) => cost.chosen)!;

  expect(chosen.runUsd).toBeUndefined();
  expect(plan!.time.seconds).toBeDefined();
  expect(plan!.findings.map(({ id }) => id)).toContain('cost/price');
});

test('a capacity block without a price of its own has no cost', () => {
  const { plan } = jobCluster({
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    capacity: Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' }),
  });
  expect(plan!.costs.find((cost) => cost.chosen)).toMatchObject({ market: 'committed', reason: expect.any(String) });
});
