import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import {
  type LoraProps,
  machineNamed,
  ModelSpec,
  ServingLoad,
  TrainingJob,
  type TrainingJobProps,
} from 'ai-infra-constructs';
import { optionsFor, planTraining } from 'ai-infra-constructs/planning';
import { errorOf, problemsOf } from '../catalog/errors-of';

const BASE: TrainingJobProps = { model: ModelSpec.LLAMA_3_1_70B, tokens: 2e12 };
const job = (props: Partial<TrainingJobProps> = {}) => TrainingJob.pretrain({ ...BASE, ...props });
const wrong = (props: Partial<Record<keyof LoraProps, unknown>>) =>
  problemsOf(() => TrainingJob.lora({ ...BASE, ...props } as LoraProps));

describe('a training job', () => {
  test('has defaults that do not depend on machines, and no others', () => {
    expect(job()).toMatchObject({
      kind: 'pretrain',
      sequenceLength: 8192,
      microBatch: undefined,
      precision: 'bf16',
      optimizer: 'adam',
      recompute: undefined,
      globalBatch: undefined,
      sharding: undefined,
      parallelism: undefined,
      finishWithinSeconds: undefined,
      steps: undefined,
    });
    expect(Object.isFrozen(job())).toBe(true);
  });

  test('has sequences within the context of its model by default', () => {
    expect(job({ model: ModelSpec.LLAMA_2_7B }).sequenceLength).toBe(4096);
  });

  test('counts its steps', () => {
    expect(job({ tokens: 1e9, globalBatch: 1024 })).toMatchObject({ tokensPerStep: 8_388_608, steps: 120 });
  });

  test('has 1 for degrees that are not set', () => {
    const { parallelism } = job({ parallelism: { tensor: 8, pipeline: 4 } });
    expect(parallelism).toEqual({ tensor: 8, pipeline: 4, context: 1, expert: 1 });
    expect(Object.isFrozen(parallelism)).toBe(true);
  });

  test('trains all weights, or adapters on the attention projections', () => {
    expect(TrainingJob.fineTune(BASE)).toMatchObject({ kind: 'fine-tune', trainableParameters: BASE.model.parameters });
    // Rank · (in + out) of query, key, value and output: 80 · 16 · (16,384 + 9,216 + 9,216 + 16,384).
    expect(TrainingJob.lora(BASE)).toMatchObject({ kind: 'lora', loraRank: 16, trainableParameters: 65_536_000 });
    expect(TrainingJob.lora({ ...BASE, rank: 32 }).trainableParameters).toBe(2 * 65_536_000);
    expect(TrainingJob.lora({ ...BASE, model: ModelSpec.DEEPSEEK_V3 }).trainableParameters).toBeGreaterThan(0);
  });

  test.each<[string, Partial<Record<keyof LoraProps, unknown>>, string[]]>([
    ['no tokens', { tokens: 0 }, ['TrainingJobInvalid tokens']],
    ['tokens that are no number', { tokens: '2e12' }, ['TrainingJobInvalid tokens']],
    ['endless tokens', { tokens: Infinity }, ['TrainingJobInvalid tokens']],
    ['no model', { model: undefined }, ['TrainingJobInvalid model']],
    ['the name of a model', { model: 'Llama-3.1-70B' }, ['TrainingJobInvalid model']],
    ['half a sequence', { sequenceLength: 0.5 }, ['TrainingJobInvalid sequenceLength']],
    [
      'a batch of none',
      { globalBatch: 0, microBatch: -1, rank: NaN },
      ['TrainingJobInvalid globalBatch', 'TrainingJobInvalid microBatch', 'TrainingJobInvalid rank'],
    ],
    ['a budget of nothing', { budgetUsd: 0 }, ['TrainingJobInvalid budgetUsd']],
    [
      'choices that are none',
      { precision: 'int3', optimizer: 'lion', sharding: 3, recompute: true },
      [
        'TrainingJobInvalid precision',
        'TrainingJobInvalid optimizer',
        'TrainingJobInvalid sharding',
        'TrainingJobInvalid recompute',
      ],
    ],
    ['fewer tokens than a step', { tokens: 1e6, globalBatch: 1024 }, ['TrainingJobInvalid tokens']],
    [
      'a micro batch that does not divide the batch',
      { globalBatch: 1024, microBatch: 3 },
      ['TrainingJobInvalid microBatch'],
    ],
  ])('is rejected with %s', (_, props, expected) => {
    expect(wrong(props)).toEqual(expected);
  });

  test.each([undefined, null, 7, 'train'])('%p is rejected with a code', (props) => {
    expect(errorOf(() => TrainingJob.pretrain(props as unknown as TrainingJobProps)).code).toBe('TrainingJobInvalid');
  });
});

describe('a deadline', () => {
  test('is a CDK duration, a similar object, or days', () => {
    const seconds = 60 * 86_400;
    expect(job({ finishWithin: Duration.days(60) }).finishWithinSeconds).toBe(seconds);
    expect(job({ finishWithin: { toDays: () => 60 } }).finishWithinSeconds).toBe(seconds);
    expect(job({ finishWithinDays: 60 }).finishWithinSeconds).toBe(seconds);
  });

  test.each([
    ['both', { finishWithin: Duration.days(1), finishWithinDays: 1 }, 'finishWithinDays'],
    ['nothing', { finishWithinDays: 0 }, 'finishWithinDays'],
    ['a text', { finishWithinDays: '60' }, 'finishWithinDays'],
    ['no time', { finishWithin: Duration.seconds(0) }, 'finishWithin'],
    ['parts of a second', { finishWithin: Duration.millis(1500) }, 'finishWithin'],
    ['an object without a length', { finishWithin: {} }, 'finishWithin'],
    ['a number', { finishWithin: 60 }, 'finishWithin'],
  ])('of %s is rejected', (_, props, prop) => {
    expect(wrong(props)).toEqual([`DeadlineInvalid ${prop}`]);
  });
});

