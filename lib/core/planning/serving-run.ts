import type { ModelShape } from './model-shape';

/** A serving run as far as it is known: the fields of published benchmark rows. */
export interface ServingRun {
  /** Id of the chip in the catalogue, e.g. `H100`. */
  readonly chip: string;
  /** Accelerators of the replica. */
  readonly count: number;
  /** Name of the model, as its publisher writes it. */
  readonly model: string;
  /** @default - that of the published model of that name */
  readonly shape?: ModelShape | undefined;
  /** Precision of weights and arithmetic: `bf16`, `fp16`, `fp8`, `fp4`, `int8w`. @default bf16 */
  readonly precision?: string;
  /** Tokens of the prompt and of the answer. */
  readonly isl: number;
  readonly osl: number;
  /** Sequences that run at once. @default - as many as the memory holds */
  readonly batch?: number;
  /** Accelerators over which attention runs data-parallel and experts are spread. @default - tensor parallelism alone */
  readonly dep?: number;
  /** Software or benchmark that the run belongs to. */
  readonly suite?: string;
}
