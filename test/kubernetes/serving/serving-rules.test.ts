import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import { servingCharts, servingRules, type ServingRulesProps } from '../../../lib/kubernetes/serving/serving-rules';

const LOAD = ServingLoad.of({
  ...{ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1000, outputTokens: 300, requestsPerSecond: 2 },
  ...{ ttftMs: 500, tpotMs: 50, percentile: 95 },
});

function rules(changes: Partial<ServingRulesProps> = {}): Record<string, string> {
  const limits = { minReplicas: 2, maxReplicas: 2 };
  const all = servingRules({ labels: 'namespace="chat"', engine: 'vllm', limits, ...changes });
  return Object.fromEntries(all.map(({ id, expression }) => [id, expression]));
}

test('reports errors, a missing server, and waiting requests of vLLM', () => {
  expect(rules()).toEqual({
    Errors:
      'sum(rate(http_requests_total{namespace="chat",status="5xx"}[5m])) / sum(rate(http_requests_total{namespace="chat"}[5m])) > 0.01',
    NoReplica: 'absent(count by (instance) (vllm:num_requests_running{namespace="chat"}))',
    Queue: 'sum(vllm:num_requests_waiting{namespace="chat"}) > 0',
  });
});

test('reports the time to the first token above the target, at its percentile', () => {
  expect(rules({ load: LOAD }).Latency).toBe(
    'histogram_quantile(0.95, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket{namespace="chat"}[5m]))) > 0.5',
  );
});

test('reports a range at its maximum, and no missing server of a model that scales to zero', () => {
  const range = rules({ limits: { minReplicas: 0, maxReplicas: 6 } });
  expect(range.Saturation).toBe('count(count by (instance) (vllm:num_requests_running{namespace="chat"})) >= 6');
  expect(range).not.toHaveProperty('NoReplica');
});

test('uses the metrics that Triton has', () => {
  const triton = rules({ engine: 'triton', load: LOAD });
  expect(Object.keys(triton)).toEqual(['Errors', 'NoReplica']);
  expect(triton.Errors).toContain('nv_inference_request_failure{namespace="chat"}');
  expect(triton.Errors).toMatch(/ > 0\.01$/);
});

test('charts only what the server reports', () => {
  const titles = (engine: ServingRulesProps['engine']) =>
    servingCharts({ labels: '', engine }).map(({ title }) => title);
  expect(titles('triton')).toEqual(['Requests and failed requests per second', 'Replicas']);
  expect(titles('vllm')).toHaveLength(5);
});
