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
  /** Model to scale. */
  readonly subject: MetricSubject;
  /** Range and target. */
  readonly limits: Limits;
  /** Cooldowns and schedule. @default - the defaults of `EndpointScaling` */
  readonly scaling?: EndpointScaling;
}

/**
 * Scales one model by concurrent requests, measured every ten seconds, or by waiting requests. A model without a copy has neither metric,
 * so a separate alarm starts its first copy.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export class EndpointAutoscaling extends Construct {
  /** Scalable target of the copies or instances. */
  public readonly target: ScalableTarget;
  /** Alarm that starts the first copy or instance. @default - the model does not scale to zero */
  public readonly activation?: Alarm;

  /** @internal */
  constructor(scope: Construct, id: string, { subject, limits, scaling = {} }: EndpointAutoscalingProps) {
    super(scope, id);
    const { minReplicas, maxReplicas } = limits;
    this.target = new ScalableTarget(this, 'Target', {
      serviceNamespace: ServiceNamespace.SAGEMAKER,
      scalableDimension:
        subject.kind === 'components'
          ? 'sagemaker:inference-component:DesiredCopyCount'
          : 'sagemaker:variant:DesiredInstanceCount',
      resourceId: resourceId(subject),
      minCapacity: minReplicas,
      maxCapacity: maxReplicas,
      role: serviceLinkedRole(this),
    });
    this.target.scaleToTrackMetric('Track', {
      ...trackedMetric(subject),
      targetValue: limits.target,
      scaleInCooldown: scaling.scaleInCooldown ?? Duration.minutes(5),
      scaleOutCooldown: scaling.scaleOutCooldown ?? Duration.minutes(1),
    });
    for (const { name, at, minReplicas: minCapacity, maxReplicas: maxCapacity, timeZone } of scaling.schedule ?? []) {
      this.target.scaleOnSchedule(name, { schedule: at, minCapacity, maxCapacity, timeZone });
    }
    const scheduled = (scaling.schedule ?? []).map((one) => one.minReplicas);
    if ([minReplicas, ...scheduled].includes(0)) this.activation = this.scaleFromZero(subject);
  }

  private scaleFromZero(subject: MetricSubject): Alarm {
    const alarm = new Alarm(this, 'WakeUp', {
      alarmDescription: 'Requests arrive while no copy runs',
      metric: unanswered(subject),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const action = new StepScalingAction(this, 'First', {
      scalingTarget: this.target,
      // Exactly one: the alarm stays active while the first copy starts, and would add another each minute.
      adjustmentType: AdjustmentType.EXACT_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      cooldown: Duration.minutes(1),
    });
    action.addAdjustment({ adjustment: 1, lowerBound: 0 });
    alarm.addAlarmAction(new ApplicationScalingAction(action));
    return alarm;
  }
}

/** Metric that shows requests for a model without a copy: failures for lack of capacity, or waiting requests. */
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

/** The service-linked role that Application Auto Scaling creates at the first registration. The CDK would create one without permissions. */
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
