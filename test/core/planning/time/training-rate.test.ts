import fc from 'fast-check';
import { CHIPS } from 'ai-infra-constructs';
import { FITTED_TRAINING } from '../../../../lib/core/planning/catalog/fitted-training';
import { matmulBound, SCALING_LOSS, trainingRate } from '../../../../lib/core/planning/time/training-rate';
import { expectFinite } from '../shapes';

const llama = { chip: 'H100', paramsB: 70.6, precision: 'fp8', model: 'Llama-3.1-70B', seqLen: 8192, count: 64 };

describe('evidence', () => {
  test('is "measured" with runs of the same model, and otherwise based on runs of its class', () => {
    expect(trainingRate(llama)).toMatchObject({ evidence: 'measured', class: 'H100 fp8 dense pretrain' });
    expect(trainingRate({ ...llama, model: 'house model' })?.evidence).toBe('modelled');
    expect(trainingRate({ chip: 'H100', paramsB: 30 })?.evidence).toBe('modelled');
  });

  test.each([
    ['Trainium2', 'bf16'],
    ['L40S', 'bf16'],
    ['TPU v6e', 'bf16'],
    ['MI300X', 'bf16'],
    ['MI355X', 'fp8'],
    ['A100-80', 'bf16', 8],
  ])('of %s in %s is a bound, with a separate estimate from other classes', (chip, precision, active = 70) => {
    const rate = trainingRate({ chip, precision, paramsB: 70, activeParamsB: active })!;
    const { nearest, ...measured } = rate;
    const bound = matmulBound({ chip, precision })!;

    expect(measured).toEqual({ evidence: 'bound', class: expect.any(String), runs: 0, bound });
    expect(nearest!.p25).toBeLessThan(nearest!.median);
    expect(nearest!.median).toBeLessThanOrEqual(bound);
  });

  test('has a wider range for a class without runs', () => {
    const { nearest } = trainingRate({ chip: 'MI300X', paramsB: 70 })!;
    const { p25, median } = trainingRate({ chip: 'H100', paramsB: 70 })!;

    expect(nearest!.median / nearest!.p25).toBeGreaterThan(median! / p25!);
  });

  test('is undefined for unknown chips and precisions', () => {
    expect(trainingRate({ ...llama, chip: 'H900' })).toBeUndefined();
    expect(trainingRate({ ...llama, precision: 'int2' })).toBeUndefined();
    expect(trainingRate({ ...llama, paramsB: -1 })).toBeUndefined();
    expect(trainingRate({ chip: 'ALI-HOPPER-96', paramsB: 8 })).toBeUndefined();
  });
});

describe('a rate', () => {
  test('is a range as wide as the error of families outside the fit, for every model', () => {
    const width = (rate: ReturnType<typeof trainingRate>) => Math.log(rate!.median! / rate!.p25!);
    const { dense, moe } = FITTED_TRAINING.residuals.class;

    expect(width(trainingRate(llama))).toBeCloseTo(-dense);
    expect(width(trainingRate({ ...llama, model: 'house model' }))).toBeCloseTo(-dense);
    expect(width(trainingRate({ ...llama, model: 'house model', activeParamsB: 7 }))).toBeCloseTo(-moe);
    expect(Math.min(-dense, -moe)).toBeGreaterThan(0.1);
  });

  test('decreases by 3% for each doubling beyond the largest measured run, and more without RDMA', () => {
    const { maxAccelerators: maxAccelerators } = FITTED_TRAINING.classes['H100 fp8 dense pretrain']!;
    const at = (count: number, rdma = true) =>
      trainingRate({ chip: 'H100', precision: 'fp8', paramsB: 70, count }, { rdma })!.median!;

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
        if (rate?.median === undefined) return;
        expect(rate.p25).toBeGreaterThan(0);
        expect(rate.p25).toBeLessThanOrEqual(rate.median);
        expect(rate.median).toBeLessThanOrEqual(rate.bound);
      }),
      { numRuns: 500 },
    );
  });
});
