import type { ModelServer } from './server';

/** How a model is spread over accelerators. */
export interface ServingLayout {
  /** Accelerators of one node that share a layer. */
  readonly tensorParallel: number;
  /** Nodes that share the layers. */
  readonly pipelineParallel: number;
}

/** What a container starts. */
export interface ServerCommand {
  readonly command: readonly string[];
  readonly args: readonly string[];
}

/** The place of a pod in a replica: alone, or first or further of several nodes. */
export type ServingRole = 'single' | 'leader' | 'worker';

// The LeaderWorkerSet controller sets these in every container; the kubelet puts them in.
const GROUP = ['--nnodes', '$(LWS_GROUP_SIZE)', '--node-rank', '$(LWS_WORKER_INDEX)'];
const LEADER = ['--master-addr', '$(LWS_LEADER_ADDRESS)'];

/**
 * The command of a server: several nodes form one replica by vLLM's own processes, without Ray.
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
