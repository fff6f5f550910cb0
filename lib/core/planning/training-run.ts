/**
 * A training run as far as it is known: the fields of published benchmark rows. All but the chip and the model's size
 * may be absent, and what is absent is never guessed: the prediction gets wider, not wrong.
 */
export interface TrainingRun {
  /** Id of the chip in the catalogue, e.g. `H100`. */
  readonly chip: string;
  /** Parameters in thousands of millions. */
  readonly paramsB: number;
  /** Parameters that a token passes. @default - all: the model is dense */
  readonly activeParamsB?: number;
  /** Width of the residual stream. It matters for mixtures of experts, whose matrices are small. */
  readonly hidden?: number;
  /** Arithmetic of the matrix products, e.g. `bf16`, `FP8-CS`, `MXFP8`, `NVFP4`. @default bf16 */
  readonly precision?: string;
  /** What runs, e.g. `benchmark-lora`; what names neither LoRA nor SFT is pre-training. @default pre-training */
  readonly kind?: string;
  /** Tokens of a sequence. */
  readonly seqLen?: number;
  /** Accelerators. */
  readonly count?: number;
  /** Sequences of a step, over all accelerators. */
  readonly globalBatchSeqs?: number;
  /** Tokens of a step, where the sequences are not told. */
  readonly globalBatchTokens?: number;
  /** Sequences that one accelerator takes at once. */
  readonly microBatch?: number;
  /** Tensor, pipeline, context and expert parallelism, and stages of a pipeline rank. */
  readonly tp?: number;
  readonly pp?: number;
  readonly cp?: number;
  readonly ep?: number;
  readonly vp?: number;
  /** Fully sharded data parallelism: a flag or a group size. */
  readonly fsdp?: number;
  readonly parallelism?: string;
  /** `true`, `false`, or a name as of `full-recompute`. */
  readonly activationCheckpointing?: boolean | string;
  /** Name of the model, as its publisher writes it. */
  readonly model?: string;
  /** Software or benchmark that the run belongs to. */
  readonly suite?: string;
  /** Version of that software, `year.month`. */
  readonly release?: string;
  /** The network between nodes, as its owner names it. */
  readonly network?: string;
}
