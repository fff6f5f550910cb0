import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FITTED_ROOFLINE } from '../../../lib/core/planning/catalog/fitted-roofline';
import { FITTED_SERVING } from '../../../lib/core/planning/catalog/fitted-serving';
import { FITTED_TRAINING } from '../../../lib/core/planning/catalog/fitted-training';
import type { Evidence } from '../../../lib/core/planning/time/fitted-model';
import type { HeldOut, Observation } from '../../../scripts/fit/cross-validation';
import { judged, spreadsOf } from '../../../scripts/fit/spreads';
import { fitRidge } from '../../../scripts/fit/ridge';
import { keptRange, fullRunCoverage } from '../../../scripts/fit/full-runs';

test('runs outside the fit have the documented error', () => {
  expect(FITTED_TRAINING.errors.suite).toBeLessThan(0.18);
  expect(FITTED_TRAINING.errors.chip).toBeLessThan(0.15);
  expect(FITTED_TRAINING.errors.family).toBeLessThan(0.125);
  expect(FITTED_TRAINING.errors.random).toBeLessThan(0.085);
  expect(FITTED_SERVING.errors.random).toBeLessThan(0.11);
  expect(FITTED_SERVING.errors.suite).toBeLessThan(0.16);
  expect(FITTED_SERVING.errors.chip).toBeLessThan(0.14);
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
    'suite left out': [errors.suite, errors.suiteBare],
  };

  for (const [name, each] of Object.entries(expected)) {
    const [rows, ...shown] = stated(name);
    expect(rows).toBe(errors.rows);
    shown.forEach((error, at) => expect(Math.abs(error - each[at]!)).toBeLessThan(ROUNDING));
  }
});

test('docs/accuracy.md has ranges of training that hold 75% to 85% of the rows of suites outside the fit, and names the exceptions', () => {
  const page = readFileSync(join(__dirname, '../../../docs/accuracy.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith('Training:'))!;
  const rows = [...section.matchAll(/^\| (all|`\w+`, \w+) \| (\d+) \| \d+% \| (\d+)% \| \d+% \| ([\d.]+) \|$/gm)];
  const within = Object.fromEntries(rows.map(([, name, , share]) => [name!, Number(share)]));

  expect(within.all).toBeGreaterThanOrEqual(75);
  expect(within.all).toBeLessThanOrEqual(85);
  for (const [name, share] of Object.entries(within)) {
    expect(share).toBeGreaterThanOrEqual(55);
    if (share < 74 || share > 86) expect(section).toContain(`${name} (${share}%)`);
  }
});

describe('the range of a plan', () => {
  const held = (suite: string, full: number, grade: Evidence = 'modelled', family = suite): HeldOut<Observation> => ({
    row: { id: family, family, suite, chip: 'H100', class: 'H100 bf16 dense pretrain' },
    ...{ full, bare: 0, grade },
  });
  const suites = Array.from({ length: 40 }, (_, at) => held(`suite ${at}`, (at - 19.5) / 40));

  test('holds 80% of the rows, and more is not needed', () => {
    const { p10, p90 } = spreadsOf(suites).modelled.dense;
    const within = suites.filter(({ full }) => full >= p10 && full <= p90).length / suites.length;

    expect(within).toBeGreaterThanOrEqual(0.8);
    expect(within).toBeLessThanOrEqual(0.86);
  });

  test('is as wide below the median as above, because a new suite can be off in any direction', () => {
    const fast = suites.map(({ row, full }) => held(row.suite, 0.1 + Math.abs(full)));
    const { p10, p90 } = spreadsOf(fast).modelled.dense;

    expect(p10).toBe(-p90);
    expect(p90).toBeGreaterThan(0.4);
  });

  test('counts a suite with many rows less than its rows', () => {
    const many = Array.from({ length: 400 }, () => held('many', 0.01));

    expect(spreadsOf([...many, ...suites]).modelled.dense.p90).toBeGreaterThan(0.2);
  });

  test('of a grade with few suites is between its own width and that of all rows', () => {
    const own = Array.from({ length: 10 }, (_, at) => held(`own ${at % 2}`, 1, 'nearest'));
    const { nearest, modelled } = spreadsOf([...suites, ...own]);

    expect(nearest.dense.p90).toBeLessThan(1);
    expect(nearest.dense.p90).toBeGreaterThan(1.5 * modelled.dense.p90);
  });

  test('is not narrower for weaker evidence', () => {
    const strong = suites.map(({ row, full }) => held(row.suite, 2 * full, 'measured'));
    const spreads = spreadsOf([...strong, ...suites]);

    for (const { measured, modelled, nearest } of [FITTED_TRAINING.spreads, spreads]) {
      for (const kind of ['dense', 'moe'] as const) {
        expect(modelled[kind].p10).toBeLessThanOrEqual(measured[kind].p10);
        expect(nearest[kind].p90).toBeGreaterThanOrEqual(modelled[kind].p90);
      }
    }
  });

  test('of a suite comes from the other suites', () => {
    const far = held('far', 9);
    const judgedFar = judged([...suites, far]).find(({ row }) => row.suite === 'far')!;

    expect(judgedFar.place).toBe('above');
    expect(judgedFar.spread.p90).toBeLessThan(1);
  });

  test('of full runs is estimated from the other series', () => {
    const sizes = { parameters: 1e9, stepping: 1 };
    const run = (model: string, kept: number) => ({ model, chip: 'H100', ...sizes, published: kept, kept });
    const runs = [run('A-1B', 0.5), run('A-2B', 0.5), run('B-1B', 0.7), run('C-1B', 0.9)];

    expect(keptRange(runs).median).toBeCloseTo(0.6);
    expect(fullRunCoverage(runs)).toEqual([0.5, 0.25, 0.25]);
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
