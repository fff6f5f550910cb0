import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** A log group with a key that CloudWatch Logs can use. */
export function encryptedLogGroup(
  stack: Construct,
  id: string,
  { logGroupName, removalPolicy }: { logGroupName?: string; removalPolicy: RemovalPolicy },
): LogGroup {
  const encryptionKey = new Key(stack, `${id}Key`, { enableKeyRotation: true, removalPolicy });
  const groups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`;
  encryptionKey.grantEncryptDecrypt(
    new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`).withConditions({
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups },
    }),
  );
  return new LogGroup(stack, id, { logGroupName, retention: RetentionDays.ONE_YEAR, encryptionKey, removalPolicy });
}
