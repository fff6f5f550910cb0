import {
  AiInfraError,
  allMachines,
  type Machine,
  machineNamed,
  ModelSpec,
  type Precision,
  type PriceMarket,
  Prices,
  ServingLoad,
  type Sharding,
  TrainingJob,
} from 'ai-infra-constructs';
import { planServing, planTraining, type TrainingPlanProps } from 'ai-infra-constructs/planning';
import fc from 'fast-check';
import { FULL_RUNS } from '../../../lib/core/planning/catalog/full-runs';
import { expectFinite } from './shapes';

const prices = Prices.asOf('2026-11-25');
const P5 = machineNamed('aws', 'p5.48xlarge');
const props = { model: ModelSpec.LLAMA_3_70B, tokens: 2e12 };
const job = TrainingJob.pretrain(props);
const load = ServingLoad.of({
  model: ModelSpec.LLAMA_3_3_70B,
  inputTokens: 1000,
  outputTokens: 300,
  requestsPerSecond: 20,
  weightPrecision: 'fp8',
});
const plan = (other: Partial<TrainingPlanProps> = {}) =>
  planTraining({ job, machine: P5, nodes: 64, prices, ...other });
const costIn = (market: string, other: Partial<TrainingPlanProps> = {}) =>
  plan(other).costs.find((cost) => cost.market === market)!;

/** Codes and props of the problems. */
function refused(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error.problems.map(({ code, prop }) => `${code} ${prop}`);
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the split of a training plan', () => {
  test('fits, and says that the planner chose each part', () => {
    const { parallelism, memory } = plan();
    const { tensor, pipeline, context, data, recompute, recomputedLayers } = parallelism;

    expect(tensor).toBeLessThanOrEqual(8);
    expect(tensor * pipeline * context * data).toBe(512);
    expect(recompute).toBe(recomputedLayers > 0 ? 'full' : 'selective');
    expect(parallelism.chosen).toEqual([
      ...['split', 'virtualPipeline', 'sharding', 'microBatch', 'globalBatch', 'recompute'],
    ]);
    expect(memory.fits).toBe(true);
    expect(memory.totalGiB).toBeLessThanOrEqual(memory.availableGiB);
  });

  test('is the one of the job', () => {
    const parallelism = { tensor: 4, pipeline: 8, virtualPipeline: 5 };
    const parts = { globalBatch: 1024, microBatch: 2, sharding: 'zero-1', recompute: 'full' } as const;
    const stated = TrainingJob.pretrain({ ...props, ...parts, parallelism });

    expect(plan({ job: stated }).parallelism).toEqual({
      ...{ ...parallelism, ...parts, context: 1, expert: 1, data: 16, recomputedLayers: 80, chosen: [] },
    });
  });

  test('keeps the parts of the job, and chooses the others', () => {
    const stated = TrainingJob.pretrain({ ...props, parallelism: { tensor: 4, pipeline: 8 }, globalBatch: 1024 });
    const { parallelism } = plan({ job: stated });

    expect(parallelism).toMatchObject({ tensor: 4, pipeline: 8, data: 16, globalBatch: 1024 });
    expect(parallelism.virtualPipeline).toBeGreaterThan(1);
    expect(parallelism.chosen).toEqual(['virtualPipeline', 'sharding', 'microBatch', 'recompute']);
  });

  test.each([256, 512, 1024, 2048])('fits Llama 3.1 405B on %d nodes with eight H100 each', (nodes) => {
    const large = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_405B, tokens: 15.6e12 });
    const { memory, contradictions } = plan({ job: large, nodes });

    expect(memory.fits).toBe(true);
    expect(contradictions).toEqual([]);
  });

  test('distributes the experts of a mixture', () => {
    const mixture = TrainingJob.pretrain({ model: ModelSpec.DEEPSEEK_V3, tokens: 1e12, precision: 'fp8' });

    expect(plan({ job: mixture, nodes: 256 }).parallelism.expert).toBeGreaterThan(1);
  });

  test('shards the weights if the accelerators of a machine have no scale-up domain', () => {
    const eight = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9, recompute: 'full' });
    const g6e = plan({ job: eight, machine: machineNamed('aws', 'g6e.48xlarge'), nodes: 2 });

    expect(g6e.parallelism.tensor).toBe(1);
    expect(g6e.memory.fits).toBe(true);
  });

  test('is the one with the smallest memory if none fits', () => {
    const { memory, contradictions } = plan({ nodes: 1 });

    expect(memory.fits).toBe(false);
    expect(contradictions).toContainEqual(expect.objectContaining({ code: 'MemoryTooSmall', check: 'memory/fit' }));
  });
});

