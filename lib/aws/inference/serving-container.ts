import { type Duration, type Size, Token, SizeRoundingBehavior } from 'aws-cdk-lib';
import {
  SERVING_CONTAINERS,
  type ServingContainerName,
  type ServingContainerRow,
} from '../../core/catalog/serving-containers';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, type PropSchema, STRING, brand, NUMBER } from '../../core/prop-schema';
import type { AwsMachine } from '../machine/machine';
import type { ServingImage } from './serving-image';
import { SERVING_CONTAINER_OPTIONS } from '../prop-schemas';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { DURATION, SIZE } from '../props/prop-types';
import { isKnown } from '../props/tokens';

/** Prop types of the settings of each server. */
export const CONTAINER_SETTINGS = {
  vllm: { maxModelLength: NUMBER, maxSequences: NUMBER, memoryShare: NUMBER },
  triton: { sharedMemory: SIZE, sharedMemoryGrowth: SIZE },
  tensorFlowServing: { maxBatchSize: NUMBER, batchTimeout: DURATION },
  torchServe: { maxBatchSize: NUMBER, batchDelay: DURATION, workers: NUMBER },
  own: { startupTime: DURATION },
} as const;

type Settings = VllmOptions &
  TritonOptions &
  TensorFlowServingOptions &
  TorchServeOptions & { readonly startupTime?: Duration };

const COUNTS = ['maxModelLength', 'maxSequences', 'maxBatchSize', 'workers'] as const;

/** Adds what is wrong with the settings of a server. */
export function checkContainerSettings(problems: ProblemCollector, settings: Settings): void {
  const of = problems.within('container');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    of.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  for (const prop of COUNTS) {
    const value = settings[prop];
    if (!isKnown(of, prop, value) || (Number.isInteger(value) && value >= 1)) continue;
    wrong(prop, 'a whole number of at least 1', value, 'Leave it out to use the default of the server.');
  }
  for (const [prop, value, unit] of quantitiesOf(settings)) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    const got = Number.isNaN(value) ? 'a token' : `${value} ${unit}`;
    wrong(prop, `a whole number of ${unit}, at least 1`, got, 'Leave it out to use the default of the server.');
  }
  const { memoryShare, maxBatchSize, batchTimeout } = settings;
  if (isKnown(of, 'memoryShare', memoryShare) && !(memoryShare > 0 && memoryShare <= 1)) {
    wrong('memoryShare', 'above 0 and at most 1', memoryShare, 'Write 90% as 0.9.');
  }
  if (batchTimeout !== undefined && maxBatchSize === undefined) {
    wrong('batchTimeout', 'left out if requests are not batched', batchTimeout.toString(), 'Set `maxBatchSize`.');
  }
}

