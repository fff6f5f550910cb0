import { type Kind, NUMBER, objectOf } from '../../core/shapes';

/** Between which limits the instances of a model scale, and by what. */
export interface EndpointScaling {
  /** Fewest instances: the service has no endpoint without any. @default - what the load takes; 1 without one */
  readonly minimum?: number;
  /** Most instances, up to 50. @default - twice what the load takes; as many as the fewest without one, so that nothing scales */
  readonly maximum?: number;
  /** Use of the accelerators that is aimed at, in percent: more instances come above it, and go below three sevenths of it. @default 70 */
  readonly targetUtilizationPercent?: number;
  /** Minutes without need after which one goes. @default 10 */
  readonly scaleInCooldownMinutes?: number;
  /** Minutes until a further one may come: a new one has to start before it counts. @default 5 */
  readonly scaleOutCooldownMinutes?: number;
}

/** Our own choice, as the examples of Azure ML have it for processors. @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints */
export const TARGET_PERCENT = 70;

/** A scaling by the kinds of its props. */
export const ENDPOINT_SCALING: Kind = objectOf<EndpointScaling>(
  {
    minimum: NUMBER,
    maximum: NUMBER,
    targetUtilizationPercent: NUMBER,
    scaleInCooldownMinutes: NUMBER,
    scaleOutCooldownMinutes: NUMBER,
  },
  'a scaling { minimum, maximum }',
);
