import type { Duration } from 'aws-cdk-lib';
import {
  SERVING_CONTAINERS,
  type ServingContainerName,
  type ServingContainerRow,
} from '../../core/catalog/serving-containers';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, type PropSchema, STRING, brand } from '../../core/prop-schema';
import type { AwsMachine } from '../machine/machine';
import {
  type ContainerHardware,
  type Environment,
  inUnits,
  lmiEnvironment,
  tensorFlowEnvironment,
  type TensorFlowServingOptions,
  torchServeEnvironment,
  type TorchServeOptions,
  tritonEnvironment,
  type TritonOptions,
  vllmEnvironment,
  type VllmOptions,
} from './container-environment';
import { checkContainerSettings, checkEnvironment, CONTAINER_SETTINGS } from './container-checks';
import type { ServingImage } from './serving-image';
import { SERVING_CONTAINER_OPTIONS } from '../prop-schemas';

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
