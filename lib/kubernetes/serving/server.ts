import type { EnvVar } from '../manifest';

/** Model server: its image, ports, health checks and metrics. */
export interface ModelServer {
  /** Kind of the server. */
  readonly engine: 'vllm' | 'triton';
  /** Container image. */
  readonly image: string;
  /** Port for requests. */
  readonly port: number;
  /** Port for metrics. The same as `port` if one port serves both. */
  readonly metricsPort: number;
  /** HTTP path that responds when the model is loaded. */
  readonly readyPath: string;
  /** HTTP path that responds while the process is healthy. */
  readonly livePath: string;
  /** More arguments, after those of this library. */
  readonly args: readonly string[];
  /** Environment variables of the container. */
  readonly env: readonly EnvVar[];
  /** Metrics that show the load of the replicas. */
  readonly metrics: ServerMetrics;
}

/** Metrics of a server. The functions return PromQL expressions over all replicas with the given labels. */
export interface ServerMetrics {
  /** Number of running and waiting requests. */
  readonly requests: (labels: string) => string;
  /** Used share of the KV cache, summed over the replicas. @default - the server does not report it */
  readonly cache?: (labels: string) => string;
  /** Names of the gauges of one pod for a custom metrics adapter: running and waiting requests. @default - the server does not report them */
  readonly gauges?: readonly string[];
}

/** Options for both servers. */
export interface ServerOptions {
  /** Container image. @default - a pinned public image for NVIDIA GPUs */
  readonly image?: string;
  /**
   * More arguments of the server.
   *
   * @default - none
   * @schema LINES
   */
  readonly args?: readonly string[];
  /** More environment variables of the server. @default - none */
  readonly env?: readonly EnvVar[];
}

/** Options for vLLM. */
export interface VllmServerOptions extends ServerOptions {
  /** Name of the model in requests. @default - the name of the deployment */
  readonly servedModelName?: string;
  /** Maximum number of tokens of a request and its answer. @default - the value in the configuration of the model */
  readonly maxModelLength?: number;
  /** Share of the memory of an accelerator that the server uses, greater than 0 and at most 1. @default 0.9 */
  readonly memoryShare?: number;
  /** Data type of the KV cache, passed to vLLM as `--kv-cache-dtype`. @default - the data type of the weights */
  readonly kvCacheType?: 'auto' | 'fp8';
}

/**
 * Public container images for NVIDIA GPUs on x86 and arm64.
 *
 * @see https://hub.docker.com/r/vllm/vllm-openai/tags
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/tritonserver/tags
 */
export const SERVER_IMAGES = {
  vllm: 'vllm/vllm-openai:v0.27.1',
  triton: 'nvcr.io/nvidia/tritonserver:26.06-py3',
} as const;

/** Share of the memory of an accelerator that vLLM uses by default. */
export const VLLM_MEMORY_SHARE = 0.9;

const VLLM_PORT = 8000;

/**
 * Returns a vLLM server. It serves language models with the OpenAI API.
 *
 * @see https://docs.vllm.ai/en/stable/usage/metrics/
 */
export function vllmServer(options: VllmServerOptions = {}): ModelServer {
  const { servedModelName, maxModelLength, memoryShare = VLLM_MEMORY_SHARE, kvCacheType } = options;
  return {
    engine: 'vllm',
    image: options.image ?? SERVER_IMAGES.vllm,
    port: VLLM_PORT,
    metricsPort: VLLM_PORT,
    readyPath: '/health',
    livePath: '/health',
    args: [
      ...(servedModelName === undefined ? [] : ['--served-model-name', servedModelName]),
      ...(maxModelLength === undefined ? [] : ['--max-model-len', String(maxModelLength)]),
      '--gpu-memory-utilization',
      String(memoryShare),
      ...(kvCacheType === undefined ? [] : ['--kv-cache-dtype', kvCacheType]),
      ...(options.args ?? []),
    ],
    env: options.env ?? [],
    metrics: {
      requests: (labels) => `sum(vllm:num_requests_running{${labels}}) + sum(vllm:num_requests_waiting{${labels}})`,
      cache: (labels) => `sum(vllm:kv_cache_usage_perc{${labels}})`,
      gauges: ['vllm_num_requests_running', 'vllm_num_requests_waiting'],
    },
  };
}

/**
 * Returns a Triton server. It serves models of any framework from a model repository. The configuration of a model sets its distribution over
 * accelerators.
 *
 * @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html
 */
export function tritonServer(options: ServerOptions = {}): ModelServer {
  return {
    engine: 'triton',
    image: options.image ?? SERVER_IMAGES.triton,
    port: 8000,
    metricsPort: 8002,
    readyPath: '/v2/health/ready',
    livePath: '/v2/health/live',
    args: options.args ?? [],
    env: options.env ?? [],
    metrics: {
      // Triton counts the total time of all requests. Its growth per second is the average number of concurrent requests (Little 1961).
      requests: (labels) => `sum(rate(nv_inference_request_duration_us{${labels}}[2m])) / 1000000`,
    },
  };
}
