import { isImageReference } from '../../core/image-reference';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { commandOf, type EnvVar, SERVER_IMAGES, type VllmServerOptions, vllmServer } from '../../kubernetes';
import { SERVER, VLLM } from '../../kubernetes/serving/server-options';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { ContainerAppModel } from './container-app-model';
import type { ServerlessGpu } from './serverless-gpu';

/** A server of your own, which speaks the OpenAI protocol below `/v1`. */
export interface OwnServerOptions {
  /** Its image, best by its digest. */
  readonly image: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Where it says that it answers. @default '/health' */
  readonly healthPath?: string;
  /** What starts it. @default - what the image says */
  readonly command?: readonly string[];
  /** Its arguments. @default - those of the image */
  readonly args?: readonly string[];
  /** Its environment, with no secrets. @default - none */
  readonly env?: readonly EnvVar[];
}

/** What a container runs. */
export interface ServerContainer {
  readonly command?: string[];
  readonly args?: string[];
  readonly env: readonly EnvVar[];
}

/** What serves a model on Container Apps. */
export class ContainerAppServer {
  /** vLLM: language models behind the OpenAI protocol. */
  static vllm(options: VllmServerOptions = {}): ContainerAppServer {
    demand(options, VLLM, { name: 'options' });
    const { port, readyPath } = vllmServer(options);
    return new ContainerAppServer('vllm', options.image ?? SERVER_IMAGES.vllm, port, readyPath, (name, model, gpu) => {
      const server = vllmServer(options);
      const own = gpu.hasBf16 || server.args.includes('--dtype') ? [] : HALF;
      const started = commandOf({ ...server, args: [...model.args, ...own, ...server.args] }, name, model.path, ALONE);
      return { command: [...started.command], args: [...started.args], env: server.env };
    });
  }

  /** A server of your own. */
  static of(options: OwnServerOptions): ContainerAppServer {
    demand(options, OWN, { name: 'options' });
    const { image, port, healthPath = '/health', command, args, env = [] } = options;
    return new ContainerAppServer('own', image, port, healthPath, () => ({
      command: command && [...command],
      args: args && [...args],
      env,
    }));
  }

  private constructor(
    public readonly engine: 'vllm' | 'own',
    public readonly image: string,
    public readonly port: number,
    /** Where it says that it answers. */
    public readonly healthPath: string,
    private readonly run: (name: string, model: ContainerAppModel, gpu: ServerlessGpu) => ServerContainer,
  ) {}

  /** @internal What runs for a model, under its name in requests. */
  containerFor(name: string, model: ContainerAppModel, gpu: ServerlessGpu): ServerContainer {
    return this.run(name, model, gpu);
  }

  /** Adds what is wrong with it. */
  check(problems: Problems): void {
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
    if (!isUnknown(this.image) && !isImageReference(this.image))
      wrong('image', 'an image reference', this.image, 'Write registry/name@sha256:….');
    const { port, healthPath } = this;
    if (isKnown(problems, 'port', port) && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
      wrong('port', 'a whole number from 1 to 65535', port, 'Name the port that it listens on.');
    if (!isUnknown(healthPath) && !/^\/[^\s?#]*$/.test(healthPath))
      wrong('healthPath', 'a path that begins with a slash', healthPath, 'Leave host and port out.');
  }
}

/** A server, of whichever copy of the package. */
export const CONTAINER_APP_SERVER: Kind = branded(
  ContainerAppServer,
  'AzureContainerAppServer',
  'a ContainerAppServer',
  'Use ContainerAppServer.vllm() or ContainerAppServer.of({ image, port }).',
);

/** A replica has one accelerator. */
const ALONE = { tensorParallel: 1, pipelineParallel: 1 };
/** vLLM refuses a model of BF16 where the chip has none. */
const HALF = ['--dtype', 'half'];

const OWN: Shape<OwnServerOptions> = {
  image: required(TEXT),
  port: required(NUMBER),
  healthPath: TEXT,
  command: SERVER.args,
  args: SERVER.args,
  env: SERVER.env,
};
