import fc from 'fast-check';
import { type ChipRow, CHIPS, machineNamed, ModelSpec, type Precision, TrainingJob } from 'ai-infra-constructs';
import { FITTED_TRAINING } from '../../../../lib/core/planning/catalog/fitted-training';
import { hardwareOf } from '../../../../lib/core/planning/layout/plan-hardware';
import { jobRate, trainingTerms } from '../../../../lib/core/planning/time/plan-time';
import { trainingStack } from '../../../../lib/core/planning/time/run-classes';
import { reachablePeak } from '../../../../lib/core/planning/time/training-roofline';
import { matmulBound, SCALING_LOSS, trainingRate } from '../../../../lib/core/planning/time/training-rate';
import { spreadOf } from '../../../../lib/core/planning/range';
import { expectFinite } from '../shapes';

const llama = { chip: 'H100', paramsB: 70.6, precision: 'fp8', model: 'Llama-3.1-70B', seqLen: 8192, count: 64 };

describe('the precisions of a chip', () => {
  const PAIRS = Object.entries(CHIPS).flatMap(([chip, row]: [string, ChipRow]) => {
    const { bf16DenseTflops: bf16, fp8DenseTflops: fp8, fp4DenseTflops: fp4 } = row;
    const pairs = [
      ['bf16', 'fp8', bf16, fp8],
      ['bf16', 'fp4', bf16, fp4],
      ['fp8', 'fp4', fp8, fp4],
    ] as const;
    return pairs.flatMap(([more, fewer, a, b]) => (a && b && bf16 ? [{ chip, more, fewer, peaks: b / a }] : []));
  });

  const JOBS = (['Llama-3.1-8B', 'Llama-3.1-405B', 'Qwen3-30B-A3B'] as const).flatMap((name) =>
    (['pretrain', 'fineTune', 'lora'] as const).map((kind) => {
      const model = ModelSpec.fromName(name);
      const termsIn = (precision: Precision) => trainingTerms(TrainingJob[kind]({ model, tokens: 1e12, precision }));
      return { bf16: termsIn('bf16'), fp8: termsIn('fp8'), fp4: termsIn('fp4') };
    }),
  );

  test.each(PAIRS)(
    'differ at most by the ratio of their peaks: $chip in $fewer and $more',
    ({ chip, more, fewer, peaks }) => {
      const hardware = hardwareOf({ ...machineNamed('aws', 'p5.48xlarge'), chip: chip as keyof typeof CHIPS });
      for (const job of JOBS) {
        for (const count of [8, 1024]) {
          const rateIn = (precision: Precision) => jobRate(job[precision], chip, hardware, count).teraflops!.median;

          expect(rateIn(fewer) / rateIn(more)).toBeLessThanOrEqual(peaks * 1.0001);
        }
      }
    },
  );

  test('agree with the precision that has more published runs: B200 in bf16 follows from fp8', () => {
    const run = { chip: 'B200', paramsB: 405.9, model: 'Llama-3.1-405B', seqLen: 8192, count: 128 };
    const [bf16, fp8] = ['bf16', 'fp8'].map((precision) => trainingRate({ ...run, precision })!);

    expect(fp8!.runs).toBeGreaterThan(bf16!.runs);
    expect(fp8!.median / bf16!.median).toBeCloseTo(2, 3);
    expect(fp8!.median).toBeGreaterThan(1500);
  });
});

