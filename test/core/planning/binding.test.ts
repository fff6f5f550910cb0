import {
  machineNamed,
  ModelSpec,
  ServingLoad,
  type ServingLoadProps,
  TrainingJob,
  type TrainingJobProps,
} from 'ai-infra-constructs';
import { planServing, planTraining, type ServingPlanProps, type TrainingPlanProps } from 'ai-infra-constructs/planning';

const on = (job: Partial<TrainingJobProps> = {}, props: Partial<TrainingPlanProps> = {}) =>
  planTraining({
    job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e12, ...job }),
    machine: machineNamed('aws', 'p5.48xlarge'),
    nodes: 64,
    ...props,
  });

const UNPRICED = { market: 'committed' } as const;

describe('the binding constraint of a job', () => {
  test('names the changes that shorten the job, with the time and the cost', () => {
    const { binding, time } = on();
    const now = Number((time.seconds!.median / 86_400).toPrecision(3));
    expect(binding.what).toBe('compute');
    expect(binding.why).toMatch(
      new RegExp(`^With fp8, the job likely takes [\\d.]+ days instead of ${now} days, and costs [\\d.]+% less\\.`),
    );
    expect(binding.why).toMatch(/With 128 × p5\.48xlarge, .* and costs .*\.$/);
  });

  test('promises no more than the plan with the change', () => {
    const days = (plan: ReturnType<typeof on>) => Number((plan.time.seconds!.median / 86_400).toPrecision(3));
    expect(on().binding.why).toContain(`likely takes ${days(on({}, { nodes: 128 }))} days`);
    expect(on().binding.why).toContain(`likely takes ${days(on({ precision: 'fp8' }))} days`);
  });

  test('does not suggest a precision that the chip does not support', () => {
    const { binding } = on({}, { machine: machineNamed('aws', 'p4d.24xlarge') });
    expect(binding.why).not.toMatch(/fp8|fp4/);
  });

  test('names faster storage if checkpoints take much of the time', () => {
    const storage = { throughputMBps: 450, sizeGiB: 1e5 };
    const { binding, checkpoint } = on({}, { storage });
    expect(checkpoint.writing).toBeGreaterThan(0.02);
    expect(binding.why).toContain('With faster storage for checkpoints');
  });

  test('is the first contradiction if the job cannot run', () => {
    expect(on({ finishWithinDays: 1 }).binding).toMatchObject({ what: 'time' });
  });
});

describe('the binding constraint of a load', () => {
  const serve = (load: Partial<ServingLoadProps> = {}, props: Partial<ServingPlanProps> = {}) =>
    planServing({
      load: ServingLoad.of({
        model: ModelSpec.LLAMA_3_1_70B,
        inputTokens: 1000,
        outputTokens: 200,
        requestsPerSecond: 40,
        ...load,
      }),
      machine: machineNamed('aws', 'p5.48xlarge'),
      ...props,
    });

  test('names the gain of fewer bits, as in the plan with them', () => {
    const sixteen = serve({ weightPrecision: 'bf16' });
    const eight = serve({ weightPrecision: 'fp8' });
    expect(sixteen.binding.why).toContain(
      `With fp8 weights, it needs ${eight.cluster.nodes} × p5.48xlarge instead of ${sixteen.cluster.nodes}, and costs`,
    );
    expect(eight.binding.why).not.toContain('fp8');
  });

  test('names the price of the latency targets', () => {
    const { binding } = serve({ weightPrecision: 'fp8', ttftMs: 150, tpotMs: 12 });
    expect(binding.why).toMatch(/Without the latency targets, it needs \d+ × p5\.48xlarge instead of \d+, and costs/);
  });

  test('shows the arithmetic of the replicas, with the headroom', () => {
    const { binding, replicas } = serve({ weightPrecision: 'fp8', requestsPerSecond: 400 });
    const numbers = binding.why.match(/\d[\d,.]*(?=[ %])/g)!.map((text) => Number(text.replaceAll(',', '')));
    const [saturated, probability, percentage, used, load, count] = numbers;

    expect(binding).toMatchObject({ what: 'throughput' });
    expect([probability, percentage]).toEqual([80, 70]);
    expect(used! / saturated!).toBeCloseTo(0.7, 2);
    expect(load).toBe(400 * 200);
    expect(count).toBe(Math.ceil(load! / used!));
    expect(count).toBe(replicas.forThroughput);
  });

  test.each([
    ['a load', () => serve({ weightPrecision: 'bf16' }, UNPRICED).binding.why, /With fp8 weights, it needs \d+/],
    ['a job', () => on({}, UNPRICED).binding.why, /With fp8, the job likely takes/],
  ])('has no cost of %s if the price is unknown', (_, why, gain) => {
    expect(why()).toMatch(gain);
    expect(why()).not.toContain('costs');
  });

  test('has no gain for a number of replicas that is set', () => {
    expect(serve({ weightPrecision: 'bf16' }, { replicas: 40 }).binding.why).not.toContain('With');
  });
});
