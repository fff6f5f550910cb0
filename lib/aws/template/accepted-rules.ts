import { Stack, Validations } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { CONSTRUCT, demand, required } from '../../core/shapes';

/** A rule of a policy pack that a construct breaks on purpose. */
interface AcceptedRule {
  /** Which constructs, by the end of their path. */
  readonly at: RegExp;
  readonly rules: readonly string[];
  readonly reason: string;
}

/** A rule by the names that the compliance packs of cdk-nag give it. */
function inPacks(rule: string): string[] {
  return ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-${rule}`);
}

const ACCEPTED: readonly AcceptedRule[] = [
  {
    at: /\/(Fabric\/Default|FileSystem\/SecurityGroup)\/from [^/]*$/,
    rules: inPacks('EC2RestrictedCommonPorts'),
    reason:
      'The source is a security group of this platform, never an address: EFA demands all traffic between the members.',
  },
  {
    at: /\/NatSubnet\d+\/DefaultRoute$/,
    rules: inPacks('VPCNoUnrestrictedRouteToIGW'),
    reason: 'The subnet holds a NAT gateway and nothing else: nodes have no route to the internet gateway.',
  },
  {
    at: /\/FlowLog\/IAMRole\/DefaultPolicy\/Resource$/,
    rules: inPacks('IAMNoInlinePolicy'),
    reason: 'The CDK writes it inline: the role may write to the log group of this flow log, and nothing else.',
  },
  {
    at: /\/KubectlProvider\/.*\/DefaultPolicy\/Resource$/,
    rules: [...inPacks('IAMNoInlinePolicy'), 'AwsSolutions-IAM5'],
    reason:
      'The CDK’s kubectl provider writes it: it may call its own handler, any version of it, and describe this cluster.',
  },
  {
    at: /\/KubectlProvider\/.*\/ServiceRole\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason: 'The CDK’s kubectl provider runs with AWS’s basic Lambda and image-pull policies during deployments.',
  },
  {
    at: /\/KubectlProvider\/.*\/Resource$/,
    rules: [...inPacks('LambdaConcurrency'), ...inPacks('LambdaDLQ'), 'AwsSolutions-L1'],
    reason: 'CloudFormation calls it a few times a deployment and waits for the answer; the CDK chooses its runtime.',
  },
  {
    at: /\/ControlPlane\/Resource\/Role\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason: 'EKS demands AmazonEKSClusterPolicy for its control plane.',
  },
  {
    at: /\/(NodeRole|Addons\/[a-z-]+-role)\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason:
      'EKS nodes and add-ons take the AWS managed policies of their documentation, each role one purpose, so that AWS keeps them current.',
  },
  {
    at: /\/Jobs\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Jobs read every object of the datasets, and write every object of the checkpoints, and nothing else.',
  },
  {
    at: /\/AutoscalerPolicy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'Describing groups and instance types cannot be limited to a resource; changes are limited to the groups of this cluster by tag.',
  },
  {
    at: /\/(Datasets|Checkpoints|Models|Answers|Requests|Results)(\/AccessLogs\/Resource)?\/Resource$/,
    rules: inPacks('S3BucketReplicationEnabled'),
    reason:
      'A copy in a second region is a choice of residency and cost; versions keep what is overwritten or deleted.',
  },
  {
    at: /\/Access\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'SageMaker reads the files of the models of this endpoint, writes to its log groups and prefixes, and what is left takes no resource: metrics of its own namespaces, tokens of ECR, network interfaces.',
  },
  {
    at: /\/Config$/,
    rules: inPacks('SageMakerEndpointConfigurationKMSKeyConfigured'),
    reason:
      'SageMaker refuses a key for machines with local disks, which encrypt in hardware, and serverless endpoints have no volume.',
  },
  {
    at: /\/Queues\/InstanceRole\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason: 'Machines of AWS Batch take the managed policy of its documentation, so that AWS keeps it current.',
  },
  {
    at: /\/Inference\/Job\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Containers read every shard of the prefix, write what becomes of it, and nothing else.',
  },
  {
    at: /\/Inference\/Workflow\/(Map)?Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'The workflow writes the records of any run and ends the jobs that it began; describing jobs, log deliveries, traces and metrics know no resources.',
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
      'API Gateway waits for each answer, and throttles before the function does; it calls two AWS APIs as its role, and nothing in a VPC.',
  },
  {
    at: /\/Api\/Resource\/DeploymentStage\.v1\/Resource$/,
    rules: ['APIGWCacheEnabledAndEncrypted', 'APIGWSSLEnabled'].flatMap(inPacks),
    reason:
      'An answer of a model is kept for nobody else; the only integration is a function, which no certificate tells.',
  },
  {
    at: /\/Api\/Resource\/Default\/invocations\/POST\/Resource$/,
    rules: ['AwsSolutions-COG4'],
    reason:
      'Callers sign as principals of AWS, or show a token to the authorizer of the gateway: Cognito is one of them.',
  },
  {
    at: /\/Api\/Resource\/CloudWatchRole\/Resource$/,
    rules: ['AwsSolutions-IAM4'],
    reason:
      'API Gateway writes the logs of all APIs of an account by one role, for which its documentation names the policy.',
  },
  {
    at: /\/Nodes\/ControllerPolicy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'Karpenter starts machines that do not exist yet, and ends those alone that carry the tag of this cluster; looking cannot be limited to a resource.',
  },
  {
    at: /\/LoadBalancer\/ControllerPolicy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason:
      'Looking cannot be limited to a resource; it registers targets with the group of this model, and with no other.',
  },
  {
    at: /\/Identity\/Policy\/Resource$/,
    rules: ['AwsSolutions-IAM5'],
    reason: 'Servers read every file of their model, and nothing else.',
  },
  {
    at: /\/Nodes\/Interruptions\/Resource$/,
    rules: ['AwsSolutions-SQS3'],
    reason: 'A warning of an interruption is worth nothing after five minutes: what nobody read by then may go.',
  },
  {
    at: /\/LoadBalancer\/Resource\/Resource$/,
    rules: ['AwsSolutions-ELB2', ...inPacks('ELBLoggingEnabled'), ...inPacks('ELBDeletionProtectionEnabled')],
    reason:
      'It is private, keeps nothing and logs no more than the flow logs of its VPC: connections, and never requests.',
  },
];

/** Records, with its reason, each rule of the cdk-nag packs that a reference architecture breaks on purpose. */
export function acceptRules(scope: IConstruct): void {
  demand({ scope }, { scope: required(CONSTRUCT) });
  for (const construct of scope.node.findAll()) {
    for (const { rules, reason } of ACCEPTED.filter(({ at }) => at.test(construct.node.path))) {
      const ids = [...rules, ...rules.flatMap((rule) => iamFindings(construct, rule))];
      Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
    }
  }
}

/** The names of single findings: cdk-nag accepts each managed policy and each wildcard by its own. */
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

/** A resolved value as cdk-nag writes it: references in angle brackets, joins joined, anything else as JSON. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof ref === 'string') return `<${ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return listOf(join[1]).map(flat).join(String(join[0]));
  return JSON.stringify(value);
}
