import type { ModelShape } from './model-shape';

/** A serving run, with the fields of published benchmark rows. */
export interface ServingRun {
  /** ID of the chip in the catalog, for example `H100`. */
  readonly chip: string;
  /** Accelerators per replica. */
  readonly count: number;
  /** Name of the model, as its publisher writes it. */
  readonly model: string;
  /** @default - the shape of the model in the table */
  readonly shape?: ModelShape | undefined;
  /** Precision of weights and arithmetic: `bf16`, `fp16`, `fp8`, `fp4`, `int8w`. @default bf16 */
  readonly precision?: string;
  /** Input and output tokens. */
  readonly isl: number;
  readonly osl: number;
  /** Number of concurrent sequences. @default - as many as fit in memory */
  readonly batch?: number;
  /** Accelerators with data-parallel attention and distributed experts. @default - tensor parallelism only */
  readonly dep?: number;
  /** Software or benchmark of the run. */
  readonly suite?: string;
}
