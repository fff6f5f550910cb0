import fc from 'fast-check';
import { ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import { Problems } from '../../../lib/core/errors';
import { answerSeconds } from '../../../lib/core/planning/answer-time';
import { planEndpoint, replicaLimits } from '../../../lib/core/planning/endpoint-load';
import { overBudget } from '../../../lib/core/planning/over-budget';
import { promisedMs } from '../../../lib/core/planning/promised-time';
import { servingPlanner } from '../../../lib/core/planning/serving-planner';
import { machineNamed } from '../../../lib/core/catalog/machines';

const loadOf = (props: Partial<ServingLoadProps> = {}) =>
  ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 40,
    ...props,
  });

function planned(more: Partial<Parameters<typeof planEndpoint>[2]> = {}) {
  const problems = new Problems();
  const machine = machineNamed('google', 'g2-standard-48');
  const ground = {
    load: loadOf(),
    machine,
    acceleratorsPerReplica: 4,
    asOf: '2026-11-26',
    region: 'us-central1',
    ...more,
  };
  const found = planEndpoint(problems, servingPlanner(), ground, { replicas: 'scaling.maximum' });
  return { found, problems: problems.all };
}

describe('the load of an endpoint', () => {
  test('takes as many replicas as it needs, each with its share of the requests', () => {
    const { found, problems } = planned();
    expect(problems).toEqual([]);
    const { count, target } = found!.needed;
    expect(count).toBe(found!.plan.replicas.count);
    expect(count).toBeGreaterThan(1);
    expect(target).toBeGreaterThanOrEqual(1);
    expect(target).toBeLessThanOrEqual(found!.plan.memory.maxConcurrency);
  });

  test('is planned on the most that there may be, and is told by the name of the prop where these are too few', () => {
    const { found, problems } = planned({ most: 1, load: loadOf({ requestsPerSecond: undefined, concurrency: 5000 }) });
    expect(found!.plan.replicas.count).toBe(1);
    expect(found!.needed.count).toBeGreaterThan(1);
    expect(problems).toMatchObject([{ code: 'ConcurrencyTooHigh', prop: 'scaling.maximum' }]);
  });

  test('that cannot be planned is a problem, and no error', () => {
    const { found, problems } = planned({ asOf: 'today' });
    expect(found).toBeUndefined();
    expect(problems).toMatchObject([{ prop: 'pricesAsOf' }]);
  });

  test('lets other errors through', () => {
    const broken = {
      ...servingPlanner(),
      planServing: () => {
        throw new RangeError('a bug');
      },
    };
    const run = () =>
      planEndpoint(
        new Problems(),
        broken,
        { load: loadOf(), machine: machineNamed('google', 'g2-standard-4'), asOf: '2026-11-26' },
        {},
      );
    expect(run).toThrow(RangeError);
  });
});

describe('limits', () => {
  test('are those of the load where they are left open, and room for twice of it', () => {
    expect(replicaLimits({}, { count: 3 })).toEqual({ minimum: 3, maximum: 6 });
    expect(replicaLimits({ maximum: 2 }, { count: 3 })).toEqual({ minimum: 2, maximum: 2 });
    expect(replicaLimits({ minimum: 8 }, { count: 3 })).toEqual({ minimum: 8, maximum: 8 });
    expect(replicaLimits()).toEqual({ minimum: 1, maximum: 1 });
    expect(replicaLimits({ minimum: 0 })).toEqual({ minimum: 0, maximum: 1 });
  });

  test('are in order, and hold what is stated', () => {
    const some = fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined });
    fc.assert(
      fc.property(some, some, some, (minimum, maximum, count) => {
        fc.pre(minimum === undefined || maximum === undefined || minimum <= maximum);
        const limits = replicaLimits({ minimum, maximum }, count === undefined ? undefined : { count });
        expect(limits.minimum).toBeLessThanOrEqual(limits.maximum);
        expect(limits.minimum).toBe(minimum ?? limits.minimum);
        expect(limits.maximum).toBe(maximum ?? limits.maximum);
      }),
    );
  });
});

describe('times and money of a plan', () => {
  test('a whole answer is its first token and each further one', () => {
    const { plan } = planned().found!;
    const { floor, likely } = answerSeconds(plan)!;
    expect(floor).toBeCloseTo((plan.latency!.floor.ttftMs + 200 * plan.latency!.floor.tpotMs) / 1000);
    expect(likely).toBeGreaterThan(floor);
    expect(answerSeconds({ ...plan, latency: undefined })).toBeUndefined();
  });

  test('a promise is of both latencies, or none', () => {
    expect(promisedMs(loadOf({ ttftMs: 500, tpotMs: 50 }))).toBe(10_500);
    expect(promisedMs(loadOf({ ttftMs: 500 }))).toBeUndefined();
  });

  test('a plan is above a budget by the price of its market, and never without a price', () => {
    const { plan } = planned().found!;
    const month = plan.costs.find(({ chosen }) => chosen)!.usdPerMonth!;
    const over = overBudget(plan, month - 1, 'keep fewer replicas');
    expect(over?.message).toContain(`above the budget of ${month - 1}`);
    expect(over?.fix).toBe('Raise monthlyBudgetUsd, keep fewer replicas, or store weights in fewer bits.');
    expect(overBudget(plan, month, '')).toBeUndefined();
    expect(overBudget({ ...plan, costs: [] }, 0, '')).toBeUndefined();
    expect(overBudget(undefined, 0, '')).toBeUndefined();
  });
});
