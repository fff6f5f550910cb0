import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { STRINGS } from '../props/prop-types';
import { ALERT_TOPIC_PROPS } from '../prop-schemas';
import { record } from '../template/findings';

/** Properties for `AlertTopic`. */
export interface AlertTopicProps {
  /**
   * Email addresses that receive the notifications. Each address must confirm its subscription.
   *
   * @default - none
   * @schema ANY
   */
  readonly alertEmails?: readonly string[];
}

const PUBLISHERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

/**
 * An SNS topic for alarms and budgets: encrypted under a KMS key that both services can use, TLS only.
 *
 * @example
 * ```ts
 * import { AlertTopic } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * new AlertTopic(new Stack(new App(), 'Alerts'), 'Alerts', { alertEmails: ['oncall@example.com'] });
 * ```
 */
export class AlertTopic extends Construct {
  /** The SNS topic. */
  public readonly topic: Topic;
  /** KMS key of the topic. */
  public readonly encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: AlertTopicProps = {}) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, ALERT_TOPIC_PROPS)) checkEmails(problems, props.alertEmails);
    problems.throwIfAny(this);
    const { alertEmails = [] } = props;
    const key = new Key(this, 'Key', {
      description: `Alerts of ${this.node.path}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.encryptionKey = key;
    this.topic = new Topic(this, 'Resource', { masterKey: key, enforceSSL: true });
    for (const service of PUBLISHERS) {
      const principals = [new ServicePrincipal(service)];
      const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
      key.addToResourcePolicy(
        new PolicyStatement({
          principals,
          actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          resources: ['*'],
          conditions,
        }),
      );
      this.topic.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          principals,
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions,
        }),
      );
    }
    for (const email of alertEmails) this.topic.addSubscription(new EmailSubscription(email));
    if (alertEmails.length === 0) {
      record(this, {
        id: 'alerts/no-subscriber',
        level: 'info',
        message: 'No email address subscribes to the topic, so nobody receives its notifications.',
        fix: 'Set alertEmails, or add a subscription to `topic`.',
        evidence: 'https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html',
      });
    }
  }
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Adds a problem for invalid or duplicate email addresses. */
export function checkEmails(problems: ProblemCollector, emails: readonly string[] = [], prop = 'alertEmails'): void {
  if (!STRINGS.validate(problems, prop, emails)) return;
  const wrong = emails.filter((email, index) => !EMAIL.test(email) || emails.indexOf(email) !== index);
  if (wrong.length === 0) return;
  problems.add({
    code: 'AlertEmail',
    prop,
    allowed: 'a list of email addresses without duplicates',
    got: wrong,
    fix: 'Correct or remove these addresses.',
  });
}
