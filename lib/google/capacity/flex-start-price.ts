import type { IConstruct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { record } from '../../terraform/findings';
import type { Capacity } from './capacity';

/** Records that a plan takes other prices than those of flex-start. */
export function recordFlexStartPrice(
  scope: IConstruct,
  { market }: Capacity,
  { costs }: ServingPlan | TrainingPlan,
): void {
  const price = [...costs].find(({ chosen }) => chosen)?.price;
  if (market !== 'flex-start' || !price) return;
  record(scope, {
    id: 'cost/price',
    level: 'info',
    message: 'No source has prices of flex-start: the plan takes those of on-demand, which are no lower.',
    fix: 'Give what your account pays in prices.',
    evidence: price.source,
  });
}
