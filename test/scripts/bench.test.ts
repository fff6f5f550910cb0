import { row, tableOf } from '../../scripts/bench/rows';
import { growthExponent, median } from '../../scripts/bench/statistics';

describe('median', () => {
  test('returns the middle value in any order', () => expect(median([9, 1, 5])).toBe(5));

  test('returns the mean of the middle two values for an even count', () => expect(median([4, 100, 1, 2])).toBe(3));

  test('sorts numerically', () => expect(median([10, 9, 2])).toBe(9));

  test('throws without values', () => expect(() => median([])).toThrow('no values'));
});

describe('growthExponent', () => {
  const sizes = [1, 10, 25, 50];
  const costs = (cost: (n: number) => number) => sizes.map((n) => ({ n, cost: cost(n) }));

  test('is 1 for a linear cost and 2 for a quadratic cost', () => {
    expect(growthExponent(costs((n) => 40 * n))).toBeCloseTo(1);
    expect(growthExponent(costs((n) => 3 * n * n))).toBeCloseTo(2);
  });

  test('is below 1 if a fixed cost hides the growth', () => {
    expect(growthExponent(costs((n) => 500 + 40 * n))).toBeLessThan(0.5);
  });

  test('throws for a single size', () => {
    expect(() => growthExponent([{ n: 5, cost: 1 }])).toThrow('two sizes or more');
  });
});

describe('rows', () => {
  const goal = { text: '<= 1.05x', holds: (value: number, baseline: number) => value <= 1.05 * baseline };

  test('compare with a baseline and check the goal', () => {
    expect(row('synth', 'ms', 110.004, 100, goal)).toEqual({
      name: 'synth',
      value: 110,
      unit: 'ms',
      baseline: 100,
      ratio: 1.1,
      goal: { text: '<= 1.05x', met: false },
    });
    expect(row('synth', 'ms', 104, 100, goal).goal?.met).toBe(true);
  });

  test('have no comparison without a baseline', () => {
    expect(row('import', 'ms', 3)).toMatchObject({ baseline: null, ratio: null, goal: null });
  });

  test('print as columns', () => {
    expect(tableOf([row('import', 'ms', 3), row('synth', 'ms', 110, 100, goal)])).toBe(
      [
        '        value  unit  baseline  ratio  goal',
        'import      3  ms',
        'synth     110  ms         100  1.100  <= 1.05x: MISSED',
      ].join('\n'),
    );
  });
});
