import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import type { Capacity } from '../capacity/capacity';
import { record } from '../template/findings';

/** Records what is doubtful about the price that a plan takes. */
export function recordPriceFindings(
  scope: IConstruct,
  { cluster: { region }, costs }: ServingPlan | TrainingPlan,
  { market }: Capacity,
): void {
  const price = [...costs].find(({ chosen }) => chosen)?.price;
  if (!price) return;
  if (Token.isUnresolved(Stack.of(scope).region) && region !== undefined) {
    record(scope, {
      id: 'cost/region',
      level: 'info',
      message: `The region is known only at deployment: the plan takes prices of ${region}.`,
      fix: 'State env.region of the stack.',
      evidence: price.source,
    });
  }
  // The table has prices of terms of years, and a block is of days.
  if (market !== 'capacity-block' || price.termYears === undefined) return;
  record(scope, {
    id: 'cost/price',
    level: 'warning',
    message: `The price is that of a commitment of ${price.termYears} years, and a capacity block is paid up front.`,
    fix: "Give what the block costs an hour in prices, of the market 'committed'.",
    evidence: price.source,
  });
}
