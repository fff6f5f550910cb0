import { isImageReference } from '../../core/image-reference';
import { type ProblemCollector, AiInfraError } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { commandOf, type EnvVar, SERVER_IMAGES, type VllmServerOptions, vllmServer } from '../../kubernetes';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { ContainerAppModel } from './container-app-model';
import type { ServerlessGpu } from './serverless-gpu';
import { CUSTOM_SERVER_OPTIONS } from '../prop-schemas';
import { VLLM_SERVER_OPTIONS } from '../../kubernetes/prop-schemas';
import { contradictionProblem, plannerProblem, type PropNames } from '../../core/planning/plan-problems';
import type { ServingPlanProps, ServingPlan } from '../../core/planning/serving/plan-serving';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import { limitsOf } from '../../terraform/load-limits';
import type { ContainerAppInferenceProps, ContainerAppScaling } from './container-app-inference-props';

/** Options for a custom server, which must support the OpenAI protocol below `/v1`. */
export interface CustomServerOptions {
  /** Image of the server, preferably by its digest. */
  readonly image: string;
  /** Port that the server listens on. */
  readonly port: number;
  /** Path of the health check. @default '/health' */
  readonly healthPath?: string;
  /** Command of the container. @default - the command of the image */
  readonly command?: readonly string[];
  /** Arguments of the container. @default - the arguments of the image */
  readonly args?: readonly string[];
  /** Environment variables, without secrets. @default - none */
  readonly env?: readonly EnvVar[];
}

/** The process of a container. */
export interface ServerContainer {
  readonly command?: string[];
  readonly args?: string[];
  readonly env: readonly EnvVar[];
}

/** Server of a model on Container Apps. */
export class ContainerAppServer {
  /** vLLM, which serves language models with the OpenAI protocol. */
  static vllm(options: VllmServerOptions = {}): ContainerAppServer {
    assertProps(options, VLLM_SERVER_OPTIONS, { name: 'options' });
    const { port, readyPath } = vllmServer(options);
    return new ContainerAppServer('vllm', options.image ?? SERVER_IMAGES.vllm, port, readyPath, (name, model, gpu) => {
      const server = vllmServer(options);
      const precision = gpu.hasBf16 || server.args.includes('--dtype') ? [] : HALF_PRECISION;
      const started = commandOf(
        { ...server, args: [...model.args, ...precision, ...server.args] },
        name,
        model.path,
        SINGLE_GPU,
      );
      return { command: [...started.command], args: [...started.args], env: server.env };
    });
  }

  /** A custom server. */
  static of(options: CustomServerOptions): ContainerAppServer {
    assertProps(options, CUSTOM_SERVER_OPTIONS, { name: 'options' });
    const { image, port, healthPath = '/health', command, args, env = [] } = options;
    return new ContainerAppServer('custom', image, port, healthPath, () => ({
      command: command && [...command],
      args: args && [...args],
      env,
    }));
  }

  private constructor(
    /** @internal The kind of server. */
    readonly engine: 'vllm' | 'custom',
    /** Image of the server. */
    public readonly image: string,
    /** Port that the server listens on. */
    public readonly port: number,
    /** Path of the health check. */
    public readonly healthPath: string,
    private readonly run: (name: string, model: ContainerAppModel, gpu: ServerlessGpu) => ServerContainer,
  ) {}

  /** @internal The process for a model, with the name that requests use. */
  containerFor(name: string, model: ContainerAppModel, gpu: ServerlessGpu): ServerContainer {
    return this.run(name, model, gpu);
  }

  /** @internal Adds each problem of the server. */
  check(problems: ProblemCollector): void {
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
    if (!isUnknown(this.image) && !isImageReference(this.image))
      wrong('image', 'an image reference', this.image, 'Use registry/name@sha256:….');
    const { port, healthPath } = this;
    if (isKnown(problems, 'port', port) && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
      wrong('port', 'a whole number from 1 to 65535', port, 'Use the port that the server listens on.');
    if (!isUnknown(healthPath) && !/^\/[^\s?#]*$/.test(healthPath))
      wrong('healthPath', 'a path that begins with a slash', healthPath, 'Remove the host and the port.');
  }
}

brand(ContainerAppServer, 'azure.ContainerAppServer');

/** A replica has one accelerator. */
const SINGLE_GPU = { tensorParallel: 1, pipelineParallel: 1 };
/** vLLM rejects a BF16 model if the GPU does not support BF16. */
const HALF_PRECISION = ['--dtype', 'half'];

/** The scaling of an app with all settings resolved. */
export interface ResolvedScaling extends Required<ContainerAppScaling> {
  /** @default - no load, or no plan for it */
  readonly plan?: ServingPlan;
}

/** Concurrent requests without a load: the default of Container Apps. @see https://learn.microsoft.com/en-us/azure/container-apps/scale-app */
const DEFAULT_TARGET = 10;
/** Azure allows 1,000, but azurerm 4.55 only 300. @see https://learn.microsoft.com/en-us/azure/container-apps/scale-app#scale-definition */
export const MAX_REPLICAS = 300;
/** The default of Container Apps. */
const DEFAULT_COOLDOWN_SECONDS = 300;

/** Plans the load of an app, adds each contradiction, and resolves the scaling. */
export function resolveScaling(problems: ProblemCollector, props: ContainerAppInferenceProps): ResolvedScaling {
  const { scaling = {} } = props;
  const planned = planLoad(problems, props);
  return {
    ...limitsOf(problems, scaling, planned, MAX_REPLICAS),
    targetConcurrency: scaling.targetConcurrency ?? planned?.target ?? DEFAULT_TARGET,
    cooldownSeconds: scaling.cooldownSeconds ?? DEFAULT_COOLDOWN_SECONDS,
    plan: planned?.plan,
  };
}

interface Planned {
  readonly plan: ServingPlan;
  readonly count: number;
  readonly target?: number;
}

function planLoad(problems: ProblemCollector, props: ContainerAppInferenceProps): Planned | undefined {
  const { load, accelerator, resourceGroup, prices, scaling } = props;
  if (!load) return undefined;
  const { planServing, requestsAtOnce } = servingPlanner();
  const { location } = resourceGroup;
  const input: Omit<ServingPlanProps, 'replicas'> = {
    load,
    machine: accelerator.planned,
    acceleratorsPerReplica: 1,
    region: isUnknown(location) ? undefined : location,
    prices,
  };
  try {
    const open = planServing(input);
    const { count } = open.replicas;
    const maxReplicas = scaling?.maxReplicas;
    const isLimited =
      maxReplicas !== undefined && Number.isInteger(maxReplicas) && maxReplicas >= 1 && maxReplicas < count;
    const plan = isLimited ? planServing({ ...input, replicas: maxReplicas }) : open;
    for (const one of plan.contradictions) problems.add(contradictionProblem(one, '', NAMES));
    const atOnce = requestsAtOnce(load, open.latency);
    return { plan, count, ...(atOnce !== undefined && { target: Math.max(1, Math.ceil(atOnce / count)) }) };
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, NAMES));
    return undefined;
  }
}

/** The props of the construct, by their names in the planner. */
const NAMES: PropNames = {
  acceleratorsPerReplica: 'accelerator',
  machine: 'accelerator',
  replicas: 'scaling.maxReplicas',
};
