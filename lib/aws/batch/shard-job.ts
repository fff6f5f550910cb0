import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJobDefinition } from 'aws-cdk-lib/aws-batch';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import type { MachineShare } from './machine-share';
import { grantShards } from './shard-grants';
import type { ShardPlacesProps } from './shard-places';

/** Properties for `ShardJob`. */
export interface ShardJobProps extends ShardPlacesProps {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly share: MachineShare;
  readonly attempts: number;
  readonly timeoutSeconds: number;
}

/**
 * The container of one shard, tried again where its machine was taken away, and only there: what a program got wrong once, it gets wrong
 * again.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 */
export class ShardJob extends Construct {
  public readonly resource: CfnJobDefinition;
  /** What containers may do: read shards, read and write results. Grant more to it. */
  public readonly role: Role;
  public readonly logs: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: ShardJobProps) {
    super(scope, id);
    const { share } = props;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const policy = new ManagedPolicy(this, 'Policy', { roles: [this.role] });
    grantShards(policy, props);
    this.logs = new EncryptedLogGroup(this, 'Logs', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
    this.resource = new CfnJobDefinition(this, 'Resource', {
      type: 'container',
      platformCapabilities: ['EC2'],
      propagateTags: true,
      // A run that is at work when the stack is updated goes on with the revision that it began with.
      resourceRetentionPolicy: { skipDeregisterOnUpdate: true },
      retryStrategy: {
        attempts: props.attempts,
        evaluateOnExit: [
          { onStatusReason: 'Host EC2*', action: 'RETRY' },
          { onReason: '*', action: 'EXIT' },
        ],
      },
      timeout: { attemptDurationSeconds: props.timeoutSeconds },
      containerProperties: {
        image: props.image,
        command: props.command && [...props.command],
        environment: Object.entries(props.environment ?? {}).map(([name, value]) => ({ name, value })),
        jobRoleArn: this.role.roleArn,
        resourceRequirements: [
          { type: 'GPU', value: String(share.gpus) },
          { type: 'VCPU', value: String(share.vcpus) },
          { type: 'MEMORY', value: String(share.memoryMiB) },
        ],
        linuxParameters: { sharedMemorySize: share.sharedMemoryMiB, initProcessEnabled: true },
        privileged: false,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': this.logs.logGroup.logGroupName,
            'awslogs-region': Stack.of(this).region,
            'awslogs-stream-prefix': 'shards',
          },
        },
      },
    });
  }
}