/** Sizes and durations in the units that each server accepts. */
function quantitiesOf(settings: Settings): [prop: string, value: number | undefined, unit: string][] {
  const mebibytes = (size: Size | undefined) => size && bytesOf(size)! / 2 ** 20;
  return [
    ['sharedMemory', mebibytes(settings.sharedMemory), 'mebibytes'],
    ['sharedMemoryGrowth', mebibytes(settings.sharedMemoryGrowth), 'mebibytes'],
    ['batchTimeout', inUnits(settings.batchTimeout, 0.001), 'microseconds'],
    ['batchDelay', inUnits(settings.batchDelay, 1), 'milliseconds'],
    ['startupTime', inUnits(settings.startupTime, 1_000), 'seconds'],
  ];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Adds what SageMaker rejects in an environment. */
export function checkEnvironment(problems: ProblemCollector, environment: Environment): void {
  const { maxEntries, maxCharacters } = SAGEMAKER_HOSTING.environment;
  const entries = Object.entries(environment);
  const wrong = (prop: string, allowed: string, got: unknown) =>
    problems.add({
      code: 'ContainerEnvironment',
      prop,
      allowed,
      got,
      fix: 'Move long settings into a file of the artifact.',
    });
  if (entries.length > maxEntries) wrong('container.environment', `at most ${maxEntries} variables`, entries.length);
  for (const [name, value] of entries) {
    const prop = `container.environment.${name}`;
    if (!NAME.test(name)) wrong(prop, 'a name of letters, digits and _, starting with a letter or _', name);
    if (Token.isUnresolved(value)) continue;
    if (name.length > maxCharacters || value.length > maxCharacters) {
      wrong(prop, `at most ${maxCharacters} characters, name and value each`, `${value.length} characters`);
    }
  }
}

/** Options that every serving container has. */
export interface ServingContainerOptions {
  /** Container image. */
  readonly image: ServingImage;
  /**
   * Environment variables. They override the variables of the server. Do not pass secrets: anyone who can describe the model can read them.
   *
   * @default - the variables of the server
   */
  readonly environment?: Environment;
}

/** Options for a custom container. */
export interface OwnContainerOptions extends ServingContainerOptions {
  /** Startup time without reading the weights. Determines the timeout of the health check. @default Duration.seconds(240) */
  readonly startupTime?: Duration;
}

/**
 * Container that serves a model, with the environment that SageMaker requires. Every container listens on port 8080 and answers `/ping` when
 * it is ready. SageMaker downloads the model to `/opt/ml/model` before the container starts.
 */
export class ServingContainer {
  /**
   * vLLM in the AWS image for SageMaker. Every flag of `vllm serve` is a variable `SM_VLLM_…`.
   *
   * @see https://aws.github.io/deep-learning-containers/vllm/configuration/
   */
  static vllm(options: ServingContainerOptions & VllmOptions): ServingContainer {
    return new ServingContainer('vllm', options, (hardware) => vllmEnvironment(options, hardware));
  }

  /**
   * vLLM in DJL Serving, the Large Model Inference container. Supports Trainium and Inferentia too.
   *
   * @see https://docs.djl.ai/docs/serving/serving/docs/lmi/
   */
  static lmi(options: ServingContainerOptions & VllmOptions): ServingContainer {
    return new ServingContainer('lmi', options, (hardware) => lmiEnvironment(options, hardware));
  }

  /**
   * NVIDIA Triton Inference Server.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-models-frameworks-triton.html
   */
  static triton(options: ServingContainerOptions & TritonOptions): ServingContainer {
    return new ServingContainer('triton', options, () => tritonEnvironment(options));
  }

  /** TensorFlow Serving. */
  static tensorFlowServing(options: ServingContainerOptions & TensorFlowServingOptions): ServingContainer {
    return new ServingContainer('tensorFlowServing', options, () => tensorFlowEnvironment(options));
  }

  /**
   * TorchServe. It is archived since August 2025 and gets no security fixes, which the finding `serving/archived` reports.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-models-frameworks-torchserve.html
   */
  static torchServe(options: ServingContainerOptions & TorchServeOptions): ServingContainer {
    return new ServingContainer('torchServe', options, () => torchServeEnvironment(options));
  }

  /**
   * A custom container that implements the SageMaker contract.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
   */
  static of(options: OwnContainerOptions): ServingContainer {
    return new ServingContainer('own', options, () => ({}), options?.startupTime);
  }

  /** @internal Catalog row of the server. */
  public readonly row: ServingContainerRow;
  /** Container image. */
  public readonly image: ServingImage;
  /** @internal Startup time without reading the weights, in seconds. */
  public readonly startupSeconds: number;

  private constructor(
    /** @internal */
    public readonly name: ServingContainerName,
    private readonly options: ServingContainerOptions,
    private readonly defaults: (hardware: ContainerHardware) => Environment,
    startupTime?: Duration,
  ) {
    assertProps(options, CONTAINER[name] as PropSchema<ServingContainerOptions>, { name: 'options' });
    this.row = SERVING_CONTAINERS[name];
    this.image = options.image;
    this.startupSeconds = inUnits(startupTime, 1_000) ?? this.row.startupSeconds;
  }

  /** @internal Environment of a container on some hardware. Variables of the user override the defaults of the server. */
  environment(hardware: ContainerHardware): Environment {
    return { ...this.defaults(hardware), ...this.options.environment };
  }

  /** @internal Adds what the server or the machine does not support. */
  check(problems: ProblemCollector, machine: AwsMachine | undefined, hardware: ContainerHardware): void {
    checkContainerSettings(problems, this.options as OwnContainerOptions);
    checkEnvironment(problems, this.environment(hardware));
    const vendor = machine?.chip.vendor;
    const vendors: readonly string[] = this.row.accelerators;
    if (!machine || vendor === undefined || vendors.includes(vendor)) return;
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'container',
      allowed: `a container for the ${vendor} accelerators of ${machine.name}, because ${this.row.title} supports only ${vendors.join(' and ')}`,
      got: this.name,
      fix: 'Use ServingContainer.lmi, or a custom image with ServingContainer.of.',
    });
  }
}

brand(ServingContainer, 'aws.ServingContainer');
const CONTAINER: Readonly<Record<ServingContainerName, object>> = {
  vllm: { ...SERVING_CONTAINER_OPTIONS, ...CONTAINER_SETTINGS.vllm },
  lmi: { ...SERVING_CONTAINER_OPTIONS, ...CONTAINER_SETTINGS.vllm },
  triton: { ...SERVING_CONTAINER_OPTIONS, ...CONTAINER_SETTINGS.triton, modelName: STRING },
  tensorFlowServing: { ...SERVING_CONTAINER_OPTIONS, ...CONTAINER_SETTINGS.tensorFlowServing, modelName: STRING },
  torchServe: { ...SERVING_CONTAINER_OPTIONS, ...CONTAINER_SETTINGS.torchServe },
  own: { ...SERVING_CONTAINER_OPTIONS, ...CONTAINER_SETTINGS.own },
};

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
