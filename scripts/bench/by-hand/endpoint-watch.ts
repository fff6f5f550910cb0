import { Aws, Duration, type Stack } from 'aws-cdk-lib';
import {
  PredefinedMetric,
  ScalableTarget,
  ServiceNamespace,
  TargetTrackingScalingPolicy,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Role } from 'aws-cdk-lib/aws-iam';

/** The alarms that roll back an update of the component. */
export function errors(stack: Stack, component: string): Alarm {
  const metric = (metricName: string) =>
    new Metric({
      namespace: 'AWS/SageMaker',
      metricName,
      dimensionsMap: { InferenceComponentName: component },
      period: Duration.minutes(1),
      statistic: Stats.SUM,
    });
  return new Alarm(stack, 'Errors', {
    alarmDescription: `${component} fails more than 1% of requests`,
    metric: new MathExpression({
      label: 'Failed requests, %',
      expression: 'IF(requests > 0, 100 * errors / requests, 0)',
      usingMetrics: { requests: metric('Invocations'), errors: metric('Invocation5XXErrors') },
      period: Duration.minutes(1),
    }),
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** The scaling policies of the component. */
export function scaling(stack: Stack, component: string): ScalableTarget {
  const role = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
  const scalingTarget = new ScalableTarget(stack, 'Scaling', {
    serviceNamespace: ServiceNamespace.SAGEMAKER,
    scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    resourceId: `inference-component/${component}`,
    minCapacity: 3,
    maxCapacity: 6,
    role: Role.fromRoleArn(stack, 'ScalingRole', role, { mutable: false }),
  });
  new TargetTrackingScalingPolicy(stack, 'Track', {
    scalingTarget,
    targetValue: 40,
    predefinedMetric: PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION,
    scaleInCooldown: Duration.minutes(5),
    scaleOutCooldown: Duration.minutes(1),
  });
  return scalingTarget;
}
