import { Duration } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, type Shape } from '../../core/shapes';
import { DURATION } from '../props/shapes';
import { checkBounds } from '../props/bounds';

/** Options for an update in steps. */
export interface UpdateOptions {
  /** Share of the old fleet in each step, in percent; of a canary, in the first. @default 50 rolling, 10 as a canary, 20 linear */
  readonly percent?: number;
  /** Time after each step in which an alarm rolls everything back. @default Duration.minutes(5) */
  readonly watch?: Duration;
}

/** Options for an update at once. */
export type AllAtOnceOptions = Pick<UpdateOptions, 'watch'>;

/** How an update goes about it. */
export type UpdateStrategy = 'rolling' | 'canary' | 'linear' | 'all-at-once';

const PERCENT = { rolling: 50, canary: 10, linear: 20, 'all-at-once': 100 } as const;

/**
 * How a new version takes over. Alarms of the endpoint watch each step, and roll all of it back.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export class EndpointUpdate {
  /** Batch by batch, in the place of the old ones: the least spare capacity. The only way for components, and for one variant alone. */
  static rolling(options: UpdateOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('rolling', options);
  }

  /** A new fleet beside the old one: a few requests first, then all. It needs twice the instances meanwhile. */
  static canary(options: UpdateOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('canary', options);
  }

  /** A new fleet beside the old one, and requests in equal steps. It needs twice the instances meanwhile. */
  static linear(options: UpdateOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('linear', options);
  }

  /** A new fleet beside the old one, and all requests at once; the old one stays while the new one is watched. */
  static allAtOnce(options: AllAtOnceOptions = {}): EndpointUpdate {
    return EndpointUpdate.create('all-at-once', options);
  }

  private static create(strategy: UpdateStrategy, options: UpdateOptions): EndpointUpdate {
    demand(options, UPDATE, { name: 'options' });
    return new EndpointUpdate(strategy, options.percent ?? PERCENT[strategy], options.watch ?? Duration.minutes(5));
  }

  private constructor(
    public readonly strategy: UpdateStrategy,
    /** Share of each step, in percent. */
    public readonly percent: number,
    /** Time after each step in which an alarm rolls everything back. */
    public readonly watch: Duration,
  ) {}

  /** @internal Adds what SageMaker refuses of the steps. */
  check(problems: Problems): void {
    const of = problems.within('update');
    const { rollingPercent, canaryPercent, linearPercent, waitSeconds } = SAGEMAKER_HOSTING;
    const bounds = { rolling: rollingPercent, canary: canaryPercent, linear: linearPercent, 'all-at-once': undefined };
    const allowed = bounds[this.strategy];
    if (allowed) checkBounds(of, 'UpdatePolicy', 'percent', this.percent, allowed);
    const seconds = this.watch.isUnresolved() ? undefined : this.watch.toSeconds({ integral: false });
    checkBounds(of, 'UpdatePolicy', 'watch', seconds, waitSeconds);
  }
}

/** An update, of whichever copy of the package. */
export const ENDPOINT_UPDATE: Kind = branded(
  EndpointUpdate,
  'EndpointUpdate',
  'an EndpointUpdate',
  'Use EndpointUpdate.rolling() or its like.',
);

const UPDATE: Shape<UpdateOptions> = { percent: NUMBER, watch: DURATION };
