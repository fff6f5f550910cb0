import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { demand, required, type Shape, TEXT } from '../../core/shapes';
import { REMOVAL_POLICY, RETENTION_DAYS } from '../props/shapes';

/** Properties for `EncryptedLogGroup`. */
export interface EncryptedLogGroupProps {
  /** @default - CloudFormation makes one up */
  readonly logGroupName?: string;
  /** @default RetentionDays.ONE_YEAR */
  readonly retention?: RetentionDays;
  /** What becomes of log group and key when they leave the stack. A named group that is retained is in the way of the next. */
  readonly removalPolicy: RemovalPolicy;
}

const LOGS: Shape<EncryptedLogGroupProps> = {
  logGroupName: TEXT,
  retention: RETENTION_DAYS,
  removalPolicy: required(REMOVAL_POLICY),
};

/**
 * A CloudWatch log group under a rotated KMS key of its own: an imported key would lack the statement that CloudWatch Logs needs,
 * and the group would fail at deployment.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class EncryptedLogGroup extends Construct {
  public readonly logGroup: LogGroup;
  public readonly encryptionKey: Key;

  constructor(scope: Construct, id: string, props: EncryptedLogGroupProps) {
    super(scope, id);
    demand(props, LOGS, { scope: this });
    const { logGroupName, retention = RetentionDays.ONE_YEAR, removalPolicy } = props;

    this.encryptionKey = new Key(this, 'Key', { enableKeyRotation: true, removalPolicy });
    this.encryptionKey.grantEncryptDecrypt(logsOf(this));
    this.logGroup = new LogGroup(this, 'Resource', {
      logGroupName,
      retention,
      removalPolicy,
      encryptionKey: this.encryptionKey,
    });
  }
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
