import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, listOf, NUMBER, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { ACTUAL_PERCENT, checkShares, FORECAST_PERCENT } from '../../core/budget-shares';
import { isUnknown } from '../../terraform/tokens';
import { BillingBudget } from '../provider/google';
import { CurrentProject } from './current-project';

/** Properties for `CostBudget`. */
export interface CostBudgetProps {
  /** The account that pays, e.g. `012345-567890-ABCDEF`. */
  readonly billingAccount: string;
  /** Most to spend in a month, in whole US dollars, the currency of the account. */
  readonly monthlyUsd: number;
  /** The label whose cost counts: Google takes one. @default - everything in the project */
  readonly label?: { readonly key: string; readonly value: string };
  /** Ids of channels of Cloud Monitoring that are told, up to 5. @default - the billing administrators by mail */
  readonly channels?: readonly string[];
  /** Shares of the budget at which actual spend is reported, in percent. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Shares of the budget at which the month's forecast is reported, in percent. @default [100] */
  readonly forecastPercent?: readonly number[];
}

const SHAPE: Shape<CostBudgetProps> = {
  billingAccount: required(TEXT),
  monthlyUsd: required(NUMBER),
  label: objectOf({ key: required(TEXT), value: required(TEXT) }, 'a label { key, value }'),
  channels: listOf(TEXT),
  actualPercent: listOf(NUMBER),
  forecastPercent: listOf(NUMBER),
};

/** Source: documentation of the provider, google 6.50.0. @see https://cloud.google.com/billing/docs/how-to/budgets-notification-recipients */
const MOST_CHANNELS = 5;

/** A monthly budget that speaks before the money is gone. It stops nothing: reserved capacity is paid either way. */
export class CostBudget extends Construct {
  public readonly resource: BillingBudget;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    const problems = new Problems();
    checkBudget(problems, props);
    problems.throwIfAny(this);
    const { actualPercent = ACTUAL_PERCENT, forecastPercent = FORECAST_PERCENT, label, channels = [] } = props;
    this.resource = new BillingBudget(this, 'Resource', {
      billingAccount: props.billingAccount,
      displayName: this.node.path.slice(-LONGEST_NAME),
      amount: { specifiedAmount: { currencyCode: 'USD', units: unitsOf(props.monthlyUsd) } },
      budgetFilter: {
        // By number, as the API tells it: an id would differ at each plan.
        projects: [`projects/${CurrentProject.of(this).projectNumber}`],
        labels: label && { [label.key]: label.value },
        calendarPeriod: 'MONTH',
      },
      thresholdRules: [
        ...actualPercent.map((percent) => ({ thresholdPercent: percent / 100, spendBasis: 'CURRENT_SPEND' })),
        ...forecastPercent.map((percent) => ({ thresholdPercent: percent / 100, spendBasis: 'FORECASTED_SPEND' })),
      ],
      allUpdatesRule:
        channels.length > 0
          ? { monitoringNotificationChannels: [...channels], disableDefaultIamRecipients: false }
          : undefined,
    });
  }
}

/** Source: documentation of the provider, google 6.50.0. @see https://cloud.google.com/billing/docs/reference/budget/rest/v1/billingAccounts.budgets */
const LONGEST_NAME = 60;

const BILLING_ACCOUNT = /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/;

/** Adds what is wrong with a budget. @param amount the name of the prop of the amount */
export function checkBudget(problems: Problems, props: CostBudgetProps, amount = 'monthlyUsd'): void {
  if (fits(problems, props, SHAPE)) check(problems, props, amount);
}

function check(problems: Problems, props: CostBudgetProps, amount: string): void {
  const { billingAccount, monthlyUsd, channels = [] } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'BudgetInvalid', prop, allowed, got, fix });
  if (!isUnknown(billingAccount) && !BILLING_ACCOUNT.test(billingAccount)) {
    wrong(
      'billingAccount',
      'the id of a billing account',
      billingAccount,
      'Copy it from `gcloud billing accounts list`.',
    );
  }
  if (!isUnknown(monthlyUsd) && !(Number.isInteger(monthlyUsd) && monthlyUsd > 0)) {
    wrong(amount, 'a whole number of US dollars above 0', monthlyUsd, 'State what a month may cost.');
  }
  if (channels.length > MOST_CHANNELS) {
    wrong('channels', `at most ${MOST_CHANNELS}`, channels.length, 'Send them on from one channel.');
  }
  checkShares(problems, props);
}

/** The API counts in 64 bits, which JSON holds as text. */
function unitsOf(usd: number): string {
  return isUnknown(usd) ? Token.asString(usd) : String(usd);
}
