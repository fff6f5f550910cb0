import type { Finding } from '../findings';
import type { ServingPlan } from './plan-serving-result';

/** Returns a finding if a plan is above the budget. Returns `undefined` without a plan or a price. @param fewer text for the fix */
export function overBudget(plan: ServingPlan | undefined, monthlyUsd: number, fewer: string): Finding | undefined {
  const cost = plan?.costs.find(({ chosen }) => chosen);
  if (cost?.usdPerMonth === undefined || cost.usdPerMonth <= monthlyUsd) return undefined;
  return {
    id: 'cost/budget',
    level: 'warning',
    message: `The planned instances cost about ${Math.round(cost.usdPerMonth)} USD per month, more than the budget of ${monthlyUsd} USD.`,
    fix: `Raise monthlyBudgetUsd, ${fewer}, or store weights in fewer bits.`,
    evidence: cost.price?.source ?? 'the price table',
  };
}
