import type { EnvVar } from '../manifest';

/** What a server of models is: its image, its ports, where it says that it is well, and what tells how busy it is. */
export interface ModelServer {
  readonly engine: 'vllm' | 'triton';
  readonly image: string;
  /** Port of requests. */
  readonly port: number;
  /** Port of metrics; that of requests where one port serves both. */
  readonly metricsPort: number;
  /** HTTP path that answers once the model is loaded. */
  readonly readyPath: string;
  /** HTTP path that answers while the process is sound. */
  readonly livePath: string;
  /** Further arguments, behind those of this library. */
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
  /** What tells how busy the replicas are. */
  readonly metrics: ServerMetrics;
}

/** Expressions of PromQL over all replicas, given the labels that select them. */
export interface ServerMetrics {
  /** Requests that run or wait. */
  readonly requests: (labels: string) => string;
  /** Share of the cache of keys and values in use, summed over replicas. @default - the server has no such metric */
  readonly cache?: (labels: string) => string;
  /** Gauges of one pod for an adapter of custom metrics, the requests that run and those that wait. @default - the server has none */
  readonly gauges?: readonly string[];
}

/** Options that both servers take. */
export interface ServerOptions {
  /** An image of your own. @default - a pinned public one, for NVIDIA GPUs */
  readonly image?: string;
  /** Further arguments of the server. @default - none */
  readonly args?: readonly string[];
  /** Further environment of the server. @default - none */
  readonly env?: readonly EnvVar[];
}

/** Options for `vllmServer`. */
export interface VllmServerOptions extends ServerOptions {
  /** Name that requests call the model by. @default - the name of the deployment */
  readonly servedModelName?: string;
  /** Most tokens of a request and its answer. @default - what the model's configuration says */
  readonly maxModelLength?: number;
  /** Share of the memory of an accelerator that the server takes. @default 0.9 */
  readonly memoryShare?: number;
  /** What a value of the KV cache takes. @default - that of the weights */
  readonly kvCacheType?: 'auto' | 'fp8';
}

/**
 * Public images, for NVIDIA GPUs on x86 and arm64.
 *
 * @see https://hub.docker.com/r/vllm/vllm-openai/tags
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/tritonserver/tags
 */
export const SERVER_IMAGES = {
  vllm: 'vllm/vllm-openai:v0.27.1',
  triton: 'nvcr.io/nvidia/tritonserver:26.06-py3',
} as const;

/** Share of an accelerator's memory that vLLM takes by default. */
export const VLLM_MEMORY_SHARE = 0.9;

const VLLM_PORT = 8000;

/**
 * vLLM: language models behind the OpenAI protocol.
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
 * Triton: models of any framework, from a repository of models. How a model is spread over accelerators is said in its own
 * configuration.
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
      // Triton counts the time that requests spend in it: its growth in a second is how many are in it on average (Little 1961).
      requests: (labels) => `sum(rate(nv_inference_request_duration_us{${labels}}[2m])) / 1000000`,
    },
  };
}
