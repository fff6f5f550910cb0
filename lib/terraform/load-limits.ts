import type { Problems } from '../core/errors';
import { replicaLimits, type ReplicaLimits } from '../core/planning/endpoint-load';

/** The limits as they were stated, or as the load has them; adds a problem where the load takes more replicas than the service has. */
export function limitsOf(
  problems: Problems,
  stated: Partial<ReplicaLimits> | undefined,
  needed: { readonly count: number } | undefined,
  most: number,
): ReplicaLimits {
  // Where fewer are stated than the load takes, the plan of so many tells what is wrong.
  if (needed && needed.count > most && stated?.maximum === undefined) {
    problems.add({
      code: 'ScalingLimits',
      prop: 'load',
      allowed: `one that ${most} replicas carry, the most of an endpoint`,
      got: `one that takes ${needed.count}`,
      fix: 'Take a larger machine, or split the requests between endpoints.',
    });
  }
  return replicaLimits(stated, needed, most);
}
