import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { MonitoringNotificationChannel } from '../provider/google';
import { ALERT_CHANNELS_PROPS } from '../prop-schemas';

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
