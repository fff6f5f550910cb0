import { Stack, Validations } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';

/** A rule of a policy pack that a construct violates on purpose. */
interface AcceptedRule {
  /** The constructs, by the end of their path. */
  readonly at: RegExp;
  readonly rules: readonly string[];
  readonly reason: string;
}

/** The names of a rule in the compliance packs of cdk-nag. */
function inPacks(rule: string): string[] {
  return ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-${rule}`);
}

const ACCEPTED: readonly AcceptedRule[] = [
  {
    at: /\/(Fabric\/Default|FileSystem\/SecurityGroup)\/from [^/]*$/,
    rules: inPacks('EC2RestrictedCommonPorts'),
    reason:
      'The source is a security group of this platform, never an address. EFA requires all traffic between the members.',
  },
  {
    at: /\/NatSubnet\d+\/DefaultRoute$/,
    rules: inPacks('VPCNoUnrestrictedRouteToIGW'),
    reason: 'The subnet contains only a NAT gateway. Nodes have no route to the internet gateway.',
  },
  {
    at: /\/FlowLog\/IAMRole\/DefaultPolicy\/Resource$/,
    rules: inPacks('IAMNoInlinePolicy'),
    reason: 'The CDK creates an inline policy. The role can only write to the log group of this flow log.',
  },
  {
    at: /\/KubectlProvider\/.*\/DefaultPolicy\/Resource$/,
    rules: [...inPacks('IAMNoInlinePolicy'), 'AwsSolutions-IAM5'],
    reason:
      'The kubectl provider of the CDK creates it. It can only call any version of its own handler, and describe this cluster.',
  },
  {
    at: /\/KubectlProvider\/.*\/ServiceRole\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason:
      'The kubectl provider of the CDK runs with the AWS managed Lambda and image-pull policies during deployments.',
  },
  {
    at: /\/KubectlProvider\/.*\/Resource$/,
    rules: [...inPacks('LambdaConcurrency'), ...inPacks('LambdaDLQ'), 'AwsSolutions-L1'],
    reason:
      'CloudFormation calls it a few times in a deployment and waits for the result. The CDK chooses its runtime.',
  },
  {
    at: /\/ControlPlane\/Resource\/Role\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason: 'EKS requires AmazonEKSClusterPolicy for its control plane.',
  },
  {
    at: /\/(NodeRole|Addons\/[a-z-]+-role)\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason:
      'EKS nodes and add-ons use the AWS managed policies of their documentation, with one purpose for each role. AWS updates them.',
  },
  {
    at: /\/Jobs\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Jobs can only read all objects of the datasets, and write all objects of the checkpoints.',
  },
  {
    at: /\/AutoscalerPolicy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'Actions that describe groups and instance types do not support resource limits. Changes are limited to the groups of this cluster by tag.',
  },
  {
    at: /\/(Datasets|Checkpoints|Models|Answers|Requests|Results)(\/AccessLogs\/Resource)?\/Resource$/,
    rules: inPacks('S3BucketReplicationEnabled'),
    reason:
      'A copy in a second region is a decision about data residency and cost. Versions keep overwritten and deleted objects.',
  },
  {
    at: /\/Access\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'SageMaker can read the model files of this endpoint, and write to its log groups and prefixes. The other actions do not support resource limits: metrics in its own namespaces, ECR tokens, network interfaces.',
  },
  {
    at: /\/Config$/,
    rules: inPacks('SageMakerEndpointConfigurationKMSKeyConfigured'),
    reason:
      'SageMaker rejects a key for machines with local disks, which the hardware encrypts. Serverless endpoints have no volume.',
  },
  {
    at: /\/Queues\/InstanceRole\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason: 'AWS Batch machines use the managed policy of its documentation. AWS updates it.',
  },
  {
    at: /\/Inference\/Job\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Containers can only read all shards of the prefix and write their results.',
  },
  {
    at: /\/Inference\/Workflow\/(Map)?Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'The workflow can write the records of any run and end its own jobs. Actions for job descriptions, log delivery, traces, and metrics do not support resource limits.',
  },
  {
    at: /\/LoadBalancer\/AccessLogs\/Resource\/Resource$/,
    rules: ['AwsSolutions-S1', ...['S3BucketLoggingEnabled', 'S3BucketReplicationEnabled'].flatMap(inPacks)],
    reason:
      'The bucket only holds access logs of the load balancer. A log of the access to logs has no end, and CloudTrail records data events if you need them.',
  },
  {
    at: /\/AccessLogs\/Resource\/Resource$/,
    rules: inPacks('S3DefaultEncryptionKMS'),
    reason: 'S3 delivers access logs only to buckets with SSE-S3 as their default.',
  },
  {
    at: /\/InvocationHandler\/Resource\/Resource$/,
    rules: ['LambdaConcurrency', 'LambdaDLQ', 'LambdaInsideVPC'].flatMap(inPacks),
    reason:
      'API Gateway waits for each response, and throttles before the function does. The function calls two AWS APIs, and nothing in a VPC.',
  },
  {
    at: /\/Api\/Resource\/DeploymentStage\.v1\/Resource$/,
    rules: ['APIGWCacheEnabledAndEncrypted', 'APIGWSSLEnabled'].flatMap(inPacks),
    reason:
      'Responses of a model are not cached. The only integration is a function, which does not use client certificates.',
  },
  {
    at: /\/Api\/Resource\/Default\/invocations\/POST\/Resource$/,
    rules: ['AwsSolutions-COG4'],
    reason:
      'Callers sign requests as AWS principals, or send a token to the authorizer of the gateway. Cognito is one option.',
  },
  {
    at: /\/Api\/Resource\/CloudWatchRole\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason: 'API Gateway uses one role for the logs of all APIs in an account, with the policy of its documentation.',
  },
  {
    at: /\/Nodes\/ControllerPolicy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'Karpenter starts new machines, and ends only machines with the tag of this cluster. Read actions do not support resource limits.',
  },
  {
    at: /\/LoadBalancer\/ControllerPolicy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Read actions do not support resource limits. It can register targets only with the group of this model.',
  },
  {
    at: /\/Identity\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Servers can only read all files of their model.',
  },
  {
    at: /\/Nodes\/Interruptions\/Resource$/,
    rules: ['AwsSolutions-SQS3'],
    reason: 'An interruption notice is useless after five minutes, so unread messages can be deleted.',
  },
  {
    at: /\/LoadBalancer\/Resource\/Resource$/,
    rules: ['AwsSolutions-ELB2', ...inPacks('ELBLoggingEnabled'), ...inPacks('ELBDeletionProtectionEnabled')],
    reason:
      'It is private and stores nothing. A Network Load Balancer logs only TLS requests, and does so here if it has a certificate.',
  },
];

/** Acknowledges each cdk-nag rule that a reference architecture violates on purpose, with the reason. */
export function acceptRules(scope: IConstruct): void {
  assertProps({ scope }, { scope: required(CONSTRUCT) });
  for (const construct of scope.node.findAll()) {
    for (const { rules, reason } of ACCEPTED.filter(({ at }) => at.test(construct.node.path))) {
      const ids = [...rules, ...rules.flatMap((rule) => iamFindings(construct, rule))];
      Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
    }
  }
}

/** The names of single findings: cdk-nag needs an acknowledgement for each managed policy and each wildcard. */
function iamFindings(construct: IConstruct, rule: string): string[] {
  const resolve = (value: unknown) => Stack.of(construct).resolve(value) as unknown;
  if (rule === 'AwsSolutions-IAM4' && CfnRole.isCfnRole(construct)) {
    return listOf(resolve(construct.managedPolicyArns)).map((arn) => `${rule}[Policy::${flat(arn)}]`);
  }
  if (
    rule === 'AwsSolutions-IAM5' &&
    (CfnPolicy.isCfnPolicy(construct) || CfnManagedPolicy.isCfnManagedPolicy(construct))
  ) {
    const { Statement } = resolve(construct.policyDocument) as { Statement: { Action: unknown; Resource: unknown }[] };
    const wildcards = (kind: 'Action' | 'Resource') =>
      Statement.flatMap((statement) => listOf(statement[kind]))
        .map(flat)
        .filter((text) => text.includes('*'))
        .map((text) => `${rule}[${kind}::${text}]`);
    return [...wildcards('Action'), ...wildcards('Resource')];
  }
  return [];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A resolved value in the format of cdk-nag: references in angle brackets, joins as one string, other values as JSON. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof ref === 'string') return `<${ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return listOf(join[1]).map(flat).join(String(join[0]));
  return JSON.stringify(value);
}
