import type { EnvVar } from '../manifest';
import type { ProblemCollector } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';

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

/** Flags that this library sets. Other values would not match the probes, services and accelerators. */
const RESERVED_FLAGS: Readonly<Record<ModelServer['engine'], readonly string[]>> = {
  vllm: [
    ...['--model', '--host', '--port', '--uds', '--headless'],
    ...['--tensor-parallel-size', '-tp', '--pipeline-parallel-size', '-pp'],
    ...['--nnodes', '-n', '--node-rank', '-r', '--master-addr'],
  ],
  triton: ['--http-port', '--grpc-port', '--metrics-port', '--allow-http', '--allow-metrics'],
};

/** Flags with an option in `VllmServerOptions`. If a flag appears twice, vLLM uses the last value, but the plan uses the first one. */
const UNIQUE_FLAGS = ['--served-model-name', '--max-model-len', '--gpu-memory-utilization', '--kv-cache-dtype'];

/** Adds problems for a server: its image, its arguments and its environment variables. */
export function checkServer(problems: ProblemCollector, { engine, image, args, env }: ModelServer): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  // An image with variables is only known at deployment and cannot be checked.
  if (!image.includes('${') && !isImageReference(image)) {
    wrong('image', 'an image reference, for example vllm/vllm-openai:v0.27.1', image, 'Copy it from the registry.');
  }
  const flags = args.map(flagOf);
  for (const flag of flags.filter((one) => RESERVED_FLAGS[engine].includes(one))) {
    wrong('args', `without ${flag}, which this library sets`, flag, 'Leave it out.');
  }
  for (const flag of UNIQUE_FLAGS.filter((one) => flags.indexOf(one) !== flags.lastIndexOf(one))) {
    wrong('args', `without a second ${flag}`, args, 'Only use the option of ServingServer.vllm.');
  }
  if (engine === 'vllm') checkNumbers(args, wrong);
  for (const { name } of env) {
    if (/^[A-Za-z_][\w.-]*$/.test(name)) continue;
    wrong(`env.${name}`, 'a name of letters, digits and _ that does not start with a digit', name, 'Rename it.');
  }
  const repeated = env.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index);
  for (const name of new Set(repeated)) wrong('env', 'a list of unique variables', name, 'Remove one of them.');
}

/** Returns the flag of an argument. vLLM accepts `_` instead of `-`, and both servers accept a value after `=`. */
function flagOf(arg: string): string {
  return arg.startsWith('-') ? arg.replace(/=.*$/s, '').replaceAll('_', '-') : '';
}

type Wrong = (prop: string, allowed: string, got: unknown, fix: string) => void;

function checkNumbers(args: readonly string[], wrong: Wrong): void {
  const share = valueOf(args, '--gpu-memory-utilization');
  if (share !== undefined && !(Number(share) > 0 && Number(share) <= 1)) {
    wrong('memoryShare', 'a number greater than 0 and at most 1', share, 'Leave it out to use 0.9.');
  }
  const length = valueOf(args, '--max-model-len');
  if (length !== undefined && !Number.isNaN(Number(length)) && !(Number.isInteger(Number(length)) && +length > 0)) {
    wrong('maxModelLength', 'a whole number of tokens', length, 'Leave it out to use the limit of the model.');
  }
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((arg) => flagOf(arg) === flag);
  if (at < 0) return undefined;
  return args[at]!.includes('=') ? args[at]!.replace(/^[^=]*=/, '') : args[at + 1];
}
