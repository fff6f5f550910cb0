import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, listOf, NUMBER, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { ACTUAL_PERCENT, type BudgetShares, checkShares, FORECAST_PERCENT } from '../../core/budget-shares';
import { physicalName } from '../../terraform/names';
import { plainText } from '../../terraform/plain-text';
import { isUnknown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP, resourceGroupId } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { ConsumptionBudgetResourceGroup, ConsumptionBudgetSubscription } from '../provider/azurerm';
import { checkEmails } from './alert-emails';
import { CurrentSubscription } from './current-subscription';

/** Properties for `CostBudget`. */
export interface CostBudgetProps extends BudgetShares {
  /** Most to spend in a month, in US dollars: Azure takes it in the currency of the bill. */
  readonly monthlyUsd: number;
  /** The group whose cost counts. @default - the whole subscription */
  readonly resourceGroup?: IResourceGroup;
  /** Tags whose cost counts: all that carry them. @default - all there is */
  readonly tags?: Readonly<Record<string, string>>;
  /** Mail addresses that are told. @default - the owners of the subscription, where there are no action groups, either */
  readonly emails?: readonly string[];
  /** Resource ids of action groups of Azure Monitor that are told. @default - none */
  readonly actionGroups?: readonly string[];
  /** Shares of the budget at which actual spend is reported, in percent. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Shares of the budget at which the month's forecast is reported, in percent. @default [100] */
  readonly forecastPercent?: readonly number[];
  /** The month that it begins with, `YYYY-MM`. @default - that of the first deployment */
  readonly startMonth?: string;
}

const SHAPE: Shape<CostBudgetProps> = {
  monthlyUsd: required(NUMBER),
  resourceGroup: RESOURCE_GROUP,
  tags: recordOf(TEXT),
  emails: listOf(TEXT),
  actionGroups: listOf(TEXT),
  actualPercent: listOf(NUMBER),
  forecastPercent: listOf(NUMBER),
  startMonth: TEXT,
};

/** @see https://learn.microsoft.com/en-us/azure/cost-management-billing/costs/tutorial-acm-create-budgets */
const MOST_NOTIFICATIONS = 5;
const HIGHEST_PERCENT = 1000;
/** Source: azurerm 4.55, `amount` and `time_period.start_date` of a budget. */
const LEAST_USD = 1;
const FIRST_MONTH = '2017-06';

/** @see https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/consumption_budget_subscription */
const LONGEST_NAME = 63;

/** A monthly budget that speaks before the money is gone. It stops nothing: machines run on. */
export class CostBudget extends Construct {
  public readonly resource: ConsumptionBudgetSubscription | ConsumptionBudgetResourceGroup;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    const problems = new Problems();
    checkBudget(problems, props);
    problems.throwIfAny(this);
    const { monthlyUsd: amount, resourceGroup, tags = {}, startMonth } = props;
    const config = {
      name: physicalName(this, LONGEST_NAME),
      amount,
      timeGrain: 'Monthly',
      timePeriod: { startDate: startOf(startMonth) },
      notification: notificationsOf(props),
      filter:
        Object.keys(tags).length > 0
          ? {
              tag: Object.entries(tags).map(([name, value]) => ({ name: plainText(name), values: [plainText(value)] })),
            }
          : undefined,
      // A start that is read off the clock would be another one at each plan, and a budget takes no other.
      lifecycle: startMonth === undefined ? { ignoreChanges: ['time_period'] } : undefined,
    };
    this.resource = resourceGroup
      ? new ConsumptionBudgetResourceGroup(this, 'Resource', {
          ...config,
          resourceGroupId: resourceGroupId(this, resourceGroup),
        })
      : new ConsumptionBudgetSubscription(this, 'Resource', {
          ...config,
          subscriptionId: CurrentSubscription.of(this).id,
        });
  }
}

function startOf(month: string | undefined): string {
  return month === undefined ? Fn.formatdate("YYYY-MM-01'T'00:00:00Z", Fn.plantimestamp()) : `${month}-01T00:00:00Z`;
}

function notificationsOf({ actualPercent, forecastPercent, ...props }: CostBudgetProps) {
  const { emails = [], actionGroups = [] } = props;
  const told = {
    contactEmails: emails.length > 0 ? [...emails] : undefined,
    contactGroups: actionGroups.length > 0 ? [...actionGroups] : undefined,
    contactRoles: emails.length + actionGroups.length === 0 ? ['Owner'] : undefined,
  };
  const at = (thresholdType: string) => (threshold: number) => ({
    ...told,
    threshold,
    thresholdType,
    operator: 'GreaterThanOrEqualTo',
    enabled: true,
  });
  return [
    ...(actualPercent ?? ACTUAL_PERCENT).map(at('Actual')),
    ...(forecastPercent ?? FORECAST_PERCENT).map(at('Forecasted')),
  ];
}

const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;

/** Adds what is wrong with a budget. @param amount the name of the prop of the amount */
export function checkBudget(problems: Problems, props: CostBudgetProps, amount = 'monthlyUsd'): void {
  if (fits(problems, props, SHAPE)) check(problems, props, amount);
}

function check(problems: Problems, props: CostBudgetProps, amount: string): void {
  const { monthlyUsd, resourceGroup, emails = [], actionGroups = [], startMonth } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) => {
    problems.add({ code: 'BudgetInvalid', prop, allowed, got, fix });
  };
  if (resourceGroup) checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  if (!isUnknown(monthlyUsd) && !(monthlyUsd >= LEAST_USD && Number.isFinite(monthlyUsd)))
    wrong(amount, `at least ${LEAST_USD} US dollar`, monthlyUsd, 'State what a month may cost.');
  checkEmails(problems, 'emails', emails);
  actionGroups.forEach((id, index) => {
    checkResourceId(problems, `actionGroups[${index}]`, id, 'Microsoft.Insights/actionGroups');
  });
  if (startMonth !== undefined && !isUnknown(startMonth) && !(MONTH.test(startMonth) && startMonth >= FIRST_MONTH))
    wrong('startMonth', `a month as YYYY-MM, from ${FIRST_MONTH} on`, startMonth, 'Write e.g. 2027-01.');
  checkShares(problems, props);
  const shares = [...(props.actualPercent ?? ACTUAL_PERCENT), ...(props.forecastPercent ?? FORECAST_PERCENT)];
  const isShare = (percent: number) => Number.isInteger(percent) && percent <= HIGHEST_PERCENT;
  if (shares.length === 0 || shares.length > MOST_NOTIFICATIONS || !shares.every(isShare)) {
    const allowed = `1 to ${MOST_NOTIFICATIONS} whole numbers in all, none above ${HIGHEST_PERCENT}`;
    wrong('actualPercent and forecastPercent', allowed, shares, 'Keep those that someone acts on.');
  }
}
