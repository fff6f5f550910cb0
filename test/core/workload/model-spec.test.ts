import fc from 'fast-check';
import { type ModelShape, ModelSpec } from 'ai-infra-constructs';
import { errorOf, problemsOf } from '../catalog/errors-of';

const SMALL: ModelShape = { name: 'small', layers: 4, hidden: 64, heads: 4, vocabulary: 1000, intermediate: 256 };

describe('a model in the table', () => {
  test('is a static, in the list, and found by name in any case', () => {
    expect(ModelSpec.LLAMA_3_1_70B).toBe(ModelSpec.fromName('llama-3.1-70b'));
    expect(ModelSpec.all).toContain(ModelSpec.QWEN3_235B_A22B);
    expect(String(ModelSpec.GPT_OSS_120B)).toBe('gpt-oss-120b');
  });

  test.each(['Lama-3.1-70B', '', 7, undefined])('is not found as %p, with suggestions', (name) => {
    const error = errorOf(() => ModelSpec.fromName(name as string));
    expect(error.code).toBe('ModelUnknown');
    if (name === 'Lama-3.1-70B') expect(error.message).toMatch(/Did you mean Llama-3\.1-70B/);
  });

  test.each([
    ['meta-llama/Llama-3.1-70B-Instruct', 'Llama-3.1-70B'],
    ['meta-llama/Meta-Llama-3-8B', 'Llama-3-8B'],
    ['deepseek-ai/DeepSeek-R1-0528', 'DeepSeek-R1'],
    ['openai/gpt-oss-120b', 'gpt-oss-120b'],
  ])('is found by the Hugging Face ID %s', (id, name) => expect(ModelSpec.fromName(id).name).toBe(name));

  test.each([
    'deepseek-ai/DeepSeek-R1-Distill-Llama-70B',
    'org/Llama-3.1-70Bx',
    'Llama-3.1-70B-Instruct',
    'a/b/Llama-3.1-8B',
  ])('is not found by %s', (id) => expect(errorOf(() => ModelSpec.fromName(id)).code).toBe('ModelUnknown'));

  // Figures from model cards and papers.
  test.each([
    ['Llama-2-7B', 6.738e9],
    ['Llama-3.1-8B', 8.03e9],
    ['Llama-3.1-70B', 70.55e9],
    ['Llama-3.1-405B', 405.85e9],
    ['Mixtral-8x7B', 46.7e9],
    ['Qwen3-30B-A3B', 30.53e9],
    ['DeepSeek-V3', 671.03e9],
    ['gpt-oss-120b', 116.8e9],
    ['BLOOM-176B', 176.24e9],
    ['GPT-3-175B', 174.6e9],
  ])('%s has %d parameters', (name, parameters) => {
    expect(ModelSpec.fromName(name).parameters / parameters).toBeCloseTo(1, 2);
  });

  test.each([
    ['Mixtral-8x7B', 12.9e9],
    ['Mixtral-8x22B', 39.1e9],
    ['Qwen3-30B-A3B', 3.35e9],
    ['Qwen3-235B-A22B', 22.2e9],
    ['DeepSeek-V3', 37.55e9],
  ])('%s has %d active parameters', (name, active) => {
    expect(ModelSpec.fromName(name).activeParameters / active).toBeCloseTo(1, 2);
  });

  test('has only active parameters if it is dense', () => {
    const dense = ModelSpec.all.filter(({ isMoe }) => !isMoe);
    expect(dense.filter(({ activeParameters, parameters }) => activeParameters !== parameters)).toEqual([]);
  });

  test.each([
    ['Llama-3.1-8B', 128],
    ['Llama-3.1-70B', 320],
    ['Llama-3.1-405B', 504],
    ['Llama-2-7B', 512],
    ['DeepSeek-V3', 68.625],
  ])('%s has %d KiB of KV cache per token in bf16, and half in fp8', (name, kib) => {
    expect(ModelSpec.fromName(name).kvBytesPerToken() / 1024).toBe(kib);
    expect(ModelSpec.fromName(name).kvBytesPerToken(1) / 1024).toBe(kib / 2);
  });

  test('is immutable', () => {
    expect(ModelSpec.all.every((spec) => Object.isFrozen(spec))).toBe(true);
    expect(Object.isFrozen(ModelSpec.DEEPSEEK_V3.moe) && Object.isFrozen(ModelSpec.DEEPSEEK_V3.mla)).toBe(true);
  });
});

