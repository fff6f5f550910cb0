import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AwsMachine,
  KubernetesInferenceObservability,
  ServingIngress,
  ServingNodes,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/aws';
import { at } from '../../kubernetes/at';
import { errorOf, type Json, problemsOf } from '../support';
import { type Changes, hub, inference } from './support';

function watch(changes: Changes = {}, notify = false) {
  const endpoint = inference(changes);
  const stack = Stack.of(endpoint);
  const alertTopic = notify ? new Topic(stack, 'Topic') : undefined;
  const observability = new KubernetesInferenceObservability(stack, 'Watch', { endpoint, alertTopic });
  const template = Template.fromStack(stack);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const alarm = (metric: string): Json => alarms.find(({ MetricName }) => MetricName === metric);
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return { stack, observability, alarms, alarm, dashboard: JSON.stringify(dashboard) };
}

const KEDA = ServingScaling.keda({ minReplicas: 0, maxReplicas: 4, targetConcurrency: 8, activation: { query: 'x' } });
const NAMES = (alarm: Json) => (alarm.Dimensions as Json[]).map(({ Name }) => Name as string).sort();

test('has an alarm if no replica is ready, which fires without a metric', () => {
  const alarm = watch().alarm('service_number_of_running_pods');
  expect(alarm).toMatchObject({
    ...{ Namespace: 'ContainerInsights', Threshold: 1, EvaluationPeriods: 5, TreatMissingData: 'breaching' },
    ComparisonOperator: 'LessThanThreshold',
  });
  expect(NAMES(alarm)).toEqual(['ClusterName', 'Namespace', 'Service']);
});

test('counts the healthy targets of a load balancer instead', () => {
  const { alarm } = watch({ ingress: ServingIngress.internalLoadBalancer() });
  expect(alarm('service_number_of_running_pods')).toBeUndefined();
  expect(alarm('HealthyHostCount')).toMatchObject({ Namespace: 'AWS/NetworkELB', Statistic: 'Minimum' });
});

test('has an alarm at the maximum number of replicas, and none for zero replicas of a model that scales to zero', () => {
  const { observability, alarm } = watch({ scaling: KEDA });
  expect(observability.noReplica).toBeUndefined();
  expect(alarm('service_number_of_running_pods')).toMatchObject({
    ...{ Threshold: 4, EvaluationPeriods: 15, TreatMissingData: 'notBreaching' },
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  expect(watch().observability.saturation).toBeUndefined();
});

const SEVERAL: Changes = {
  ...{ machine: AwsMachine.P5_48XLARGE, acceleratorsPerReplica: 16, model: hub(800) },
  ...{ nodes: ServingNodes.managed(), scaling: ServingScaling.fixed(2) },
};

test.each([
  ['one machine', {}, 32],
  ['several machines', SEVERAL, 137],
])('has an alarm for replicas on %s that are not ready', (_, changes, minutes) => {
  const { observability, alarms } = watch(changes);
  const alarm = alarms.find((one) => one.Metrics !== undefined)!;
  expect(alarm).toMatchObject({
    ...{ Threshold: 0, EvaluationPeriods: minutes, ComparisonOperator: 'GreaterThanThreshold' },
    TreatMissingData: 'notBreaching',
  });
  const [result, ...metrics] = alarm.Metrics as [Json, ...Json[]];
  expect(result).toMatchObject({ Expression: 'desired - ready' });
  expect(metrics.map((one) => at(one, 'MetricStat.Metric.MetricName'))).toEqual(['replicas_desired', 'replicas_ready']);
  const Dimensions = expect.arrayContaining([
    { Name: 'Namespace', Value: 'chat' },
    { Name: 'PodName', Value: 'chat' },
  ]) as Json;
  for (const { MetricStat } of metrics) {
    expect(MetricStat).toMatchObject({ Stat: 'Maximum', Period: 60, Metric: { Dimensions } });
  }
  expect(observability.alarms).toContain(observability.pending);
});

test('has alarms for restarts of servers on one machine, and for failed nodes', () => {
  const { alarm } = watch();
  expect(alarm('pod_number_of_container_restarts')).toMatchObject({ Threshold: 3, Period: 900, Statistic: 'Sum' });
  expect(NAMES(alarm('pod_number_of_container_restarts'))).toEqual(['ClusterName', 'Namespace', 'PodName']);
  expect(alarm('cluster_failed_node_count')).toMatchObject({ Threshold: 0, EvaluationPeriods: 5 });
  const several = watch(SEVERAL);
  expect(several.observability.restarts).toBeUndefined();
  expect(several.alarm('pod_number_of_container_restarts')).toBeUndefined();
  expect(several.dashboard).not.toContain('restarts');
});

test('has an alarm for hot GPUs, and the utilization of either accelerator on the dashboard', () => {
  const gpus = watch();
  expect(gpus.alarm('pod_gpu_temperature')).toMatchObject({ Threshold: 85, Statistic: 'Maximum' });
  expect(gpus.dashboard).toContain('pod_gpu_utilization');
  const image = 'example.com/vllm-neuron:0.11';
  const cores = watch({ machine: AwsMachine.INF2_48XLARGE, server: ServingServer.vllm({ image }) });
  expect(cores.observability.hot).toBeUndefined();
  expect(cores.dashboard).toContain('pod_neuroncore_utilization');
});

test('sends all alarms to the topic, and no notification without one', () => {
  const { stack, alarms, observability } = watch({}, true);
  const topic = { Ref: stack.getLogicalId(stack.node.findChild('Topic').node.defaultChild as never) };
  expect(alarms).toHaveLength(observability.alarms.length);
  expect(alarms.map(({ AlarmActions }) => AlarmActions as unknown)).toEqual(alarms.map(() => [topic]));
  expect(watch().alarms.every(({ AlarmActions }) => AlarmActions === undefined)).toBe(true);
});

test('rejects an endpoint that is not a model on EKS', () => {
  const stack = new Stack(new App(), 'Test');
  const error = errorOf(() => new KubernetesInferenceObservability(stack, 'Watch', { endpoint: stack as never }));
  expect(problemsOf(error)).toEqual(['PropType endpoint']);
});
