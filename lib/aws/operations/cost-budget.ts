import { Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ACTUAL_PERCENT, checkShares, FORECAST_PERCENT } from '../../core/budget-shares';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, listOf, NUMBER, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { TOPIC } from '../props/shapes';

/** Properties for `CostBudget`. */
export interface CostBudgetProps {
  /** Most to spend in a month, in US dollars. */
  readonly monthlyUsd: number;
  /** Tags whose cost counts: all that carry them. @default - the whole account */
  readonly tags?: Readonly<Record<string, string>>;
  /** Where to say so. */
  readonly topic: ITopic;
  /** Shares of the budget at which actual spend is reported, in percent. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Shares of the budget at which the month's forecast is reported, in percent. @default [100] */
  readonly forecastPercent?: readonly number[];
}

/** Notifications that a budget takes. @see https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html */
const MOST_NOTIFICATIONS = 10;

/** A monthly budget that speaks before the money is gone. It stops nothing: capacity that was reserved is paid either way. */
export class CostBudget extends Construct {
  public readonly resource: CfnBudget;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, BUDGET)) checkBudgetProps(problems, props);
    problems.throwIfAny(this);
    const { monthlyUsd, tags = {}, topic, actualPercent = ACTUAL_PERCENT, forecastPercent = FORECAST_PERCENT } = props;
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
        ...actualPercent.map((percent) => notification('ACTUAL', percent, topic)),
        ...forecastPercent.map((percent) => notification('FORECASTED', percent, topic)),
      ],
    });
    this.resource.node.addDependency(topic);
  }
}

const BUDGET: Shape<CostBudgetProps> = {
  // Judged by `checkBudget`.
  monthlyUsd: ANYTHING,
  tags: recordOf(TEXT),
  topic: required(TOPIC),
  actualPercent: listOf(NUMBER),
  forecastPercent: listOf(NUMBER),
};

/** Adds what is wrong with the amount of a budget. */
export function checkBudget(problems: Problems, monthlyUsd: unknown, prop = 'monthlyUsd'): void {
  if (typeof monthlyUsd === 'number' && (Token.isUnresolved(monthlyUsd) || isPositive(monthlyUsd))) return;
  problems.add({
    code: 'BudgetInvalid',
    prop,
    allowed: 'more than 0 US dollars',
    got: monthlyUsd,
    fix:
      typeof monthlyUsd === 'string' ? 'Write it as a number, not text.' : 'State what a month may cost, as a number.',
  });
}

function checkBudgetProps(problems: Problems, props: CostBudgetProps): void {
  checkBudget(problems, props.monthlyUsd);
  checkShares(problems, props, MOST_NOTIFICATIONS);
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
