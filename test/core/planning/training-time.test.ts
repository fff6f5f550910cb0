import fc from 'fast-check';
import { AiInfraError } from '../../../lib/core/errors';
import {
  defaultGoodput,
  needsContextParallelism,
  trainingFlopsPerToken,
  trainingTime,
} from '../../../lib/core/planning/training-time';
import { anyShape, DEEPSEEK_V3, expectFinite, LLAMA_70B } from './shapes';

describe('FLOP of a token', () => {
  test('are six a parameter, and attention over half the sequence', () => {
    expect(trainingFlopsPerToken(LLAMA_70B, 8192)).toBe(6 * 70.6e9 + 6 * 80 * 8192 * 8192);
    expect(trainingFlopsPerToken(LLAMA_70B, 8192, { causal: false })).toBe(6 * 70.6e9 + 12 * 80 * 8192 * 8192);
  });

  test('count active parameters of a mixture, and no gradients of frozen weights', () => {
    expect(trainingFlopsPerToken(DEEPSEEK_V3, 1)).toBeCloseTo(6 * 37e9, -9);
    expect(trainingFlopsPerToken(LLAMA_70B, 1, { frozen: true })).toBeCloseTo(4 * 70.6e9, -9);
  });
});

describe('the time of a run', () => {
  test('is the work over the rate and the goodput', () => {
    const run = { tokens: 1e12, flopsPerToken: 4e11, accelerators: 1000, rate: { p25: 200, median: 400 } };

    expect(trainingTime({ ...run, goodput: 1 }).p25).toBeCloseTo(2e6);
    expect(trainingTime({ ...run, goodput: 1 }).median).toBeCloseTo(1e6);
    expect(trainingTime(run).median).toBeCloseTo(1e6 / 0.9);
    expect(trainingTime({ ...run, accelerators: 10_000 }).median).toBeCloseTo(1e5 / 0.8);
  });

  test('of Llama 2 is within 25 % of the published hours at the rates of the class', () => {
    // 70B: 1,720,320 hours of A100; 47.8 % of the peak is the median of the class.
    const rate = { p25: 105, median: 149 };
    const { median } = trainingTime({ tokens: 2e12, flopsPerToken: 6 * 69e9, accelerators: 1, rate });

    expect(median / 3600 / 1_720_320).toBeCloseTo(1, 0);
    expect(Math.abs(Math.log(median / 3600 / 1_720_320))).toBeLessThan(0.25);
  });

  test('never grows with accelerators of one goodput, and no number is none', () => {
    const positive = (max: number) => fc.double({ min: 1e-6, max, noNaN: true });
    const runs = fc.record({
      tokens: positive(1e15),
      flopsPerToken: positive(1e15),
      accelerators: fc.integer({ min: 1, max: 1e6 }),
      rate: fc.record({ p25: positive(1e5), median: positive(1e5) }),
      goodput: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(runs, anyShape, (run, shape) => {
        const time = trainingTime(run);
        expectFinite([time, trainingFlopsPerToken(shape, 4096)]);
        expect(trainingTime({ ...run, accelerators: run.accelerators + 1 }).median).toBeLessThan(time.median);
      }),
    );
  });

  test('needs numbers in range', () => {
    const wrong = () =>
      trainingTime({ tokens: 0, flopsPerToken: 1, accelerators: 0, goodput: 1.1, rate: { p25: 1, median: 1 } });

    expect(wrong).toThrow(AiInfraError);
    expect(wrong).toThrow(/tokens[^]*accelerators[^]*goodput must be above 0 and at most 1/);
  });
});

test('goodput falls where failures are many', () => {
  expect([4096, 4097].map(defaultGoodput)).toEqual([0.9, 0.8]);
});

test('long sequences want to be split', () => {
  expect([
    needsContextParallelism(65_536, 1),
    needsContextParallelism(65_536, 2),
    needsContextParallelism(8192, 1),
  ]).toEqual([true, false, false]);
});