describe('the time of a training plan', () => {
  test('is a range above the bound, with a class', () => {
    const { time } = plan();

    expect(time).toMatchObject({ evidence: 'measured', class: 'H100 bf16 dense pretrain' });
    expect(time.goodput).toBeLessThan(FULL_RUNS.pace.median);
    expect(time.goodput).toBeGreaterThan(0.9 * FULL_RUNS.pace.median);
    expect(time.seconds!.p90).toBeGreaterThan(time.seconds!.median);
    expect(time.seconds!.p10).toBeLessThan(time.seconds!.median);
    expect(time.seconds!.median).toBeGreaterThan(time.boundSeconds!);
  });

  test('follows from similar classes if the class has no published run', () => {
    const { time } = plan({ machine: machineNamed('azure', 'Standard_NC64as_T4_v3') });

    expect(time).toMatchObject({ evidence: 'nearest', runs: 0 });
    expect(time.seconds!.median).toBeGreaterThan(time.boundSeconds!);
  });

  test('uses pre-training runs for fine-tuning all weights without published runs', () => {
    const tuned = TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_70B, tokens: 2e12 });

    const machine = machineNamed('aws', 'p4de.24xlarge');

    expect(plan({ job: tuned, machine }).time.seconds).toEqual(plan({ machine }).time.seconds);
  });

  test('does not use pre-training runs for adapters', () => {
    const adapters = TrainingJob.lora({ model: ModelSpec.LLAMA_3_70B, tokens: 1e9 });

    const { time } = plan({ job: adapters, machine: machineNamed('aws', 'p4de.24xlarge') });
    expect(time).toMatchObject({ evidence: 'nearest', class: 'A100-80 bf16 dense lora' });
  });
});

describe('costs', () => {
  test('cover all three markets, with the date of the price', () => {
    expect(plan().costs.map(({ market }) => market)).toEqual(['on-demand', 'spot', 'committed']);
    expect(costIn('on-demand').price).toMatchObject({ usdPerHour: 55.04, date: '2026-07-20', stale: true });
  });

  test('are machine hours times the price', () => {
    const { runUsd, seconds, usdPerHour } = costIn('on-demand');

    expect(usdPerHour).toBeCloseTo(64 * 55.04);
    expect(runUsd!.median).toBeCloseTo((seconds!.median / 3600) * 64 * 55.04);
  });

  test('on spot include the lost work', () => {
    const small = { nodes: 4, job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e11 }) };

    expect(costIn('spot', small).goodput).toBeLessThan(costIn('on-demand', small).goodput);
    expect(costIn('spot', small).seconds!.median).toBeGreaterThan(costIn('on-demand', small).seconds!.median);
  });

  test('use an own price, or give the reason for a missing price', () => {
    const own = Prices.of([{ machine: 'p5.48xlarge', market: 'committed', usdPerHour: 30 }]);

    expect(costIn('committed').reason).toMatch(/no committed price/);
    expect(costIn('committed', { prices: own }).usdPerHour).toBe(64 * 30);
  });

  test('need an own price for a machine that is not in the table', () => {
    const machine: Machine = { ...P5, name: 'p9.48xlarge' };
    const own = Prices.of([{ machine: 'p9.48xlarge', market: 'on-demand', usdPerHour: 30 }]);

    expect(costIn('on-demand', { machine }).reason).toBeDefined();
    expect(costIn('on-demand', { machine, prices: own }).usdPerHour).toBe(64 * 30);
  });
});

