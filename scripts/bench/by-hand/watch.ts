import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Topic, dashboard, alarms and budget. */
export function watch(stack: Construct, clusterName: string, fileSystemId: string): void {
  const topic = alerts(stack);
  const insight = (metricName: string, statistic: string) =>
    metric('ContainerInsights', { ClusterName: clusterName }, metricName, statistic);
  const fsx = (metricName: string) => metric('AWS/FSx', { FileSystemId: fileSystemId }, metricName, Stats.SUM);
  const utilization = insight('node_gpu_utilization', Stats.AVERAGE);
  const drops = insight('node_efa_rx_dropped', Stats.SUM);
  const failed = insight('cluster_failed_node_count', Stats.MAXIMUM);
  const free = fsx('FreeDataStorageCapacity');

  const dashboard = new Dashboard(stack, 'Dashboard', { defaultInterval: Duration.hours(12) });
  const graph = (title: string, ...left: Metric[]) => new GraphWidget({ title, left, width: 8 });
  dashboard.addWidgets(
    graph('Accelerators in use, %', utilization, insight('node_gpu_memory_utilization', Stats.AVERAGE)),
    graph(
      'Fabric, bytes/s',
      insight('node_efa_rx_bytes', Stats.SUM),
      insight('node_efa_tx_bytes', Stats.SUM),
      insight('node_efa_rdma_read_bytes', Stats.SUM),
      insight('node_efa_rdma_write_bytes', Stats.SUM),
    ),
    graph('Fabric, trouble', drops),
  );
  dashboard.addWidgets(
    graph('Nodes', insight('cluster_node_count', Stats.MAXIMUM), failed),
    graph('File system, bytes', fsx('DataReadBytes'), fsx('DataWriteBytes')),
    graph('File system, free bytes', free),
  );

  const alarm = (id: string, alarmDescription: string, of: Metric, threshold: number, minutes: number, below = false) =>
    new Alarm(stack, id, {
      alarmDescription,
      metric: of,
      threshold,
      evaluationPeriods: minutes,
      comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(topic));
  const temperature = insight('node_gpu_temperature', Stats.MAXIMUM);
  alarm('NodesFailed', 'A node has failed', failed, 0, 5);
  alarm('FabricDrops', 'EFA drops packets', drops, 0, 15);
  alarm('AcceleratorsIdle', 'Accelerators are used below 5% for an hour', utilization, 5, 60, true);
  alarm('AcceleratorsHot', 'A GPU is above 85 °C', temperature, 85, 10);
  alarm('FileSystemFull', 'The file system has less than 10% free', free, 2_061_584_302_080, 5, true);
  budget(stack, topic);
}

function metric(namespace: string, dimensionsMap: Record<string, string>, metricName: string, statistic: string) {
  return new Metric({ namespace, metricName, statistic, period: Duration.minutes(1), dimensionsMap });
}

function alerts(stack: Construct): Topic {
  const masterKey = new Key(stack, 'AlertsKey', {
    description: 'Alerts',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const topic = new Topic(stack, 'Alerts', { masterKey, enforceSSL: true });
  const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
  for (const service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']) {
    const principals = [new ServicePrincipal(service)];
    masterKey.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        resources: ['*'],
        conditions,
      }),
    );
    topic.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }),
    );
  }
  return topic;
}

function budget(stack: Construct, topic: Topic): void {
  const notify = (notificationType: string, threshold: number) => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  });
  const resource = new CfnBudget(stack, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: 800_000, unit: 'USD' },
      costFilters: { TagKeyValue: ['user:project$atlas'] },
    },
    notificationsWithSubscribers: [
      notify('ACTUAL', 50),
      notify('ACTUAL', 80),
      notify('ACTUAL', 100),
      notify('FORECASTED', 100),
    ],
  });
  resource.node.addDependency(topic);
}
