import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { GatewayAlarms, type GatewayAlarmsProps, InferenceGateway } from 'ai-infra-constructs/aws';
import { HOSTILE, outcome, type Subject } from '../hostile';
import { errorOf, problemsOf, REGION } from '../support';
import { propertiesIn } from './support';

const importedIn = (stack: Stack, timeout?: Duration) =>
  InferenceGateway.fromInferenceGatewayAttributes(stack, 'Gateway', {
    restApiId: 'a1b2c3',
    restApiName: 'Serving-Gateway-Api',
    timeout,
  });

function alarms(props: Partial<GatewayAlarmsProps> = {}, timeout = Duration.seconds(100)) {
  const stack = new Stack(new App(), 'Monitoring', REGION);
  const alertTopic = new Topic(stack, 'Topic');
  const created = new GatewayAlarms(stack, 'Alarms', { gateway: importedIn(stack, timeout), alertTopic, ...props });
  return { stack, created, alarms: propertiesIn(stack)('AWS::CloudWatch::Alarm') };
}

describe('the alarms of an imported gateway', () => {
  test('notify the topic', () => {
    const { created, alarms: all } = alarms();
    expect(created.all).toHaveLength(4);
    expect(all).toHaveLength(4);
    for (const { AlarmActions: actions } of all) expect(actions).toHaveLength(1);
  });

  test.each([
    ['four fifths of the timeout by default', {}, 80_000],
    ['the maximum response time plus two seconds', { maxResponseTime: Duration.seconds(8) }, 10_000],
    ['four fifths of the timeout at most', { maxResponseTime: Duration.minutes(2) }, 80_000],
  ])('limit the latency to %s', (_, props, threshold) => {
    const latency = alarms(props).alarms.find(({ MetricName }) => MetricName === 'Latency');
    expect(latency).toMatchObject({ Threshold: threshold, ExtendedStatistic: 'p99' });
  });

  test('reject a response time that is unknown at synthesis', () => {
    const maxResponseTime = Duration.minutes(Token.asNumber({ Ref: 'AWS::Region' }));
    expect(problemsOf(errorOf(() => alarms({ maxResponseTime })))).toEqual(['ValueUnknown maxResponseTime']);
  });
});

const SUBJECT: Subject<GatewayAlarmsProps> = {
  make: (...given) => new GatewayAlarms(...given),
  props: ({ stack }) => ({ gateway: importedIn(stack) }),
  kinds: { gateway: 'required', maxResponseTime: 'optional', alertTopic: 'optional' },
};

describe.each(Object.entries(SUBJECT.kinds))('%s in plain JavaScript', (prop, kind) => {
  const changed = (value: unknown) => outcome(SUBJECT, (props) => ({ ...props, [prop]: value }));

  test(`is ${kind}`, () => {
    const got = changed(undefined);
    expect(got === 'accepted' ? 'optional' : got).toEqual(
      kind === 'optional' ? kind : [expect.stringMatching(`^${prop} must be `)],
    );
  });

  test('rejects values of other types with a coded error', () => {
    for (const [, value] of HOSTILE) {
      if (value === undefined) continue;
      expect(changed(value)).toEqual([expect.stringContaining(prop)]);
    }
  });
});
