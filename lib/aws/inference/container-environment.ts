import { SERVING_CONTAINERS } from '../../core/catalog/serving-containers';

/** Variables of an environment, by name. */
export type Environment = Readonly<Record<string, string>>;

/** What a container runs on. */
export interface ContainerPlace {
  /** Accelerators of a copy; none on a serverless endpoint. */
  readonly accelerators?: number;
}

/** What vLLM can be told. What is left out, it decides itself. */
export interface VllmOptions {
  /** Most tokens of a prompt and its answer. @default - what the model was made for */
  readonly maxModelLength?: number;
  /** Most requests that are served at once. @default - its own: it depends on version and accelerator */
  readonly maxSequences?: number;
  /** Share of the accelerators' memory that it takes. @default 0.9 */
  readonly memoryShare?: number;
}

/** What Triton can be told. */
export interface TritonOptions {
  /** The model, or the ensemble, that answers: a directory of the artefact. @default - the only directory */
  readonly modelName?: string;
  /** Shared memory that each process of the Python backend begins with. @default 16 */
  readonly sharedMemoryMiB?: number;
  /** By how much that memory grows. @default 1 */
  readonly sharedMemoryGrowthMiB?: number;
}

/** What TensorFlow Serving can be told. */
export interface TensorFlowServingOptions {
  /** The model that answers where a request names none. @default - that of the artefact */
  readonly modelName?: string;
  /** Most requests that are computed together. @default - requests are not batched */
  readonly maxBatchSize?: number;
  /** Microseconds that a request waits for others. @default - the server's own, 1000; only with maxBatchSize */
  readonly batchTimeoutMicros?: number;
}

/** What TorchServe can be told. */
export interface TorchServeOptions {
  /** Most requests that are computed together. @default 1 */
  readonly maxBatchSize?: number;
  /** Milliseconds that a request waits for others. @default 100 */
  readonly batchDelayMs?: number;
  /** Processes that serve the model. @default - the server's own */
  readonly workers?: number;
}

/** Each flag of `vllm serve` is a variable: AWS's entry point turns one into the other. */
export function vllmEnvironment(options: VllmOptions, { accelerators }: ContainerPlace): Environment {
  const { maxModelLength, maxSequences, memoryShare } = options;
  return texts({
    SM_VLLM_MODEL: SERVING_CONTAINERS.vllm.modelPath,
    SM_VLLM_TENSOR_PARALLEL_SIZE: accelerators,
    SM_VLLM_MAX_MODEL_LEN: maxModelLength,
    SM_VLLM_MAX_NUM_SEQS: maxSequences,
    SM_VLLM_GPU_MEMORY_UTILIZATION: memoryShare,
  });
}

/**
 * DJL counts accelerators itself where it is told `max`, NeuronCores included, of which a chip has several. How it runs vLLM is left to the
 * image: since 0.35.0 (LMI 17) in its async mode, which a rolling batch that is named would switch off; before that as a rolling batch.
 *
 * Source: deepjavalibrary/djl-serving d21927c, serving/docs/lmi/user_guides/vllm_user_guide.md and release_notes.md, and
 * LmiConfigRecommender.java there and on the branches 0.30.0-dlc to 0.35.0-dlc; read 2026-11-26.
 */
export function lmiEnvironment(options: VllmOptions, { accelerators }: ContainerPlace): Environment {
  const { maxModelLength, maxSequences, memoryShare } = options;
  return texts({
    HF_MODEL_ID: SERVING_CONTAINERS.lmi.modelPath,
    OPTION_TENSOR_PARALLEL_DEGREE: accelerators === undefined ? undefined : 'max',
    OPTION_MAX_MODEL_LEN: maxModelLength,
    // In async mode, too, this is vLLM's max_num_seqs: the name that is DJL's own.
    OPTION_MAX_ROLLING_BATCH_SIZE: maxSequences,
    OPTION_GPU_MEMORY_UTILIZATION: memoryShare,
    // A model that does not load fails the container at once, and with it the deployment, not each request later.
    SERVING_FAIL_FAST: 'true',
  });
}

const MIB = 2 ** 20;

/** Its own script logs every request in full unless it is told not to. */
export function tritonEnvironment(options: TritonOptions): Environment {
  const { modelName, sharedMemoryMiB, sharedMemoryGrowthMiB } = options;
  return texts({
    SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: modelName,
    SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: sharedMemoryMiB && sharedMemoryMiB * MIB,
    SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE: sharedMemoryGrowthMiB && sharedMemoryGrowthMiB * MIB,
    SAGEMAKER_TRITON_LOG_VERBOSE: '0',
  });
}

export function tensorFlowEnvironment(options: TensorFlowServingOptions): Environment {
  const { modelName, maxBatchSize, batchTimeoutMicros } = options;
  return texts({
    SAGEMAKER_TFS_DEFAULT_MODEL_NAME: modelName,
    SAGEMAKER_TFS_ENABLE_BATCHING: maxBatchSize === undefined ? undefined : 'true',
    SAGEMAKER_TFS_MAX_BATCH_SIZE: maxBatchSize,
    SAGEMAKER_TFS_BATCH_TIMEOUT_MICROS: batchTimeoutMicros,
  });
}

export function torchServeEnvironment(options: TorchServeOptions): Environment {
  const { maxBatchSize, batchDelayMs, workers } = options;
  return texts({
    SAGEMAKER_TS_BATCH_SIZE: maxBatchSize,
    SAGEMAKER_TS_MAX_BATCH_DELAY: batchDelayMs,
    SAGEMAKER_TS_MIN_WORKERS: workers,
    SAGEMAKER_TS_MAX_WORKERS: workers,
  });
}

function texts(values: Readonly<Record<string, string | number | undefined>>): Environment {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
