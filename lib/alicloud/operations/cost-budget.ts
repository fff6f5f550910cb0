import { Construct, type IConstruct } from 'constructs';
import { plansIn, type ConstructPlan } from '../../core/cost-allocation';
import { AiInfraError, ProblemCollector } from '../../core/errors';
import { monthlyCost } from '../../core/planning/cost/plan-costs';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { isKnown } from '../../terraform/tokens';
import { COST_BUDGET_PROPS } from '../prop-schemas';

/** Properties for `CostBudget`. */
export interface CostBudgetProps {
  /** Monthly budget in US dollars for the planned machines of the scope of the budget. */
  readonly monthlyUsd: number;
}

/**
 * A monthly budget that is compared with the planned machines at synthesis. The Terraform provider has no budgets, so it watches no bill: create a budget
 * with notifications in the console (Expenses and Costs). Only workloads with a `job` or `load` and a price count.
 *
 * @example
 * ```ts
 * import { CostBudget } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new CostBudget(stack, 'Budget', { monthlyUsd: 50_000 });
 * ```
 */
export class CostBudget extends Construct {
  /** Monthly budget in US dollars. */
  public readonly monthlyUsd: number;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    checkBudget(problems, props);
    problems.throwIfAny(this);
    this.monthlyUsd = props.monthlyUsd;
    this.node.addValidation({
      validate: () => {
        this.compare(scope);
        return [];
      },
    });
    record(this, {
      id: 'cost/budget-at-synthesis',
      level: 'info',
      message: 'The budget is compared with the plan only, because the Terraform provider has no budgets.',
      fix: 'Create a budget with notifications in the console, under Expenses and Costs.',
      evidence: 'https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs',
    });
  }

  /** Planned cost of the machines below a construct, in US dollars per month. A job that takes less than a month counts with its cost. */
  static plannedUsd(scope: IConstruct): number {
    return plansIn(scope, () => false).reduce((sum, plan) => sum + (usdOf(plan) ?? 0), 0);
  }

  private compare(scope: IConstruct): void {
    const planned = CostBudget.plannedUsd(scope);
    if (planned <= this.monthlyUsd) return;
    throw new AiInfraError(
      [
        {
          code: 'BudgetExceeded',
          prop: 'monthlyUsd',
          allowed: `at least ${Math.ceil(planned)} USD, the planned cost of the machines`,
          got: this.monthlyUsd,
          fix: 'Raise the budget, or use fewer nodes or another machine or market.',
        },
      ],
      this,
    );
  }
}

/** The monthly cost of a plan. Undefined without a price. */
function usdOf({ plan }: ConstructPlan): number | undefined {
  if (plan.kind === 'serving') return plan.costs.find(({ chosen }) => chosen)?.usdPerMonth;
  const cost = plan.costs.find(({ chosen }) => chosen);
  if (cost?.usdPerHour === undefined) return undefined;
  return Math.min(monthlyCost(1, cost.usdPerHour), cost.runUsd?.median ?? Infinity);
}

/** Adds each problem of a budget. @param amount name of the prop for the amount */
export function checkBudget(problems: ProblemCollector, props: CostBudgetProps, amount = 'monthlyUsd'): void {
  if (!validateProps(problems, props, COST_BUDGET_PROPS)) return;
  const { monthlyUsd } = props;
  if (!isKnown(problems, amount, monthlyUsd) || (monthlyUsd > 0 && Number.isFinite(monthlyUsd))) return;
  const allowed = 'a number greater than 0';
  problems.add({ code: 'BudgetInvalid', prop: amount, allowed, got: monthlyUsd, fix: 'Set the monthly budget.' });
}
