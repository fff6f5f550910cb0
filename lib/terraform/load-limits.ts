import { type Bounds, checkReplicaOrder } from '../core/bounds';
import type { ProblemCollector } from '../core/errors';
import { replicaLimits, type ReplicaLimits } from '../core/planning/serving/endpoint-load';
import type { ErrorCode } from '../core/error-codes';
import type { PlannedBatchWork } from '../core/planning/cost/batch-estimate';
import { isPositive } from '../core/workload/guards';
import { checkBounds, isKnown } from './tokens';

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

/** Adds a problem if a limit is not a whole number in the range, or if minReplicas is greater than maxReplicas. */
export function checkLimits(problems: ProblemCollector, stated: Partial<ReplicaLimits>, { min, max }: Bounds): void {
  const valid = (['minReplicas', 'maxReplicas'] as const).filter((prop) => {
    const bounds = { min: prop === 'maxReplicas' ? Math.max(1, min) : min, max };
    return checkBounds(problems, 'ScalingLimits', prop, stated[prop], bounds);
  });
  const { minReplicas, maxReplicas } = stated;
  if (valid.length < 2 || minReplicas === undefined || maxReplicas === undefined) return;
  checkReplicaOrder(problems, { minReplicas, maxReplicas });
}

/** Adds a problem for each limit of planned work that is not known at synthesis, or not positive. */
export function checkWorkLimits(problems: ProblemCollector, { finishWithinHours, budgetUsd }: PlannedBatchWork): void {
  const check = (code: ErrorCode, prop: string, value: number | undefined) => {
    if (!isKnown(problems, prop, value) || isPositive(value)) return;
    problems.add({ code, prop, allowed: 'a number above 0', got: value, fix: 'Leave it out if there is no limit.' });
  };
  check('DeadlineInvalid', 'finishWithinHours', finishWithinHours);
  check('BudgetInvalid', 'budgetUsd', budgetUsd);
}
