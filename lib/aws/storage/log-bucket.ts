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
  /** What becomes of it when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Days that access logs are kept. @default 365 */
  readonly keepDays?: number;
}

/**
 * The bucket that access logs go to: private, TLS only, encrypted by S3 itself, since log delivery does not write under a KMS key
 * and takes no default Object Lock retention at its target.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class LogBucket extends Construct {
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
          expiration: Duration.days(props.keepDays ?? 365),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }
}

/**
 * Sends the access logs of a bucket to another, by bucket policy. The L2 prop would set an ACL where the app lacks a feature flag,
 * and a bucket that enforces its owner takes no ACL. To an imported target no statement can be added: it must carry its own.
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
        // Across stacks the ARN would tie both stacks into a cycle.
        ...(sameStack && { ArnLike: { 'aws:SourceArn': source.bucketArn } }),
      },
    }),
  );
  const resource = source.node.defaultChild as CfnBucket;
  resource.loggingConfiguration = { destinationBucketName: target.bucketName, logFilePrefix: prefix };
}
