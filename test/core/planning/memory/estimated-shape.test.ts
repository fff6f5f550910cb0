import fc from 'fast-check';
import { ModelSpec } from 'ai-infra-constructs';
import {
  estimatedShape,
  estimatedSizes,
  sizesInName,
  sizesNamed,
} from '../../../../lib/core/planning/memory/estimated-shape';
import { checkShape } from '../../../../lib/core/planning/memory/model-shape';
import { modelByAlias, shapeNamed } from '../../../../lib/core/planning/named-model';
import { predictServing, predictTraining } from '../../../../lib/core/planning/time/predict';
import { expectFinite } from '../shapes';

describe('the name of a model', () => {
  test.each([
    ['meta-llama/Meta-Llama-3.1-8B-Instruct', 'Llama-3-8B'],
    ['llama2-70b-99.9', 'Llama-2-70B'],
    ['mixtral-8x7b', 'Mixtral-8x7B'],
    ['gptj-99', 'GPT-J-6B'],
    ['llama3_1-405b', 'Llama-3.1-405B'],
    ['llama-3-8b', 'Llama-3-8B'],
    ['DeepSeek-R1-0528', 'DeepSeek-R1'],
    ['DeepSeekV3 (w/ MTP)', 'DeepSeek-V3'],
    ['Qwen3-30B', 'Qwen3-30B-A3B'],
    ['Llama-4-Maverick-17B-128E-Instruct', 'Llama-4-Maverick'],
    ['CodeLlama-34B', 'CodeLlama-34B'],
    ['google/gemma-3-27b-it', 'Gemma-3-27B'],
    ['Mistral-7B-Instruct-v0.3', 'Mistral-7B'],
  ])('%s is the model %s', (name, meant) => {
    expect(modelByAlias(name)?.name).toBe(meant);
  });

  test.each(['DeepSeek-R1-Distill-Llama-70B', 'Foo-13B', '', undefined, 7])('%p is not in the table', (name) => {
    expect(modelByAlias(name)).toBeUndefined();
  });

  test.each([
    ['Foo-13B', { paramsB: 13 }],
    ['foo_1.5b_chat', { paramsB: 1.5 }],
    ['Foo-500M', { paramsB: 0.5 }],
    ['Foo-1T-A32B', { paramsB: 1000, activeParamsB: 32 }],
    ['Foo-30B-A3B', { paramsB: 30, activeParamsB: 3 }],
    ['DeepSeek-R1-Distill-Llama-70B', { paramsB: 70 }],
    ['Foo-v3.1', {}],
    ['Foo-0B', {}],
    ['Foo-0x7B', {}],
    [7, {}],
  ])('%p has sizes', (name, sizes) => {
    expect(sizesInName(name)).toEqual(sizes);
  });

  test('that multiplies experts has less than their product, like models in the table', () => {
    const { paramsB, activeParamsB } = sizesInName('Foo-8x7B');

    expect(paramsB! / (ModelSpec.MIXTRAL_8X7B.parameters / 1e9)).toBeCloseTo(1, 1);
    expect(activeParamsB! / (ModelSpec.MIXTRAL_8X7B.activeParameters / 1e9)).toBeCloseTo(1, 1);
  });

  test('in the table has the sizes of the model', () => {
    expect(sizesNamed('DeepSeek-V3').paramsB).toBeCloseTo(671, 0);
    expect(sizesNamed('Llama-3-8B')).not.toHaveProperty('activeParamsB');
  });
});

describe('the sizes of a model', () => {
  test('are from the row, then the table, then the name, then the layers', () => {
    expect(estimatedSizes({ model: 'Llama-3-8B', paramsB: 9 })).toEqual({ paramsB: 9 });
    expect(estimatedSizes({ model: 'Llama-3-8B' })).toEqual({ paramsB: ModelSpec.LLAMA_3_8B.parameters / 1e9 });
    expect(estimatedSizes({ model: 'Foo-13B', layers: 2, hidden: 64 })).toEqual({
      paramsB: 13,
      estimate: "size from the name 'Foo-13B'",
    });
    const { paramsB, estimate } = estimatedSizes({ layers: 96, hidden: 12_288 });
    expect(paramsB! / 174.6).toBeCloseTo(1, 1);
    expect(estimate).toBe('size estimated from 96 layers of width 12288');
    expect(estimatedSizes({ model: 'Foo' })).toEqual({});
  });

  test('have no active part in a dense row, regardless of the name', () => {
    expect(estimatedSizes({ model: 'DeepSeek-V3', paramsB: 671, dense: true })).toEqual({ paramsB: 671 });
  });
});

