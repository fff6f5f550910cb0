import { Duration, type TimeZone, Stack } from 'aws-cdk-lib';
import {
  type Schedule,
  AdjustmentType,
  MetricAggregationType,
  PredefinedMetric,
  ScalableTarget,
  ServiceNamespace,
  StepScalingAction,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { type NeededReplicas, replicaLimits, type ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import { checkReplicaOrder } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import { isKnown, isWithin } from '../props/tokens';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { backlogMetric, type MetricSubject, modelMetric } from './endpoint-base';

/** Limits that apply from a scheduled time until the next schedule. */
export interface ScheduledLimits {
  /** Name of letters and digits, unique on the endpoint. Becomes part of a construct id. */
  readonly name: string;
  /** Time from which the limits apply. */
  readonly at: Schedule;
  /** Minimum number of copies or instances. @default - unchanged */
  readonly minReplicas?: number;
  /** Maximum number of copies or instances. @default - unchanged */
  readonly maxReplicas?: number;
  /** Time zone of `at`. @default - UTC */
  readonly timeZone?: TimeZone;
}

/** Range and target of autoscaling. Replicas are copies of each model on `EndpointKind.components()`, and instances on other kinds. */
export interface EndpointScaling {
  /** Minimum number of replicas. Only components and asynchronous endpoints support 0. @default - number that `load` needs, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of replicas. @default - twice the number that `load` needs, or `minReplicas` without a load */
  readonly maxReplicas?: number;
  /**
   * Target number of concurrent requests per replica. On an asynchronous endpoint, the target number of waiting requests per instance.
   *
   * @default - share of `load` per replica, or 5 without a load or on an asynchronous endpoint
   */
  readonly targetConcurrency?: number;
  /** Cooldown after a replica is removed. @default Duration.minutes(5) */
  readonly scaleInCooldown?: Duration;
  /** Cooldown after a replica is added. @default Duration.minutes(1) */
  readonly scaleOutCooldown?: Duration;
  /** Limits by time, for example for office hours. @default - no schedule */
  readonly schedule?: readonly ScheduledLimits[];
}

/** Resolved range and target. */
export interface Limits extends ReplicaLimits {
  readonly target: number;
}

/** Default target without a load, from the examples of AWS. */
export const DEFAULT_TARGET = 5;

/** Range and target from the props, or from the load. */
export function limitsOf(scaling: EndpointScaling = {}, needed?: NeededReplicas): Limits {
  return { ...replicaLimits(scaling, needed), target: scaling.targetConcurrency ?? needed?.target ?? DEFAULT_TARGET };
}

/** Maximum number of copies or instances. Quotas of an account are far below. */
const MAX = 10_000;

/** Adds what is wrong with the range of scaling. The plan of a load validates the rest. */
export function checkScaling(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const { scaling } = props;
  const kind = kindOf(props);
  // `checkServerless` rejects scaling for serverless endpoints.
  if (!scaling || !kind.scales) return;
  const of = problems.within('scaling');
  const counts = (['minReplicas', 'maxReplicas'] as const).filter((prop) => checkCount(of, prop, scaling[prop]));
  checkZero(of, 'minReplicas', scaling.minReplicas, props);
  const [minReplicas, maxReplicas] = [scaling.minReplicas, scaling.maxReplicas];
  if (counts.length === 2 && minReplicas !== undefined && maxReplicas !== undefined)
    checkReplicaOrder(of, { minReplicas, maxReplicas });
  checkTarget(of, scaling);
  for (const [index, one] of (scaling.schedule ?? []).entries()) {
    checkScheduled(of.within(`schedule[${index}]`), one, index, scaling, props);
  }
}

function checkCount(
  problems: ProblemCollector,
  prop: 'minReplicas' | 'maxReplicas',
  value: number | undefined,
): boolean {
  const min = prop === 'minReplicas' ? 0 : 1;
  if (value === undefined) return true;
  if (!isKnown(problems, prop, value)) return false;
  if (isWithin(value, { min, max: MAX })) return true;
  problems.add({
    code: 'ScalingLimits',
    prop,
    allowed: `a whole number from ${min} to ${MAX}`,
    got: value,
    fix: 'Use a whole number of copies or instances.',
  });
  return false;
}

/** Only components and asynchronous endpoints scale to zero: developer guide, "Scale an endpoint to zero instances". */
function checkZero(
  problems: ProblemCollector,
  prop: string,
  value: number | undefined,
  props: InferenceEndpointProps,
): void {
  const kind = kindOf(props);
  if (value !== 0 || kind.scalesToZero) return;
  problems.add({
    code: 'ScaleToZero',
    prop,
    allowed: `1 or more for an endpoint of kind ${kind.name}, which cannot scale to zero`,
    got: value,
    fix: 'Use EndpointKind.components(), or EndpointKind.asynchronous(…) if requests can wait.',
  });
}

function checkTarget(problems: ProblemCollector, { targetConcurrency }: EndpointScaling): void {
  if (!isKnown(problems, 'targetConcurrency', targetConcurrency)) return;
  if (targetConcurrency > 0 && Number.isFinite(targetConcurrency)) return;
  problems.add({
    code: 'ScalingLimits',
    prop: 'targetConcurrency',
    allowed: 'a number above 0',
    got: targetConcurrency,
    fix: 'Leave it out to use the target of the load.',
  });
}

const NAME = /^[A-Za-z][A-Za-z0-9]{0,62}$/;

function checkScheduled(
  problems: ProblemCollector,
  one: ScheduledLimits,
  index: number,
  scaling: EndpointScaling,
  props: InferenceEndpointProps,
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ScalingSchedule', prop, allowed, got, fix });
  const before = (scaling.schedule ?? []).slice(0, index);
  if (!NAME.test(one.name) || before.some(({ name }) => name === one.name)) {
    wrong('name', 'a unique name of letters and digits, starting with a letter', one.name, 'Use a name like Evening.');
  }
  if (one.minReplicas === undefined && one.maxReplicas === undefined) {
    wrong('minReplicas', 'set if `maxReplicas` is not set', undefined, 'Set `minReplicas`, `maxReplicas` or both.');
  }
  checkCount(problems, 'minReplicas', one.minReplicas);
  checkCount(problems, 'maxReplicas', one.maxReplicas);
  checkZero(problems, 'minReplicas', one.minReplicas, props);
  // Compares only limits from the props: limits that follow from a load are not known here.
  const { minReplicas = scaling.minReplicas, maxReplicas = scaling.maxReplicas } = one;
  if (minReplicas !== undefined && maxReplicas !== undefined) checkReplicaOrder(problems, { minReplicas, maxReplicas });
}

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
