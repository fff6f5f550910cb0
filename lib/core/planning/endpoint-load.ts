import { isWithin } from '../bounds';
import { AiInfraError, type Problems } from '../errors';
import type { ServingLoad } from '../workload/serving-load';
import { ofContradiction, ofPlanner, type OwnNames } from './plan-problems';
import type { ServingPlanProps } from './plan-serving';
import type { ServingPlan } from './plan-serving-result';
import type { ServingPlanner } from './serving-planner';

/** What follows from a load. */
export interface NeededReplicas {
  readonly count: number;
  /** Requests at once of each. @default - the load does not tell */
  readonly target?: number;
}

/** A load that is planned. */
export interface PlannedLoad {
  readonly plan: ServingPlan;
  readonly needed: NeededReplicas;
}

/** What an endpoint is planned on. */
export interface EndpointGround extends Omit<ServingPlanProps, 'load' | 'replicas'> {
  readonly load: ServingLoad;
  /** Most replicas that may be. @default - as many as the load takes */
  readonly most?: number;
}

/** Plans the load of an endpoint, and adds what contradicts it, by the names that the endpoint has for it; nothing where nothing can be planned. */
export function planEndpoint(
  problems: Problems,
  planner: ServingPlanner,
  ground: EndpointGround,
  names: OwnNames,
): PlannedLoad | undefined {
  try {
    const planned = planOn(planner, ground);
    for (const one of planned.plan.contradictions) problems.add(ofContradiction(one, '', names));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, names));
    return undefined;
  }
}

/** What the load takes, and the plan of that; where fewer are allowed, the plan is of those. */
function planOn({ planServing, requestsAtOnce }: ServingPlanner, { most, ...ground }: EndpointGround): PlannedLoad {
  const open = planServing(ground);
  const count = open.replicas.count;
  const plan =
    most !== undefined && isWithin(most, { least: 1, most: count - 1 })
      ? planServing({ ...ground, replicas: most })
      : open;
  const atOnce = requestsAtOnce(ground.load, open.latency);
  // Requests that each copy has at once when the load is shared out: no more than its memory holds, since the copies follow from that.
  const target = atOnce === undefined ? undefined : Math.max(1, Math.ceil(atOnce / count));
  return { plan, needed: { count, target } };
}

/** Fewest and most replicas. */
export interface ReplicaLimits {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * The limits as they were stated, or as the load has them: up to twice what it takes.
 *
 * @param most that the service has. By default without end
 */
export function replicaLimits(
  stated: Partial<ReplicaLimits> = {},
  needed?: Pick<NeededReplicas, 'count'>,
  most = Number.POSITIVE_INFINITY,
): ReplicaLimits {
  const count = needed?.count ?? 1;
  const minimum = stated.minimum ?? Math.min(count, stated.maximum ?? count);
  const maximum = stated.maximum ?? Math.max(1, minimum, needed ? Math.min(2 * count, most) : minimum);
  return { minimum, maximum };
}