describe('an estimated shape', () => {
  test('is close to the shape of a model of the same size', () => {
    for (const model of [ModelSpec.LLAMA_3_70B, ModelSpec.LLAMA_3_1_405B, ModelSpec.GPT_OSS_120B]) {
      const paramsB = model.parameters / 1e9;
      const activeParamsB = model.activeParameters / 1e9;
      const { shape } = estimatedShape({ paramsB, activeParamsB })!;

      expect(shape.parameters).toBeCloseTo(model.parameters, -3);
      expect(Math.abs(Math.log(shape.layers / model.layers))).toBeLessThan(0.2);
      expect(Math.abs(Math.log(shape.hidden / model.hidden))).toBeLessThan(0.2);
    }
  });

  test('is between its neighbors, and states its basis', () => {
    const { shape, estimate } = estimatedShape({ model: 'Foo-50B' })!;

    expect(estimate).toBe('shape estimated from 50 B parameters');
    expect(shape.layers).toBeGreaterThan(48);
    expect(shape.layers).toBeLessThan(80);
    expect(shape.hidden).toBeGreaterThan(5120);
    expect(shape.hidden).toBeLessThan(8192);
  });

  test('keeps the values of the row', () => {
    const { shape } = estimatedShape({ paramsB: 13, layers: 36, hidden: 5632, heads: 44 })!;

    expect(shape).toMatchObject({ layers: 36, hidden: 5632, heads: 44, headDim: 128 });
  });

  test('is undefined without a plausible size', () => {
    expect(estimatedShape({ model: 'Foo' })).toBeUndefined();
    expect(estimatedShape({ paramsB: 1e14 })).toBeUndefined();
  });

  test('is valid for any row', () => {
    const odd = fc.oneof(fc.double(), fc.integer(), fc.constantFrom('8', undefined, 1e300, -1));
    const traits = { paramsB: odd, activeParamsB: odd, layers: odd, hidden: odd, heads: odd };
    fc.assert(
      fc.property(fc.record({ ...traits, model: fc.oneof(fc.string(), odd) }), (row) => {
        const found = estimatedShape(row);
        if (!found) return;
        checkShape(found.shape);
        expectFinite(found.shape);
      }),
    );
  });
});

describe('a prediction for a model that is not in the table', () => {
  const served = { chip: 'H100', count: 4, precision: 'fp8', isl: 1000, osl: 1000 };

  test('states its basis in the class', () => {
    expect(predictServing({ ...served, model: 'Foo-30B-A3B' })).toMatchObject({
      class: 'H100 fp8 moe, shape estimated from 30 B, 3 B active parameters',
      predicted: expect.any(Number),
    });
    expect(predictTraining({ chip: 'H100', model: 'Foo-13B' }).class).toMatch(/, size from the name 'Foo-13B'$/);
  });

  test('states its basis if the model is too large for the accelerators', () => {
    expect(predictServing({ ...served, count: 1, model: 'Foo-300B' })).toMatchObject({
      class: 'H100 fp8 dense, shape estimated from 300 B parameters',
      reason: expect.stringMatching(/do not fit/),
    });
  });

  test('is close to the prediction for the model itself', () => {
    const { paramsB } = sizesNamed('Llama-3.3-70B');
    const known = predictServing({ ...served, model: 'Llama-3.3-70B' }).predicted!;
    const estimated = predictServing({ ...served, paramsB }).predicted!;

    expect(Math.abs(Math.log(estimated / known))).toBeLessThan(0.4);
  });

  test('is missing without any size', () => {
    expect(predictServing({ ...served, model: 'Foo' }).predicted).toBeUndefined();
    expect(predictTraining({ chip: 'H100', model: 'Foo' }).predicted).toBeUndefined();
    expect(shapeNamed('Foo')).toBeUndefined();
  });
});
