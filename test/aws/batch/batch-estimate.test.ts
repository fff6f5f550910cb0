import { findingsOf, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import { AwsMachine, type PlannedBatchWork } from 'ai-infra-constructs/aws';
import { atProbability, type PlanRange } from 'ai-infra-constructs/planning';
import { Duration, Token } from 'aws-cdk-lib';
import { alternativesIn } from '../../endpoint-alternatives';
import { errorOf, problemsOf } from '../support';
import { workflow, type WorldProps } from './world';

const load = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_70B,
  inputTokens: 1000,
  outputTokens: 200,
  concurrency: 32,
  weightPrecision: 'fp8',
});

const SMALL = ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 100, outputTokens: 100, concurrency: 1 });

const estimate = (props: WorldProps = {}, work: object = { load, requests: 1e6 }) =>
  workflow(props).inference.estimate(work as never);

const P5: WorldProps = { batch: { machine: AwsMachine.P5_48XLARGE, maxMachines: 2, acceleratorsPerReplica: 4 } };

describe('the estimate of a run', () => {
  test('divides the tokens by the throughput of all replicas, and returns a range', () => {
    const { hours, machineHours, plan, minHours, evidence } = estimate(P5);
    const { p10, median } = plan.throughput.tokensPerSecond!;
    expect(evidence).not.toBe('no measurement');
    expect(hours!.median).toBeCloseTo((1e6 * 200) / median / 4 / 3600, 6);
    expect(hours!.p90).toBeCloseTo((1e6 * 200) / p10 / 4 / 3600, 6);
    expect(machineHours!.median).toBeCloseTo(2 * hours!.median, 6);
    expect(minHours!).toBeLessThanOrEqual(hours!.median);
    expect(hours!.p90).toBeGreaterThanOrEqual(hours!.median);
    expect(hours!.p10).toBeLessThanOrEqual(hours!.median);
  });

  test('multiplies the machine hours by the price of each market', () => {
    const prices = Prices.of([
      { machine: 'p5.48xlarge', market: 'spot' as const, usdPerHour: 20 },
      { machine: 'p5.48xlarge', market: 'on-demand' as const, usdPerHour: 50 },
    ]);
    const { costs, machineHours } = estimate({ batch: { ...P5.batch, prices } });
    expect(costs.map(({ market }) => market)).toEqual(['spot', 'on-demand']);
    expect(costs[0]!.usd!.median).toBeCloseTo(20 * machineHours!.median, 6);
    expect(costs[1]!.usd!.p90).toBeCloseTo(50 * machineHours!.p90, 6);
  });

  test('leaves out machines that the concurrency keeps idle', () => {
    const all = estimate(P5).hours!.median;
    expect(estimate({ ...P5, concurrency: 2 }).hours!.median).toBeCloseTo(2 * all, 6);
  });

  test('counts the machines of all concurrent transforms', () => {
    const one = estimate({ transform: {}, concurrency: 1 }, { load: SMALL, requests: 1e6 });
    const two = estimate({ transform: {}, concurrency: 2 }, { load: SMALL, requests: 1e6 });
    expect(one.minHours! / two.minHours!).toBeCloseTo(2, 6);
    expect(one.plan.replica.accelerators).toBe(4);
  });

  test('follows from similar classes without a published run, with a lower bound below it', () => {
    const { hours, evidence, costs, minHours } = estimate(
      { batch: { acceleratorsPerReplica: 1 } },
      { load: SMALL, requests: 1e6 },
    );
    expect(evidence).toBe('nearest');
    expect(hours!.p10).toBeGreaterThanOrEqual(minHours!);
    expect(costs[0]!.usd!.median).toBeGreaterThan(0);
  });
});

test('ignores latency targets, because no user waits for a batch', () => {
  const hasty = ServingLoad.of({
    ...{ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 100, outputTokens: 100, requestsPerSecond: 1e6 },
    ...{ ttftMs: 0.001, tpotMs: 0.001 },
  });
  expect(estimate(P5, { load: hasty, requests: 1e6 }).plan.contradictions).not.toEqual([]);
});

