import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import { ClusterSource, KubernetesInferenceObservability, ServingScaling } from 'ai-infra-constructs/google';
import { codesOf, newStack, resourcesOf } from '../support';
import { type Changes, synth } from './support';

const LOAD = ServingLoad.of({
  ...{ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1500, outputTokens: 300, requestsPerSecond: 2 },
  ...{ ttftMs: 2000, tpotMs: 100 },
});

interface Alert {
  readonly display_name: string;
  readonly notification_channels?: readonly string[];
  readonly conditions: readonly {
    readonly condition_prometheus_query_language: {
      readonly query: string;
      readonly duration: string;
      readonly disable_metric_validation: boolean;
    };
  }[];
}

function watch(changes: Changes = {}) {
  const { stack, inference: endpoint } = synth(changes);
  const alertChannels = ['projects/p/notificationChannels/1'];
  const observability = new KubernetesInferenceObservability(stack, 'Watch', {
    ...{ endpoint, alertChannels, alertEmails: ['ml-oncall@example.com'] },
  });
  const alerts = Object.values(resourcesOf(stack, 'google_monitoring_alert_policy')) as Alert[];
  const [dashboard] = Object.values(resourcesOf(stack, 'google_monitoring_dashboard')) as { dashboard_json: string }[];
  return { observability, alerts, dashboard: dashboard!.dashboard_json };
}

const queryOf = ({ conditions }: Alert) => conditions[0]!.condition_prometheus_query_language;

test('alerts on the metrics of the servers in this cluster and namespace, also before they exist', () => {
  const { alerts, observability } = watch();
  expect(alerts.map(({ display_name: name }) => name.replace('Test/Watch ', '')).sort()).toEqual([
    'fails more than 1% of requests',
    'has no running server',
    'has waiting requests at all times',
  ]);
  for (const alert of alerts) {
    expect(queryOf(alert).query).toMatch(/\{cluster="[^"]+",location="us-central1",namespace="chat"/);
    expect(queryOf(alert).disable_metric_validation).toBe(true);
    expect(alert.notification_channels).toHaveLength(2);
  }
  expect(observability.latency).toBeUndefined();
  expect(observability.saturation).toBeUndefined();
});

test('alerts on the first token of a load, and on a range at its maximum', () => {
  const scaling = ServingScaling.keda({ maxReplicas: 6, targetConcurrency: 8 });
  const { alerts, observability } = watch({ load: LOAD, scaling });
  expect(observability.latency).toBeDefined();
  const saturation = alerts.find(({ display_name: name }) => name.endsWith('maximum of 6 replicas'))!;
  expect(queryOf(saturation)).toMatchObject({ duration: '900s' });
});

test('needs managed collection on an existing cluster, whose models then have metrics', () => {
  const cluster = { name: 'research', location: 'us-central1' };
  const on = (managedPrometheus?: boolean) => ({ cluster: ClusterSource.fromCluster(cluster, { managedPrometheus }) });
  expect(codesOf(() => watch(on()))).toEqual(['EndpointOption']);
  expect(watch(on(true)).alerts).toHaveLength(3);
  const kinds = synth(on(true)).inference.bundle.manifests.map(({ kind }) => kind);
  expect(kinds).toContain('PodMonitoring');
  expect(synth(on()).inference.bundle.manifests.map(({ kind }) => kind)).not.toContain('PodMonitoring');
});

test('counts servers, not the engines of a server', () => {
  const { dashboard } = watch();
  expect(dashboard).toContain('count(count by (instance) (vllm:num_requests_running');
});

test('charts servers and accelerators', () => {
  const { dashboard } = watch();
  expect(dashboard).toContain('vllm:time_to_first_token_seconds_bucket');
  expect(dashboard).toContain('kubernetes_io:container_accelerator_duty_cycle');
  expect(dashboard).toContain('namespace_name=\\"chat\\"');
});

test('rejects malformed addresses, and an endpoint that is not a model on GKE', () => {
  const { stack, inference: endpoint } = synth();
  let count = 0;
  const create = (props: object) => () =>
    new KubernetesInferenceObservability(stack, `Watch${count++}`, props as never);
  expect(codesOf(create({ endpoint, alertEmails: ['nobody'] }))).toEqual(['AlertEmail']);
  expect(codesOf(create({ endpoint: newStack() }))).toEqual(['PropType']);
});
