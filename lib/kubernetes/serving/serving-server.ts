import { branded, demand, type Kind } from '../../core/shapes';
import {
  type ModelServer,
  SERVER_IMAGES,
  type ServerOptions,
  tritonServer,
  type VllmServerOptions,
  vllmServer,
} from './server';
import { SERVER, VLLM } from './server-options';

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
