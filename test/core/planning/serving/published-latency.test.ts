import { servingRate } from '../../../../lib/core/planning/serving/serving-rate';
import { servingRuns } from '../../../../scripts/fit/data';

const meanError = (errors: readonly number[]) =>
  errors.reduce((sum, error) => sum + Math.abs(Math.log(error)), 0) / errors.length;

const batches = servingRuns()
  .filter(({ scenario }) => scenario === 'closed-batch')
  .map((run) => ({ run, rate: servingRate(run)! }));

describe('the latency of published batches', () => {
  test('per token is close to the step of the roofline', () => {
    const errors = batches.flatMap(({ run: { tpotP50Ms }, rate }) =>
      tpotP50Ms === undefined ? [] : [tpotP50Ms / 1000 / rate.stepSeconds],
    );
    expect(errors.length).toBeGreaterThan(50);
    expect(meanError(errors)).toBeLessThan(0.15);
  });

  test('of a response is close to its prompts and steps', () => {
    const errors = batches.flatMap(({ run: { latencySec, osl }, rate }) =>
      latencySec === undefined ? [] : [latencySec / (rate.batch * rate.prefillSeconds + osl * rate.stepSeconds)],
    );
    expect(errors.length).toBeGreaterThan(20);
    expect(meanError(errors)).toBeLessThan(0.15);
  });

  test('to the first token is within a factor of two on average', () => {
    const errors = batches.flatMap(({ run: { ttftP50Ms }, rate }) =>
      ttftP50Ms === undefined ? [] : [ttftP50Ms / 1000 / (rate.batch * rate.prefillSeconds + rate.stepSeconds)],
    );
    expect(errors.length).toBeGreaterThan(50);
    expect(meanError(errors)).toBeLessThan(Math.LN2);
  });
});
