import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, type Shape } from '../../core/shapes';
import { TEXTS } from '../props/shapes';

/** Properties for `AlertTopic`. */
export interface AlertTopicProps {
  /** Mail addresses that must confirm the subscription. @default - none: subscribe later */
  readonly emails?: readonly string[];
}

const PUBLISHERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

/** Where alarms and budgets speak: encrypted under a key that both services may use, TLS only. */
export class AlertTopic extends Construct {
  public readonly topic: Topic;
  public readonly encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: AlertTopicProps = {}) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, ALERTS)) checkEmails(problems, props.emails);
    problems.throwIfAny(this);
    const { emails = [] } = props;
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
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}

// Judged by `checkEmails`.
const ALERTS: Shape<AlertTopicProps> = { emails: ANYTHING };

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Adds what is wrong with mail addresses. */
export function checkEmails(problems: Problems, emails: readonly string[] = [], prop = 'emails'): void {
  if (!TEXTS.fits(problems, prop, emails)) return;
  const wrong = emails.filter((email, index) => !EMAIL.test(email) || emails.indexOf(email) !== index);
  if (wrong.length === 0) return;
  problems.add({
    code: 'AlertEmail',
    prop,
    allowed: 'mail addresses, each once',
    got: wrong,
    fix: 'Mend or remove them.',
  });
}
