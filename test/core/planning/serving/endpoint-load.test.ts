import fc from 'fast-check';
import { machineNamed, ModelSpec, Prices, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import { ProblemCollector } from '../../../../lib/core/errors';
import { responseSeconds, maxResponseMs } from '../../../../lib/core/planning/serving/serving-rate';
import { planEndpoint, replicaLimits } from '../../../../lib/core/planning/serving/endpoint-load';
import { overBudget } from '../../../../lib/core/planning/training-checks';
import { servingPlanner } from '../../../../lib/core/planning/serving/serving-planner';

const loadOf = (props: Partial<ServingLoadProps> = {}) =>
  ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 40,
    ...props,
  });

function planned(more: Partial<Parameters<typeof planEndpoint>[2]> = {}) {
  const problems = new ProblemCollector();
  const machine = machineNamed('google', 'g2-standard-48');
  const input = {
    load: loadOf(),
    machine,
    acceleratorsPerReplica: 4,
    prices: Prices.asOf('2026-11-26'),
    region: 'us-central1',
    ...more,
  };
  const found = planEndpoint(problems, servingPlanner(), input, { replicas: 'scaling.maximum' });
  return { found, problems: problems.all };
}

describe('the plan of an endpoint', () => {
  test('has as many replicas as the load needs, each with an equal share of the requests', () => {
    const { found, problems } = planned();
    expect(problems).toEqual([]);
    const { count, target } = found!.needed;
    expect(count).toBe(found!.plan.replicas.count);
    expect(count).toBeGreaterThan(1);
    expect(target).toBeGreaterThanOrEqual(1);
    expect(target).toBeLessThanOrEqual(found!.plan.memory.maxConcurrency);
  });

  test('uses at most maxReplicas, and reports a contradiction with the prop of the endpoint', () => {
    const { found, problems } = planned({
      maxReplicas: 1,
      load: loadOf({ requestsPerSecond: undefined, concurrency: 5000 }),
    });
    expect(found!.plan.replicas.count).toBe(1);
    expect(found!.needed.count).toBeGreaterThan(1);
    expect(problems).toMatchObject([{ code: 'ConcurrencyTooHigh', prop: 'scaling.maximum' }]);
  });

  test('collects problems with the input instead of throwing', () => {
    const { found, problems } = planned({ storage: { throughputMBps: 0, sizeGiB: 1 } });
    expect(found).toBeUndefined();
    expect(problems).toMatchObject([{ prop: 'storage.requiredThroughputMBps' }]);
  });

  test('does not catch other errors', () => {
    const broken = {
      ...servingPlanner(),
      planServing: () => {
        throw new RangeError('a bug');
      },
    };
    const run = () =>
      planEndpoint(
        new ProblemCollector(),
        broken,
        { load: loadOf(), machine: machineNamed('google', 'g2-standard-4'), prices: Prices.asOf('2026-11-26') },
        {},
      );
    expect(run).toThrow(RangeError);
  });
});

describe('replica limits', () => {
  test('range by default from the replicas of the load to twice as many', () => {
    expect(replicaLimits({}, { count: 3 })).toEqual({ minReplicas: 3, maxReplicas: 6 });
    expect(replicaLimits({ maxReplicas: 2 }, { count: 3 })).toEqual({ minReplicas: 2, maxReplicas: 2 });
    expect(replicaLimits({ minReplicas: 8 }, { count: 3 })).toEqual({ minReplicas: 8, maxReplicas: 8 });
    expect(replicaLimits()).toEqual({ minReplicas: 1, maxReplicas: 1 });
    expect(replicaLimits({ minReplicas: 0 })).toEqual({ minReplicas: 0, maxReplicas: 1 });
  });

  test('are in order, and keep the values of the user', () => {
    const some = fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined });
    fc.assert(
      fc.property(some, some, some, (minimum, maximum, count) => {
        fc.pre(minimum === undefined || maximum === undefined || minimum <= maximum);
        const limits = replicaLimits(
          { minReplicas: minimum, maxReplicas: maximum },
          count === undefined ? undefined : { count },
        );
        expect(limits.minReplicas).toBeLessThanOrEqual(limits.maxReplicas);
        expect(limits.minReplicas).toBe(minimum ?? limits.minReplicas);
        expect(limits.maxReplicas).toBe(maximum ?? limits.maxReplicas);
      }),
    );
  });
});

describe('response times and budgets', () => {
  test('a response takes the time to first token plus the time of each output token', () => {
    const { plan } = planned().found!;
    const { floor, likely } = responseSeconds(plan)!;
    expect(floor).toBeCloseTo((plan.latency!.floor.ttftMs + 200 * plan.latency!.floor.tpotMs) / 1000);
    expect(likely).toBeGreaterThan(floor);
    expect(responseSeconds({ ...plan, latency: undefined })).toBeUndefined();
  });

  test('a maximum response time needs both latency targets', () => {
    expect(maxResponseMs(loadOf({ ttftMs: 500, tpotMs: 50 }))).toBe(10_500);
    expect(maxResponseMs(loadOf({ ttftMs: 500 }))).toBeUndefined();
  });

  test('a plan is above the budget by the price of its market, and never without a price', () => {
    const { plan } = planned().found!;
    const month = plan.costs.find(({ chosen }) => chosen)!.usdPerMonth!;
    const over = overBudget(plan, month - 1, 'keep fewer replicas');
    expect(over?.message).toContain(`more than the budget of ${month - 1} USD`);
    expect(over?.fix).toBe('Raise monthlyBudgetUsd, keep fewer replicas, or store weights in fewer bits.');
    expect(overBudget(plan, month, '')).toBeUndefined();
    expect(overBudget({ ...plan, costs: [] }, 0, '')).toBeUndefined();
    expect(overBudget(undefined, 0, '')).toBeUndefined();
  });
});
