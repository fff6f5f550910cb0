import { assertProps, brand } from '../../core/prop-schema';
import {
  type ModelServer,
  SERVER_IMAGES,
  type ServerOptions,
  tritonServer,
  type VllmServerOptions,
  vllmServer,
} from './server';
import { SERVER_OPTIONS, VLLM_SERVER_OPTIONS } from '../prop-schemas';

/**
 * Model server, on Kubernetes or in a container service.
 *
 * @example
 * ```ts
 * import { ServingServer } from 'ai-infra-constructs/aws';
 *
 * const server = ServingServer.vllm({ maxModelLength: 8192 });
 * ```
 */
export class ServingServer {
  /** Uses vLLM, which serves language models with the OpenAI API. A replica can span several machines. */
  static vllm(options: VllmServerOptions = {}): ServingServer {
    assertProps(options, VLLM_SERVER_OPTIONS, { name: 'options' });
    return new ServingServer('vllm', options, (kvCacheType) => vllmServer({ kvCacheType, ...options }));
  }

  /** Uses NVIDIA Triton, which serves a repository of models of any framework. A replica runs on one machine. */
  static triton(options: ServerOptions = {}): ServingServer {
    assertProps(options, SERVER_OPTIONS, { name: 'options' });
    return new ServingServer('triton', options, () => tritonServer(options));
  }

  /** @internal Kind of the server. */
  public readonly engine: ModelServer['engine'];

  private constructor(
    engine: ModelServer['engine'],
    private readonly options: ServerOptions & Pick<VllmServerOptions, 'memoryShare'>,
    private readonly create: (kvCacheType?: 'fp8') => ModelServer,
  ) {
    this.engine = engine;
  }

  /** Container image. */
  get image(): string {
    return this.options.image ?? SERVER_IMAGES[this.engine];
  }

  /** Whether the image is set in the options. */
  get hasOwnImage(): boolean {
    return this.options.image !== undefined;
  }

  /** Share of the memory of an accelerator that the server uses, if it is set in the options. */
  get memoryShare(): number | undefined {
    return this.options.memoryShare;
  }

  /** @internal Returns the server for the Kubernetes objects. @param kvCacheType default from the load */
  resolve(kvCacheType?: 'fp8'): ModelServer {
    return this.create(kvCacheType);
  }
}

brand(ServingServer, 'kubernetes.ServingServer');
