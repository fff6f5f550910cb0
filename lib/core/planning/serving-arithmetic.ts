import type { ChipRow } from '../catalog/chips';
import type { ModelShape } from './model-shape';
import { isKnown, precisionName } from './run-classes';

/** Number formats and peaks of a served model. */
export interface ServingArithmetic {
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Dense peak of weight products and of attention, in FLOP per second and accelerator. */
  readonly weightPeak: number;
  readonly attentionPeak: number;
  /** Which factors of products have 4 bits: both, or only the weights. @default - no 4-bit products */
  readonly fourBit?: 'both' | 'weights';
}

/** Bytes of weights and cached values for a publisher's name of a precision. */
interface Stored {
  readonly multiplies: 'bf16' | 'fp8' | 'fp4';
  readonly weightBytes: number;
  readonly kvBytes: number;
}

const STORED: readonly (readonly [name: RegExp, stored: Stored])[] = [
  [/^(bf16|fp16)/, { multiplies: 'bf16', weightBytes: 2, kvBytes: 2 }],
  [/^(int8w|w8a16)/, { multiplies: 'bf16', weightBytes: 1, kvBytes: 2 }],
  [/^(int4|w4a16|awq|gptq)/, { multiplies: 'bf16', weightBytes: 0.5625, kvBytes: 2 }],
  [/w4a8/, { multiplies: 'fp8', weightBytes: 0.5625, kvBytes: 1 }],
  [/fp4/, { multiplies: 'fp4', weightBytes: 0.5625, kvBytes: 1 }],
  [/fp8|int8|w8a8/, { multiplies: 'fp8', weightBytes: 1, kvBytes: 1 }],
];

/**
 * Returns how a model computes in a precision on a chip, or `undefined` if the precision or every peak is unknown. A chip multiplies in the
 * narrowest precision that it supports and the values allow. Weights that are published in 4 bits stay in 4 bits. Their activations have
 * 8 bits if the chip supports 4-bit products, and 16 bits otherwise. Attention uses at least 8 bits.
 */
export function servingArithmetic(
  precision: string | undefined,
  chip: ChipRow,
  { publishedWeightBytes = 2 }: ModelShape,
): ServingArithmetic | undefined {
  const name = precisionName(precision);
  const stored = STORED.find(([pattern]) => pattern.test(name))?.[1];
  const { bf16DenseTflops: bf16, fp8DenseTflops: fp8, fp4DenseTflops: fp4 } = chip;
  if (!stored || !isKnown(bf16)) return undefined;
  const published = publishedWeightBytes < 1;
  const sixteen = published && fp4 === undefined;
  const peaks = { bf16, fp8: fp8 ?? bf16, fp4: fp4 ?? fp8 ?? bf16 };
  const multiplies = sixteen ? 'bf16' : stored.multiplies;
  const fourBit = multiplies === 'fp4' && fp4 !== undefined;
  const weightPeak = (fourBit && published ? peaks.fp8 : peaks[multiplies]) * 1e12;
  return {
    weightBytes: Math.min(stored.weightBytes, publishedWeightBytes),
    kvBytes: sixteen ? 2 : stored.kvBytes,
    weightPeak,
    attentionPeak: Math.min(weightPeak, peaks.fp8 * 1e12),
    ...(fourBit && { fourBit: published ? 'weights' : 'both' }),
  };
}
