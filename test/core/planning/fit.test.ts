import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FITTED_ROOFLINE } from '../../../lib/core/planning/catalog/fitted-roofline';
import { FITTED_SERVING } from '../../../lib/core/planning/catalog/fitted-serving';
import { FITTED_TRAINING } from '../../../lib/core/planning/catalog/fitted-training';
import { coverage, familyWeights, lowerQuartiles } from '../../../scripts/fit/report';
import { fitRidge } from '../../../scripts/fit/ridge';
import { keptRange, fullRunCoverage } from '../../../scripts/fit/full-runs';

test('runs of unseen families have the documented error', () => {
  expect(FITTED_TRAINING.errors.family).toBeLessThan(0.12);
  expect(FITTED_TRAINING.errors.random).toBeLessThan(0.07);
  expect(FITTED_SERVING.errors.random).toBeLessThan(0.1);
  expect(FITTED_SERVING.errors.family).toBeLessThan(0.14);
});

/** The page has three digits, and the tables have four. */
const ROUNDING = 0.00056;

test.each([
  ['Training', FITTED_TRAINING],
  ['Serving', FITTED_SERVING],
])('docs/accuracy.md has the errors in the table of %s', (heading, { errors }) => {
  const page = readFileSync(join(__dirname, '../../../docs/accuracy.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}:`))!;
  const stated = (name: string) => {
    const [, ...cells] = new RegExp(`^\\| ${name} \\| (\\d+) \\| ([\\d.]+) \\| ([\\d.]+) \\|$`, 'm').exec(section)!;
    return cells.map(Number);
  };
  const expected = {
    'random left out': [errors.random, errors.randomBare],
    'family left out': [errors.family, errors.familyBare],
    'chip left out': [errors.chip, errors.chipBare],
  };

  for (const [name, each] of Object.entries(expected)) {
    const [rows, ...shown] = stated(name);
    expect(rows).toBe(errors.rows);
    shown.forEach((error, at) => expect(Math.abs(error - each[at]!)).toBeLessThan(ROUNDING));
  }
});

describe('the range of a plan', () => {
  const held = (family: string, bare: number) => ({
    row: { id: family, family, suite: family, chip: 'H100', class: 'H100 bf16 dense pretrain' },
    full: 0,
    bare,
    covered: true,
  });

  test('has equal weights for families, regardless of their number of rows', () => {
    const many = Array.from({ length: 97 }, () => held('many', 0.1));
    const families = [...many, held('a', -0.3), held('b', -0.2), held('c', 0.2)];

    expect(lowerQuartiles({ family: families, chip: families } as never).class.dense).toBe(-0.3);
    expect(familyWeights(families).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(4);
  });

  test('is not narrower without runs of the class', () => {
    for (const { residuals } of [FITTED_TRAINING, FITTED_SERVING]) {
      expect(residuals.nearest.dense).toBeLessThanOrEqual(residuals.class.dense);
      expect(residuals.nearest.moe).toBeLessThanOrEqual(residuals.class.moe);
    }
  });

  test('is validated for each family with the others', () => {
    // Of three families, the slowest is below the range of the others, and the fastest is above the median.
    const [below, within, above] = coverage([held('a', -0.4), held('b', -0.1), held('c', 0.2)]);

    expect([below, within, above].map((share) => share.toFixed(2))).toEqual(['0.33', '0.33', '0.33']);
  });

  test('of full runs is estimated from the other series', () => {
    const run = (model: string, kept: number) => ({ model, chip: 'H100', published: kept, stepping: 1, kept });
    const runs = [run('A-1B', 0.5), run('A-2B', 0.5), run('B-1B', 0.7), run('C-1B', 0.9)];

    expect(keptRange(runs).median).toBeCloseTo(0.6);
    expect(fullRunCoverage(runs)).toEqual([0.5, 0, 0.5]);
  });
});

test('every coefficient is finite', () => {
  for (const { coefficients } of [FITTED_TRAINING, FITTED_SERVING]) {
    expect(Object.values(coefficients).every(Number.isFinite)).toBe(true);
  }
  expect(Object.values(FITTED_ROOFLINE).every((number) => Number.isFinite(number) && number > 0)).toBe(true);
});

describe('ridge regression', () => {
  const samples = Array.from({ length: 40 }, (_, at) => ({
    features: new Map([
      ['all', 1],
      ['slope', at / 10],
      [at % 2 === 0 ? 'even' : 'odd', 1],
    ]),
    target: 1 + (2 * at) / 10,
  }));

  test('finds a line although some rows are wrong', () => {
    const wrong = samples.map((sample, at) => (at % 10 === 3 ? { ...sample, target: 50 } : sample));
    const line = fitRidge(wrong, (name) => (name === 'all' || name === 'slope' ? 0 : 1000));

    expect(line.get('slope')).toBeCloseTo(2, 1);
  });

  test('leaves out features of a single row, and shrinks penalized coefficients to 0', () => {
    const [first, ...rest] = samples;
    const one = { ...first!, features: new Map([...first!.features, ['single', 1]]) };
    const line = fitRidge([one, ...rest], (name) => (name === 'all' || name === 'slope' ? 0 : 1e9));

    expect(line.has('single')).toBe(false);
    expect(line.get('even')).toBeCloseTo(0);
  });
});
