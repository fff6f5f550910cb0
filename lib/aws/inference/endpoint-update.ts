import { Duration } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { checkBounds } from '../props/tokens';
import { UPDATE_OPTIONS } from '../prop-schemas';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { ResolvedModel } from './resolved-endpoint';

/** Options for an update in steps. */
export interface UpdateOptions {
  /** Percentage of the fleet in each step, or in the first step of a canary. @default - 50 for rolling, 10 for canary, 20 for linear */
  readonly percent?: number;
  /** Time after each step in which an alarm rolls back the update. @default Duration.minutes(5) */
  readonly watch?: Duration;
}

/** Options for an update at once. */
export type AllAtOnceOptions = Pick<UpdateOptions, 'watch'>;

/** Strategy of an update. */
export type UpdateStrategy = 'rolling' | 'canary' | 'linear' | 'all-at-once';

const PERCENT = { rolling: 50, canary: 10, linear: 20, 'all-at-once': 100 } as const;

/**
 * How a new version is deployed. The alarms of the endpoint watch each step and roll back the whole update.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export class EndpointUpdate {
  /** Replaces replicas in batches. Needs the smallest spare capacity. The only strategy for components, and supported for a single variant. */
  static rolling(options: UpdateOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('rolling', options);
  }

  /** Starts a new fleet and shifts a few requests first, then all. Needs twice the instances during the update. */
  static canary(options: UpdateOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('canary', options);
  }

  /** Starts a new fleet and shifts requests in equal steps. Needs twice the instances during the update. */
  static linear(options: UpdateOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('linear', options);
  }

  /** Starts a new fleet and shifts all requests at once. The old fleet keeps running while alarms watch the new one. */
  static allAtOnce(options: AllAtOnceOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('all-at-once', options);
  }

  private static create(strategy: UpdateStrategy, options: UpdateOptions): EndpointUpdate {
    assertProps(options, UPDATE_OPTIONS, { name: 'options' });
    return new EndpointUpdate(strategy, options.percent ?? PERCENT[strategy], options.watch ?? Duration.minutes(5));
  }

  private constructor(
    /** @internal */
    public readonly strategy: UpdateStrategy,
    /** Percentage of the fleet in each step. */
    public readonly percent: number,
    /** Time after each step in which an alarm rolls back the update. */
    public readonly watch: Duration,
  ) {}

  /** @internal Adds what SageMaker rejects in the steps. */
  check(problems: ProblemCollector): void {
    const of = problems.within('update');
    const { rollingPercent, canaryPercent, linearPercent, waitSeconds } = SAGEMAKER_HOSTING;
    const bounds = { rolling: rollingPercent, canary: canaryPercent, linear: linearPercent, 'all-at-once': undefined };
    const allowed = bounds[this.strategy];
    if (allowed) checkBounds(of, 'UpdatePolicy', 'percent', this.percent, allowed);
    const seconds = this.watch.isUnresolved() ? undefined : this.watch.toSeconds({ integral: false });
    checkBounds(of, 'UpdatePolicy', 'watch', seconds, waitSeconds);
  }
}

brand(EndpointUpdate, 'aws.EndpointUpdate');

/** Adds what is wrong with an update, or not supported by the endpoint: developer guide, "Deployment guardrails", exclusions. */
export function checkUpdate(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const { update, models } = props;
  // `checkServerless` rejects updates for serverless endpoints.
  if (!update || kindOf(props).name === 'serverless') return;
  update.check(problems);
  const unsupported = (allowed: string, fix: string) =>
    problems.add({ code: 'UpdatePolicy', prop: 'update', allowed, got: update.strategy, fix });
  if (kindOf(props).name === 'components' && update.strategy !== 'rolling') {
    unsupported('a rolling update for components, whose copies are replaced in place', 'Use EndpointUpdate.rolling().');
  }
  if (update.strategy === 'rolling' && kindOf(props).name === 'variants' && Object.keys(models).length > 1) {
    unsupported(
      'an update with a new fleet for several variants',
      'Use EndpointUpdate.canary(), linear() or allAtOnce().',
    );
  }
}

/** The update of the props, or the default for the number of copies or instances. A rolling batch is at most half of them. */
export function updateOf(
  props: InferenceEndpointProps,
  { limits }: Pick<ResolvedModel, 'limits'>,
): EndpointUpdate | undefined {
  const kind = kindOf(props).name;
  if (kind === 'serverless') return undefined;
  const several = limits.minReplicas >= 2;
  if (props.update) return props.update;
  if (kind === 'components') return several ? EndpointUpdate.rolling() : undefined;
  const onlyVariant = Object.keys(props.models).length === 1;
  return several && onlyVariant ? EndpointUpdate.rolling() : EndpointUpdate.allAtOnce();
}

/** Deployment configuration of an endpoint. */
export function deploymentConfig(
  update: EndpointUpdate,
  alarms: readonly IAlarm[],
): CfnEndpoint.DeploymentConfigProperty {
  const waitIntervalInSeconds = update.watch.toSeconds();
  const size = { type: 'CAPACITY_PERCENT', value: update.percent };
  const autoRollbackConfiguration = rollback(alarms);
  if (update.strategy === 'rolling') {
    return { autoRollbackConfiguration, rollingUpdatePolicy: { maximumBatchSize: size, waitIntervalInSeconds } };
  }
  const steps = {
    canary: { type: 'CANARY', canarySize: size, waitIntervalInSeconds },
    linear: { type: 'LINEAR', linearStepSize: size, waitIntervalInSeconds },
    'all-at-once': { type: 'ALL_AT_ONCE', waitIntervalInSeconds },
  }[update.strategy];
  return {
    autoRollbackConfiguration,
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: steps,
      // The old fleet keeps running while alarms watch the new one.
      terminationWaitInSeconds: waitIntervalInSeconds,
    },
  };
}

/** Deployment configuration of an inference component. */
export function componentDeploymentConfig(
  update: EndpointUpdate,
  alarms: readonly IAlarm[],
): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
  return {
    autoRollbackConfiguration: rollback(alarms),
    rollingUpdatePolicy: {
      maximumBatchSize: { type: 'CAPACITY_PERCENT', value: update.percent },
      waitIntervalInSeconds: update.watch.toSeconds(),
    },
  };
}

function rollback(alarms: readonly IAlarm[]) {
  return { alarms: alarms.map(({ alarmName }) => ({ alarmName })) };
}
