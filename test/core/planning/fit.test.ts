import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FITTED_SERVING } from '../../../lib/core/planning/catalog/fitted-serving';
import { FITTED_TRAINING } from '../../../lib/core/planning/catalog/fitted-training';
import { tables } from '../../../scripts/fit';
import { fitRidge } from '../../../scripts/fit/ridge';
import { dataTest } from '../../published-data';

const FOLDER = join(__dirname, '../../../lib/core/planning/catalog');

// Fits and validates anew, so the errors stated are those of these rows and this code.
dataTest(
  'the fitted tables are what scripts/fit.ts makes of the data, errors included',
  () => {
    for (const [file, text] of Object.entries(tables())) expect(readFileSync(join(FOLDER, file), 'utf8')).toBe(text);
  },
  180_000,
);

test('runs of unseen families are met as well as promised', () => {
  expect(FITTED_TRAINING.errors.family).toBeLessThan(0.12);
  expect(FITTED_TRAINING.errors.random).toBeLessThan(0.08);
  expect(FITTED_SERVING.errors.random).toBeLessThan(0.12);
  expect(FITTED_SERVING.errors.family).toBeLessThan(0.2);
});

test.each([FITTED_TRAINING, FITTED_SERVING])('docs/accuracy.md states the errors of the tables', ({ errors }) => {
  const page = readFileSync(join(__dirname, '../../../docs/accuracy.md'), 'utf8');
  const line = (name: string, rows: number, full: number, bare: number) =>
    `| ${name} | ${rows} | ${full.toFixed(3)} | ${bare.toFixed(3)} |`;

  expect(page).toContain(line('random left out', errors.rows, errors.random, errors.randomBare));
  expect(page).toContain(line('family left out', errors.familyRows, errors.family, errors.familyBare));
});

test('every coefficient is a number', () => {
  for (const { coefficients } of [FITTED_TRAINING, FITTED_SERVING]) {
    expect(Object.values(coefficients).every(Number.isFinite)).toBe(true);
  }
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

  test('finds a line, though some rows are wrong', () => {
    const wrong = samples.map((sample, at) => (at % 10 === 3 ? { ...sample, target: 50 } : sample));
    const line = fitRidge(wrong, (name) => (name === 'all' || name === 'slope' ? 0 : 1000));

    expect(line.get('slope')).toBeCloseTo(2, 1);
  });

  test('leaves out what a single row has, and draws the penalised to nought', () => {
    const [first, ...rest] = samples;
    const one = { ...first!, features: new Map([...first!.features, ['single', 1]]) };
    const line = fitRidge([one, ...rest], (name) => (name === 'all' || name === 'slope' ? 0 : 1e9));

    expect(line.has('single')).toBe(false);
    expect(line.get('even')).toBeCloseTo(0);
  });
});