describe('rejects', () => {
  test('a model that does not fit the accelerators of a container', () => {
    const large = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_405B,
      inputTokens: 100,
      outputTokens: 100,
      concurrency: 1,
    });
    const error = errorOf(() => estimate(P5, { load: large, requests: 1 }));
    expect(problemsOf(error)).toContain('MemoryTooSmall acceleratorsPerReplica');
    expect(error.constructPath).toBe('Batch/Inference');
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%p requests', (requests) => {
    expect(problemsOf(errorOf(() => estimate(P5, { load, requests })))).toEqual(['PlanningInput requests']);
  });

  test('missing work, and a custom machine', () => {
    expect(problemsOf(errorOf(() => estimate(P5, { requests: 1 })))).toEqual(['ValueMissing load']);
    expect(problemsOf(errorOf(() => estimate(P5, null as never)))).toEqual(['ValueMissing work']);
    const machine = AwsMachine.of('p9.48xlarge', AwsMachine.P5_48XLARGE.spec);
    expect(problemsOf(errorOf(() => estimate({ batch: { machine } })))).toEqual(['ChipUnplanned machine']);
  });
});

describe('planned work', () => {
  const work: PlannedBatchWork = { load, requests: 1e6 };
  const found = (limits: Partial<PlannedBatchWork>) => {
    const { stack } = workflow({ ...P5, work: { ...work, ...limits } });
    return findingsOf(stack).map(({ id }) => id);
  };

  test('is estimated in the field `estimated`', () => {
    const { inference } = workflow({ ...P5, work });
    expect(inference.estimated).toEqual(inference.estimate(work));
    expect(workflow(P5).inference.estimated).toBeUndefined();
  });

  test('must meet its limits', () => {
    const limits = { finishWithin: Duration.minutes(1), budgetUsd: 1 };
    const error = errorOf(() => workflow({ ...P5, work: { ...work, ...limits } }));
    expect(problemsOf(error)).toEqual(['DeadlineMissed work.finishWithin', 'BudgetExceeded work.budgetUsd']);
    expect(error.message).toContain("hours or more (the median estimate) on 2 p5.48xlarge (got '1 minute')");
  });

  test('warns about limits that a slow run misses', () => {
    const { hours, costs } = estimate(P5);
    const between = (range: PlanRange) => atProbability(range, 0.65);
    const seconds = Math.round(between(hours!) * 3600);
    expect(found({ finishWithin: Duration.seconds(seconds) })).toContain('time/deadline');
    expect(found({ budgetUsd: between(costs[0]!.usd!) })).toContain('cost/budget');
    expect(found({ finishWithin: Duration.days(30), budgetUsd: 1e9 })).not.toContain('time/deadline');
  });

  test.each<[string, Partial<PlannedBatchWork>]>([
    ['DeadlineInvalid work.finishWithin', { finishWithin: Duration.seconds(0) }],
    ['ValueUnknown work.finishWithin', { finishWithin: Duration.hours(Token.asNumber({ Ref: 'Hours' })) }],
    ['BudgetInvalid work.budgetUsd', { budgetUsd: 0 }],
    ['ValueUnknown work.budgetUsd', { budgetUsd: Token.asNumber({ Ref: 'Usd' }) }],
    ['PlanningInput work.requests', { requests: 0 }],
  ])('is invalid: %s', (problem, limits) => {
    expect(problemsOf(errorOf(() => workflow({ ...P5, work: { ...work, ...limits } })))).toEqual([problem]);
  });

  test('reports a model that does not fit with the prop of the compute', () => {
    const large = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_405B,
      inputTokens: 100,
      outputTokens: 100,
      concurrency: 1,
    });
    const error = errorOf(() => workflow({ ...P5, work: { load: large, requests: 1 } }));
    expect(problemsOf(error)).toContain('MemoryTooSmall compute.acceleratorsPerReplica');
  });
});

test('the report of a transform lists no machines of EC2 as alternatives', () => {
  const { inference } = workflow({ transform: {}, work: { load: SMALL, requests: 1e6 } });

  expect(alternativesIn(inference)).toEqual([]);
});
