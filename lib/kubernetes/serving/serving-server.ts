import {
  branded,
  demand,
  type Kind,
  listOf,
  NUMBER,
  objectOf,
  oneOf,
  required,
  type Shape,
  TEXT,
  TEXT_OR_EMPTY,
} from '../../core/shapes';
import type { EnvVar } from '../manifest';
import {
  type ModelServer,
  SERVER_IMAGES,
  type ServerOptions,
  tritonServer,
  type VllmServerOptions,
  vllmServer,
} from './server';

/** What serves a model: on Kubernetes, and where a service runs one container. */
export class ServingServer {
  /** vLLM: language models behind the OpenAI protocol, on one machine or several. */
  static vllm(options: VllmServerOptions = {}): ServingServer {
    demand(options, VLLM, { name: 'options' });
    return new ServingServer('vllm', options, (of) => vllmServer({ kvCacheType: of, ...options }));
  }

  /** NVIDIA Triton: a repository of models of any framework, on one machine. */
  static triton(options: ServerOptions = {}): ServingServer {
    demand(options, SERVER, { name: 'options' });
    return new ServingServer('triton', options, () => tritonServer(options));
  }

  private constructor(
    public readonly engine: ModelServer['engine'],
    private readonly options: ServerOptions & Pick<VllmServerOptions, 'memoryShare'>,
    private readonly make: (kvCacheType?: 'fp8') => ModelServer,
  ) {}

  /** The image that runs. */
  get image(): string {
    return this.options.image ?? SERVER_IMAGES[this.engine];
  }

  /** Whether that image is one of your own. */
  get hasOwnImage(): boolean {
    return this.options.image !== undefined;
  }

  /** Share of an accelerator's memory that it takes. @default - nothing is stated */
  get memoryShare(): number | undefined {
    return this.options.memoryShare;
  }

  /** @internal The server in the words of the Kubernetes layer. @param kvCacheType what the load says of the cache */
  resolve(kvCacheType?: 'fp8'): ModelServer {
    return this.make(kvCacheType);
  }
}

/** A server, of whichever copy of the package. */
export const SERVING_SERVER: Kind = branded(
  ServingServer,
  'ServingServer',
  'a ServingServer',
  'Use ServingServer.vllm() or ServingServer.triton().',
);

const SERVER: Shape<ServerOptions> = {
  image: TEXT,
  args: listOf(TEXT_OR_EMPTY),
  env: listOf(objectOf<EnvVar>({ name: required(TEXT), value: required(TEXT_OR_EMPTY) }, 'a variable { name, value }')),
};

const VLLM: Shape<VllmServerOptions> = {
  ...SERVER,
  servedModelName: TEXT,
  maxModelLength: NUMBER,
  memoryShare: NUMBER,
  kvCacheType: oneOf(['auto', 'fp8']),
};
