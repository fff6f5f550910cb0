import { CloudRunGpu, CloudRunInference, CloudRunModel, InferenceObservability } from 'ai-infra-constructs/google';
import { evaluated } from '../../terraform/support';
import { codesOf, newStack, resourcesOf, theOnly } from '../support';
import { loadOf, synthEndpoint } from './support';

const POLICY = 'google_monitoring_alert_policy';
const CHANNELS = ['projects/p/notificationChannels/1'];

function policies(stack: Parameters<typeof resourcesOf>[0]) {
  const found = Object.entries(resourcesOf(stack, POLICY)).map(
    ([address, policy]) => [/Observability_(\w+?)_[0-9A-F]{8}$/.exec(address)![1], policy] as const,
  );
  return Object.fromEntries(found) as Record<string, (typeof found)[number][1]>;
}

describe('an endpoint of Vertex AI', () => {
  const { stack, endpoint } = synthEndpoint({ scaling: { minimum: 1, maximum: 4 } });
  const load = loadOf({ ttftMs: 500, tpotMs: 50, percentile: 95 });
  new InferenceObservability(stack, 'Observability', { endpoint, load, channels: CHANNELS });

  test('alerts where it fails, as a share of its requests', () => {
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

  test('alerts where whole answers are later than promised, by the percentile of the load', () => {
    const [{ condition_threshold: condition }] = policies(stack).Latency.conditions;
    expect(condition).toMatchObject({
      threshold_value: 500 + 200 * 50,
      filter: expect.stringContaining('prediction_latencies'),
    });
    expect(condition.aggregations[0].per_series_aligner).toBe('ALIGN_PERCENTILE_95');
    expect(condition.denominator_filter).toBeUndefined();
  });

  test('alerts where it stands at its most', () => {
    const [{ condition_threshold: condition }] = policies(stack).Saturation.conditions;
    expect(condition).toMatchObject({ threshold_value: 3.5, duration: '900s' });
  });

  test('has a dashboard that the API reads', () => {
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

describe('a service of Cloud Run', () => {
  const stack = newStack();
  const endpoint = new CloudRunInference(stack, 'Chat', {
    region: 'europe-west4',
    gpu: CloudRunGpu.L4,
    name: 'chat',
    model: CloudRunModel.bucket({ name: 'models' }, { prefix: 'a', sizeGiB: 1 }),
    scaling: { minimum: 1, maximum: 1 },
  });
  new InferenceObservability(stack, 'Observability', { endpoint });

  test('alerts nobody of a latency that is not promised, or of replicas that are fixed', () => {
    expect(Object.keys(policies(stack))).toEqual(['Errors']);
    expect(policies(stack).Errors.notification_channels).toBeUndefined();
  });

  test('fails by answers of the class 5xx', () => {
    const [{ condition_threshold: condition }] = policies(stack).Errors.conditions;
    expect(condition.filter).toMatch(
      /service_name="\$\{.*\}" AND .*location="europe-west4".*response_code_class="5xx"$/,
    );
    expect(condition.denominator_filter).not.toContain('5xx');
  });
});

test.each([undefined, null, 7, {}, { endpoint: {} }, { endpoint: 'chat', channels: 7 }])(
  'props that are none, %j, are refused with a code',
  (props) => {
    expect(codesOf(() => new InferenceObservability(newStack(), 'O', props as never)).length).toBeGreaterThan(0);
  },
);
