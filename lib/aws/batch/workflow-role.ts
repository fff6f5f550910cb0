import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
  type Grant,
  type IGrantable,
} from 'aws-cdk-lib/aws-iam';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ShardLocationsProps } from './shard-job';

/** Properties for `WorkflowRole`. */
export interface WorkflowRoleProps extends ShardLocationsProps {
  /** CloudWatch namespace of the metrics. */
  readonly namespace: string;
  /** Permissions to run jobs. */
  readonly statements: readonly PolicyStatement[];
}

/** Role of the state machine. It can list shards but not read them. The compute adds the permissions to run jobs. */
export class WorkflowRole extends Construct {
  /** The role. */
  public readonly role: Role;
  /** Permissions that the state machine needs from the start. */
  public readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: WorkflowRoleProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    this.policy = new ManagedPolicy(this, 'Policy', { roles: [this.role] });
    this.policy.addStatements(...dataStatements(props), ...props.statements, metrics(props.namespace), ...logging());
    const { encryptionKey } = props.results;
    encryptionKey?.grantEncryptDecrypt(this.policy);
  }

  /**
   * Allows the state machine to start child executions, and to list its executions. A separate policy, because the state machine depends on
   * the first one.
   */
  grantMapRuns({ attrArn, attrName }: CfnStateMachine): ManagedPolicy {
    const executions = ['/*', ':*'].map((ofName) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: attrName + ofName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    const mapRuns = Stack.of(this).formatArn({
      service: 'states',
      resource: 'mapRun',
      resourceName: `${attrName}/*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new ManagedPolicy(this, 'MapPolicy', {
      roles: [this.role],
      statements: [
        new PolicyStatement({ sid: 'MapRuns', actions: ['states:DescribeMapRun'], resources: [mapRuns] }),
        new PolicyStatement({
          sid: 'Map',
          actions: ['states:StartExecution', 'states:ListExecutions'],
          resources: [attrArn],
        }),
        new PolicyStatement({
          sid: 'Jobs',
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: executions,
        }),
      ],
    });
  }
}

function dataStatements({ input, results, resultsPrefix }: WorkflowRoleProps): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ListShards',
      actions: ['s3:ListBucket'],
      resources: [input.bucketArn, results.bucketArn],
    }),
    new PolicyStatement({
      sid: 'Records',
      actions: ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      resources: [results.arnForObjects(`${resultsPrefix}runs/*`)],
    }),
  ];
}

function metrics(namespace: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'Metrics',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
  });
}

/**
 * Permissions to write logs and traces. Neither service supports resource-level permissions for these actions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
function logging(): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Logs',
      actions: [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'Traces',
      actions: [
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
      ],
      resources: ['*'],
    }),
  ];
}

/** The prefixes that a container writes. It cannot write the records of runs. */
const WRITTEN = ['output/', 'checkpoints/', 'done/'];

/** Grants permission to read shards and the lists of jobs, and to read and write results, checkpoints and markers. */
export function grantShards(
  grantee: IGrantable,
  { input, inputPrefix, results, resultsPrefix }: ShardLocationsProps,
): Grant {
  const grants = [
    results.grantRead(grantee, `${resultsPrefix}runs/*`),
    ...WRITTEN.map((below) => results.grantReadWrite(grantee, `${resultsPrefix}${below}*`)),
  ];
  return grants.reduce((all, grant) => all.combine(grant), input.grantRead(grantee, `${inputPrefix}*`));
}
