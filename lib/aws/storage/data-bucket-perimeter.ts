import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Actions on data. Actions that configure the bucket are excluded on purpose: see below. */
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
 * Denies access to the data of a bucket for requests that do not use one of these VPC endpoints.
 *
 * The following requests are exempt:
 * - configuration of the bucket, from anywhere. CloudFormation and administrators can always change this policy, so nobody is locked out;
 * - AWS services that act for themselves, for example log delivery (`aws:PrincipalIsAWSService`);
 * - AWS services that act for a permitted caller, for example Athena (`aws:ViaAWSService`);
 * - service-linked roles of this account. FSx for Lustre reads and writes a linked bucket through one;
 * - the roles in `exempt`. A service that assumes a role, such as S3 replication, uses its own network.
 *
 * An exemption grants nothing: it leaves the decision to the other policies.
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
