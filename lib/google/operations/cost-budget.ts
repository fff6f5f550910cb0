import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { ACTUAL_PERCENT, type BudgetShares, checkShares, FORECAST_PERCENT } from '../../core/cost-allocation';
import { isUnknown } from '../../terraform/tokens';
import { BillingBudget, MonitoringNotificationChannel } from '../provider/google';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentProject } from './current-project';
import { COST_BUDGET_PROPS, ALERT_CHANNELS_PROPS } from '../prop-schemas';

/** Properties for `CostBudget`. */
export interface CostBudgetProps extends BudgetShares {
  /** ID of the billing account, for example `012345-567890-ABCDEF`. */
  readonly billingAccount: string;
  /** Monthly budget in whole US dollars. The currency of the billing account must be US dollars. */
  readonly monthlyUsd: number;
  /** Label of the resources that the budget covers. Google Cloud supports one. @default - all resources of the project */
  readonly label?: { readonly key: string; readonly value: string };
  /** Email addresses that receive the notifications, in addition to billing administrators. Creates a notification channel for each. @default - none */
  readonly alertEmails?: readonly string[];
  /** Names of existing Cloud Monitoring notification channels that receive the notifications. At most 5 channels, including `alertEmails`. @default - none */
  readonly alertChannels?: readonly string[];
}

/** Source: documentation of the provider, google 6.50.0. @see https://cloud.google.com/billing/docs/how-to/budgets-notification-recipients */
const MAX_CHANNELS = 5;

/**
 * A monthly budget that sends notifications before the money is spent. It stops nothing: reserved capacity is billed in any case.
 *
 * @example
 * ```ts
 * import { CostBudget } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new CostBudget(stack, 'Budget', {
 *   billingAccount: '012345-567890-ABCDEF',
 *   monthlyUsd: 50_000,
 *   alertEmails: ['finance@example.com'],
 * });
 * ```
 */
export class CostBudget extends Construct {
  /** The budget in Terraform. */
  public readonly resource: BillingBudget;
  /** Notification channels for `alertEmails`. @default - none */
  public readonly alerts?: AlertChannels;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    checkBudget(problems, props);
    problems.throwIfAny(this);
    const { actualPercent = ACTUAL_PERCENT, forecastPercent = FORECAST_PERCENT, label } = props;
    const { alertEmails = [], alertChannels = [] } = props;
    if (alertEmails.length > 0) this.alerts = new AlertChannels(this, 'Alerts', { emails: alertEmails });
    const channels = [...(this.alerts?.channelIds ?? []), ...alertChannels];
    this.resource = new BillingBudget(this, 'Resource', {
      billingAccount: props.billingAccount,
      displayName: this.node.path.slice(-LONGEST_NAME),
      amount: { specifiedAmount: { currencyCode: 'USD', units: unitsOf(props.monthlyUsd) } },
      budgetFilter: {
        // The API returns the project number. A project id would show a change in every plan.
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
          ? { monitoringNotificationChannels: channels, disableDefaultIamRecipients: false }
          : undefined,
    });
  }
}

/** Source: documentation of the provider, google 6.50.0. @see https://cloud.google.com/billing/docs/reference/budget/rest/v1/billingAccounts.budgets */
const LONGEST_NAME = 60;

const BILLING_ACCOUNT = /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/;

/** Adds each problem of a budget. @param amount name of the prop with the amount */
export function checkBudget(problems: ProblemCollector, props: CostBudgetProps, amount = 'monthlyUsd'): void {
  if (validateProps(problems, props, COST_BUDGET_PROPS)) check(problems, props, amount);
}

function check(problems: ProblemCollector, props: CostBudgetProps, amount: string): void {
  const { billingAccount, monthlyUsd, alertEmails = [], alertChannels = [] } = props;
  const count = alertEmails.length + alertChannels.length;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'BudgetInvalid', prop, allowed, got, fix });
  if (!isUnknown(billingAccount) && !BILLING_ACCOUNT.test(billingAccount)) {
    wrong('billingAccount', 'a billing account ID', billingAccount, 'Copy it from `gcloud billing accounts list`.');
  }
  if (!isUnknown(monthlyUsd) && !(Number.isInteger(monthlyUsd) && monthlyUsd > 0)) {
    wrong(amount, 'a whole number of US dollars above 0', monthlyUsd, 'Set the monthly budget.');
  }
  checkAlertEmails(problems, 'alertEmails', alertEmails);
  if (count > MAX_CHANNELS) {
    const allowed = `at most ${MAX_CHANNELS} notification channels, including alertEmails`;
    wrong('alertChannels', allowed, count, 'Forward the notifications from one channel, for example a mailing list.');
  }
  checkShares(problems, props);
}

/** The API has a 64-bit integer, which JSON represents as a string. */
function unitsOf(usd: number): string {
  return isUnknown(usd) ? Token.asString(usd) : String(usd);
}

/** Properties for `AlertChannels`. */
export interface AlertChannelsProps {
  /** Email addresses that receive the notifications. */
  readonly emails: readonly string[];
}

/**
 * Email notification channels of Cloud Monitoring, one for each address.
 *
 * @see https://cloud.google.com/monitoring/support/notification-options
 * @example
 * ```ts
 * import { AlertChannels } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * const alerts = new AlertChannels(stack, 'Alerts', { emails: ['ml-oncall@example.com'] });
 * alerts.channelIds; // for `alertChannels` of other constructs
 * ```
 */
export class AlertChannels extends Construct {
  /** The notification channels, in the order of the addresses. */
  public readonly resources: readonly MonitoringNotificationChannel[];

  constructor(scope: Construct, id: string, props: AlertChannelsProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, ALERT_CHANNELS_PROPS)) checkAlertEmails(problems, 'emails', props.emails);
    problems.throwIfAny(this);
    this.resources = props.emails.map(
      (email, index) =>
        new MonitoringNotificationChannel(this, `Email-${index}`, {
          displayName: email,
          type: 'email',
          labels: { email_address: email },
        }),
    );
  }

  /** Names of the channels: `projects/<project>/notificationChannels/<id>`. */
  get channelIds(): string[] {
    return this.resources.map(({ id }) => id);
  }
}
