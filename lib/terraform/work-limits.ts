import type { ErrorCode } from '../core/error-codes';
import type { ProblemCollector } from '../core/errors';
import type { PlannedBatchWork } from '../core/planning/planned-batch-work';
import { isPositive } from '../core/workload/guards';
import { isKnown } from './tokens';

/** Adds a problem for each limit of planned work that is not known at synthesis, or not positive. */
export function checkWorkLimits(problems: ProblemCollector, { finishWithinHours, budgetUsd }: PlannedBatchWork): void {
  const check = (code: ErrorCode, prop: string, value: number | undefined) => {
    if (!isKnown(problems, prop, value) || isPositive(value)) return;
    problems.add({ code, prop, allowed: 'a number above 0', got: value, fix: 'Leave it out if there is no limit.' });
  };
  check('DeadlineInvalid', 'finishWithinHours', finishWithinHours);
  check('BudgetInvalid', 'budgetUsd', budgetUsd);
}
