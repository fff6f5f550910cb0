import {
  AiInfraError,
  allMachines,
  machineNamed,
  ModelSpec,
  Prices,
  ServingLoad,
  TrainingJob,
} from 'ai-infra-constructs';
import {
  atProbability,
  probabilityWithin,
  optionsFor,
  type OptionsProps,
  planTraining,
} from 'ai-infra-constructs/planning';
import { expectFinite } from './shapes';

const prices = Prices.asOf('2026-11-25');
const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_70B, tokens: 2e12, finishWithinDays: 60 });
const load = ServingLoad.of({
  model: ModelSpec.LLAMA_3_3_70B,
  inputTokens: 1000,
  outputTokens: 300,
  requestsPerSecond: 20,
  serviceLevel: 'mlperf-70b',
  weightPrecision: 'fp8',
});
const workloads = [job, load, TrainingJob.pretrain({ model: ModelSpec.DEEPSEEK_V3, tokens: 1e13, precision: 'fp8' })];

describe('the options of a workload', () => {
  test.each(workloads)('name every machine once as an option or as refused, with a reason', (workload) => {
    const { ranked, refused } = optionsFor(workload, { prices });
    const offered = new Set(ranked.map(({ cloud, machine }) => `${cloud} ${machine}`));
    const not = refused.map(({ cloud, machine }) => `${cloud} ${machine}`);

    expect([...offered, ...not].sort()).toEqual(
      allMachines()
        .map(({ cloud, name }) => `${cloud} ${name}`)
        .sort(),
    );
    for (const { reason } of refused) expect(reason).toMatch(/^[^.].*\w\.$/);
    expectFinite({ ranked, refused });
  });

  test('list measured options first, cheapest first', () => {
    const { ranked } = optionsFor(job, { prices });
    const measured = ranked.filter(({ usd }) => usd);

    expect(ranked.slice(0, measured.length)).toEqual(measured);
    expect(measured.map(({ usd }) => usd!.median)).toEqual(
      measured.map(({ usd }) => usd!.median).sort((a, b) => a - b),
    );
  });

  test('can list the fastest first', () => {
    const times = optionsFor(job, { prices, rankBy: 'time' }).ranked.flatMap(({ seconds }) => seconds?.median ?? []);

    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('meet the deadline with the probability of the job on demand with the smallest cluster', () => {
    const [best] = optionsFor(job, { prices, markets: ['on-demand'], clouds: ['aws'] }).ranked;
    const machine = machineNamed(best!.cloud, best!.machine);
    const timeOn = (nodes: number) =>
      atProbability(planTraining({ job, machine, nodes, prices }).time.seconds!, job.probability);

    expect(timeOn(best!.nodes)).toBeLessThanOrEqual(job.finishWithinSeconds!);
    expect(timeOn(best!.nodes / 2)).toBeGreaterThan(job.finishWithinSeconds!);
  });

  test('contain the median in each range, and meet the deadline by their own plan', () => {
    for (const { cloud, machine, nodes, market, seconds, usd } of optionsFor(job, { prices }).ranked) {
      for (const { p10, median, p90 } of [seconds!, usd!]) {
        expect(p10).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(p90);
      }
      const plan = planTraining({ job, machine: machineNamed(cloud, machine), nodes, market, prices });
      expect(probabilityWithin(plan.time.seconds!, job.finishWithinSeconds!)).toBeGreaterThan(job.probability - 1e-6);
    }
  });

  test('are never fewer or slower with a larger budget', () => {
    const fastest = (budgetUsd: number) => {
      const budgeted = TrainingJob.pretrain({
        model: ModelSpec.LLAMA_3_70B,
        tokens: 2e12,
        finishWithinDays: 60,
        budgetUsd,
      });
      const { ranked } = optionsFor(budgeted, { prices, rankBy: 'time' });
      return { options: ranked.length, seconds: ranked[0]?.seconds?.median ?? Infinity };
    };
    const found = [2e6, 4e6, 8e6, 16e6, 64e6].map(fastest);
    found.slice(1).forEach(({ options, seconds }, at) => {
      expect(options).toBeGreaterThanOrEqual(found[at]!.options);
      expect(seconds).toBeLessThanOrEqual(found[at]!.seconds);
    });
    expect(found.at(-1)!.options).toBeGreaterThan(found[0]!.options);
  });

  test('match the plan for the same nodes', () => {
    const [best] = optionsFor(job, { prices, clouds: ['aws'], markets: ['on-demand'] }).ranked;
    const { cloud, machine, nodes, region } = best!;
    const plan = planTraining({ job, machine: machineNamed(cloud, machine), nodes, region, prices });

    expect(plan.time.seconds).toEqual(best!.seconds);
    expect(plan.costs[0]!.runUsd!.median).toBeCloseTo(best!.usd!.median);
    expect(plan.memory.used).toBe(best!.memoryUsed);
    expect(plan.contradictions).toEqual([]);
  });

  test('have a checkpoint write time on spot, with the loss of the plan for the same nodes', () => {
    const eight = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e11 });
    const [best] = optionsFor(eight, { prices, clouds: ['aws'], markets: ['spot'] }).ranked;
    const { cloud, machine, nodes, region } = best!;
    const plan = planTraining({
      job: eight,
      machine: machineNamed(cloud, machine),
      nodes,
      region,
      prices,
      market: 'spot',
    });

    expect(best!.checkpointWriteSeconds).toBe(plan.checkpoint.writeSeconds);
    expect(best!.seconds).toEqual(plan.time.seconds);
    expect(optionsFor(eight, { prices, markets: ['on-demand'] }).ranked[0]).not.toHaveProperty(
      'checkpointWriteSeconds',
    );
  });

  test('use only the given clouds, markets and regions', () => {
    const asked = { clouds: ['aws'], markets: ['spot'], regions: ['us-east-1'] } as const;
    const { ranked } = optionsFor(load, { prices, ...asked });

    expect(ranked.length).toBeGreaterThan(0);
    for (const option of ranked) expect(option).toMatchObject({ cloud: 'aws', market: 'spot', region: 'us-east-1' });
  });

  test('include own prices', () => {
    const { name } = allMachines().find(
      ({ cloud, chip, accelerators }) => cloud === 'alicloud' && chip === 'A100-80' && accelerators === 8,
    )!;
    const own = Prices.of([{ machine: name, market: 'on-demand', usdPerHour: 20 }]);
    const eight = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9 });
    const { ranked } = optionsFor(eight, { prices: own, clouds: ['alicloud'] });

    expect(ranked).toEqual([expect.objectContaining({ machine: name, stale: false })]);
  });

  test('leave out chips that do not support the precision', () => {
    const four = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9, precision: 'fp4' });
    const { ranked, refused } = optionsFor(four, { prices });

    expect(ranked.map(({ chip }) => chip)).toContain('B200');
    expect(ranked.map(({ chip }) => chip)).not.toContain('H100');
    expect(refused).toContainEqual({
      cloud: 'aws',
      machine: 'p5.48xlarge',
      reason: 'H100 supports bf16, fp8, but not fp4.',
    });
  });

  test('leave out machines above the budget', () => {
    const cheap = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_70B, tokens: 2e12, budgetUsd: 1000 });
    const { ranked, refused } = optionsFor(cheap, { prices });

    expect(ranked).toEqual([]);
    expect(refused.some(({ reason }) => reason.includes('more than its budget'))).toBe(true);
  });
});

