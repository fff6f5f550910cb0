import type { Finding } from '../findings';
import type { ServingPlan } from './plan-serving-result';

/** That a plan is above a budget; nothing where it is not, where no price is known, or where nothing was planned. */
export function overBudget(plan: ServingPlan | undefined, monthlyUsd: number, fewer: string): Finding | undefined {
  const cost = plan?.costs.find(({ chosen }) => chosen);
  if (cost?.usdPerMonth === undefined || cost.usdPerMonth <= monthlyUsd) return undefined;
  return {
    id: 'cost/budget',
    level: 'warning',
    message: `The planned instances cost about ${Math.round(cost.usdPerMonth)} US dollars a month, above the budget of ${monthlyUsd}.`,
    fix: `Raise monthlyBudgetUsd, ${fewer}, or store weights in fewer bits.`,
    evidence: cost.price?.source ?? 'the table of prices',
  };
}
