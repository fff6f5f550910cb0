import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { ENCRYPTED_LOG_GROUP_PROPS } from '../prop-schemas';

/** Properties for `EncryptedLogGroup`. */
export interface EncryptedLogGroupProps {
  /** Name of the log group. @default - CloudFormation generates a name */
  readonly logGroupName?: string;
  /** How long CloudWatch Logs keeps log events. @default RetentionDays.ONE_YEAR */
  readonly retention?: RetentionDays;
  /** What happens to the log group and the key when they leave the stack. A retained log group with a name blocks a new one. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A CloudWatch log group with its own rotated KMS key. An imported key is not supported, because it can lack the policy statement that
 * CloudWatch Logs needs.
 *
 * @example
 * ```ts
 * import { EncryptedLogGroup } from 'ai-infra-constructs/aws';
 * import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
 *
 * new EncryptedLogGroup(new Stack(new App(), 'Logs'), 'Logs', { removalPolicy: RemovalPolicy.DESTROY });
 * ```
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class EncryptedLogGroup extends Construct {
  /** The CloudWatch log group. */
  public readonly logGroup: LogGroup;
  /** KMS key of the log group. */
  public readonly encryptionKey: Key;

  constructor(scope: Construct, id: string, props: EncryptedLogGroupProps) {
    super(scope, id);
    assertProps(props, ENCRYPTED_LOG_GROUP_PROPS, { scope: this });
    const { logGroupName, retention = RetentionDays.ONE_YEAR, removalPolicy } = props;

    this.encryptionKey = logsKey(this, 'Key', removalPolicy);
    this.logGroup = new LogGroup(this, 'Resource', {
      logGroupName,
      retention,
      removalPolicy,
      encryptionKey: this.encryptionKey,
    });
  }
}

/** Creates a rotated KMS key that CloudWatch Logs can use for log groups of the account and region. */
export function logsKey(scope: Construct, id: string, removalPolicy: RemovalPolicy): Key {
  const key = new Key(scope, id, { enableKeyRotation: true, removalPolicy });
  key.grantEncryptDecrypt(logsOf(scope));
  return key;
}

function logsOf(scope: Construct) {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new ServicePrincipal(`logs.${stack.region}.amazonaws.com`).withConditions({
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups },
  });
}
