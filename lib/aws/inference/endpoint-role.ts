import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import {
  type IRole,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
  Grant,
  type IGrantable,
} from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketOf } from '../storage/data-bucket';
import { capturePrefix, type InferenceEndpointProps, kindOf, arnOf } from './endpoint-options';
import { type ISubnet, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { selectSubnets } from '../network/node-subnets';
import type { EndpointKind } from './endpoint-kind';

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

/** Actions for a model in a VPC: developer guide, "SageMaker AI roles", CreateModel. */
const NETWORK_WRITES = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
];

/** EC2 cannot limit these actions to resources. */
const NETWORK_READS = [
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
    if (endpoint.vpc) this.allowNetwork();
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

  /**
   * Network interfaces of the account, in any of its subnets. A shared subnet belongs to another account.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
   */
  private allowNetwork(): void {
    const arn = (resource: string, account?: string) =>
      Stack.of(this).formatArn({ service: 'ec2', account, resource, resourceName: '*' });
    const resources = [arn('network-interface'), arn('subnet', '*'), arn('security-group', '*')];
    this.policy.addStatements(
      new PolicyStatement({ actions: NETWORK_WRITES, resources }),
      new PolicyStatement({ actions: NETWORK_READS, resources: ['*'] }),
    );
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

/** Network of the containers in a VPC. */
export interface EndpointNetwork {
  readonly securityGroup: SecurityGroup;
  readonly subnets: readonly ISubnet[];
}

/** Subnets of an endpoint: the selected ones, or the private ones, or the isolated ones. */
export function endpointSubnets(vpc: IVpc, selection?: SubnetSelection): ISubnet[] {
  if (selection) return selectSubnets(vpc, selection);
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}

/**
 * Creates the network of an endpoint in a VPC. No ingress: requests reach containers through SageMaker. Egress is HTTPS, which SageMaker
 * uses to download the model. The S3 gateway endpoint has public addresses, so the rule allows every address.
 */
export function endpointNetwork(scope: Construct, vpc: IVpc, selection?: SubnetSelection): EndpointNetwork {
  const securityGroup = new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Containers that serve models: nothing in, HTTPS out',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Models from S3');
  return { securityGroup, subnets: endpointSubnets(vpc, selection) };
}

/** The VPC configuration of SageMaker. */
export function vpcConfigOf(network: EndpointNetwork | undefined) {
  return (
    network && {
      securityGroupIds: [network.securityGroup.securityGroupId],
      subnets: network.subnets.map(({ subnetId }) => subnetId),
    }
  );
}

/** An endpoint to invoke. */
export interface InvokedEndpoint {
  readonly kind: EndpointKind;
  readonly endpointName: string;
  /** Names of its inference components. */
  readonly components: readonly string[];
}

/** Actions that invoke an endpoint. */
export function invokeActions(isAsynchronous: boolean): string[] {
  return isAsynchronous
    ? ['sagemaker:InvokeEndpointAsync']
    : ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'];
}

/**
 * Allows a principal to invoke an endpoint, also with a response stream. For an asynchronous endpoint, the principal can also put requests
 * into the input bucket and read answers and failures.
 */
export function grantInvokeOn(
  scope: Construct,
  grantee: IGrantable,
  { kind, endpointName, components }: InvokedEndpoint,
): Grant {
  const { asynchronousOptions } = kind;
  const invoke = Grant.addToPrincipal({
    grantee,
    actions: invokeActions(kind.isAsynchronous),
    resourceArns: [
      arnOf(scope, 'endpoint', endpointName),
      ...components.map((name) => arnOf(scope, 'inference-component', name)),
    ],
  });
  if (!asynchronousOptions) return invoke;
  const output = bucketOf(asynchronousOptions.output);
  const input = asynchronousOptions.input ? bucketOf(asynchronousOptions.input) : output;
  return [
    input.grantPut(grantee),
    output.grantRead(grantee, `${answersPrefix(asynchronousOptions)}*`),
    output.grantRead(grantee, `${failuresPrefix(asynchronousOptions)}*`),
  ].reduce((all, one) => all.combine(one), invoke);
}
