import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJobDefinition } from 'aws-cdk-lib/aws-batch';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import type { MachineShare } from './machine-share';
import { grantShards } from './workflow-role';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Properties for `ShardJob`. */
export interface ShardJobProps extends ShardLocationsProps {
  /** Container image. */
  readonly image: string;
  /** Command of the container. @default - the command of the image */
  readonly command?: readonly string[];
  /** Environment variables of the container. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Share of the machine for each container. */
  readonly share: MachineShare;
  /** Maximum attempts at a shard whose machine is reclaimed. */
  readonly attempts: number;
  /** Time limit of one attempt. */
  readonly timeout: Duration;
}

/**
 * Job definition for the container of a shard. AWS Batch retries it only if its machine is reclaimed, because a program that fails once
 * usually fails again.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 */
export class ShardJob extends Construct {
  /** The job definition. */
  public readonly resource: CfnJobDefinition;
  /** Role of the containers. It can read shards, and read and write results. Grant more permissions to it. */
  public readonly role: Role;
  /** Log group of the containers. */
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
      // A run that is active during a stack update continues with the revision that it started with.
      resourceRetentionPolicy: { skipDeregisterOnUpdate: true },
      retryStrategy: {
        attempts: props.attempts,
        evaluateOnExit: [
          { onStatusReason: 'Host EC2*', action: 'RETRY' },
          { onReason: '*', action: 'EXIT' },
        ],
      },
      timeout: { attemptDurationSeconds: props.timeout.toSeconds() },
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

/** Buckets and prefixes of a workflow. */
export interface ShardLocationsProps {
  /** Bucket of the shards. */
  readonly input: IBucket;
  /** Prefix of the shards. Ends with a slash, or is empty for the whole bucket. */
  readonly inputPrefix: string;
  /** Bucket of everything that the workflow writes. */
  readonly results: IBucket;
  /** Prefix of everything that the workflow writes. Ends with a slash. */
  readonly resultsPrefix: string;
}

/** A JSONata expression for a shard: an object with `shard` and `etag`. */
type Shard = string;

/**
 * The names of all objects that a run reads and writes, as JSONata expressions.
 *
 * A shard is an object below the input prefix. Its name is the rest of its key. Markers and checkpoints also contain the ETag of the input,
 * so a replaced input is a new shard.
 */
export class ShardLocations {
  public readonly inputBucket: string;
  public readonly inputPrefix: string;
  public readonly resultsBucket: string;
  public readonly resultsPrefix: string;

  constructor({ input, inputPrefix, results, resultsPrefix }: ShardLocationsProps) {
    this.inputBucket = input.bucketName;
    this.inputPrefix = inputPrefix;
    this.resultsBucket = results.bucketName;
    this.resultsPrefix = resultsPrefix;
  }

  /** Arguments of ListObjectsV2 for the shards. */
  get input(): { readonly Bucket: string; readonly Prefix?: string } {
    return { Bucket: this.inputBucket, ...(this.inputPrefix !== '' && { Prefix: this.inputPrefix }) };
  }

  /** Key of the marker, the last object that is written for a shard. It marks the shard as done. */
  markerKey(shard: Shard): string {
    return `'${this.resultsPrefix}done/' & ${shard}.shard & '.' & ${shard}.etag`;
  }

  /** Key prefix of the records of a run. */
  runPrefix(run: string): string {
    return `'${this.resultsPrefix}runs/' & ${run} & '/'`;
  }

  /** Environment variables of a container for one shard. */
  variables(shard: Shard): Readonly<Record<string, string>> {
    return {
      SHARD: `${shard}.shard`,
      INPUT_URI: `'s3://${this.inputBucket}/${this.inputPrefix}' & ${shard}.shard`,
      OUTPUT_URI: `${this.uri('output/')} & ${shard}.shard`,
      CHECKPOINT_URI: `${this.uri('checkpoints/')} & ${shard}.shard & '.' & ${shard}.etag & '/'`,
      MARKER_URI: `${this.uri('done/')} & ${shard}.shard & '.' & ${shard}.etag`,
    };
  }

  /** A URI below the results prefix. */
  uri(rest: string): string {
    return `'s3://${this.resultsBucket}/${this.resultsPrefix}${rest}'`;
  }
}
