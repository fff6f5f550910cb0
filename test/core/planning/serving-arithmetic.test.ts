import { chipNamed } from '../../../lib/core/planning/named-chip';
import { servingArithmetic } from '../../../lib/core/planning/serving/serving-context';
import { LLAMA_70B } from './shapes';

const FOUR_BITS = { ...LLAMA_70B, publishedWeightBytes: 0.5625 };
const EIGHT_BITS = { ...LLAMA_70B, publishedWeightBytes: 1 };

function on(chip: string, precision: string, shape = LLAMA_70B) {
  const { weightPeak, ...rest } = servingArithmetic(precision, chipNamed(chip)!, shape)!;
  return { ...rest, teraflops: weightPeak / 1e12 };
}

describe('the number formats of a served model', () => {
  const { bf16DenseTflops: bf16, fp8DenseTflops: fp8 } = chipNamed('H200')!;
  const { fp8DenseTflops: newer, fp4DenseTflops: fp4 } = chipNamed('B200')!;

  test.each([
    ['bf16', { weightBytes: 2, kvBytes: 2, teraflops: bf16 }],
    ['fp8', { weightBytes: 1, kvBytes: 1, teraflops: fp8 }],
    ['int8w', { weightBytes: 1, kvBytes: 2, teraflops: bf16 }],
    ['w4a16', { weightBytes: 0.5625, kvBytes: 2, teraflops: bf16 }],
    ['fp4', { weightBytes: 0.5625, kvBytes: 1, teraflops: fp8 }],
  ])('in %s on a chip without 4-bit products', (precision, expected) => {
    expect(on('H200', precision)).toMatchObject(expected);
  });

  test('have 4 bits in both factors if supported, or only in the weights with 8-bit activations', () => {
    expect(on('B200', 'fp4')).toMatchObject({ teraflops: fp4, fourBit: 'both' });
    expect(on('B200', 'w4a8')).toMatchObject({ weightBytes: 0.5625, teraflops: newer });
    expect(on('B200', 'w4a8')).not.toHaveProperty('fourBit');
  });

  test('keep weights that are published in 4 bits, with the activations that the chip supports', () => {
    expect(on('B200', 'fp4', FOUR_BITS)).toMatchObject({ weightBytes: 0.5625, teraflops: newer, fourBit: 'weights' });
    expect(on('H200', 'fp8', FOUR_BITS)).toMatchObject({ weightBytes: 0.5625, kvBytes: 2, teraflops: bf16 });
  });

  test('of weights published in 8 bits follow the precision, with at most those bytes', () => {
    expect(on('H200', 'fp8', EIGHT_BITS)).toEqual(on('H200', 'fp8'));
    expect(on('H200', 'bf16', EIGHT_BITS)).toEqual({ ...on('H200', 'bf16'), weightBytes: 1 });
    expect(on('B200', 'fp4', EIGHT_BITS)).toEqual(on('B200', 'fp4'));
  });

  test('are undefined for an unknown precision', () => {
    expect(servingArithmetic('fp7', chipNamed('H200')!, LLAMA_70B)).toBeUndefined();
  });
});