describe('evidence', () => {
  test('is "measured" with runs of the same model, and otherwise based on runs of its class', () => {
    expect(trainingRate(llama)).toMatchObject({ evidence: 'measured', class: 'H100 fp8 dense pretrain' });
    expect(trainingRate({ ...llama, model: 'house model' })?.evidence).toBe('modelled');
    expect(trainingRate({ chip: 'H100', paramsB: 30 })?.evidence).toBe('modelled');
  });

  test.each([
    ['Trainium2', 'bf16'],
    ['L40S', 'bf16'],
    ['MI300X', 'bf16'],
    ['MI355X', 'bf16'],
    ['A100-80', 'bf16', 8],
  ])(
    'of %s in %s is "nearest" without a run of the class, with a range below the bound',
    (chip, precision, active = 70) => {
      const rate = trainingRate({ chip, precision, paramsB: 70, activeParamsB: active })!;

      expect(rate).toMatchObject({ evidence: 'nearest', runs: 0, bound: matmulBound({ chip, precision }) });
      expect(rate.p10).toBeLessThan(rate.median);
      expect(rate.p90).toBeLessThanOrEqual(rate.bound);
    },
  );

  test('has a wider range for weaker evidence', () => {
    const width = (chip: string, model?: string) => {
      const { p10, p90 } = trainingRate({ chip, paramsB: 70, ...(model !== undefined && { model }) })!;
      return p90 / p10;
    };

    expect(width('H100')).toBeGreaterThanOrEqual(width('H100', 'Llama-3.1-70B'));
    expect(width('MI300X')).toBeGreaterThan(width('H100'));
  });

  test('is undefined for unknown chips and precisions', () => {
    expect(trainingRate({ ...llama, chip: 'H900' })).toBeUndefined();
    expect(trainingRate({ ...llama, precision: 'int2' })).toBeUndefined();
    expect(trainingRate({ ...llama, paramsB: -1 })).toBeUndefined();
    expect(trainingRate({ chip: 'ALI-HOPPER-96', paramsB: 8 })).toBeUndefined();
  });
});

