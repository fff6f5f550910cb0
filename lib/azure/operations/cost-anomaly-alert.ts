import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { plainText } from '../../terraform/plain-text';
import { CostAnomalyAlert as AnomalyAlert } from '../provider/azurerm';
import { checkEmails } from './alert-emails';
import { CurrentSubscription } from './current-subscription';

/** Properties for `CostAnomalyAlert`. */
export interface CostAnomalyAlertProps {
  /** Mail addresses that are told. */
  readonly emails: readonly string[];
  /** What the mail says, up to 250 characters. @default - where to look */
  readonly message?: string;
}

const SHAPE: Shape<CostAnomalyAlertProps> = { emails: required(listOf(TEXT)), message: TEXT };

/** @see https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/cost_anomaly_alert */
const LONGEST_MESSAGE = 250;
const LONGEST_SUBJECT = 70;

const USUAL_MESSAGE = 'Look at the anomaly in the cost analysis of the subscription.';

/**
 * A mail when the cost of the subscription leaves its usual course. Azure looks once a day, and a subscription has one alert of a name.
 *
 * @see https://learn.microsoft.com/en-us/azure/cost-management-billing/understand/analyze-unexpected-charges
 */
export class CostAnomalyAlert extends Construct {
  public readonly resource: AnomalyAlert;

  constructor(scope: Construct, id: string, props: CostAnomalyAlertProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) check(problems, props);
    problems.throwIfAny(this);
    const name = physicalName(this);
    this.resource = new AnomalyAlert(this, 'Resource', {
      name,
      displayName: name,
      subscriptionId: CurrentSubscription.of(this).id,
      emailAddresses: [...props.emails],
      emailSubject: `Unusual cost: ${name}`.slice(0, LONGEST_SUBJECT),
      message: plainText(props.message ?? USUAL_MESSAGE),
    });
  }
}

function check(problems: Problems, { emails, message = '' }: CostAnomalyAlertProps): void {
  checkEmails(problems, 'emails', emails);
  if (emails.length === 0) {
    const fix = 'Name a list that someone reads.';
    problems.add({ code: 'AlertEmail', prop: 'emails', allowed: 'one mail address or more', got: emails, fix });
  }
  if (message.length > LONGEST_MESSAGE) {
    const allowed = `at most ${LONGEST_MESSAGE} characters`;
    problems.add({ code: 'AlertEmail', prop: 'message', allowed, got: message.length, fix: 'Shorten it.' });
  }
}
