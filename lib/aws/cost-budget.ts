import { Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Problems } from '../core/errors';

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
    const { monthlyUsd, tags = {}, topic, actualPercent = [50, 80, 100], forecastPercent = [100] } = props;
    const problems = new Problems();
    checkBudget(problems, monthlyUsd, [...actualPercent, ...forecastPercent]);
    problems.throwIfAny(this);
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

/** Adds what is wrong with a budget. */
export function checkBudget(
  problems: Problems,
  monthlyUsd: number,
  percents: readonly number[] = [],
  prop = 'monthlyUsd',
): void {
  if (!Token.isUnresolved(monthlyUsd) && !(Number.isFinite(monthlyUsd) && monthlyUsd > 0)) {
    problems.add({
      code: 'BudgetInvalid',
      prop,
      allowed: 'more than 0 US dollars',
      got: monthlyUsd,
      fix: 'State what a month may cost.',
    });
  }
  if (percents.some((percent) => !(percent > 0)) || percents.length > MOST_NOTIFICATIONS) {
    problems.add({
      code: 'BudgetInvalid',
      prop: 'actualPercent and forecastPercent',
      allowed: `at most ${MOST_NOTIFICATIONS} shares in all, each more than 0`,
      got: percents,
      fix: 'Keep the shares that someone acts on.',
    });
  }
}

function notification(notificationType: 'ACTUAL' | 'FORECASTED', threshold: number, topic: ITopic) {
  return {
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  };
}
