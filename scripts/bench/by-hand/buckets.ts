import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
};

const TIERING: LifecycleRule = {
  id: 'Tiering',
  transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
};

/** The buckets for datasets and checkpoints, each with its own key and log bucket. */
export function buckets(stack: Construct): { datasets: Bucket; checkpoints: Bucket } {
  return {
    datasets: bucket(stack, 'Datasets', [retention(30), TIERING]),
    checkpoints: bucket(stack, 'Checkpoints', [retention(7)]),
  };
}

function retention(days: number): LifecycleRule {
  return {
    id: 'Retention',
    abortIncompleteMultipartUploadAfter: Duration.days(7),
    noncurrentVersionExpiration: Duration.days(days),
    expiredObjectDeleteMarker: true,
  };
}

function bucket(stack: Construct, id: string, lifecycleRules: LifecycleRule[]): Bucket {
  const encryptionKey = new Key(stack, `${id}Key`, {
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  encryptionKey.addToResourcePolicy(lustreThroughS3());
  const data = new Bucket(stack, id, {
    ...PRIVATE,
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    lifecycleRules,
  });
  deliverLogs(stack, id, data);
  return data;
}

function lustreThroughS3(): PolicyStatement {
  const roles = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/s3.data-source.lustre.fsx.amazonaws.com/AWSServiceRoleForFSxS3Access_fs-*`;
  return new PolicyStatement({
    sid: 'LustreThroughS3',
    principals: [new AnyPrincipal()],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'kms:CallerAccount': Aws.ACCOUNT_ID, 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` },
      ArnLike: { 'aws:PrincipalArn': roles },
    },
  });
}

function deliverLogs(stack: Construct, id: string, source: Bucket): void {
  const logs = new Bucket(stack, `${id}AccessLogs`, {
    ...PRIVATE,
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [
      {
        id: 'Expire',
        expiration: Duration.days(365),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
  });
  const prefix = `training-${id.toLowerCase()}-access/`;
  logs.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AccessLogDelivery',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects(`${prefix}*`)],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': source.bucketArn },
      },
    }),
  );
  const resource = source.node.defaultChild as CfnBucket;
  resource.loggingConfiguration = { destinationBucketName: logs.bucketName, logFilePrefix: prefix };
}
