import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  needsContextParallelism,
  trainingFlopsPerToken,
  trainingTime,
  TYPICAL_GOODPUT,
  trainingRate,
} from '../../../lib/core/planning/time/training-rate';
import { FULL_RUNS } from '../../../lib/core/planning/catalog/full-runs';
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

describe('the time of a run', () => {
  test('is the work divided by rate and goodput', () => {
    const run = { ...RUN, rate: { p25: 200, median: 400 } };

    expect(trainingTime({ ...run, goodput: 1 }).p25).toBeCloseTo(2e6);
    expect(trainingTime({ ...run, goodput: 1 }).median).toBeCloseTo(1e6);
    expect(trainingTime(run).median).toBeCloseTo(1e6 / TYPICAL_GOODPUT);
  });

  test('has a range at least as wide as that of full runs', () => {
    const { p25, median } = trainingTime({ ...RUN, rate: { p25: 400, median: 400 } });

    expect(p25 / median).toBeCloseTo(FULL_RUNS.median / FULL_RUNS.p25);
    expect(trainingTime({ ...RUN, rate: { p25: 200, median: 400 } }).p25).toBeCloseTo(2 * median);
  });

  test.each([
    ['Llama 3', 651],
    ['Llama 3.1', 595],
  ])('of 70B is close to the published full run of %s, with %d tokens per second and H100', (_, published) => {
    const median = trainingRate({ chip: 'H100', paramsB: 70.6, model: 'Llama-3-70B', seqLen: 8192 })!.median!;
    const rate = { p25: median, median };
    const job = { tokens: 15e12, flopsPerToken: trainingFlopsPerToken(LLAMA_70B, 8192), accelerators: 1, rate };
    const { p25: slow, median: usual } = trainingTime(job);
    const seconds = 15e12 / published;

    // Half of all runs are faster than the median.
    expect(seconds).toBeLessThan(slow);
    expect(seconds).toBeGreaterThan(usual * 0.9);
  });

  test('of Llama 2 is within 25% of the published 1,720,320 hours of A100', () => {
    const steps = trainingRate({ chip: 'A100-80', paramsB: 69, model: 'Llama-2-70B', seqLen: 4096 })!;
    const rate = { p25: steps.p25!, median: steps.median! };
    const { median } = trainingTime({ tokens: 2e12, flopsPerToken: 6 * 69e9, accelerators: 1, rate });

    expect(median / 3600 / 1_720_320).toBeCloseTo(1, 0);
    expect(Math.abs(Math.log(median / 3600 / 1_720_320))).toBeLessThan(0.25);
  });

  test('does not grow with accelerators at the same goodput, and is finite', () => {
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

  test('rejects numbers out of range', () => {
    const wrong = () =>
      trainingTime({ tokens: 0, flopsPerToken: 1, accelerators: 0, goodput: 1.1, rate: { p25: 1, median: 1 } });

    expect(wrong).toThrow(AiInfraError);
    expect(wrong).toThrow(/tokens[^]*accelerators[^]*goodput must be greater than 0 and at most 1/);
  });
});

test('long sequences need context parallelism', () => {
  expect([
    needsContextParallelism(65_536, 1),
    needsContextParallelism(65_536, 2),
    needsContextParallelism(8192, 1),
  ]).toEqual([true, false, false]);
});
