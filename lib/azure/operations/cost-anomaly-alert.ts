import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName, plainText } from '../../terraform/names';
import { CostAnomalyAlert as AnomalyAlert } from '../provider/azurerm';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentSubscription } from './current-subscription';
import { COST_ANOMALY_ALERT_PROPS } from '../prop-schemas';

/** Properties for `CostAnomalyAlert`. */
export interface CostAnomalyAlertProps {
  /** Email addresses that receive the alert. */
  readonly alertEmails: readonly string[];
  /** Text of the email, up to 250 characters. @default - a pointer to the cost analysis */
  readonly message?: string;
}

/** @see https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/cost_anomaly_alert */
const LONGEST_MESSAGE = 250;
const LONGEST_SUBJECT = 70;

const DEFAULT_MESSAGE = 'Look at the anomaly in the cost analysis of the subscription.';

/**
 * An email when the cost of the subscription is unusual. Azure checks once a day. Alert names are unique in a subscription.
 *
 * @see https://learn.microsoft.com/en-us/azure/cost-management-billing/understand/analyze-unexpected-charges
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { CostAnomalyAlert } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * new CostAnomalyAlert(stack, 'Anomalies', { alertEmails: ['ml-platform@example.com'] });
 * ```
 */
export class CostAnomalyAlert extends Construct {
  /** The alert. */
  public readonly resource: AnomalyAlert;

  constructor(scope: Construct, id: string, props: CostAnomalyAlertProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, COST_ANOMALY_ALERT_PROPS)) check(problems, props);
    problems.throwIfAny(this);
    const name = physicalName(this);
    this.resource = new AnomalyAlert(this, 'Resource', {
      name,
      displayName: name,
      subscriptionId: CurrentSubscription.of(this).id,
      emailAddresses: [...props.alertEmails],
      emailSubject: `Unusual cost: ${name}`.slice(0, LONGEST_SUBJECT),
      message: plainText(props.message ?? DEFAULT_MESSAGE),
    });
  }
}

function check(problems: ProblemCollector, { alertEmails, message = '' }: CostAnomalyAlertProps): void {
  checkAlertEmails(problems, 'alertEmails', alertEmails);
  if (alertEmails.length === 0) {
    const fix = 'Add an address that someone reads.';
    const allowed = 'at least one email address';
    problems.add({ code: 'AlertEmail', prop: 'alertEmails', allowed, got: alertEmails, fix });
  }
  if (message.length > LONGEST_MESSAGE) {
    const allowed = `at most ${LONGEST_MESSAGE} characters`;
    problems.add({ code: 'AlertEmail', prop: 'message', allowed, got: message.length, fix: 'Shorten the message.' });
  }
}
