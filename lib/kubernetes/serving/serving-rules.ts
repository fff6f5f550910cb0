import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ModelServer } from './server';

/** Properties for `servingRules` and `servingCharts`. */
export interface ServingRulesProps {
  /** Labels of the series of one model in PromQL, for example `namespace="chat"`. */
  readonly labels: string;
  /** Kind of the server. */
  readonly engine: ModelServer['engine'];
  /** Minimum and maximum number of replicas. */
  readonly limits: ReplicaLimits;
  /** Load with the latency targets. @default - no latency alert */
  readonly load?: ServingLoad;
}

/** Condition that needs attention, in PromQL. The expression has a result only while the condition is true. */
export interface ServingRule {
  /** ID of the alert. */
  readonly id: 'NoReplica' | 'Errors' | 'Latency' | 'Queue' | 'Saturation';
  /** What happens, as the end of a sentence that starts with the model. */
  readonly title: string;
  /** PromQL expression. */
  readonly expression: string;
  /** Number of minutes for which the condition must be true. */
  readonly minutes: number;
}

/** Chart of one value over time. */
export interface ServingChart {
  /** Title of the chart. */
  readonly title: string;
  /** PromQL expressions, one for each line. */
  readonly expressions: readonly string[];
}

// All thresholds and durations are choices of this library, the same as for the endpoints of the clouds.
const MAX_ERRORS = 0.01;
const SHORT_MINUTES = 5;
const LONG_MINUTES = 15;

/** Queries of one server over all replicas of a model. */
interface Queries {
  /** One series for each replica. */
  readonly replica: string;
  /** Requests that the replicas process. @default - the server does not report them */
  readonly running?: string;
  readonly requests: string;
  readonly errors: string;
  /** Requests that wait for a place in a replica. @default - the server does not report them */
  readonly waiting?: string;
  /** Seconds until the first token, by percentile. @default - the server does not report it */
  readonly firstToken?: (percentile: number) => string;
  /** Used share of the KV cache. @default - the server does not report it */
  readonly cache?: string;
}

/** Counts requests per second. Without requests, the result is empty, and no alert fires. */
const rate = (series: string) => `sum(rate(${series}[5m]))`;

/** @see https://docs.vllm.ai/en/stable/usage/metrics/ */
function vllm(labels: string): Queries {
  return {
    // A server has a series for each engine, and an engine for each rank of data parallelism.
    replica: `count by (instance) (vllm:num_requests_running{${labels}})`,
    running: `sum(vllm:num_requests_running{${labels}})`,
    requests: rate(`http_requests_total{${labels}}`),
    // The middleware of the HTTP server groups the status codes: trallnag/prometheus-fastapi-instrumentator.
    errors: rate(`http_requests_total{${labels},status="5xx"}`),
    waiting: `sum(vllm:num_requests_waiting{${labels}})`,
    firstToken: (percentile) =>
      `histogram_quantile(${percentile / 100}, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket{${labels}}[5m])))`,
    cache: `avg(vllm:kv_cache_usage_perc{${labels}})`,
  };
}

/** @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html */
function triton(labels: string): Queries {
  const failed = rate(`nv_inference_request_failure{${labels}}`);
  return {
    // A server has a series for each model that it loads.
    replica: `count by (instance) (nv_inference_request_success{${labels}})`,
    requests: `(${rate(`nv_inference_request_success{${labels}}`)} + ${failed})`,
    errors: failed,
  };
}

const QUERIES = { vllm, triton } as const;

/** Returns the conditions of a model that need attention. */
export function servingRules({ labels, engine, limits, load }: ServingRulesProps): ServingRule[] {
  const { replica, requests, errors, waiting, firstToken } = QUERIES[engine](labels);
  const { minReplicas, maxReplicas } = limits;
  const rules: ServingRule[] = [
    {
      id: 'Errors',
      title: `fails more than ${MAX_ERRORS * 100}% of requests`,
      expression: `${errors} / ${requests} > ${MAX_ERRORS}`,
      minutes: SHORT_MINUTES,
    },
  ];
  if (minReplicas > 0) {
    const expression = `absent(${replica})`;
    rules.push({ id: 'NoReplica', title: 'has no running server', expression, minutes: SHORT_MINUTES });
  }
  if (waiting !== undefined) {
    const title = 'has waiting requests at all times';
    rules.push({ id: 'Queue', title, expression: `${waiting} > 0`, minutes: LONG_MINUTES });
  }
  if (firstToken && load?.ttftMs !== undefined) {
    const title = `takes longer than ${load.ttftMs} ms for the first token`;
    const expression = `${firstToken(load.percentile)} > ${load.ttftMs / 1000}`;
    rules.push({ id: 'Latency', title, expression, minutes: SHORT_MINUTES });
  }
  if (minReplicas < maxReplicas) {
    const title = `runs at its maximum of ${maxReplicas} replicas`;
    const expression = `count(${replica}) >= ${maxReplicas}`;
    rules.push({ id: 'Saturation', title, expression, minutes: LONG_MINUTES });
  }
  return rules;
}

/** Returns the charts of a model. */
export function servingCharts({ labels, engine }: Pick<ServingRulesProps, 'labels' | 'engine'>): ServingChart[] {
  const { replica, running, requests, errors, waiting, firstToken, cache } = QUERIES[engine](labels);
  return [
    { title: 'Requests and failed requests per second', expressions: [requests, errors] },
    { title: 'Replicas', expressions: [`count(${replica})`] },
    ...(firstToken
      ? [{ title: 'Time to the first token, s: p50 and p99', expressions: [firstToken(50), firstToken(99)] }]
      : []),
    ...(running === undefined || waiting === undefined
      ? []
      : [{ title: 'Running and waiting requests', expressions: [running, waiting] }]),
    ...(cache === undefined ? [] : [{ title: 'Used share of the KV cache', expressions: [cache] }]),
  ];
}
