import { App, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AlertTopic, CostBudget, findingsOf, TrainingObservability } from 'ai-infra-constructs/aws';
import { type Json, errorOf, problemsOf } from '../support';

const BUDGET = { monthlyUsd: 1000 };

function budget(props: Partial<ConstructorParameters<typeof CostBudget>[2]> = {}) {
  const stack = new Stack(new App(), 'Test');
  const { topic } = new AlertTopic(stack, 'Alerts');
  new CostBudget(stack, 'Budget', { ...BUDGET, alertTopic: topic, ...props });
  return Template.fromStack(stack);
}

describe('AlertTopic', () => {
  test('reports that nobody subscribes, unless it has an email address', () => {
    const found = (alertEmails?: string[]) =>
      findingsOf(new AlertTopic(new Stack(new App(), 'Test'), 'Alerts', { alertEmails })).map(({ id }) => id);
    expect(found()).toEqual(['alerts/no-subscriber']);
    expect(found(['oncall@example.com'])).toEqual([]);
  });

  test('is encrypted under a key that alarms and budgets of this account can use, TLS only', () => {
    const stack = new Stack(new App(), 'Test');
    new AlertTopic(stack, 'Alerts', { alertEmails: ['oncall@example.com'] });
    const template = Template.fromStack(stack);
    for (const Service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']) {
      const statement = (Action: unknown) =>
        Match.objectLike({
          Action,
          Principal: { Service },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        });
      template.hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: { Statement: Match.arrayWith([statement(['kms:GenerateDataKey*', 'kms:Decrypt'])]) },
      });
      template.hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([statement('sns:Publish')]) },
      });
    }
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' });
  });
});

test.each([[['nobody']], [['a@example.com', 'a@example.com']]])('AlertTopic rejects %j', (alertEmails) => {
  expect(problemsOf(errorOf(() => new AlertTopic(new Stack(new App(), 'Test'), 'Alerts', { alertEmails })))).toEqual([
    'AlertEmail alertEmails',
  ]);
});

describe('CostBudget', () => {
  test('covers the whole account without tags', () => {
    budget().hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { CostFilters: Match.absent(), TimeUnit: 'MONTHLY' },
    });
  });

  test('sends a notification at each percentage, for actual and forecast cost', () => {
    const [resource] = Object.values(
      budget({ actualPercent: [90], forecastPercent: [110] }).findResources('AWS::Budgets::Budget'),
    );
    const notifications = resource!.Properties.NotificationsWithSubscribers.map(({ Notification }: Json) => [
      Notification.NotificationType,
      Notification.Threshold,
    ]);
    expect(notifications).toEqual([
      ['ACTUAL', 90],
      ['FORECASTED', 110],
    ]);
  });

  test.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('rejects %p dollars', (monthlyUsd) => {
    expect(problemsOf(errorOf(() => budget({ monthlyUsd })))).toEqual(['BudgetInvalid monthlyUsd']);
  });

  test.each([
    ['0 percent', { actualPercent: [0] }],
    [
      'more notifications than a budget supports',
      { actualPercent: Array.from({ length: 11 }, (_, index) => index + 1) },
    ],
  ])('rejects %s', (_, props) => {
    expect(problemsOf(errorOf(() => budget(props)))).toEqual(['BudgetInvalid actualPercent and forecastPercent']);
  });

  test('accepts a token as the amount', () => {
    expect(() => budget({ monthlyUsd: Token.asNumber({ Ref: 'Amount' }) })).not.toThrow();
  });
});

describe('TrainingObservability', () => {
  function observed(props: Partial<ConstructorParameters<typeof TrainingObservability>[2]> = {}) {
    const stack = new Stack(new App(), 'Test');
    new TrainingObservability(stack, 'Observability', { clusterName: 'ours', ...props });
    return Template.fromStack(stack);
  }
  const metricsOf = (template: Template) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.MetricName as string,
    );

  test('has alarms on Neuron cores instead of GPUs, without a temperature', () => {
    expect(metricsOf(observed({ neuron: true })).sort()).toEqual([
      'cluster_failed_node_count',
      'node_efa_rx_dropped',
      'node_neuroncore_utilization',
    ]);
  });

  test('compares each metric with its threshold in the right direction', () => {
    const alarms = Object.values(
      observed({ fileSystem: { fileSystemId: 'fs-1', sizeGiB: 1200 } }).findResources('AWS::CloudWatch::Alarm'),
    );
    const thresholds = alarms.map(({ Properties }) => [
      Properties.MetricName,
      Properties.ComparisonOperator,
      Properties.Threshold,
    ]);
    expect(thresholds).toEqual(
      expect.arrayContaining([
        ['cluster_failed_node_count', 'GreaterThanThreshold', 0],
        ['node_efa_rx_dropped', 'GreaterThanThreshold', 0],
        ['node_gpu_temperature', 'GreaterThanThreshold', 85],
        ['node_gpu_utilization', 'LessThanThreshold', 5],
        ['FreeDataStorageCapacity', 'LessThanThreshold', 120 * 2 ** 30],
      ]),
    );
  });

  test('has no alarm actions without a topic', () => {
    observed().allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.absent(),
      TreatMissingData: 'notBreaching',
    });
  });

  test('uses the metrics of the CloudWatch add-on for this cluster', () => {
    observed().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'ContainerInsights',
      MetricName: 'cluster_failed_node_count',
      Dimensions: [{ Name: 'ClusterName', Value: 'ours' }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });
});
