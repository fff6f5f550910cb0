import fc from 'fast-check';
import {
  type Prediction,
  predictServing,
  predictTraining,
  type ServingRow,
  type TrainingRow,
} from '../../../lib/core/planning/predict';
import { dataTest, rowsOf } from '../../published-data';
import { expectFinite } from './shapes';

interface Suited {
  readonly suite: string;
  readonly kind?: string;
}

/** The median |ln error| of each suite. */
function medians<T extends Suited>(rows: readonly T[], predict: (row: T) => Prediction): Record<string, number> {
  const suites = [...new Set(rows.map(({ suite }) => suite))];
  return Object.fromEntries(
    suites.flatMap((suite) => {
      const errors = rows
        .filter((row) => row.suite === suite)
        .flatMap((row) => predict(row).lnError ?? [])
        .map(Math.abs)
        .sort((a, b) => a - b);
      return errors.length > 0 ? [[suite, errors[Math.floor(errors.length / 2)]!]] : [];
    }),
  );
}

describe('published runs, in sample', () => {
  dataTest('of training are met within 0.25 by the median of each suite', () => {
    const steps = rowsOf<TrainingRow & Suited>('training-runs.json').filter(({ kind }) => kind !== 'full-run');
    const bySuite = medians(steps, predictTraining);

    expect(Object.keys(bySuite).length).toBeGreaterThan(10);
    for (const error of Object.values(bySuite)) expect(error).toBeLessThan(0.25);
  });

  dataTest('of whole training runs, which no step rate tells, are met within 0.35 by their median', () => {
    const whole = rowsOf<TrainingRow & Suited>('training-runs.json').filter(({ kind }) => kind === 'full-run');

    expect(medians(whole, predictTraining)['full-run']).toBeLessThan(0.35);
  });

  dataTest('of serving are met within 0.20 by the median of each suite', () => {
    const bySuite = medians(rowsOf<ServingRow & Suited>('inference-runs.json'), predictServing);

    expect(Object.keys(bySuite)).toEqual(['aws-neuron', 'trtllm-v0.5', 'trtllm-v1.x']);
    for (const error of Object.values(bySuite)) expect(error).toBeLessThan(0.2);
  });
});

describe('a row', () => {
  test('is compared with what was published', () => {
    const row = { chip: 'H100', paramsB: 70.6, precision: 'FP8', tflopsPerChip: 700, cp: null as never };
    const { predicted, published, lnError } = predictTraining(row);

    expect(published).toBe(700);
    expect(lnError).toBeCloseTo(Math.log(700 / predicted!));
  });

  test('of a whole run counts the hours in which nothing stepped', () => {
    const row = { chip: 'H100', paramsB: 70.6, count: 1024 };

    expect(predictTraining({ ...row, kind: 'full-run' }).predicted! / predictTraining(row).predicted!).toBeCloseTo(0.9);
  });

  test('without a measurement says why', () => {
    expect(predictTraining({ chip: 'Trainium2', paramsB: 8 })).toMatchObject({
      evidence: 'no measurement',
      reason: 'no published run of this class',
    });
    expect(predictTraining({ chip: 'H900', tflopsPerChip: 5 })).toEqual({
      evidence: 'no measurement',
      reason: 'unknown chip, precision or model size',
      published: 5,
    });
    expect(predictServing({ chip: 'H100' }).evidence).toBe('no measurement');
  });

  test('throws for nothing', () => {
    const keys = fc.constantFrom(
      'chip',
      'paramsB',
      'precision',
      'kind',
      'model',
      'seqLen',
      'count',
      'release',
      'isl',
      'osl',
      'batch',
      'dep',
      'suite',
      'shape',
      'network',
    );
    const values = fc.oneof(
      fc.anything(),
      fc.constantFrom('H100', 'B200', 'fp8', 'Llama-3-8B', 'GPT-OSS-20B', 8, 1000),
    );
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(keys, values), fc.anything()), (row) => {
        expectFinite(predictTraining(row as TrainingRow));
        expectFinite(predictServing(row as ServingRow));
      }),
      { numRuns: 1000 },
    );
  });
});
