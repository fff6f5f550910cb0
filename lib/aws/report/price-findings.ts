import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import type { Capacity } from '../capacity/capacity';
import { record } from '../template/findings';

/** Records the findings of the price that a plan uses. */
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
      message: `The region is known only at deployment, so the plan uses prices of ${region}.`,
      fix: 'Set env.region of the stack.',
      evidence: price.source,
    });
  }
  // The table has prices for terms of years, but a block lasts days.
  if (market !== 'capacity-block' || price.termYears === undefined) return;
  record(scope, {
    id: 'cost/price',
    level: 'warning',
    message: `The plan uses the price of a commitment of ${price.termYears} years, but a capacity block is paid up front.`,
    fix: "Set the hourly price of the block in prices, with market 'committed'.",
    evidence: price.source,
  });
}
