import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { kvBytesPerToken } from '../../../lib/core/planning/memory/model-shape';
import { servingMemory } from '../../../lib/core/planning/serving/serving-context';
import { anyShape, DEEPSEEK_V3, expectFinite, LLAMA_70B } from './shapes';

const GIB = 2 ** 30;

describe('the KV cache of a token', () => {
  test.each([
    ['Llama 8B', { ...LLAMA_70B, layers: 32, hidden: 4096, heads: 32 }, 128],
    ['Llama 70B, grouped heads', LLAMA_70B, 320],
    ['Llama 405B', { ...LLAMA_70B, layers: 126, hidden: 16_384, heads: 128 }, 504],
    ['Llama 2 7B, all heads', { ...LLAMA_70B, layers: 32, hidden: 4096, heads: 32, kvHeads: 32 }, 512],
    ['DeepSeek V3, one latent', DEEPSEEK_V3, 68.6],
  ])('%s', (_, shape, kib) => {
    expect(kvBytesPerToken(shape) / 1024).toBeCloseTo(kib, 1);
  });

  test('is empty for layers with a short window', () => {
    expect(kvBytesPerToken({ ...LLAMA_70B, globalLayers: 40 })).toBe(kvBytesPerToken(LLAMA_70B) / 2);
  });
});

describe('a replica of 70B', () => {
  const replica = { shape: LLAMA_70B, accelerators: 2, memoryBytes: 80 * GIB, contextTokens: 8192 };

  test('in bf16 does not fit on two accelerators of 80 GiB, because of its weights', () => {
    expect(servingMemory(replica)).toMatchObject({ fits: false, binds: 'weights', maxConcurrency: 0 });
  });

  test('in fp8 fits, and the KV cache limits the concurrency', () => {
    const { maxConcurrency, ...memory } = servingMemory({ ...replica, weightBytes: 1, concurrency: 8 });

    expect(memory).toMatchObject({ fits: true, binds: 'kv' });
    expect(memory.kvRoom / GIB).toBeCloseTo(0.9 * 80 - 70.6e9 / 2 / GIB - 4.8 - 0.6, 5);
    expect(maxConcurrency).toBe(Math.floor(memory.kvRoom / (8192 * 160 * 1024)));
    expect(servingMemory({ ...replica, weightBytes: 1, concurrency: maxConcurrency + 1 }).fits).toBe(false);
  });

  test('splits the KV cache by whole heads, and does not split a latent vector', () => {
    const perSequence = (shape: typeof LLAMA_70B, accelerators: number) =>
      servingMemory({ ...replica, shape, accelerators }).kvPerSequence;

    expect(perSequence(LLAMA_70B, 16)).toBe(perSequence(LLAMA_70B, 8));
    expect(perSequence(DEEPSEEK_V3, 8)).toBe(perSequence(DEEPSEEK_V3, 1));
  });
});

test('more accelerators do not need more memory each, and all numbers are finite', () => {
  const replicas = fc.record({
    shape: anyShape,
    accelerators: fc.integer({ min: 2, max: 64 }),
    memoryBytes: fc.double({ min: 1, max: 1e13, noNaN: true }),
    contextTokens: fc.integer({ min: 1, max: 1e7 }),
  });
  fc.assert(
    fc.property(replicas, fc.integer({ min: 1, max: 8 }), (replica, times) => {
      const one = servingMemory(replica);
      const more = servingMemory({ ...replica, accelerators: replica.accelerators * times });
      expectFinite(one);
      expect(more.weights + more.overhead + more.kvPerSequence).toBeLessThanOrEqual(
        one.weights + one.overhead + one.kvPerSequence,
      );
    }),
  );
});

test('reports each number out of range', () => {
  const wrong = () =>
    servingMemory({ shape: LLAMA_70B, accelerators: 0, memoryBytes: NaN, contextTokens: 1, utilization: 2 });

  expect(wrong).toThrow(AiInfraError);
  expect(wrong).toThrow(/accelerators[^]*memoryBytes[^]*utilization must be greater than 0 and at most 1/);
});
