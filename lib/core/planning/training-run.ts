/**
 * A training run, with the fields of published benchmark rows. Only the chip and the size of the model are required. A missing value is
 * not guessed: the prediction becomes wider.
 */
export interface TrainingRun {
  /** ID of the chip in the catalog, for example `H100`. */
  readonly chip: string;
  /** Parameters in billions. */
  readonly paramsB: number;
  /** Parameters that process each token, in billions. @default - all: the model is dense */
  readonly activeParamsB?: number;
  /** Hidden size. It affects mixtures of experts, whose matrices are small. */
  readonly hidden?: number;
  /** Precision of the matrix products, for example `bf16`, `FP8-CS`, `MXFP8`, `NVFP4`. @default bf16 */
  readonly precision?: string;
  /** Kind of run, for example `benchmark-lora`. Any value without LoRA or SFT is pre-training. @default pre-training */
  readonly kind?: string;
  /** Tokens per sequence. */
  readonly seqLen?: number;
  /** Number of accelerators. */
  readonly count?: number;
  /** Sequences per step, over all accelerators. */
  readonly globalBatchSeqs?: number;
  /** Tokens per step, if the sequences are unknown. */
  readonly globalBatchTokens?: number;
  /** Sequences per accelerator in one forward and backward pass. */
  readonly microBatch?: number;
  /** Tensor, pipeline, context and expert parallelism, and stages per pipeline rank. */
  readonly tp?: number;
  readonly pp?: number;
  readonly cp?: number;
  readonly ep?: number;
  readonly vp?: number;
  /** Fully sharded data parallelism, as a flag or a group size. */
  readonly fsdp?: number;
  readonly parallelism?: string;
  /** `true`, `false`, or a name like `full-recompute`. */
  readonly activationCheckpointing?: boolean | string;
  /** Name of the model, as its publisher writes it. */
  readonly model?: string;
  /** Software or benchmark of the run. */
  readonly suite?: string;
  /** Version of that software, as `year.month`. */
  readonly release?: string;
  /** Network between nodes, as its owner calls it. */
  readonly network?: string;
}
