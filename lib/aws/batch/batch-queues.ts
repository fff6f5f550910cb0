import { type Duration, type Size, TagManager, TagType } from 'aws-cdk-lib';
import { type CfnJobQueue, CfnComputeEnvironment, CfnJobQueue as JobQueue } from 'aws-cdk-lib/aws-batch';
import { type ISubnet, type IVpc, SecurityGroup, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AwsMachine } from '../machine/machine';
import type { BatchMarket } from './job-workflow';
import { tagSpecifications } from '../template/template-checks';

/** Properties for `BatchQueues`. */
export interface BatchQueuesProps {
  /** VPC of the machines. */
  readonly vpc: IVpc;
  /** Subnets of the machines. */
  readonly subnets: readonly ISubnet[];
  /** Machine type. */
  readonly machine: AwsMachine;
  /** Maximum number of machines in each market. */
  readonly maxMachines: number;
  /** Markets of the machines. Each has its own queue. */
  readonly markets: readonly BatchMarket[];
  /** Time that the first job of the spot queue waits for a machine before it is canceled. @default - no limit */
  readonly spotPatience?: Duration;
  /** Size of the boot disks. */
  readonly bootDisk: Size;
  /** KMS key of the boot disks. @default - the account's default EBS key */
  readonly bootDiskKey?: IKey;
}

/**
 * Time after which a job that fits no machine is canceled. Otherwise it blocks the queue. Ten minutes is the minimum of AWS Batch.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
 */
const MISCONFIGURED_SECONDS = 600;
const MISCONFIGURED = [
  'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
  'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
];
const NO_CAPACITY = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';

/**
 * A job queue for each market, with machines of one type that scale to zero.
 *
 * One queue with two environments would not report which market ran a job, so the cost of the job would be unknown.
 */
export class BatchQueues extends Construct {
  /** Job queues, by market. */
  public readonly queues: Readonly<Partial<Record<BatchMarket, CfnJobQueue>>>;
  /** Compute environments, by market. */
  public readonly environments: Readonly<Partial<Record<BatchMarket, CfnComputeEnvironment>>>;
  /** Security group of the machines. */
  public readonly securityGroup: SecurityGroup;
  /** Role of the machines: join ECS, pull images, write logs. Containers use the role of the job. */
  public readonly instanceRole: Role;
  private readonly profile: CfnInstanceProfile;
  private readonly launchTemplate: BatchLaunchTemplate;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BatchQueuesProps,
  ) {
    super(scope, id);
    const { vpc, markets, bootDisk, bootDiskKey } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Machines of batch inference: out to AWS and registries, nothing in',
    });
    this.instanceRole = new Role(this, 'InstanceRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role')],
    });
    this.profile = new CfnInstanceProfile(this, 'InstanceProfile', { roles: [this.instanceRole.roleName] });
    this.launchTemplate = new BatchLaunchTemplate(this, 'Machine', { bootDisk, bootDiskKey });
    const environments = markets.map((market) => [market, this.environment(market)] as const);
    this.environments = Object.fromEntries(environments);
    this.queues = Object.fromEntries(
      environments.map(([market, environment]) => [market, this.queue(market, environment)]),
    );
  }

  private environment(market: BatchMarket): CfnComputeEnvironment {
    const { machine, maxMachines, subnets } = this.props;
    const spot = market === 'spot';
    const { ref, attrLatestVersionNumber } = this.launchTemplate.resource;
    return new CfnComputeEnvironment(this, spot ? 'Spot' : 'OnDemand', {
      type: 'MANAGED',
      // Otherwise CloudFormation replaces the environment at each change. An update in place needs the service-linked role of AWS Batch.
      replaceComputeEnvironment: false,
      updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: UPDATE_MINUTES },
      computeResources: {
        type: spot ? 'SPOT' : 'EC2',
        allocationStrategy: spot ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
        instanceTypes: [machine.name],
        minvCpus: 0,
        maxvCpus: maxMachines * machine.spec.vcpus,
        subnets: subnets.map(({ subnetId }) => subnetId),
        securityGroupIds: [this.securityGroup.securityGroupId],
        instanceRole: this.profile.attrArn,
        ec2Configuration: [{ imageType: 'ECS_AL2023_NVIDIA' }],
        launchTemplate: { launchTemplateId: ref, version: attrLatestVersionNumber },
        updateToLatestImageVersion: true,
      },
    });
  }

  private queue(market: BatchMarket, environment: CfnComputeEnvironment): CfnJobQueue {
    const spot = market === 'spot';
    const { spotPatience } = this.props;
    const cancelAfter = (reason: string, maxTimeSeconds: number) => ({
      reason,
      state: 'RUNNABLE',
      maxTimeSeconds,
      action: 'CANCEL',
    });
    return new JobQueue(this, spot ? 'SpotQueue' : 'OnDemandQueue', {
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.attrComputeEnvironmentArn }],
      jobStateTimeLimitActions: [
        ...MISCONFIGURED.map((reason) => cancelAfter(reason, MISCONFIGURED_SECONDS)),
        ...(spot && spotPatience ? [cancelAfter(NO_CAPACITY, spotPatience.toSeconds())] : []),
      ],
    });
  }
}

/** Minutes that running jobs have to finish during an update of the machines. The default of AWS Batch is 30. */
const UPDATE_MINUTES = 360;

/** Properties for `BatchLaunchTemplate`. */
export interface BatchLaunchTemplateProps {
  /** Size of the boot disk. */
  readonly bootDisk: Size;
  /** KMS key of the boot disk. @default - the account's default EBS key */
  readonly bootDiskKey?: IKey;
}

/**
 * Launch template for the machines of AWS Batch. Disks are encrypted, and containers on the bridge network cannot reach IMDSv2. Instances,
 * volumes and network interfaces have cost tags. The compute environment sets subnets and security group.
 */
export class BatchLaunchTemplate extends Construct {
  /** Tags of the launch template, which CDK tags apply to. */
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  /** The launch template. */
  public readonly resource: CfnLaunchTemplate;

  constructor(scope: Construct, id: string, { bootDisk, bootDiskKey }: BatchLaunchTemplateProps) {
    super(scope, id);
    this.resource = new CfnLaunchTemplate(this, 'Resource', {
      launchTemplateData: {
        // With a hop limit of 1, containers can use the job role but not the role of the machine.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1, httpEndpoint: 'enabled' },
        monitoring: { enabled: true },
        ebsOptimized: true,
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: {
              volumeType: 'gp3',
              volumeSize: bootDisk.toGibibytes(),
              encrypted: true,
              kmsKeyId: bootDiskKey?.keyArn,
              deleteOnTermination: true,
            },
          },
        ],
        tagSpecifications: tagSpecifications(this.tags, 'instance', 'volume', 'network-interface'),
      },
      tagSpecifications: tagSpecifications(this.tags, 'launch-template'),
    });
  }
}
