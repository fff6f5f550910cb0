import type { Duration, TimeZone } from 'aws-cdk-lib';
import type { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { type NeededReplicas, replicaLimits, type ReplicaLimits } from '../../core/planning/endpoint-load';
import { ANYTHING, having, type Kind, listOf, NUMBER, objectOf, required, TEXT } from '../../core/shapes';
import { DURATION } from '../props/shapes';

/** Other limits from a time on, until the next schedule. */
export interface ScheduledLimits {
  /** Unique on the endpoint, letters and digits: it is part of an id. */
  readonly name: string;
  readonly at: Schedule;
  /** Fewest from then on. @default - as before */
  readonly minimum?: number;
  /** Most from then on. @default - as before */
  readonly maximum?: number;
  /** @default - UTC */
  readonly timeZone?: TimeZone;
}

/**
 * Between which limits an endpoint scales, and by what. It counts copies of each model on `EndpointKind.components()`, else instances.
 */
export interface EndpointScaling {
  /** Fewest; 0 for components and asynchronous endpoints alone. @default - what the load takes; 1 without one */
  readonly minimum?: number;
  /** Most. @default - twice what the load takes; as many as the fewest without one, so that nothing scales */
  readonly maximum?: number;
  /**
   * Requests at once of each copy or instance; on an asynchronous endpoint those that wait for each instance.
   *
   * @default - the share of the load that each one has; 5 without one, or where requests wait
   */
  readonly target?: number;
  /** Time without need after which one goes. @default Duration.minutes(5) */
  readonly scaleInCooldown?: Duration;
  /** Time until a further one may come. @default Duration.minutes(1) */
  readonly scaleOutCooldown?: Duration;
  /** Limits by the clock, e.g. for office hours. @default - none */
  readonly schedule?: readonly ScheduledLimits[];
}

/** Limits that are settled. */
export interface Limits extends ReplicaLimits {
  readonly target: number;
}

/** Requests at once, or waiting, for each copy or instance where nothing is known of the load: as AWS's own examples have it. */
export const DEFAULT_TARGET = 5;

/** The limits as they were stated, or as the load has them. */
export function limitsOf(scaling: EndpointScaling = {}, needed?: NeededReplicas): Limits {
  return { ...replicaLimits(scaling, needed), target: scaling.target ?? needed?.target ?? DEFAULT_TARGET };
}

const SCHEDULE: Kind = having('a Schedule', ['expressionString'], "Use Schedule.cron({ hour: '8', minute: '0' }).");

/** A scaling by the kinds of its props. */
export const ENDPOINT_SCALING: Kind = objectOf<EndpointScaling>(
  {
    minimum: NUMBER,
    maximum: NUMBER,
    target: NUMBER,
    scaleInCooldown: DURATION,
    scaleOutCooldown: DURATION,
    schedule: listOf(
      objectOf<ScheduledLimits>(
        { name: required(TEXT), at: required(SCHEDULE), minimum: NUMBER, maximum: NUMBER, timeZone: ANYTHING },
        'scheduled limits { name, at, minimum, maximum }',
      ),
    ),
  },
  'a scaling { minimum, maximum }',
);
