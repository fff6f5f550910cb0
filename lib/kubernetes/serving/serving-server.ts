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

/** Distribution of a model over accelerators. */
export interface ServingLayout {
  /** Number of accelerators of a node that share a layer. */
  readonly tensorParallel: number;
  /** Number of nodes that share the layers. */
  readonly pipelineParallel: number;
}

/** Command of a server container. */
export interface ServerCommand {
  /** Program to run. */
  readonly command: readonly string[];
  /** Arguments of the program. */
  readonly args: readonly string[];
}

/** Role of a pod in a replica: the only pod, or the leader or a worker of several pods. */
export type ServingRole = 'single' | 'leader' | 'worker';

// The LeaderWorkerSet controller sets these variables in every container, and the kubelet expands them.
const GROUP = ['--nnodes', '$(LWS_GROUP_SIZE)', '--node-rank', '$(LWS_WORKER_INDEX)'];
const LEADER = ['--master-addr', '$(LWS_LEADER_ADDRESS)'];

/**
 * Returns the command of a server. vLLM connects several nodes to one replica itself, without Ray.
 *
 * @see https://docs.vllm.ai/en/stable/serving/parallelism_scaling/
 */
export function commandOf(
  server: ModelServer,
  name: string,
  path: string,
  layout: ServingLayout,
  role: ServingRole = 'single',
): ServerCommand {
  if (server.engine === 'triton') {
    const ports = ['--http-port', '8000', '--grpc-port', '8001', '--metrics-port', String(server.metricsPort)];
    return { command: ['tritonserver'], args: [`--model-repository=${path}`, ...ports, ...server.args] };
  }
  const named = server.args.includes('--served-model-name') ? [] : ['--served-model-name', name];
  const { tensorParallel, pipelineParallel } = layout;
  const args = [
    path,
    ...['--host', '0.0.0.0', '--port', String(server.port)],
    ...['--tensor-parallel-size', String(tensorParallel)],
    ...(pipelineParallel > 1 ? ['--pipeline-parallel-size', String(pipelineParallel)] : []),
    ...named,
    ...(role === 'single' ? [] : [...GROUP, ...LEADER]),
    ...(role === 'worker' ? ['--headless'] : []),
    ...server.args,
  ];
  return { command: ['vllm', 'serve'], args };
}
