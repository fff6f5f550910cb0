import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  InferenceEndpoint,
  InferenceObservability,
} from 'ai-infra-constructs/google';
import { evaluated } from '../../terraform/support';
import { codesOf, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { loadOf, synthEndpoint } from './support';

const POLICY = 'google_monitoring_alert_policy';
const CHANNELS = ['projects/p/notificationChannels/1'];

function policies(stack: Parameters<typeof resourcesOf>[0]) {
  const found = Object.entries(resourcesOf(stack, POLICY)).map(
    ([address, policy]) => [/Observability_(\w+?)_[0-9A-F]{8}$/.exec(address)![1], policy] as const,
  );
  return Object.fromEntries(found) as Record<string, (typeof found)[number][1]>;
}

describe('a Vertex AI endpoint', () => {
  const { stack, endpoint } = synthEndpoint({ scaling: { minReplicas: 1, maxReplicas: 4 } });
  const load = loadOf({ ttftMs: 500, tpotMs: 50, percentile: 95 });
  new InferenceObservability(stack, 'Observability', { endpoint, load, alertChannels: CHANNELS });

  test('has an alert for the error rate', () => {
    const { Errors } = policies(stack);
    expect(Errors.notification_channels).toEqual(CHANNELS);
    const [{ condition_threshold: condition }] = Errors.conditions;
    expect(condition).toMatchObject({
      comparison: 'COMPARISON_GT',
      threshold_value: 0.01,
      duration: '180s',
      evaluation_missing_data: 'EVALUATION_MISSING_DATA_INACTIVE',
      filter: expect.stringMatching(
        /endpoint_id="\$\{.*\.endpoint\}".*online\/response_count" AND .*response_code=starts_with\("5"\)$/,
      ),
      denominator_filter: expect.stringMatching(/response_count"$/),
    });
    expect(condition.aggregations).toEqual([
      { alignment_period: '60s', per_series_aligner: 'ALIGN_RATE', cross_series_reducer: 'REDUCE_SUM' },
    ]);
    expect(condition.denominator_aggregations).toEqual(condition.aggregations);
  });

  test('has an alert for latency above the target, at the percentile of the load', () => {
    const [{ condition_threshold: condition }] = policies(stack).Latency.conditions;
    expect(condition).toMatchObject({
      threshold_value: 500 + 200 * 50,
      filter: expect.stringContaining('prediction_latencies'),
    });
    expect(condition.aggregations[0].per_series_aligner).toBe('ALIGN_PERCENTILE_95');
    expect(condition.denominator_filter).toBeUndefined();
  });

  test('has an alert for the maximum number of replicas', () => {
    const [{ condition_threshold: condition }] = policies(stack).Saturation.conditions;
    expect(condition).toMatchObject({ threshold_value: 3.5, duration: '900s' });
  });

  test('has a dashboard in the format of the API', () => {
    const { dashboard_json: text } = theOnly(stack, 'google_monitoring_dashboard');
    const { displayName, gridLayout } = JSON.parse(evaluated(text)) as {
      displayName: string;
      gridLayout: { columns: string; widgets: { title: string; xyChart: { dataSets: unknown[] } }[] };
    };
    expect(displayName).toBe('Test/Observability');
    expect(gridLayout.columns).toBe('2');
    expect(gridLayout.widgets.map(({ xyChart }) => xyChart.dataSets.length)).toEqual([1, 1, 2, 1, 1]);
  });
});

describe('a Cloud Run service', () => {
  const stack = newStack();
  const endpoint = new CloudRunInference(stack, 'Chat', {
    region: 'europe-west4',
    gpu: CloudRunGpu.L4,
    name: 'chat',
    model: CloudRunModel.bucket({ name: 'models' }, { prefix: 'a', sizeGiB: 1 }),
    scaling: { minReplicas: 1, maxReplicas: 1 },
  });
  new InferenceObservability(stack, 'Observability', { endpoint });

  test('has no alert for latency without a target, or for a fixed number of replicas', () => {
    expect(Object.keys(policies(stack))).toEqual(['Errors']);
    expect(policies(stack).Errors.notification_channels).toBeUndefined();
  });

  test('counts responses of class 5xx as errors', () => {
    const [{ condition_threshold: condition }] = policies(stack).Errors.conditions;
    expect(condition.filter).toMatch(
      /service_name="\$\{.*\}" AND .*location="europe-west4".*response_code_class="5xx"$/,
    );
    expect(condition.denominator_filter).not.toContain('5xx');
  });
});

test('observes an existing endpoint, and sends alerts to email addresses and existing channels', () => {
  const stack = newStack();
  const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', {
    endpointId: '1',
    region: 'us-central1',
  });
  const to = { alertEmails: ['ml@example.com'], alertChannels: CHANNELS };
  const { alerts } = new InferenceObservability(stack, 'Observability', { endpoint, ...to });
  expect(Object.keys(policies(stack))).toEqual(['Errors']);
  expect(policies(stack).Errors.notification_channels).toEqual([
    expect.stringMatching(/^\$\{google_monitoring_notification_channel\./),
    ...CHANNELS,
  ]);
  expect(alerts!.resources).toHaveLength(1);
});

test('rejects invalid email addresses', () => {
  const stack = newStack();
  const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', {
    endpointId: '1',
    region: 'us-central1',
  });
  const run = () => new InferenceObservability(stack, 'O', { endpoint, alertEmails: ['a@b.c', 'a@b.c', 'nobody'] });
  expect(refusalsOf(run)).toEqual(['AlertEmail alertEmails[1]', 'AlertEmail alertEmails[2]']);
});

test.each([undefined, null, 7, {}, { endpoint: {} }, { endpoint: 'chat', alertChannels: 7 }])(
  'rejects the props %j with a code',
  (props) => {
    expect(codesOf(() => new InferenceObservability(newStack(), 'O', props as never)).length).toBeGreaterThan(0);
  },
);
