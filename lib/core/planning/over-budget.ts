import type { Finding } from '../findings';
import type { ServingPlan } from './plan-serving-result';

/** How a plan is above a budget, in the words of a finding; nothing where it is not, or where no price is known. */
export function overBudget(
  { costs }: ServingPlan,
  monthlyUsd: number,
): Pick<Finding, 'message' | 'evidence'> | undefined {
  const cost = costs.find(({ chosen }) => chosen);
  if (cost?.usdPerMonth === undefined || cost.usdPerMonth <= monthlyUsd) return undefined;
  return {
    message: `The planned instances cost about ${Math.round(cost.usdPerMonth)} US dollars a month, above the budget of ${monthlyUsd}.`,
    evidence: cost.price?.source ?? 'the table of prices',
  };
}
