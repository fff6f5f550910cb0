/** Arithmetic of the matrix products, or what a stored value takes. */
export type Precision = 'bf16' | 'fp8' | 'fp4';

/** Bytes that a value takes; 4-bit values carry a scale of one byte for 16 of them, as NVFP4 does. */
export const BYTES_PER_VALUE: Readonly<Record<Precision, number>> = { bf16: 2, fp8: 1, fp4: 0.5625 };

/** The precisions, by name. */
export const PRECISIONS: readonly Precision[] = ['bf16', 'fp8', 'fp4'];
