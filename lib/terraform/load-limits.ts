import type { ProblemCollector } from '../core/errors';
import { replicaLimits, type ReplicaLimits } from '../core/planning/endpoint-load';

/** Returns the replica limits, from the props or from the load. Adds a problem if the load needs more replicas than the service supports. */
export function limitsOf(
  problems: ProblemCollector,
  stated: Partial<ReplicaLimits> | undefined,
  needed: { readonly count: number } | undefined,
  max: number,
): ReplicaLimits {
  // If maxReplicas is lower than the load needs, the plan reports it.
  if (needed && needed.count > max && stated?.maxReplicas === undefined) {
    problems.add({
      code: 'ScalingLimits',
      prop: 'load',
      allowed: `small enough for ${max} replicas, the maximum of an endpoint`,
      got: `a load for ${needed.count} replicas`,
      fix: 'Use a larger machine, or split the requests between endpoints.',
    });
  }
  return replicaLimits(stated, needed, max);
}
