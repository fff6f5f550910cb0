import type { Duration, TimeZone } from 'aws-cdk-lib';
import type { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { type NeededReplicas, replicaLimits, type ReplicaLimits } from '../../core/planning/endpoint-load';

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