describe('checkpoints and storage', () => {
  test('need a throughput at which writing takes 2% of the time', () => {
    const { checkpoint } = plan();

    expect(checkpoint.sizeGB).toBeCloseTo(14 * 70.55, -1);
    expect(checkpoint.writing).toBeCloseTo(0.02);
    expect(checkpoint.verdict).toBe('ok');
  });

  test('have a maximum write throughput on spot, of a 1200 GiB file system per node', () => {
    const small = { nodes: 4, job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e11 }) };
    const { checkpoint, storage } = plan({ ...small, market: 'spot' });

    expect(checkpoint.neededWriteMBps).toBeGreaterThan(4 * 1200);
    expect(checkpoint.writeMBps).toBe(4 * 1200);
    expect(checkpoint.writeSeconds).toBeCloseTo((checkpoint.sizeGB * 1000) / 4800);
    expect(storage.writeMBps).toBe(checkpoint.writeMBps);
    expect(storage.tiers.length).toBeGreaterThan(0);
  });

  test('need read throughput for the median rate', () => {
    const measured = plan();
    const unknown = plan({ machine: { ...P5, chip: 'ALI-HOPPER-96' } });

    expect(measured.storage).toMatchObject({ readRate: 'median' });
    expect(measured.storage.readMBps).toBeCloseTo((4 * measured.time.tokensPerSecond!.median) / 1e6);
    expect(unknown.storage).toMatchObject({ readRate: 'unknown', readMBps: 0 });
  });

  test('are smaller for adapters', () => {
    const adapters = TrainingJob.lora({ model: ModelSpec.LLAMA_3_70B, tokens: 1e9 });

    expect(plan({ job: adapters }).checkpoint.sizeGB).toBeLessThan(plan().checkpoint.sizeGB / 100);
  });

  test('list tiers that are large and fast enough', () => {
    const { storage } = plan();

    expect(storage.tiers.length).toBeGreaterThan(0);
    for (const tier of storage.tiers) {
      expect(tier.sizeGiB).toBeGreaterThanOrEqual(storage.heldGiB);
      expect(tier.throughputMBps).toBeGreaterThanOrEqual(storage.writeMBps * 0.999);
    }
  });

  test.each([
    ['google', 'a3-megagpu-8g', 1e9, { tier: '1000', sizeGiB: 9000 }],
    ['google', 'a3-megagpu-8g', 25e12, { tier: '125', sizeGiB: 144_000 }],
    ['azure', 'Standard_ND96isr_H100_v5', 1e9, { tier: 'AMLFS-Durable-Premium-500', sizeGiB: 4096 }],
    ['azure', 'Standard_ND96isr_H100_v5', 5e12, { tier: 'AMLFS-Durable-Premium-40', sizeGiB: 49_152 }],
  ] as const)('order tiers without a price as prices like those of FSx would: %s, %s, %d tokens', (...row) => {
    const [cloud, name, tokens, first] = row;
    const machine = machineNamed(cloud, name);
    const small = TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens });

    expect(planTraining({ job: small, machine, nodes: 2, prices }).storage.tiers[0]).toMatchObject(first);
  });
});

describe('a serving plan', () => {
  const served = planServing({ load, machine: P5, prices });

  test('has the replicas with the smallest total number of accelerators', () => {
    const { replica, replicas } = served;
    const others = [1, 2, 4, 8].map((acceleratorsPerReplica) => {
      const other = planServing({ load, machine: P5, prices, acceleratorsPerReplica });
      return other.memory.fits ? other.replica.accelerators * other.replicas.count : Infinity;
    });

    expect(replica.accelerators * replicas.count).toBe(Math.min(...others));
  });

  test('counts replicas by throughput and concurrency, and machines by replicas', () => {
    const { forThroughput = 0, forConcurrency = 0, count } = served.replicas;

    expect(count).toBe(Math.max(forThroughput, forConcurrency));
    expect(served.cluster.nodes).toBe(Math.ceil(count / served.replica.perMachine));
  });

  test('has a latency floor below the expected latency', () => {
    expect(served.latency!.floor.tpotMs).toBeLessThan(served.latency!.light.tpotMs);
  });

  test('loads its weights at the throughput of the storage, or at an assumed one', () => {
    expect(served.coldStart).toMatchObject({ assumed: true, readMBps: 1000 });
    expect(served.coldStart.seconds).toBeCloseTo(70.55, 1);
    const fast = planServing({ load, machine: P5, prices, storage: { throughputMBps: 10_000, sizeGiB: 1200 } });
    expect(fast.coldStart).toMatchObject({ assumed: false });
    expect(fast.coldStart.seconds).toBeCloseTo(7.055, 1);
  });
});

