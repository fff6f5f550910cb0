import { Prices } from 'ai-infra-constructs';
import { App, Aws, Lazy, NestedStack, Size, Stack, Token } from 'aws-cdk-lib';
import { Capacity, AwsMachine, Installation, TrainingCluster, TrainingStorage } from 'ai-infra-constructs/aws';
import type { TrainingClusterProps } from 'ai-infra-constructs/aws';
import { errorOf, problemsOf } from '../support';
import { jobCluster, PRICED, pretraining } from './job-support';

const number = () => Lazy.number({ produce: () => 8 });
const string = () => Lazy.string({ produce: () => 'later' });
const price = { machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40 } as const;

describe('tokens', () => {
  test.each<[string, () => Partial<TrainingClusterProps>]>([
    ['ValueUnknown nodes', () => ({ nodes: number() })],
    ['ValueUnknown storage.size', () => ({ storage: TrainingStorage.lustre({ size: Size.gibibytes(number()) }) })],
    [
      'ValueUnknown storage.throughputMBpsPerTiB',
      () => ({ storage: TrainingStorage.lustre({ throughputMBpsPerTiB: number() }) }),
    ],
    [
      'ValueUnknown storage.requiredThroughputMBps',
      () => ({ storage: TrainingStorage.lustre({ requiredThroughputMBps: number() }) }),
    ],
    ['ValueUnknown prices.overrides[0].machine', () => ({ prices: Prices.of([{ ...price, machine: string() }]) })],
    [
      'ValueUnknown prices.overrides[0].usdPerHour',
      () => ({ prices: Prices.of([{ ...price, usdPerHour: number() }]) }),
    ],
    ['ValueUnknown prices.overrides[0].region', () => ({ prices: Prices.of([{ ...price, region: Aws.REGION }]) })],
    ['ValueUnknown prices.overrides[0].source', () => ({ prices: Prices.of([{ ...price, source: string() }]) })],
    ['ValueUnknown prices.overrides[0].date', () => ({ prices: Prices.of([{ ...price, date: string() }]) })],
    ['PriceQuery asOf', () => ({ prices: Prices.asOf(string()) })],
  ])('are rejected if a plan needs the value: %s', (problem, props) => {
    const error = errorOf(() => jobCluster(props()));

    expect(problemsOf(error)).toEqual([problem]);
    expect(error.message).not.toMatch(/e\+\d|\$\{Token/);
  });

  test.each([
    ['TrainingJobInvalid tokens', { tokens: number() }],
    ['TrainingJobInvalid budgetUsd', { budgetUsd: number() }],
    ['DeadlineInvalid finishWithinDays', { finishWithinDays: number() }],
  ])('are rejected by the job itself: %s', (problem, props) => {
    expect(problemsOf(errorOf(() => pretraining(props)))).toEqual([problem]);
  });

  test('are accepted as the region, and the plan contains no token', () => {
    const { plan } = jobCluster({}, {});

    expect(plan!.cluster.region).toBe('us-east-1');
    expect(Token.isUnresolved(plan)).toBe(false);
    expect(JSON.stringify(plan)).not.toContain('Token');
  });

  test('a nested stack uses the region of its parent', () => {
    const parent = new Stack(new App(), 'Parent', { env: { account: '111122223333', region: 'us-west-2' } });
    const { plan } = new TrainingCluster(new NestedStack(parent, 'Nested'), 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      installation: Installation.gitOps(),
      job: pretraining(),
    });
    expect(plan!.cluster.region).toBe('us-west-2');
  });
});

describe('own prices', () => {
  test('are rejected for an unknown machine', () => {
    const error = errorOf(() => jobCluster({ prices: Prices.of([price, { ...price, machine: 'p5.48xlrge' }]) }));

    expect(problemsOf(error)).toEqual(['PriceInvalid prices.overrides[1].machine']);
    expect(error.message).toContain('Did you mean p5.48xlarge?');
  });

  test('can be prices of another cloud', () => {
    const others = Prices.of([{ machine: 'a3-megagpu-8g', cloud: 'google', market: 'on-demand', usdPerHour: 70 }]);
    expect(jobCluster({ prices: others }).plan!.costs).toEqual(jobCluster().plan!.costs);
  });

  test('are not checked without a job', () => {
    expect(
      jobCluster({ job: undefined, nodes: 2, prices: Prices.of([{ ...price, machine: string() }]) }).plan,
    ).toBeUndefined();
  });
});

test('uses the price of the nearest region for a region without a price, and reports it', () => {
  const { plan } = jobCluster({}, { env: { ...PRICED.env, region: 'me-south-1' } });
  const chosen = plan!.costs.find((cost) => cost.chosen)!;

  expect(chosen.price).toMatchObject({ region: 'me-south-1', fromRegion: 'us-east-1' });
  expect(plan!.findings.find(({ id }) => id === 'cost/region')?.message).toContain(
    'so the plan uses the price of us-east-1, the nearest region with one',
  );
});

test('reports an unknown region, and omits the cost', () => {
  const { plan } = jobCluster({}, { env: { ...PRICED.env, region: 'me-south-9' } });
  const chosen = plan!.costs.find((cost) => cost.chosen)!;

  expect(chosen.runUsd).toBeUndefined();
  expect(plan!.time.seconds).toBeDefined();
  expect(plan!.findings.map(({ id }) => id)).toContain('cost/price');
});

test('omits the cost of a capacity block without a price', () => {
  const { plan } = jobCluster({
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    capacity: Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' }),
  });
  expect(plan!.costs.find((cost) => cost.chosen)).toMatchObject({ market: 'committed', reason: expect.any(String) });
});
