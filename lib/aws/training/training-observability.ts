import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkKnownSize } from '../storage/lustre-file-system';
import { TRAINING_OBSERVABILITY_PROPS } from '../prop-schemas';

/** A file system to monitor, such as an `ILustreFileSystem`. */
export interface WatchedFileSystem {
  /** ID of the file system, `fs-…`. */
  readonly fileSystemId: string;
  /** Storage capacity in GiB. */
  readonly sizeGiB: number;
}

/** Properties for `TrainingObservability`. */
export interface TrainingObservabilityProps {
  /** Name of an EKS cluster with the CloudWatch observability add-on. */
  readonly clusterName: string;
  /** Whether the accelerators are Trainium. @default false */
  readonly neuron?: boolean;
  /** File system to monitor. @default - none */
  readonly fileSystem?: WatchedFileSystem;
  /** SNS topic that receives alarm notifications. @default - the alarms send no notifications */
  readonly alertTopic?: ITopic;
}

const GIB = 2 ** 30;
/** Share of a Lustre file system that must stay free. Writes fail as soon as one storage target is full. */
const FREE_SHARE = 0.1;
/** Below this utilization, accelerators are idle. */
const IDLE_PERCENT = 5;
/** Our choice, below the temperature at which data center GPUs slow down. `nvidia-smi -q -d TEMPERATURE` reports the limit of the chip. */
const HOT_CELSIUS = 85;

/**
 * A dashboard of accelerators, fabric, and file system, and alarms for what stops a job or wastes money.
 *
 * @example
 * ```ts
 * import { TrainingObservability } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * new TrainingObservability(new Stack(new App(), 'Monitoring'), 'Observability', { clusterName: 'research' });
 * ```
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/fs-metrics.html
 */
export class TrainingObservability extends Construct {
  /** The CloudWatch dashboard. */
  public readonly dashboard: Dashboard;
  /** All alarms. */
  public readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: TrainingObservabilityProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, TRAINING_OBSERVABILITY_PROPS) && props.fileSystem) {
      checkKnownSize(problems, 'fileSystem.sizeGiB', props.fileSystem.sizeGiB);
    }
    problems.throwIfAny(this);
    const { fileSystem } = props;
    const metrics = clusterMetrics(props);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    this.dashboard.addWidgets(
      graph('Accelerators in use, %', metrics.accelerators),
      graph('Fabric, bytes/s', metrics.fabricBytes),
      graph('Fabric, dropped packets', metrics.fabricErrors),
    );
    this.dashboard.addWidgets(
      graph('Nodes', [metrics.nodes, metrics.failedNodes]),
      ...(fileSystem
        ? [
            graph('File system, bytes', fileSystemTraffic(fileSystem)),
            graph('File system, free bytes', [freeBytes(fileSystem)]),
          ]
        : []),
    );
    this.alarms = [
      this.alarm('NodesFailed', 'A node has failed', metrics.failedNodes, 0, { minutes: 5 }),
      this.alarm('FabricDrops', 'EFA drops packets', metrics.fabricErrors[0], 0, { minutes: 15 }),
      this.alarm(
        'AcceleratorsIdle',
        `Accelerators are used below ${IDLE_PERCENT}% for an hour`,
        metrics.accelerators[0],
        IDLE_PERCENT,
        { minutes: 60, below: true },
      ),
      ...(props.neuron
        ? []
        : [
            this.alarm(
              'AcceleratorsHot',
              `A GPU is above ${HOT_CELSIUS} °C`,
              temperature(props.clusterName),
              HOT_CELSIUS,
              { minutes: 10 },
            ),
          ]),
      ...(fileSystem ? [this.fullAlarm(fileSystem)] : []),
    ];
    const { alertTopic } = props;
    if (alertTopic) this.alarms.forEach((alarm) => alarm.addAlarmAction(new SnsAction(alertTopic)));
  }

  private fullAlarm(fileSystem: WatchedFileSystem): Alarm {
    const threshold = Math.round(FREE_SHARE * fileSystem.sizeGiB * GIB);
    return this.alarm(
      'FileSystemFull',
      `The file system has less than ${FREE_SHARE * 100}% free`,
      freeBytes(fileSystem),
      threshold,
      { minutes: 5, below: true },
    );
  }

  private alarm(
    id: string,
    alarmDescription: string,
    metric: IMetric,
    threshold: number,
    { minutes, below = false }: { minutes: number; below?: boolean },
  ): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: minutes,
      comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      // A cluster without nodes or jobs sends no metrics.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

interface ClusterMetrics {
  readonly accelerators: [Metric, ...Metric[]];
  readonly fabricBytes: Metric[];
  readonly fabricErrors: [Metric, ...Metric[]];
  readonly nodes: Metric;
  readonly failedNodes: Metric;
}

function clusterMetrics({ clusterName, neuron = false }: TrainingObservabilityProps): ClusterMetrics {
  const insight = (metricName: string, statistic: string) => containerInsight(clusterName, metricName, statistic);
  return {
    accelerators: neuron
      ? [insight('node_neuroncore_utilization', Stats.AVERAGE)]
      : [insight('node_gpu_utilization', Stats.AVERAGE), insight('node_gpu_memory_utilization', Stats.AVERAGE)],
    fabricBytes: [
      'node_efa_rx_bytes',
      'node_efa_tx_bytes',
      'node_efa_rdma_read_bytes',
      'node_efa_rdma_write_bytes',
    ].map((name) => insight(name, Stats.SUM)),
    fabricErrors: [insight('node_efa_rx_dropped', Stats.SUM)],
    nodes: insight('cluster_node_count', Stats.MAXIMUM),
    failedNodes: insight('cluster_failed_node_count', Stats.MAXIMUM),
  };
}

function temperature(clusterName: string): Metric {
  return containerInsight(clusterName, 'node_gpu_temperature', Stats.MAXIMUM);
}

function containerInsight(clusterName: string, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'ContainerInsights',
    metricName,
    statistic,
    period: Duration.minutes(1),
    dimensionsMap: { ClusterName: clusterName },
  });
}

function fileSystemTraffic({ fileSystemId }: WatchedFileSystem): Metric[] {
  return ['DataReadBytes', 'DataWriteBytes'].map((name) => fsx(fileSystemId, name));
}

// Every storage target reports once a minute, so the sum of one minute is the free space of the whole file system.
function freeBytes({ fileSystemId }: WatchedFileSystem): Metric {
  return fsx(fileSystemId, 'FreeDataStorageCapacity');
}

function fsx(fileSystemId: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/FSx',
    metricName,
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    dimensionsMap: { FileSystemId: fileSystemId },
  });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