describe('a split', () => {
  const DEEPSEEK = ModelSpec.DEEPSEEK_V3;

  test.each<[string, Partial<TrainingJobProps>]>([
    [
      'Llama 3 405B as published: 126 layers in 16 stages',
      {
        model: ModelSpec.LLAMA_3_1_405B,
        parallelism: { tensor: 8, pipeline: 16, context: 16 },
        sequenceLength: 131_072,
      },
    ],
    ['DeepSeek-V3 in 16 stages and 64 expert ranks', { model: DEEPSEEK, parallelism: { pipeline: 16, expert: 64 } }],
    ['more tensor ranks than key heads, which are copied', { parallelism: { tensor: 16 } }],
    ['stages that do not divide the layers, as of BLOOM', { parallelism: { pipeline: 7 } }],
    ['interleaved stages', { parallelism: { pipeline: 4, virtualPipeline: 20 } }],
    ['replicas that divide the batch', { parallelism: { tensor: 8, data: 64 }, globalBatch: 512, microBatch: 2 }],
  ])('is accepted: %s', (_, props) => {
    expect(() => job(props)).not.toThrow();
  });

  test.each<[string, Partial<Record<keyof TrainingJobProps, unknown>>, string[]]>([
    ['ranks that do not divide the heads', { parallelism: { tensor: 7 } }, ['tensor']],
    [
      'copied key heads for ranks that do not divide the heads',
      { model: ModelSpec.QWEN2_5_14B, parallelism: { tensor: 16 } },
      ['tensor'],
    ],
    [
      'ranks that neither divide nor multiply the key heads',
      { model: ModelSpec.PHI_4, parallelism: { tensor: 4 } },
      ['tensor'],
    ],
    ['interleaved stages without a pipeline', { parallelism: { virtualPipeline: 2 } }, ['virtualPipeline']],
    ['more interleaved stages than layers', { parallelism: { pipeline: 8, virtualPipeline: 11 } }, ['virtualPipeline']],
    ['more stages than layers', { parallelism: { pipeline: 81 } }, ['pipeline']],
    ['pieces that do not divide the sequence', { parallelism: { context: 3 } }, ['context']],
    ['experts of a dense model', { parallelism: { expert: 8 } }, ['expert']],
    ['ranks that do not divide the experts', { model: DEEPSEEK, parallelism: { expert: 7 } }, ['expert']],
    ['more expert ranks than there are others', { model: DEEPSEEK, parallelism: { expert: 64, data: 8 } }, ['expert']],
    ['replicas that do not divide the batch', { globalBatch: 100, parallelism: { data: 64 } }, ['data']],
    ['parts of a rank', { parallelism: { tensor: 0.5, pipeline: 0, data: '8' } }, ['tensor', 'pipeline', 'data']],
  ])('is rejected: %s', (_, props, expected) => {
    expect(wrong(props)).toEqual(expected.map((prop) => `ParallelismInvalid parallelism.${prop}`));
  });

  test('that is not an object is rejected', () => {
    expect(wrong({ parallelism: 8 })).toEqual(['ParallelismInvalid parallelism']);
  });
});

test('every job is created or rejected with codes', () => {
  const value = fc.oneof(fc.integer({ min: -2, max: 5000 }), fc.anything());
  const props = fc.record(
    {
      tokens: value,
      sequenceLength: value,
      globalBatch: value,
      microBatch: value,
      precision: fc.anything(),
      parallelism: fc.anything(),
      finishWithin: fc.anything(),
      finishWithinDays: value,
      budgetUsd: value,
      rank: value,
    },
    { requiredKeys: [] },
  );
  const codes = ['TrainingJobInvalid', 'ParallelismInvalid', 'DeadlineInvalid'];
  fc.assert(
    fc.property(fc.constantFrom(...ModelSpec.all), props, (model, given) => {
      try {
        return TrainingJob.lora({ model, ...given } as LoraProps).trainableParameters > 0;
      } catch (error) {
        return codes.includes((error as { code: string }).code);
      }
    }),
  );
});

describe('a prop that does not exist', () => {
  test.each<[string, () => unknown, string, string]>([
    [
      'of a training job',
      () => TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e12, sequenceLenght: 4096 } as never),
      'sequenceLenght',
      'Did you mean sequenceLength?',
    ],
    [
      'of a serving load',
      () =>
        ServingLoad.of({
          model: ModelSpec.LLAMA_3_1_8B,
          inputTokens: 10,
          outputTokens: 10,
          concurrency: 1,
          tftMs: 5,
        } as never),
      'tftMs',
      'Did you mean ttftMs?',
    ],
    [
      'of a training plan',
      () =>
        planTraining({
          job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e12 }),
          machine: machineNamed('aws', 'p5.48xlarge'),
          nodes: 4,
          regoin: 'us-east-1',
        } as never),
      'regoin',
      'Did you mean region?',
    ],
    [
      'of a query for options',
      () =>
        optionsFor(TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e12 }), { cloud: 'aws' } as never),
      'cloud',
      'Did you mean clouds?',
    ],
  ])('%s is rejected with the nearest name', (_, run, prop, fix) => {
    expect(run).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ code: 'PropUnknown', prop, fix })] }),
    );
  });
});
