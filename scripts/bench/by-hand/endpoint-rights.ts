import { Aws, Fn, type Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { FactName } from 'aws-cdk-lib/region-info';

/** The role of the endpoint, with its permissions, and the image that it can pull. */
export function rights(stack: Stack, bucket: IBucket, prefix: string, logGroupName: string, tag: string) {
  const role = new Role(stack, 'Role', {
    description: 'What SageMaker acts as for an endpoint',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com').withConditions({
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    }),
  });
  const policy = new ManagedPolicy(stack, 'Policy', { roles: [role] });
  const logs = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroupName}:*`;
  policy.addStatements(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [logs],
    }),
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'],
        },
      },
    }),
    new PolicyStatement({ actions: NETWORK, resources: ['*'] }),
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(`${prefix}*`)] }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${prefix}*`] } },
    }),
  );
  const account = stack.regionalFact(FactName.DLC_REPOSITORY_ACCOUNT);
  const repository = Repository.fromRepositoryAttributes(stack, 'Images', {
    repositoryName: 'vllm',
    repositoryArn: `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${account}:repository/vllm`,
  });
  repository.grantPull(policy);
  const image = Fn.join('', [account, '.dkr.ecr.', Aws.REGION, '.', Aws.URL_SUFFIX, `/vllm:${tag}`]);
  return { role, policy, image };
}

const NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];