describe('a model from its shape', () => {
  test('has defaults for missing values', () => {
    expect(ModelSpec.of(SMALL)).toMatchObject({
      kvHeads: 4,
      headDim: 16,
      gatedMlp: true,
      tiedEmbeddings: false,
      isMoe: false,
    });
    const moe = { experts: 8, activeExperts: 2, expertIntermediate: 32, layers: undefined };
    expect(ModelSpec.of({ ...SMALL, moe }).moe).toEqual({
      experts: 8,
      activeExperts: 2,
      expertIntermediate: 32,
      sharedExperts: 0,
      layers: 4,
    });
  });

  test('has a KV cache for full-attention layers only', () => {
    const half = ModelSpec.of({ ...SMALL, globalLayers: 2 });
    expect(half.kvBytesPerToken()).toBe(ModelSpec.of(SMALL).kvBytesPerToken() / 2);
  });

  test('counts each part', () => {
    const { count, parameters } = ModelSpec.of(SMALL);
    expect(count).toMatchObject({
      embedding: 128_000,
      attention: 4 * 4 * 64 * 64,
      norms: 9 * 64,
      denseMlp: 4 * 3 * 64 * 256,
    });
    expect(parameters).toBe(128_000 + 65_536 + 576 + 196_608);
  });

  test('copies the shape', () => {
    const moe = { experts: 8, activeExperts: 2, expertIntermediate: 32 };
    const spec = ModelSpec.of({ ...SMALL, moe });
    moe.experts = 16;
    expect(spec.moe?.experts).toBe(8);
  });

  test.each<[string, Partial<Record<keyof ModelShape, unknown>>, string[]]>([
    ['no name', { name: '' }, ['ModelInvalid name']],
    ['no layers', { layers: 0 }, ['ModelInvalid layers']],
    [
      'text for numbers',
      { layers: '4', hidden: NaN, heads: null },
      ['ModelInvalid layers', 'ModelInvalid hidden', 'ModelInvalid heads'],
    ],
    ['heads that do not divide the hidden size', { heads: 5 }, ['ModelInvalid heads']],
    ['key heads that do not divide the heads', { kvHeads: 3 }, ['ModelInvalid kvHeads']],
    ['more key heads than heads', { kvHeads: 8 }, ['ModelInvalid kvHeads']],
    ['more layers that see all than layers', { globalLayers: 5 }, ['ModelInvalid globalLayers']],
    ['no layer that sees all', { globalLayers: 0 }, ['ModelInvalid globalLayers']],
    ['weights of no size', { publishedWeightBytes: 0 }, ['ModelInvalid publishedWeightBytes']],
    ['weights published in full', { publishedWeightBytes: 2 }, ['ModelInvalid publishedWeightBytes']],
    ['a text for the size of weights', { publishedWeightBytes: '1' }, ['ModelInvalid publishedWeightBytes']],
    ['no MLP at all', { intermediate: undefined }, ['ModelInvalid intermediate']],
    [
      'more active experts than experts',
      { moe: { experts: 2, activeExperts: 4, expertIntermediate: 8 } },
      ['ModelInvalid moe.activeExperts'],
    ],
    [
      'more expert layers than layers',
      { moe: { experts: 2, activeExperts: 1, expertIntermediate: 8, layers: 5 } },
      ['ModelInvalid moe.layers'],
    ],
    ['experts that are none', { moe: null }, ['ModelInvalid moe.experts']],
    ['a latent that is none', { mla: 7 }, ['ModelInvalid mla.kvLoraRank']],
    [
      'a latent without rank',
      { mla: { qkNopeHeadDim: 8, qkRopeHeadDim: 8, vHeadDim: 8, qLoraRank: 0 } },
      ['ModelInvalid mla.kvLoraRank', 'ModelInvalid mla.qLoraRank'],
    ],
    ['a flag that is none', { gatedMlp: 'yes' }, ['ModelInvalid gatedMlp']],
    ['negative positions', { positions: -1 }, ['ModelInvalid positions']],
    ['a stated size far off', { statedParameters: 7e9 }, ['ModelInvalid statedParameters']],
    ['a stated active size far off', { statedActiveParameters: 1 }, ['ModelInvalid statedActiveParameters']],
  ])('is rejected with %s', (_, change, expected) => {
    expect(problemsOf(() => ModelSpec.of({ ...SMALL, ...change } as ModelShape))).toEqual(expected);
  });

  test('can have heads that do not divide the hidden size, if their size is set', () => {
    expect(ModelSpec.of({ ...SMALL, heads: 5, headDim: 16 }).kvBytesPerToken()).toBe(2 * 4 * 5 * 16 * 2);
  });

  test.each([undefined, null, 7, 'llama', []])('%p is rejected with a code', (shape) => {
    expect(errorOf(() => ModelSpec.of(shape as unknown as ModelShape)).code).toBe('ModelInvalid');
  });
});

