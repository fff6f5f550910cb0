import fc from 'fast-check';
import {
  type Prediction,
  predictServing,
  predictTraining,
  type ServingRow,
  type TrainingRow,
} from '../../../../lib/core/planning/time/predict';
import { chipByAlias } from '../../../../lib/core/planning/named-chip';
import { FULL_RUNS } from '../../../../lib/core/planning/catalog/full-runs';
import { dataFile } from '../../../../scripts/data';
import { expectFinite } from '../shapes';

interface Suited {
  readonly suite: string;
  readonly kind?: string;
}

/** Returns the median |ln error| of each suite. */
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
  test('of training are met within 0.25 by the median of each suite', () => {
    const files = ['training-runs.json', 'training-runs-2.json'];
    const rows = files.flatMap((file) => dataFile<TrainingRow & Suited>(file).rows);
    const bySuite = medians(
      rows.filter(({ kind }) => kind !== 'full-run'),
      predictTraining,
    );

    expect(Object.keys(bySuite).length).toBeGreaterThan(16);
    for (const error of Object.values(bySuite)) expect(error).toBeLessThan(0.25);
  });

  test('of whole training runs, which include hours without steps, are met within 0.35 by their median', () => {
    const whole = dataFile<TrainingRow & Suited>('training-runs.json').rows.filter(({ kind }) => kind === 'full-run');

    expect(medians(whole, predictTraining)['full-run']).toBeLessThan(0.35);
  });

  test('of serving are met within 0.20 by the median of each suite', () => {
    const bySuite = medians(dataFile<ServingRow & Suited>('inference-runs.json').rows, predictServing);

    expect(Object.keys(bySuite)).toEqual(['aws-neuron', 'trtllm-v0.5', 'trtllm-v1.x']);
    for (const error of Object.values(bySuite)) expect(error).toBeLessThan(0.2);
  });
});

