import type { IConstruct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { record } from '../../terraform/findings';
import type { Capacity } from './capacity';

/** Records that a plan uses on-demand prices for flex-start. */
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
    message: 'The catalog has no flex-start prices, so the plan uses on-demand prices, which are the same or higher.',
    fix: 'Set the prices of your account in `prices`.',
    evidence: price.source,
  });
}