const anyValue = fc.oneof(fc.integer({ min: -1, max: 300 }), fc.anything());
const anyShape = fc.record(
  {
    name: fc.oneof(fc.string(), fc.anything()),
    layers: anyValue,
    hidden: anyValue,
    heads: anyValue,
    kvHeads: anyValue,
    headDim: anyValue,
    vocabulary: anyValue,
    intermediate: anyValue,
    positions: anyValue,
    moe: fc.anything(),
    mla: fc.anything(),
  },
  { requiredKeys: [] },
);
const goodShape = fc
  .record({
    headDim: fc.integer({ min: 1, max: 256 }),
    kvHeads: fc.integer({ min: 1, max: 16 }),
    group: fc.integer({ min: 1, max: 16 }),
    layers: fc.integer({ min: 1, max: 200 }),
    vocabulary: fc.integer({ min: 1, max: 300_000 }),
    intermediate: fc.integer({ min: 1, max: 100_000 }),
    experts: fc.integer({ min: 1, max: 512 }),
    active: fc.integer({ min: 1, max: 512 }),
    gatedMlp: fc.boolean(),
    tiedEmbeddings: fc.boolean(),
    isMoe: fc.boolean(),
  })
  .map(({ group, kvHeads, experts, active, isMoe, ...rest }): ModelShape => ({
    ...rest,
    name: 'any',
    kvHeads,
    heads: group * kvHeads,
    hidden: group * kvHeads * rest.headDim,
    ...(isMoe && { moe: { experts, activeExperts: Math.min(active, experts), expertIntermediate: rest.intermediate } }),
  }));

describe('any model', () => {
  test('has finite positive sizes, and at most all parameters active', () => {
    fc.assert(
      fc.property(goodShape, (shape) => {
        const spec = ModelSpec.of(shape);
        const figures = [spec.parameters, spec.activeParameters, spec.kvBytesPerToken()];
        return (
          figures.every((figure) => Number.isFinite(figure) && figure > 0) && spec.activeParameters <= spec.parameters
        );
      }),
    );
  });

  test('grows with layers, vocabulary and experts', () => {
    fc.assert(
      fc.property(goodShape, (shape) => {
        const { parameters } = ModelSpec.of(shape);
        const larger = (change: Partial<ModelShape>) => ModelSpec.of({ ...shape, ...change }).parameters > parameters;
        const moe = shape.moe && { ...shape.moe, experts: shape.moe.experts + 1 };
        return (
          larger({ layers: shape.layers + 1 }) &&
          larger({ vocabulary: shape.vocabulary + 1 }) &&
          (!moe || larger({ moe }))
        );
      }),
    );
  });

  test('is created or rejected with codes for any input', () => {
    fc.assert(
      fc.property(fc.oneof(anyShape, fc.anything()), (shape) => {
        try {
          return ModelSpec.of(shape as ModelShape).parameters > 0;
        } catch (error) {
          return (error as { code?: string }).code === 'ModelInvalid';
        }
      }),
    );
  });
});
