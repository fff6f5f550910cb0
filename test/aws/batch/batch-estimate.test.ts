import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import { AwsMachine } from 'ai-infra-constructs/aws';
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

const P5: WorldProps = { batch: { machine: AwsMachine.P5_48XLARGE, mostMachines: 2, gpusPerShard: 4 } };

describe('an estimate of a run', () => {
  test('is tokens by the throughput of all replicas, and a range', () => {
    const { hours, machineHours, plan, leastHours, evidence } = estimate(P5);
    const { median, p25 } = plan.throughput.tokensPerSecond!;
    expect(evidence).not.toBe('no measurement');
    expect(hours!.median).toBeCloseTo((1e6 * 200) / median / 4 / 3600, 6);
    expect(hours!.p25).toBeCloseTo((1e6 * 200) / p25 / 4 / 3600, 6);
    expect(machineHours!.median).toBeCloseTo(2 * hours!.median, 6);
    expect(leastHours!).toBeLessThanOrEqual(hours!.median);
    expect(hours!.p25).toBeGreaterThanOrEqual(hours!.median);
  });

  test('costs what its machine hours cost in each market', () => {
    const prices = [
      { machine: 'p5.48xlarge', market: 'spot' as const, usdPerHour: 20 },
      { machine: 'p5.48xlarge', market: 'on-demand' as const, usdPerHour: 50 },
    ];
    const { costs, machineHours } = estimate({ batch: { ...P5.batch, prices } });
    expect(costs.map(({ market }) => market)).toEqual(['spot', 'on-demand']);
    expect(costs[0]!.usd!.median).toBeCloseTo(20 * machineHours!.median, 6);
    expect(costs[1]!.usd!.p25).toBeCloseTo(50 * machineHours!.p25, 6);
  });

  test('counts no machine that the concurrency leaves idle', () => {
    const all = estimate(P5).hours!.median;
    expect(estimate({ ...P5, concurrency: 2 }).hours!.median).toBeCloseTo(2 * all, 6);
  });

  test('is of whole machines for a transform, as many as are asked for at once', () => {
    const one = estimate({ transform: {}, concurrency: 1 }, { load: SMALL, requests: 1e6 });
    const two = estimate({ transform: {}, concurrency: 2 }, { load: SMALL, requests: 1e6 });
    expect(one.leastHours! / two.leastHours!).toBeCloseTo(2, 6);
    expect(one.plan.replica.accelerators).toBe(4);
  });

  test('has no hours where nothing was measured, and says so', () => {
    const { hours, evidence, costs, leastHours } = estimate(
      { batch: { gpusPerShard: 1 } },
      { load: SMALL, requests: 1e6 },
    );
    expect([hours, evidence]).toEqual([undefined, 'no measurement']);
    expect(costs.map(({ usd }) => usd)).toEqual([undefined, undefined]);
    expect(leastHours).toBeGreaterThan(0);
  });
});

test('asks nobody to wait: a latency that cannot be met is no fault of a batch', () => {
  const hasty = ServingLoad.of({
    ...{ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 100, outputTokens: 100, requestsPerSecond: 1e6 },
    ...{ ttftMs: 0.001, tpotMs: 0.001 },
  });
  expect(estimate(P5, { load: hasty, requests: 1e6 }).plan.contradictions).not.toEqual([]);
});

describe('refuses', () => {
  test('a model that does not fit the accelerators of a container', () => {
    const large = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_405B,
      inputTokens: 100,
      outputTokens: 100,
      concurrency: 1,
    });
    const error = errorOf(() => estimate(P5, { load: large, requests: 1 }));
    expect(problemsOf(error)).toContain('MemoryTooSmall gpusPerShard');
    expect(error.constructPath).toBe('Batch/Inference');
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%p requests', (requests) => {
    expect(problemsOf(errorOf(() => estimate(P5, { load, requests })))).toEqual(['PlanningInput requests']);
  });

  test('no load, and a machine that is described by hand', () => {
    expect(problemsOf(errorOf(() => estimate(P5, { requests: 1 })))).toEqual(['ValueMissing load']);
    expect(problemsOf(errorOf(() => estimate(P5, null as never)))).toEqual(['ValueMissing work']);
    const machine = AwsMachine.of('p9.48xlarge', AwsMachine.P5_48XLARGE.spec);
    expect(problemsOf(errorOf(() => estimate({ batch: { machine } })))).toEqual(['ChipUnplanned machine']);
  });
});