describe('a rate', () => {
  test('is a range as wide as the error of suites and chips outside the fit', () => {
    const spread = (run: Parameters<typeof trainingRate>[0]) => spreadOf(trainingRate(run)!);
    const { measured, modelled } = FITTED_TRAINING.spreads;
    const house = { ...llama, model: 'house model' };

    expect(spread(llama).p10).toBeCloseTo(measured.dense.p10);
    expect(spread(house).p10).toBeCloseTo(modelled.dense.p10);
    expect(spread({ ...house, activeParamsB: 7 }).p90).toBeCloseTo(modelled.moe.p90);
    expect(Math.min(-measured.dense.p10, measured.dense.p90)).toBeGreaterThan(0.1);
  });

  test('decreases by 3% for each doubling beyond the largest measured run, and more without RDMA', () => {
    const { maxAccelerators: maxAccelerators } = FITTED_TRAINING.classes['H100 fp8 dense pretrain']!;
    const at = (count: number, rdma = true) =>
      trainingRate({ chip: 'H100', precision: 'fp8', paramsB: 70, count }, { rdma })!.median;

    expect(at(maxAccelerators * 4) / at(maxAccelerators)).toBeCloseTo((1 - SCALING_LOSS.rdma) ** 2);
    expect(at(16, false) / at(16)).toBeCloseTo((1 - SCALING_LOSS.none) / (1 - SCALING_LOSS.rdma));
    expect(at(8, false)).toBe(at(8));
  });

  test('is at most the rate of matrix products, measured or else published', () => {
    expect(matmulBound({ chip: 'H100', precision: 'bf16' })).toBe(794.5);
    expect(matmulBound({ chip: 'MI300X' })).toBe(668.4);
    expect(matmulBound({ chip: 'GB300', precision: 'NVFP4' })).toBe(15_000);
    expect(matmulBound({ chip: 'TPU v4', precision: 'fp8' })).toBeUndefined();
  });

  test('is ordered and finite for any input', () => {
    const odd = fc.oneof(
      fc.double(),
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(undefined, 0, -1, 1e300, NaN, Infinity, 'many' as unknown as number),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom(undefined, 7 as unknown as string, 'mosaicml', '25.09', 'constructor'),
    );
    const runs = fc.record({
      chip: fc.constantFrom(...Object.keys(CHIPS)),
      precision: fc.constantFrom(undefined, 'bf16', 'FP8-CS', 'NVFP4', 'fp8/fp4 (submitter choice)'),
      ...{ paramsB: fc.double({ min: 1e-3, max: 1e5, noNaN: true }), activeParamsB: odd, seqLen: odd, count: odd },
      ...{ globalBatchSeqs: odd, microBatch: odd, tp: odd, pp: odd, cp: odd, ep: odd, vp: odd, fsdp: odd, hidden: odd },
      ...{ model: texts, suite: texts, release: texts, kind: texts, network: texts, parallelism: texts },
    });
    fc.assert(
      fc.property(runs, (run) => {
        const rate = trainingRate(run);
        expectFinite(rate ?? {});
        if (!rate) return;
        expect(rate.p10).toBeGreaterThan(0);
        expect(rate.p10).toBeLessThanOrEqual(rate.median);
        expect(rate.median).toBeLessThanOrEqual(rate.p90);
        expect(rate.p90).toBeLessThanOrEqual(rate.bound);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the limits of the hardware', () => {
  const run = { chip: 'H100', paramsB: 70.6, precision: 'fp8', model: 'Llama-3.1-70B', seqLen: 8192, count: 1024 };
  const at = (more: object) => trainingRate({ ...run, globalBatchSeqs: 1024, ...more })!.median;

  test('make full recomputation cost a part of the rate', () => {
    expect(at({ activationCheckpointing: 'full-recompute' }) / at({})).toBeLessThan(0.9);
    expect(at({ activationCheckpointing: true }) / at({ activationCheckpointing: false })).toBeLessThan(0.9);
  });

  test('make few micro batches per pipeline cost a part of the rate', () => {
    const pipeline = { tp: 4, pp: 8, vp: 1, microBatch: 1 };

    expect(at({ ...pipeline, globalBatchSeqs: 128 })).toBeLessThan(0.8 * at({ ...pipeline, globalBatchSeqs: 2048 }));
  });

  test('make few tokens per accelerator cost a part of the rate', () => {
    const small = { chip: 'GB200', paramsB: 8.03, model: 'Llama-3.1-8B', precision: 'fp8', count: 1024 };

    expect(at({ ...small, globalBatchSeqs: 64 })).toBeLessThan(0.6 * at({ ...small, globalBatchSeqs: 4096 }));
  });

  test('let mixtures of few large experts run faster than those of many small ones', () => {
    const mixture = { model: 'house mixture', paramsB: 300, activeParamsB: 80, ep: 8 };

    expect(at(mixture)).toBeGreaterThan(1.2 * at({ ...mixture, activeParamsB: 15 }));
  });

  test('have a typical share of the peak for chips without a measurement, by generation', () => {
    expect(reachablePeak('MI350X')! / 2300).toBeLessThan(reachablePeak('H200')! / 989);
    expect(reachablePeak('H100')).toBe(794.5);
    expect(reachablePeak('ALI-HOPPER-96')).toBeUndefined();
  });
});

test.each([
  [{ chip: 'TPU v5p' }, 'xla'],
  [{ chip: 'Trainium2', suite: 'optimum' }, 'neuron'],
  [{ chip: 'H100', suite: 'maxtext' }, 'xla'],
  [{ chip: 'H100', suite: 'nemo-24.07' }, 'megatron'],
  [{ chip: 'H100', suite: 'mlperf-training-v5.1' }, 'mlperf'],
  [{ chip: 'H100', suite: 'torchtitan' }, 'fsdp'],
  [{ chip: 'H100', parallelism: 'FSDP (ZeRO-2)' }, 'fsdp'],
  [{ chip: 'H100', tp: 8 }, 'megatron'],
  [{ chip: 'H100', tp: 1 }, 'unknown'],
])('the software of %j is %s', (run, stack) => {
  expect(trainingStack(run)).toBe(stack);
});
