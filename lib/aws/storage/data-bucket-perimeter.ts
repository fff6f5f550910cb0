import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What touches data. What configures the bucket is left out on purpose: see below. */
const DATA_ACTIONS = [
  's3:GetObject*',
  's3:PutObject*',
  's3:DeleteObject*',
  's3:RestoreObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
  's3:ListBucket*',
];

/**
 * Denies the data of a bucket to whoever comes another way than through these VPC endpoints.
 *
 * Exempt are, so that nothing that must work stops:
 * - configuring the bucket, from anywhere: CloudFormation and administrators can always change this very policy, so nobody is
 *   ever locked out;
 * - AWS services that act in their own name, e.g. log delivery (`aws:PrincipalIsAWSService`);
 * - AWS services that act for a caller who may, e.g. Athena (`aws:ViaAWSService`);
 * - service-linked roles of this account: FSx for Lustre reads and writes a linked bucket through one;
 * - the roles named: a service that is handed a role, such as S3 replication, comes from its own network.
 *
 * An exemption gives no access: it only leaves the decision to the other policies.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-service-linked-roles.html
 */
export function onlyThroughEndpoints(
  bucket: IBucket,
  vpcEndpoints: readonly string[],
  exempt: readonly IRole[] = [],
): void {
  const { partition, account } = Stack.of(bucket);
  const serviceLinkedRoles = `arn:${partition}:iam::${account}:role/aws-service-role/*`;
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyThroughVpcEndpoints',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: DATA_ACTIONS,
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions: {
        StringNotEquals: { 'aws:SourceVpce': vpcEndpoints },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
        ArnNotLikeIfExists: { 'aws:PrincipalArn': [serviceLinkedRoles, ...exempt.map((role) => role.roleArn)] },
      },
    }),
  );
}
