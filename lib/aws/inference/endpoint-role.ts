import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketOf } from '../storage/data-store';
import { capturePrefix } from './data-capture';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';

/** Properties for `EndpointRole`. */
export interface EndpointRoleProps {
  /** @default - a new role */
  readonly role?: IRole;
  /** Names of the log groups that containers write to. */
  readonly logGroups: readonly string[];
  readonly endpoint: InferenceEndpointProps;
}

// Where SageMaker publishes what containers and instances use: developer guide, "Monitor SageMaker AI with CloudWatch".
const METRICS = ['AWS/SageMaker', '/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'];

/** What a model in a VPC needs, which EC2 limits to no resource: developer guide, "SageMaker AI roles", CreateModel. */
const NETWORK_ACTIONS = [
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

/**
 * What SageMaker acts as for an endpoint: its logs, its metrics, its network; the models and images that are granted to `policy`, and
 * nothing else.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export class EndpointRole extends Construct {
  public readonly role: IRole;
  /** All of its rights; grant more to it, or to the role. */
  public readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { role, logGroups, endpoint }: EndpointRoleProps) {
    super(scope, id);
    this.role = role ?? this.createRole();
    this.policy = new ManagedPolicy(this, 'Policy', { roles: [this.role] });
    this.policy.addStatements(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: logGroups.map((name) => logArn(this, name)),
      }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': METRICS } },
      }),
    );
    if (endpoint.vpc) this.policy.addStatements(new PolicyStatement({ actions: NETWORK_ACTIONS, resources: ['*'] }));
    this.grantData(endpoint);
  }

  private createRole(): Role {
    return new Role(this, 'Resource', {
      description: 'What SageMaker acts as for an endpoint',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
  }

  private grantData(endpoint: InferenceEndpointProps): void {
    const { asynchronous } = kindOf(endpoint);
    const { dataCapture } = endpoint;
    if (dataCapture) this.grantWrite(bucketOf(dataCapture.bucket), [capturePrefix(dataCapture)]);
    if (!asynchronous) return;
    const output = bucketOf(asynchronous.output);
    const input = asynchronous.input ? bucketOf(asynchronous.input) : output;
    this.grantWrite(output, [answersPrefix(asynchronous), failuresPrefix(asynchronous)]);
    this.policy.addStatements(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [input.arnForObjects('*')] }),
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [input.bucketArn] }),
    );
    input.encryptionKey?.grantDecrypt(this.policy);
  }

  private grantWrite(bucket: IBucket, prefixes: readonly string[]): void {
    this.policy.addStatements(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      }),
    );
    bucket.encryptionKey?.grantEncryptDecrypt(this.policy);
  }
}

/** What the keys of answers begin with. */
export function answersPrefix({ outputPrefix = 'answers/' }: { readonly outputPrefix?: string }): string {
  return outputPrefix;
}

/** What the keys of failures begin with. */
export function failuresPrefix({ failurePrefix = 'failures/' }: { readonly failurePrefix?: string }): string {
  return failurePrefix;
}

function logArn(scope: Construct, logGroup: string): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${logGroup}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
