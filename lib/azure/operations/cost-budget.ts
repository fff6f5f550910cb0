import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { ACTUAL_PERCENT, type BudgetShares, checkShares, FORECAST_PERCENT } from '../../core/cost-allocation';
import { physicalName, plainText } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { ConsumptionBudgetResourceGroup, ConsumptionBudgetSubscription } from '../provider/azurerm';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { checkProviders } from '../../terraform/provider-checks';
import { checkAlertGroup, type IAlertGroup } from './alert-group';
import { CurrentSubscription } from './current-subscription';
import { COST_BUDGET_PROPS } from '../prop-schemas';

/** Properties for `CostBudget`. */
export interface CostBudgetProps extends BudgetShares {
  /** Monthly budget in US dollars. Azure uses the currency of the bill. */
  readonly monthlyUsd: number;
  /** Resource group whose cost counts. @default - the whole subscription */
  readonly resourceGroup?: IResourceGroup;
  /** Tags of the resources whose cost counts. @default - all resources */
  readonly tags?: Readonly<Record<string, string>>;
  /** Email addresses that receive alerts. @default - the owners of the subscription, if there are no action groups either */
  readonly alertEmails?: readonly string[];
  /** Action groups that receive alerts. @default - none */
  readonly alertActionGroups?: readonly IAlertGroup[];
  /** Percentages of the budget at which actual cost triggers an alert. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Percentages of the budget at which forecast cost triggers an alert. @default [100] */
  readonly forecastPercent?: readonly number[];
  /** First month of the budget, as `YYYY-MM`. @default - the month of the first deployment */
  readonly startMonth?: string;
}

/** @see https://learn.microsoft.com/en-us/azure/cost-management-billing/costs/tutorial-acm-create-budgets */
const MAX_NOTIFICATIONS = 5;
const HIGHEST_PERCENT = 1000;
/** Source: azurerm 4.55, `amount` and `time_period.start_date` of a budget. */
const MIN_USD = 1;
const FIRST_MONTH = '2017-06';

/** @see https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/consumption_budget_subscription */
const LONGEST_NAME = 63;

/**
 * A monthly budget that sends alerts before the money is spent. It does not stop any resource.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { CostBudget } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * new CostBudget(stack, 'Budget', {
 *   monthlyUsd: 50_000,
 *   tags: { project: 'atlas' },
 *   alertEmails: ['ml-platform@example.com'],
 * });
 * ```
 */
export class CostBudget extends Construct {
  /** The budget. */
  public readonly resource: ConsumptionBudgetSubscription | ConsumptionBudgetResourceGroup;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
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
      // The default start date changes with each plan, but a budget cannot change its start date.
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
  const { alertEmails = [], alertActionGroups = [] } = props;
  const contacts = {
    contactEmails: alertEmails.length > 0 ? [...alertEmails] : undefined,
    contactGroups: alertActionGroups.length > 0 ? alertActionGroups.map(({ id }) => id) : undefined,
    contactRoles: alertEmails.length + alertActionGroups.length === 0 ? ['Owner'] : undefined,
  };
  const at = (thresholdType: string) => (threshold: number) => ({
    ...contacts,
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

/** Adds each problem of a budget. @param amount name of the prop for the amount */
export function checkBudget(problems: ProblemCollector, props: CostBudgetProps, amount = 'monthlyUsd'): void {
  if (validateProps(problems, props, COST_BUDGET_PROPS)) check(problems, props, amount);
}

function check(problems: ProblemCollector, props: CostBudgetProps, amount: string): void {
  const { monthlyUsd, resourceGroup, alertEmails = [], alertActionGroups = [], startMonth } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) => {
    problems.add({ code: 'BudgetInvalid', prop, allowed, got, fix });
  };
  if (resourceGroup) checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  if (!isUnknown(monthlyUsd) && !(monthlyUsd >= MIN_USD && Number.isFinite(monthlyUsd)))
    wrong(amount, `at least ${MIN_USD} US dollar`, monthlyUsd, 'Set the monthly budget.');
  checkAlertEmails(problems, 'alertEmails', alertEmails);
  alertActionGroups.forEach((group, index) => {
    checkAlertGroup(problems, `alertActionGroups[${index}].id`, group);
  });
  if (startMonth !== undefined && !isUnknown(startMonth) && !(MONTH.test(startMonth) && startMonth >= FIRST_MONTH))
    wrong('startMonth', `a month as YYYY-MM, ${FIRST_MONTH} or later`, startMonth, 'Use a value such as 2027-01.');
  checkShares(problems, props);
  const shares = [...(props.actualPercent ?? ACTUAL_PERCENT), ...(props.forecastPercent ?? FORECAST_PERCENT)];
  const isShare = (percent: number) => Number.isInteger(percent) && percent <= HIGHEST_PERCENT;
  if (shares.length === 0 || shares.length > MAX_NOTIFICATIONS || !shares.every(isShare)) {
    const allowed = `1 to ${MAX_NOTIFICATIONS} whole numbers in total, each at most ${HIGHEST_PERCENT}`;
    wrong('actualPercent and forecastPercent', allowed, shares, 'Remove the thresholds that nobody acts on.');
  }
}