// `npm run bench` measures the time.
test('all machines and markets need little memory', () => {
  for (const workload of workloads) {
    optionsFor(workload, { prices });
    const heap = process.memoryUsage().heapUsed;
    const options = optionsFor(workload, { prices });
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(20e6);
    expect(options.ranked.length).toBeGreaterThan(0);
  }
});

describe('invalid props', () => {
  test.each<[Partial<Record<keyof OptionsProps, unknown>>, string]>([
    [{ clouds: ['oracle'] }, 'clouds'],
    [{ markets: 'spot' }, 'markets'],
    [{ regions: [5] }, 'regions'],
    [{ rankBy: 'beauty' }, 'rankBy'],
  ])('rejects %j with a code', (props, prop) => {
    expect(() => optionsFor(job, { prices, ...props } as never)).toThrow(
      expect.objectContaining({ code: 'PlanInvalid', problems: [expect.objectContaining({ prop })] }),
    );
  });

  test.each(['2026-11-25', [], {}])('rejects prices that are %j', (wrong) => {
    expect(() => optionsFor(job, { prices: wrong } as never)).toThrow(
      expect.objectContaining({ code: 'PropType', problems: [expect.objectContaining({ prop: 'prices' })] }),
    );
  });

  test.each([undefined, null, 'x'])('rejects %p as workload and props', (nothing) => {
    expect(() => optionsFor(nothing as never, nothing as never)).toThrow(AiInfraError);
  });
});
