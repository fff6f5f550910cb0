import type { ModelServer } from './server';

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
