/** Number format of the matrix products, or of a stored value. */
export type Precision = 'bf16' | 'fp8' | 'fp4';

/** Bytes per value. In 4 bits, 16 values share a scale of one byte, as in NVFP4. */
export const BYTES_PER_VALUE: Readonly<Record<Precision, number>> = { bf16: 2, fp8: 1, fp4: 0.5625 };

/** The names of the precisions. */
export const PRECISIONS: readonly Precision[] = ['bf16', 'fp8', 'fp4'];
