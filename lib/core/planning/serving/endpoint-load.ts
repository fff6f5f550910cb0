import { isWithin } from '../../bounds';
import { AiInfraError, type ProblemCollector } from '../../errors';
import type { ServingLoad } from '../../workload/serving-load';
import { contradictionProblem, plannerProblem, type PropNames } from '../plan-problems';
import type { ServingPlanProps, ServingPlan } from './plan-serving';
import type { ServingPlanner } from './serving-planner';

/** The replicas that a load needs. */
export interface NeededReplicas {
  readonly count: number;
  /** Concurrent requests per replica. @default - unknown */
  readonly target?: number;
}

/** The plan of a load, and the replicas that the load needs. */
export interface PlannedLoad {
  readonly plan: ServingPlan;
  readonly needed: NeededReplicas;
}

/** Inputs for the plan of an endpoint. */
export interface EndpointLoadInput extends Omit<ServingPlanProps, 'load' | 'replicas'> {
  readonly load: ServingLoad;
  /** Maximum number of replicas. @default - as many as the load needs */
  readonly maxReplicas?: number;
}

/** Plans the load of an endpoint, and adds a problem for each contradiction, with the props of the endpoint. Returns `undefined` if it cannot be planned. */
export function planEndpoint(
  problems: ProblemCollector,
  planner: ServingPlanner,
  input: EndpointLoadInput,
  names: PropNames,
): PlannedLoad | undefined {
  try {
    const planned = planOn(planner, input);
    for (const one of planned.plan.contradictions) problems.add(contradictionProblem(one, '', names));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, names));
    return undefined;
  }
}

/** Plans the load with the replicas that it needs, up to the maximum. */
function planOn(
  { planServing, requestsAtOnce }: ServingPlanner,
  { maxReplicas: max, ...input }: EndpointLoadInput,
): PlannedLoad {
  const unlimited = planServing(input);
  const count = unlimited.replicas.count;
  const plan =
    max !== undefined && isWithin(max, { min: 1, max: count - 1 })
      ? planServing({ ...input, replicas: max })
      : unlimited;
  const concurrent = requestsAtOnce(input.load, unlimited.latency);
  // An equal share for each replica. It fits in memory, because the number of replicas is based on the memory.
  const target = concurrent === undefined ? undefined : Math.max(1, Math.ceil(concurrent / count));
  return { plan, needed: { count, target } };
}

/** Minimum and maximum number of replicas. */
export interface ReplicaLimits {
  /** Minimum number of replicas. */
  readonly minReplicas: number;
  /** Maximum number of replicas. */
  readonly maxReplicas: number;
}

/**
 * Returns the limits of the user, or limits for the load: up to twice the replicas that it needs.
 *
 * @param max maximum of the service. By default, the service has no limit
 */
export function replicaLimits(
  stated: Partial<ReplicaLimits> = {},
  needed?: Pick<NeededReplicas, 'count'>,
  max = Number.POSITIVE_INFINITY,
): ReplicaLimits {
  const count = needed?.count ?? 1;
  const minimum = stated.minReplicas ?? Math.min(count, stated.maxReplicas ?? count);
  const maximum = stated.maxReplicas ?? Math.max(1, minimum, needed ? Math.min(2 * count, max) : minimum);
  return { minReplicas: minimum, maxReplicas: maximum };
}
