import fc from 'fast-check';
import type { ModelShape } from '../../../lib/core/planning/memory/model-shape';

export const LLAMA_70B: ModelShape = {
  layers: 80,
  hidden: 8192,
  heads: 64,
  kvHeads: 8,
  vocabulary: 128_256,
  parameters: 70.6e9,
};

export const DEEPSEEK_V3: ModelShape = {
  layers: 61,
  hidden: 7168,
  heads: 128,
  latentKv: 576,
  vocabulary: 129_280,
  parameters: 671e9,
  activeParameters: 37e9,
};

/** Generates valid transformer shapes. */
export const anyShape: fc.Arbitrary<ModelShape> = fc.record({
  layers: fc.integer({ min: 1, max: 1000 }),
  hidden: fc.integer({ min: 1, max: 1e6 }),
  heads: fc.integer({ min: 1, max: 1000 }),
  vocabulary: fc.integer({ min: 1, max: 1e6 }),
  parameters: fc.double({ min: 1, max: 1e14, noNaN: true }),
});

/** Returns whether all numbers in a value are finite, at any depth. */
export function expectFinite(value: unknown): void {
  const numbers = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? 'NOT FINITE' : part,
  );
  expect(numbers).not.toContain('NOT FINITE');
}
