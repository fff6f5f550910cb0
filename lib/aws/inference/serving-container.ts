import {
  SERVING_CONTAINERS,
  type ServingContainerName,
  type ServingContainerRow,
} from '../../core/catalog/serving-containers';
import type { Problems } from '../../core/errors';
import {
  branded,
  demand,
  type Kind,
  NUMBER,
  recordOf,
  required,
  type Shape,
  TEXT,
  TEXT_OR_EMPTY,
} from '../../core/shapes';
import type { AwsMachine } from '../machine/machine';
import {
  type ContainerPlace,
  type Environment,
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
import { SERVING_IMAGE, type ServingImage } from './serving-image';

/** What every serving container takes. */
export interface ServingContainerOptions {
  readonly image: ServingImage;
  /** Variables of the environment, before those that are set here. No secrets: whoever may describe the model reads them. @default - none */
  readonly environment?: Environment;
}

/** A container of your own. */
export interface OwnContainerOptions extends ServingContainerOptions {
  /** Seconds that it takes to start, without reading weights: the time for its health check follows from it. @default 240 */
  readonly startupSeconds?: number;
}

/**
 * What serves a model, with the environment that it needs on SageMaker. All listen on port 8080 and answer `/ping` once they can serve;
 * SageMaker puts the model into `/opt/ml/model` before they start.
 */
export class ServingContainer {
  /**
   * vLLM, as AWS packs it for SageMaker: every flag of `vllm serve` is a variable `SM_VLLM_…`.
   *
   * @see https://aws.github.io/deep-learning-containers/vllm/configuration/
   */
  static vllm(options: ServingContainerOptions & VllmOptions): ServingContainer {
    return new ServingContainer('vllm', options, (place) => vllmEnvironment(options, place));
  }

  /**
   * vLLM inside DJL Serving, the Large Model Inference container: also for Trainium and Inferentia.
   *
   * @see https://docs.djl.ai/docs/serving/serving/docs/lmi/
   */
  static lmi(options: ServingContainerOptions & VllmOptions): ServingContainer {
    return new ServingContainer('lmi', options, (place) => lmiEnvironment(options, place));
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
   * TorchServe. Nobody maintains it since August 2025, not even against vulnerabilities: the finding `serving/archived` says so.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-models-frameworks-torchserve.html
   */
  static torchServe(options: ServingContainerOptions & TorchServeOptions): ServingContainer {
    return new ServingContainer('torchServe', options, () => torchServeEnvironment(options));
  }

  /**
   * A container of your own, which keeps SageMaker's contract.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
   */
  static of(options: OwnContainerOptions): ServingContainer {
    return new ServingContainer('own', options, () => ({}), options?.startupSeconds);
  }

  /** What is known of the server. */
  public readonly row: ServingContainerRow;
  public readonly image: ServingImage;
  /** Seconds that it takes to start, without reading weights. */
  public readonly startupSeconds: number;

  private constructor(
    public readonly name: ServingContainerName,
    private readonly options: ServingContainerOptions,
    private readonly own: (place: ContainerPlace) => Environment,
    startupSeconds?: number,
  ) {
    demand(options, CONTAINER[name] as Shape<ServingContainerOptions>, { name: 'options' });
    this.row = SERVING_CONTAINERS[name];
    this.image = options.image;
    this.startupSeconds = startupSeconds ?? this.row.startupSeconds;
  }

  /** The environment of a container on some accelerators. What was given comes before what is set here. */
  environment(place: ContainerPlace): Environment {
    demand(place, PLACE, { name: 'place' });
    return { ...this.own(place), ...this.options.environment };
  }

  /** @internal Adds what the server, or the machine, does not do. */
  check(problems: Problems, machine: AwsMachine | undefined, place: ContainerPlace): void {
    checkContainerSettings(problems, this.options as OwnContainerOptions);
    checkEnvironment(problems, this.environment(place));
    const vendor = machine?.chip.vendor;
    const vendors: readonly string[] = this.row.accelerators;
    if (!machine || vendor === undefined || vendors.includes(vendor)) return;
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'container',
      allowed: `one that runs on the ${vendor} accelerators of ${machine.name}: ${this.row.title} is published for ${vendors.join(' and ')}`,
      got: this.name,
      fix: 'Use ServingContainer.lmi, or an image of your own with ServingContainer.of.',
    });
  }
}

/** A container, of whichever copy of the package. */
export const SERVING_CONTAINER: Kind = branded(
  ServingContainer,
  'ServingContainer',
  'a ServingContainer',
  'Use ServingContainer.vllm({ image }) or its like.',
);

const PLACE: Shape<ContainerPlace> = { accelerators: NUMBER };

const COMMON: Shape<ServingContainerOptions> = { image: required(SERVING_IMAGE), environment: recordOf(TEXT_OR_EMPTY) };

const CONTAINER: Readonly<Record<ServingContainerName, object>> = {
  vllm: { ...COMMON, ...CONTAINER_SETTINGS.vllm },
  lmi: { ...COMMON, ...CONTAINER_SETTINGS.vllm },
  triton: { ...COMMON, ...CONTAINER_SETTINGS.triton, modelName: TEXT },
  tensorFlowServing: { ...COMMON, ...CONTAINER_SETTINGS.tensorFlowServing, modelName: TEXT },
  torchServe: { ...COMMON, ...CONTAINER_SETTINGS.torchServe },
  own: { ...COMMON, ...CONTAINER_SETTINGS.own },
};
