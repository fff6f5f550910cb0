import { Duration, Stack } from 'aws-cdk-lib';
import {
  AdjustmentType,
  MetricAggregationType,
  PredefinedMetric,
  ScalableTarget,
  ServiceNamespace,
  StepScalingAction,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { backlogMetric, type MetricSubject, modelMetric } from './endpoint-metrics';
import type { EndpointScaling, Limits } from './endpoint-scaling';

/** Properties for `EndpointAutoscaling`. */
export interface EndpointAutoscalingProps {
  readonly subject: MetricSubject;
  readonly limits: Limits;
  /** @default - the limits alone */
  readonly scaling?: EndpointScaling;
}

/**
 * Scales one model by what hurts: requests at once, seen every ten seconds, or requests that wait. What has no copy at all sees neither,
 * so an alarm of its own wakes it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export class EndpointAutoscaling extends Construct {
  public readonly target: ScalableTarget;
  /** What wakes it from zero. @default - it never gets there */
  public readonly wakeUp?: Alarm;

  constructor(scope: Construct, id: string, { subject, limits, scaling = {} }: EndpointAutoscalingProps) {
    super(scope, id);
    const { minimum, maximum } = limits;
    this.target = new ScalableTarget(this, 'Target', {
      serviceNamespace: ServiceNamespace.SAGEMAKER,
      scalableDimension:
        subject.kind === 'components'
          ? 'sagemaker:inference-component:DesiredCopyCount'
          : 'sagemaker:variant:DesiredInstanceCount',
      resourceId: resourceId(subject),
      minCapacity: minimum,
      maxCapacity: maximum,
      role: serviceLinkedRole(this),
    });
    this.target.scaleToTrackMetric('Track', {
      ...trackedMetric(subject),
      targetValue: limits.target,
      scaleInCooldown: scaling.scaleInCooldown ?? Duration.minutes(5),
      scaleOutCooldown: scaling.scaleOutCooldown ?? Duration.minutes(1),
    });
    for (const { name, at, minimum: minCapacity, maximum: maxCapacity, timeZone } of scaling.schedule ?? []) {
      this.target.scaleOnSchedule(name, { schedule: at, minCapacity, maxCapacity, timeZone });
    }
    const scheduled = (scaling.schedule ?? []).map((one) => one.minimum);
    if ([minimum, ...scheduled].includes(0)) this.wakeUp = this.wakeFromZero(subject);
  }

  private wakeFromZero(subject: MetricSubject): Alarm {
    const alarm = new Alarm(this, 'WakeUp', {
      alarmDescription: 'Requests come, and nothing is there to answer them',
      metric: unanswered(subject),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const action = new StepScalingAction(this, 'First', {
      scalingTarget: this.target,
      // Exactly one: the alarm goes on while the first starts, and each minute would add another.
      adjustmentType: AdjustmentType.EXACT_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      cooldown: Duration.minutes(1),
    });
    action.addAdjustment({ adjustment: 1, lowerBound: 0 });
    alarm.addAlarmAction(new ApplicationScalingAction(action));
    return alarm;
  }
}

/** What is watched where nothing runs: a failure for lack of capacity, or a request that waits. */
function unanswered(subject: MetricSubject): IMetric {
  return subject.kind === 'components'
    ? modelMetric(subject, 'NoCapacityInvocationFailures')
    : backlogMetric(subject, 'HasBacklogWithoutCapacity');
}

function trackedMetric(subject: MetricSubject) {
  if (subject.kind === 'asynchronous') {
    return {
      customMetric: backlogMetric(subject, 'ApproximateBacklogSizePerInstance').with({ statistic: Stats.AVERAGE }),
    };
  }
  return {
    predefinedMetric:
      subject.kind === 'components'
        ? PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION
        : PredefinedMetric.SAGEMAKER_VARIANT_CONCURRENT_REQUESTS_PER_MODEL_HIGH_RESOLUTION,
  };
}

function resourceId({ kind, endpointName, name }: MetricSubject): string {
  return kind === 'components' ? `inference-component/${name}` : `endpoint/${endpointName}/variant/${name}`;
}

/** The role that Application Auto Scaling makes itself at the first registration: the CDK would make one without rights. */
function serviceLinkedRole(scope: Construct) {
  const roleArn = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName:
      'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
  });
  return Role.fromRoleArn(scope, 'ServiceRole', roleArn, { mutable: false });
}
