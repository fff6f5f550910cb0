import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  needsContextParallelism,
  trainingFlopsPerToken,
  trainingTime,
  trainingRate,
} from '../../../lib/core/planning/time/training-rate';
import { paceOf } from '../../../lib/core/planning/time/goodput';
import { anyShape, DEEPSEEK_V3, expectFinite, LLAMA_70B } from './shapes';

describe('FLOP per token', () => {
  test('are six per parameter, plus attention over half the sequence', () => {
    expect(trainingFlopsPerToken(LLAMA_70B, 8192)).toBe(6 * 70.6e9 + 6 * 80 * 8192 * 8192);
    expect(trainingFlopsPerToken(LLAMA_70B, 8192, { causal: false })).toBe(6 * 70.6e9 + 12 * 80 * 8192 * 8192);
  });

  test('include the active parameters of a mixture, and no gradients of frozen weights', () => {
    expect(trainingFlopsPerToken(DEEPSEEK_V3, 1)).toBeCloseTo(6 * 37e9, -9);
    expect(trainingFlopsPerToken(LLAMA_70B, 1, { frozen: true })).toBeCloseTo(4 * 70.6e9, -9);
  });
});

const RUN = { tokens: 1e12, flopsPerToken: 4e11, accelerators: 1000 };

const SURE = { p10: 1, median: 1, p90: 1 };
const constant = (value: number) => ({ p10: value, median: value, p90: value });

describe('the time of a run', () => {
  test('is the work divided by rate and goodput', () => {
    const run = { ...RUN, rate: { p10: 200, median: 400, p90: 500 } };

    expect(trainingTime({ ...run, goodput: SURE }).p90).toBeCloseTo(2e6);
    expect(trainingTime({ ...run, goodput: SURE }).median).toBeCloseTo(1e6);
    expect(trainingTime({ ...run, goodput: SURE }).p10).toBeCloseTo(0.8e6);
    expect(trainingTime({ ...run, goodput: constant(0.5) }).median).toBeCloseTo(2e6);
  });

  test('has a range that includes the spread of the goodput', () => {
    const goodput = { p10: 0.4, median: 0.8, p90: 0.9 };
    const { p90, median } = trainingTime({ ...RUN, rate: constant(400), goodput });

    expect(p90 / median).toBeCloseTo(2);
    expect(trainingTime({ ...RUN, rate: { p10: 200, median: 400, p90: 500 }, goodput }).p90 / median).toBeCloseTo(
      Math.exp(Math.hypot(Math.log(2), Math.log(2))),
    );
  });

  const LONG = 90 * 86_400;

  test.each([
    ['Llama 3', 651],
    ['Llama 3.1', 595],
  ])('of 70B contains the published full run of %s, with %d tokens per second and H100', (_, published) => {
    const rate = trainingRate({ chip: 'H100', paramsB: 70.6, model: 'Llama-3-70B', seqLen: 8192 })!;
    const job = { tokens: 15e12, flopsPerToken: trainingFlopsPerToken(LLAMA_70B, 8192), accelerators: 1, rate };
    const { p10, p90 } = trainingTime({ ...job, goodput: paceOf(LONG) });
    const seconds = 15e12 / published;

    expect(seconds).toBeGreaterThan(p10);
    expect(seconds).toBeLessThan(p90);
  });

  test('of Llama 2 is within 25% of the published 1,720,320 hours of A100', () => {
    const rate = trainingRate({ chip: 'A100-80', paramsB: 69, model: 'Llama-2-70B', seqLen: 4096 })!;
    const run = { tokens: 2e12, flopsPerToken: 6 * 69e9, accelerators: 1, rate };
    const { median } = trainingTime({ ...run, goodput: paceOf(LONG) });

    expect(Math.abs(Math.log(median / 3600 / 1_720_320))).toBeLessThan(0.25);
  });

  test('does not grow with accelerators at the same goodput, and is finite', () => {
    const positive = (max: number) => fc.double({ min: 1e-6, max, noNaN: true });
    const runs = fc.record({
      tokens: positive(1e15),
      flopsPerToken: positive(1e15),
      accelerators: fc.integer({ min: 1, max: 1e6 }),
      rate: positive(1e5).map((median) => ({ p10: 0.8 * median, median, p90: 1.1 * median })),
      goodput: fc.double({ min: 1e-6, max: 1, noNaN: true }).map(constant),
    });
    fc.assert(
      fc.property(runs, anyShape, (run, shape) => {
        const time = trainingTime(run);
        expectFinite([time, trainingFlopsPerToken(shape, 4096)]);
        expect(trainingTime({ ...run, accelerators: run.accelerators + 1 }).median).toBeLessThan(time.median);
      }),
    );
  });

  test('rejects numbers out of range', () => {
    const wrong = () => trainingTime({ tokens: 0, flopsPerToken: 1, accelerators: 0, goodput: SURE, rate: SURE });

    expect(wrong).toThrow(AiInfraError);
    expect(wrong).toThrow(/tokens[^]*accelerators/);
    expect(() => trainingTime({ ...RUN, rate: SURE, goodput: constant(1.1) })).toThrow(
      /p10 must be greater than 0 and at most 1/,
    );
  });
});

test('long sequences need context parallelism', () => {
  expect([
    needsContextParallelism(65_536, 1),
    needsContextParallelism(65_536, 2),
    needsContextParallelism(8192, 1),
  ]).toEqual([true, false, false]);
});
