import { Token, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ACTUAL_PERCENT, checkShares, FORECAST_PERCENT } from '../../core/cost-allocation';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { COST_BUDGET_PROPS } from '../prop-schemas';
import { record } from '../template/findings';

/** Properties for `CostBudget`. */
export interface CostBudgetProps {
  /**
   * Monthly budget in US dollars.
   * @schema ANY
   */
  readonly monthlyUsd: number;
  /** The budget covers resources with these tags. @default - the whole account */
  readonly tags?: Readonly<Record<string, string>>;
  /** SNS topic that receives the notifications. */
  readonly alertTopic: ITopic;
  /** Percentages of the budget at which the actual cost triggers a notification. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Percentages of the budget at which the forecast cost of the month triggers a notification. @default [100] */
  readonly forecastPercent?: readonly number[];
}

/** The maximum number of notifications of a budget. @see https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html */
const MAX_NOTIFICATIONS = 10;

/**
 * A monthly AWS Budgets budget with notifications. It stops nothing: AWS bills reserved capacity in any case.
 *
 * @example
 * ```ts
 * import { AlertTopic, CostBudget } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Budget');
 * const { topic } = new AlertTopic(stack, 'Alerts');
 * new CostBudget(stack, 'Budget', { monthlyUsd: 10_000, alertTopic: topic });
 * ```
 */
export class CostBudget extends Construct {
  /** The AWS Budgets budget. */
  public readonly resource: CfnBudget;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, COST_BUDGET_PROPS)) checkBudgetProps(problems, props);
    problems.throwIfAny(this);
    const {
      monthlyUsd,
      tags = {},
      alertTopic,
      actualPercent = ACTUAL_PERCENT,
      forecastPercent = FORECAST_PERCENT,
    } = props;
    this.resource = new CfnBudget(this, 'Resource', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
        costFilters:
          Object.keys(tags).length > 0
            ? { TagKeyValue: Object.entries(tags).map(([key, value]) => `user:${key}$${value}`) }
            : undefined,
      },
      notificationsWithSubscribers: [
        ...actualPercent.map((percent) => notification('ACTUAL', percent, alertTopic)),
        ...forecastPercent.map((percent) => notification('FORECASTED', percent, alertTopic)),
      ],
    });
    this.resource.node.addDependency(alertTopic);
  }
}

/** Adds a problem if the amount of a budget is invalid. */
export function checkBudget(problems: ProblemCollector, monthlyUsd: unknown, prop = 'monthlyUsd'): void {
  if (typeof monthlyUsd === 'number' && (Token.isUnresolved(monthlyUsd) || isPositive(monthlyUsd))) return;
  problems.add({
    code: 'BudgetInvalid',
    prop,
    allowed: 'a number of US dollars greater than 0',
    got: monthlyUsd,
    fix: typeof monthlyUsd === 'string' ? 'Write it as a number, not a string.' : 'Set the budget for one month.',
  });
}

function checkBudgetProps(problems: ProblemCollector, props: CostBudgetProps): void {
  checkBudget(problems, props.monthlyUsd);
  checkShares(problems, props, MAX_NOTIFICATIONS);
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function notification(notificationType: 'ACTUAL' | 'FORECASTED', threshold: number, topic: ITopic) {
  return {
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  };
}

// AWS::Budgets::Budget exists only in the commercial partition: aws-cloudformation/cfn-lint, per-region schemas.
const WITHOUT_BUDGETS = /^(us-gov|cn|us-iso|us-isob|eu-isoe)-/;

/** Returns whether the region of a construct can have AWS Budgets. Records a finding if it has none. */
export function hasBudgets(scope: Construct): boolean {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || !WITHOUT_BUDGETS.test(region)) return true;
  record(scope, {
    id: 'cost/no-budget',
    level: 'warning',
    message: `${region} has no AWS Budgets, so there is no alert when costs exceed the budget.`,
    fix: 'Monitor the bill in the commercial account that pays, and acknowledge this finding.',
    evidence: 'per-region schemas of aws-cloudformation/cfn-lint',
  });
  return false;
}
