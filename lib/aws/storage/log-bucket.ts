import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Properties for `LogBucket`. */
export interface LogBucketProps {
  /** What happens to the bucket when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Days before access logs expire. @default 365 */
  readonly expirationDays?: number;
}

/**
 * A bucket for access logs: private, TLS only, encrypted with SSE-S3. Log delivery does not support a KMS key or a default Object Lock
 * retention on its target.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class LogBucket extends Construct {
  /** The S3 bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Resource', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: props.removalPolicy,
      lifecycleRules: [
        {
          id: 'Expire',
          expiration: Duration.days(props.expirationDays ?? 365),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }
}

/**
 * Delivers the access logs of a bucket to another bucket, by bucket policy. Without a feature flag, the L2 prop sets an ACL instead, which a
 * bucket with an enforced owner rejects. An imported target must have the policy statement already.
 */
export function deliverAccessLogs(source: Bucket, target: IBucket, prefix: string): void {
  const { account } = Stack.of(source);
  const sameStack = Stack.of(source) === Stack.of(target);
  target.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AccessLogDelivery',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects(`${prefix}*`)],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        // Across stacks the ARN would create a dependency cycle.
        ...(sameStack && { ArnLike: { 'aws:SourceArn': source.bucketArn } }),
      },
    }),
  );
  const resource = source.node.defaultChild as CfnBucket;
  resource.loggingConfiguration = { destinationBucketName: target.bucketName, logFilePrefix: prefix };
}
