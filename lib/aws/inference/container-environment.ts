import { type Duration, type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { SERVING_CONTAINERS } from '../../core/catalog/serving-containers';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** Hardware of one container. */
export interface ContainerHardware {
  /** Accelerators of one copy. @default - no accelerators, as on a serverless endpoint */
  readonly accelerators?: number;
}

/** Settings of vLLM. */
export interface VllmOptions {
  /** Maximum number of tokens of a prompt and its answer. @default - the context length of the model */
  readonly maxModelLength?: number;
  /** Maximum number of requests that are served at once. @default - set by vLLM from its version and the accelerator */
  readonly maxSequences?: number;
  /** Share of the accelerator memory that vLLM uses. @default 0.9 */
  readonly memoryShare?: number;
}

/** Settings of Triton. */
export interface TritonOptions {
  /** Model or ensemble that answers: a directory of the artifact. @default - the only directory */
  readonly modelName?: string;
  /** Initial shared memory of each process of the Python backend, a whole number of MiB. @default Size.mebibytes(16) */
  readonly sharedMemory?: Size;
  /** Amount by which that memory grows, a whole number of MiB. @default Size.mebibytes(1) */
  readonly sharedMemoryGrowth?: Size;
}

/** Settings of TensorFlow Serving. */
export interface TensorFlowServingOptions {
  /** Model that answers requests without a model name. @default - the model of the artifact */
  readonly modelName?: string;
  /** Maximum number of requests in one batch. @default - requests are not batched */
  readonly maxBatchSize?: number;
  /** Time that a request waits for others, a whole number of microseconds. Requires `maxBatchSize`. @default - 1000 microseconds, set by the server */
  readonly batchTimeout?: Duration;
}

/** Settings of TorchServe. */
export interface TorchServeOptions {
  /** Maximum number of requests in one batch. @default 1 */
  readonly maxBatchSize?: number;
  /** Time that a request waits for others, a whole number of milliseconds. @default Duration.millis(100) */
  readonly batchDelay?: Duration;
  /** Number of processes that serve the model. @default - set by the server */
  readonly workers?: number;
}

/** Environment of vLLM. The entry point of the AWS image turns each variable into a flag of `vllm serve`. */
export function vllmEnvironment(options: VllmOptions, { accelerators }: ContainerHardware): Environment {
  const { maxModelLength, maxSequences, memoryShare } = options;
  return variables({
    SM_VLLM_MODEL: SERVING_CONTAINERS.vllm.modelPath,
    SM_VLLM_TENSOR_PARALLEL_SIZE: accelerators,
    SM_VLLM_MAX_MODEL_LEN: maxModelLength,
    SM_VLLM_MAX_NUM_SEQS: maxSequences,
    SM_VLLM_GPU_MEMORY_UTILIZATION: memoryShare,
  });
}

/**
 * Environment of vLLM in DJL Serving. With `max`, DJL counts the accelerators itself, including NeuronCores, of which a chip has several.
 * The image chooses how DJL runs vLLM: its async mode from 0.35.0 (LMI 17), a rolling batch before. Naming a rolling batch would turn the
 * async mode off.
 *
 * Source: deepjavalibrary/djl-serving d21927c, serving/docs/lmi/user_guides/vllm_user_guide.md and release_notes.md, and
 * LmiConfigRecommender.java there and on the branches 0.30.0-dlc to 0.35.0-dlc; read 2026-11-26.
 */
export function lmiEnvironment(options: VllmOptions, { accelerators }: ContainerHardware): Environment {
  const { maxModelLength, maxSequences, memoryShare } = options;
  return variables({
    HF_MODEL_ID: SERVING_CONTAINERS.lmi.modelPath,
    OPTION_TENSOR_PARALLEL_DEGREE: accelerators === undefined ? undefined : 'max',
    OPTION_MAX_MODEL_LEN: maxModelLength,
    // In async mode too, DJL passes this to vLLM as max_num_seqs.
    OPTION_MAX_ROLLING_BATCH_SIZE: maxSequences,
    OPTION_GPU_MEMORY_UTILIZATION: memoryShare,
    // If the model does not load, the container and the deployment fail at once, instead of every request later.
    SERVING_FAIL_FAST: 'true',
  });
}

/** Environment of Triton. The script of the image logs every request in full unless this turns it off. */
export function tritonEnvironment(options: TritonOptions): Environment {
  const { modelName, sharedMemory, sharedMemoryGrowth } = options;
  return variables({
    SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: modelName,
    SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: bytesOf(sharedMemory),
    SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE: bytesOf(sharedMemoryGrowth),
    SAGEMAKER_TRITON_LOG_VERBOSE: '0',
  });
}

/** Environment of TensorFlow Serving. */
export function tensorFlowEnvironment(options: TensorFlowServingOptions): Environment {
  const { modelName, maxBatchSize, batchTimeout } = options;
  return variables({
    SAGEMAKER_TFS_DEFAULT_MODEL_NAME: modelName,
    SAGEMAKER_TFS_ENABLE_BATCHING: maxBatchSize === undefined ? undefined : 'true',
    SAGEMAKER_TFS_MAX_BATCH_SIZE: maxBatchSize,
    SAGEMAKER_TFS_BATCH_TIMEOUT_MICROS: inUnits(batchTimeout, 0.001),
  });
}

/** Environment of TorchServe. */
export function torchServeEnvironment(options: TorchServeOptions): Environment {
  const { maxBatchSize, batchDelay, workers } = options;
  return variables({
    SAGEMAKER_TS_BATCH_SIZE: maxBatchSize,
    SAGEMAKER_TS_MAX_BATCH_DELAY: inUnits(batchDelay, 1),
    SAGEMAKER_TS_MIN_WORKERS: workers,
    SAGEMAKER_TS_MAX_WORKERS: workers,
  });
}

/** Bytes of a size. A token gives NaN, which the checks report. */
export function bytesOf(size: Size | undefined): number | undefined {
  return size?.isUnresolved() ? Number.NaN : size?.toBytes({ rounding: SizeRoundingBehavior.NONE });
}

/** A duration as a number of units, without the rounding error of the conversion. A token gives NaN, which the checks report. */
export function inUnits(duration: Duration | undefined, milliseconds: number): number | undefined {
  if (duration?.isUnresolved()) return Number.NaN;
  return duration && Number((duration.toMilliseconds({ integral: false }) / milliseconds).toPrecision(12));
}

function variables(values: Readonly<Record<string, string | number | undefined>>): Environment {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
