import fc from 'fast-check';
import { atProbability, type PlanRange, probabilityWithin } from 'ai-infra-constructs/planning';
import { combined, dividedBy, rangeAround, spreadOf } from '../../../lib/core/planning/range';

const RANGE: PlanRange = { p10: 40, median: 50, p90: 75 };

/** A range with finite ends on both sides of its median. */
const anyRange = fc
  .record({
    median: fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
    p10: fc.double({ min: -3, max: -0.01, noNaN: true }),
    p90: fc.double({ min: 0.01, max: 3, noNaN: true }),
  })
  .map(({ median, ...spread }) => rangeAround(median, spread));

describe('the value at a probability', () => {
  test.each([
    [0.1, 40],
    [0.5, 50],
    [0.9, 75],
  ])('of %d is %d', (probability, value) => expect(atProbability(RANGE, probability)).toBeCloseTo(value, 4));

  test('of 80% is between the median and the 90th percentile', () => {
    expect(atProbability(RANGE, 0.8)).toBeGreaterThan(50);
    expect(atProbability(RANGE, 0.8)).toBeLessThan(75);
  });

  test('has that probability, and grows with it', () => {
    const share = fc.double({ min: 0.02, max: 0.98, noNaN: true });
    fc.assert(
      fc.property(anyRange, share, share, (range, a, b) => {
        expect(probabilityWithin(range, atProbability(range, a))).toBeCloseTo(a, 4);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(atProbability(range, low)).toBeLessThanOrEqual(atProbability(range, high));
      }),
    );
  });
});

test('the probability of a certain value is 0 below it, and 1 from it', () => {
  const certain = { p10: 5, median: 5, p90: 5 };
  expect([4.9, 5, 5.1].map((limit) => probabilityWithin(certain, limit))).toEqual([0, 1, 1]);
});

test('a range never exceeds its maximum, and contains its median', () => {
  expect(rangeAround(90, { p10: -0.1, p90: 0.5 }, 100)).toMatchObject({ median: 90, p90: 100 });
  expect(rangeAround(120, { p10: -0.1, p90: 0.5 }, 100)).toMatchObject({ median: 100, p90: 100 });
  fc.assert(
    fc.property(anyRange, ({ p10, median, p90 }) => {
      expect(p10).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(p90);
    }),
  );
});

test('the slowest rate takes longest', () => {
  expect(dividedBy(600, RANGE)).toEqual({ p10: 8, median: 12, p90: 15 });
});

test('the spread of a product is wider than each spread, and narrower than their sum', () => {
  const spread = spreadOf(RANGE);
  const { p10, p90 } = combined(spread, { p10: -0.1, p90: 0.2 });
  expect(p10).toBeLessThan(spread.p10);
  expect(p10).toBeGreaterThan(spread.p10 - 0.1);
  expect(p90).toBeGreaterThan(spread.p90);
  expect(p90).toBeLessThan(spread.p90 + 0.2);
});