describe('any plan', () => {
  test('is immutable plain data', () => {
    const made = plan();

    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    expect(() => ((made.costs[0] as { goodput: number }).goodput = 1)).toThrow(TypeError);
  });

  const anyJob = fc
    .record({
      model: fc.constantFrom(...ModelSpec.all),
      tokens: fc.double({ min: 1e7, max: 1e14, noNaN: true }),
      make: fc.constantFrom<'pretrain' | 'fineTune' | 'lora'>('pretrain', 'fineTune', 'lora'),
      precision: fc.constantFrom<'bf16' | 'fp8' | 'fp4'>('bf16', 'fp8', 'fp4'),
      recompute: fc.constantFrom<'none' | 'selective' | 'full'>('none', 'selective', 'full'),
      optimizer: fc.constantFrom<'adam' | 'adam-8bit' | 'sgd'>('adam', 'adam-8bit', 'sgd'),
    })
    .map(({ make, ...given }) => TrainingJob[make](given));

  test('of training has finite numbers, costs that are not negative and coded contradictions', () => {
    fc.assert(
      fc.property(
        anyJob,
        fc.constantFrom(...allMachines()),
        fc.integer({ min: 1, max: 5000 }),
        fc.constantFrom<PriceMarket>('on-demand', 'spot', 'committed'),
        (anything, machine, nodes, market) => {
          const made = planTraining({ job: anything, machine, nodes, prices, market });
          expectFinite(made);
          for (const { usdPerHour = 0, runUsd } of made.costs) {
            expect(Math.min(usdPerHour, runUsd?.p10 ?? 0, runUsd?.median ?? 0)).toBeGreaterThanOrEqual(0);
          }
          expect(made.memory.fits).toBe(!made.contradictions.some(({ check }) => check === 'memory/fit'));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('of serving has finite numbers and costs that are not negative', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ModelSpec.all),
        fc.constantFrom(...allMachines()),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        fc.constantFrom<Precision>('bf16', 'fp8', 'fp4'),
        fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
        (model, machine, requestsPerSecond, weightPrecision, acceleratorsPerReplica) => {
          const anything = ServingLoad.of({
            model,
            inputTokens: 500.5,
            outputTokens: 99.5,
            requestsPerSecond,
            weightPrecision,
          });
          const made = planServing({ load: anything, machine, prices, acceleratorsPerReplica });
          expectFinite(made);
          for (const { usdPerMonth = 0 } of made.costs) expect(usdPerMonth).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('does not need more memory per accelerator with more nodes and the same split', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Sharding>('zero-1', 'zero-2', 'zero-3'),
        fc.constantFrom(1, 2, 4, 8),
        fc.constantFrom(1, 2, 4),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 16 }),
        (sharding, tensor, pipeline, nodes, times) => {
          const fixed = { sharding, microBatch: 1, recompute: 'selective' } as const;
          const parallelism = { tensor, pipeline, virtualPipeline: 1 };
          const split = TrainingJob.pretrain({ ...props, ...fixed, parallelism });
          const few = plan({ job: split, nodes: nodes * 4 }).memory.totalGiB;
          expect(plan({ job: split, nodes: nodes * 4 * times }).memory.totalGiB).toBeLessThanOrEqual(few * (1 + 1e-12));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that fits still fits on a multiple of its nodes', () => {
    fc.assert(
      fc.property(anyJob, fc.integer({ min: 1, max: 64 }), fc.integer({ min: 2, max: 8 }), (anything, nodes, times) => {
        const fits = plan({ job: anything, nodes }).memory.fits;
        expect(!fits || plan({ job: anything, nodes: nodes * times }).memory.fits).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('invalid props', () => {
  test('of a training plan are all reported at once', () => {
    const act = () => planTraining({ job: {}, machine: { ...P5, chip: 'H900' }, nodes: 0, prices: 'cheap' } as never);

    expect(refused(act)).toEqual([
      'PlanInvalid job',
      'PlanInvalid nodes',
      'PlanInvalid machine.chip',
      'PropType prices',
    ]);
  });

  test('of a serving plan are all reported at once', () => {
    const act = () =>
      planServing({ load, machine: null, prices, derate: 0, replicas: 1.5, acceleratorsPerReplica: -1 } as never);

    expect(refused(act)).toEqual([
      'PlanInvalid acceleratorsPerReplica',
      'PlanInvalid replicas',
      'PlanInvalid derate',
      'PlanInvalid machine',
    ]);
  });

  test.each([
    [{ market: 'auction' }, 'PlanInvalid market'],
    [{ region: '' }, 'PlanInvalid region'],
    [{ storage: null }, 'PlanInvalid storage.throughputMBps'],
    [{ storage: { throughputMBps: 0, sizeGiB: NaN } }, 'PlanInvalid storage.sizeGiB'],
    [{ spotNodeLifeHours: 0 }, 'PlanInvalid spotNodeLifeHours'],
    [{ prices: [] }, 'PropType prices'],
    [{ prices: { overrides: [] } }, 'PropType prices'],
    [
      { prices: Prices.of([{ machine: 'p5.48xlarge', market: 'spot', usdPerHour: 900 }]) },
      'PriceInvalid prices.overrides[0].usdPerHour',
    ],
    [{ nodes: 1.5 }, 'PlanInvalid nodes'],
  ])('%j is rejected with a code', (wrong, problem) => {
    expect(refused(() => plan(wrong as never))).toContain(problem);
  });

  test.each([undefined, null, 5, 'plan', []])('%p is rejected as props', (nothing) => {
    expect(refused(() => planTraining(nothing as never))).toContainEqual(expect.stringMatching(/^PlanInvalid/));
    expect(refused(() => planServing(nothing as never))).toContainEqual(expect.stringMatching(/^PlanInvalid/));
  });
});
