import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketOf } from '../storage/bucket-of';
import { capturePrefix } from './data-capture';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';

/** Properties for `EndpointRole`. */
export interface EndpointRoleProps {
  /** Existing role. @default - a new role */
  readonly role?: IRole;
  /** Names of the log groups that containers write to. */
  readonly logGroups: readonly string[];
  /** Endpoint that the role is for. */
  readonly endpoint: InferenceEndpointProps;
}

// Namespaces of the metrics of SageMaker: developer guide, "Monitor SageMaker AI with CloudWatch".
const METRICS = ['AWS/SageMaker', '/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'];

/** Actions for a model in a VPC, which EC2 cannot limit to resources: developer guide, "SageMaker AI roles", CreateModel. */
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
 * Execution role of SageMaker for an endpoint. It allows logs, metrics, the network, and the models and images that are granted to
 * `policy`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export class EndpointRole extends Construct {
  /** The role. */
  public readonly role: IRole;
  /** Policy with all permissions. Grant more to the policy or to the role. */
  public readonly policy: ManagedPolicy;

  /** @internal */
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
      description: 'Execution role of a SageMaker endpoint',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
  }

  private grantData(endpoint: InferenceEndpointProps): void {
    const { asynchronousOptions: asynchronous } = kindOf(endpoint);
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

/** Prefix of the keys of answers. */
export function answersPrefix({ outputPrefix = 'answers/' }: { readonly outputPrefix?: string }): string {
  return outputPrefix;
}

/** Prefix of the keys of failures. */
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