describe('a published row', () => {
  test('is compared with the published value', () => {
    const row = { chip: 'H100', paramsB: 70.6, precision: 'FP8', tflopsPerChip: 700, cp: null as never };
    const { predicted, published, lnError } = predictTraining(row);

    expect(published).toBe(700);
    expect(lnError).toBeCloseTo(Math.log(700 / predicted!));
  });

  test('of a full run includes the hours without steps', () => {
    const row = { chip: 'H100', paramsB: 70.6, count: 1024 };
    const [whole, step] = [predictTraining({ ...row, kind: 'full-run' }), predictTraining(row)];

    expect(whole.predicted! / step.predicted!).toBeCloseTo(FULL_RUNS.kept.median);
    expect(whole.p90! / whole.p10!).toBeGreaterThan(step.p90! / step.p10!);
  });

  test('has a range around the prediction', () => {
    const { p10, predicted, p90 } = predictTraining({ chip: 'H100', paramsB: 70.6, precision: 'FP8' });

    expect(p10).toBeLessThan(predicted!);
    expect(p90).toBeGreaterThan(predicted!);
  });

  test('that counts attention without the causal half has a higher rate, in proportion to that half', () => {
    const row = { chip: 'H100', model: 'Llama-3-8B', paramsB: 8.03, count: 1024, seqLen: 1_048_576, cp: 64 };
    const causal = predictTraining(row).predicted!;

    expect(predictTraining({ ...row, flops: 'full attention' }).predicted! / causal).toBeGreaterThan(1.9);
    expect(predictTraining({ ...row, flops: 'computed' }).predicted).toBe(causal);
  });

  test('without a measurement has a reason', () => {
    expect(predictTraining({ chip: 'Trainium2', paramsB: 8, tflopsPerChip: 300 })).toEqual({
      evidence: 'nearest',
      class: 'Trainium2 bf16 dense pretrain',
      ...{ predicted: expect.any(Number), p10: expect.any(Number), p90: expect.any(Number) },
      published: 300,
      lnError: expect.any(Number),
      reason: expect.stringMatching(
        /^nearest: no published run of this class, estimated from H100 bf16 dense pretrain, /,
      ),
    });
    expect(predictTraining({ chip: 'TPU v4', paramsB: 70, activeParamsB: 8 }).reason).toMatch(/TPU v4 bf16 dense/);
    expect(
      predictServing({ chip: 'MI325X', count: 4, model: 'Llama-3-70B', precision: 'fp8', isl: 9, osl: 9 }),
    ).toMatchObject({
      evidence: 'nearest',
      reason:
        'nearest: no published run of this class, estimated from H200 fp8 dense, H100 fp8 dense, MI300X fp8 dense',
    });
    expect(predictTraining({ chip: 'H900', tflopsPerChip: 5 })).toEqual({
      evidence: 'no measurement',
      reason: 'unknown chip, precision or model size',
      published: 5,
    });
    expect(predictServing({ chip: 'H100' }).evidence).toBe('no measurement');
  });

  test.each([
    ['H100', 'NVIDIA H100 SXM5 80GB'],
    ['H100', 'h100-80gb'],
    ['H100', '8x H100'],
    ['H100-NVL', 'H100 NVL'],
    ['GB200', 'GB200 NVL72'],
    ['A100-40', 'A100 40GB'],
    ['A100-80', 'A100-SXM4-80GB'],
    ['A100-80', 'A100'],
    ['A100-80-PCIe', 'A100 PCIe 80GB'],
    ['TPU v5p', 'tpu-v5p'],
    ['TPU v6e', 'Trillium'],
    ['Trainium2', 'trn2'],
    [undefined, 'V100'],
    [undefined, '(.*)'],
    [undefined, ''],
  ])('has the chip %s for the name %s', (id, chip) => {
    expect(chipByAlias(chip)).toBe(id);
  });

  test('without a precision has the most frequent precision on its chip', () => {
    const row = { model: 'DeepSeek-R1', count: 4, dep: 4, isl: 1024, osl: 8192 };

    expect(predictServing({ ...row, chip: 'B200' }).class).toBe('B200 fp4 moe');
    expect(predictTraining({ chip: 'B200', paramsB: 70 }).class).toBe('B200 fp4 dense pretrain');
    expect(predictTraining({ chip: 'L40S', paramsB: 70 }).class).toBe('L40S bf16 dense pretrain');
  });

  test('without tensor parallelism has data-parallel attention', () => {
    const row = { chip: 'H100', model: 'Mixtral-8x7B', count: 4, precision: 'fp8', isl: 1024, osl: 8192 };
    const spread = predictServing({ ...row, dep: 4 }).predicted!;

    expect(predictServing({ ...row, tp: 1 }).predicted).toBe(spread);
    expect(predictServing({ ...row, tp: 4 }).predicted).not.toBe(spread);
  });

  test('of many experts can have data-parallel attention with any stated split', () => {
    const row = { chip: 'B200', model: 'DeepSeek-R1', count: 4, precision: 'fp4', isl: 1024, osl: 8192 };
    const spread = predictServing({ ...row, dep: 4 }).predicted!;

    expect(predictServing({ ...row, tp: 4 }).predicted).toBe(spread);
    expect(predictServing({ ...row, chip: 'RTXPRO6000', tp: 4 }).predicted).not.toBe(
      predictServing({ ...row, chip: 'RTXPRO6000', dep: 4 }).predicted,
    );
  });

  test('whose weights do not fit has a reason', () => {
    const row = { chip: 'B200', model: 'Llama-3.1-405B', count: 4, precision: 'bf16', isl: 1024, osl: 8192 };

    expect(predictServing({ ...row, outputTokPerSec: 9 })).toEqual({
      class: 'B200 bf16 dense',
      evidence: 'no measurement',
      published: 9,
      reason: 'in that precision, the weights do not fit in the memory of the accelerators',
    });
  });

  test('of a Neuron chip without a batch uses the largest published batch', () => {
    const row = { chip: 'Trainium1', count: 16, model: 'Llama-3-8B', precision: 'bf16', isl: 128, osl: 1024 };
    const { predicted } = predictServing(row);

    expect(predicted! / predictServing({ ...row, batch: 8 }).predicted!).toBeCloseTo(1, 1);
  });

  test('can have the chip in another field', () => {
    const row = { paramsB: 8, count: 8 };
    const published = predictTraining({ ...row, chip: 'A100-40' });

    expect(predictTraining({ ...row, accelerator: 'A100', acceleratorMemGB: 40 })).toEqual(published);
    expect(predictTraining({ ...row, chip: 'A100 40GB', precision: 'bfloat16' })).toEqual(published);
  });

  // An object without a string conversion.
  const nothing = { toString: '' };
  const NO_TEXTS = [
    { kind: nothing },
    { activationCheckpointing: nothing },
    { accelerator: nothing, acceleratorMemGB: 40 },
    { model: nothing, paramsB: 8, chip: 'H100', count: 8 },
  ];

  test('never throws', () => {
    const keys = fc.constantFrom(
      'chip',
      'accelerator',
      'acceleratorMemGB',
      'activationCheckpointing',
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
      { numRuns: 1000, examples: NO_TEXTS.map((row): [unknown] => [row]) },
    );
  });
});
