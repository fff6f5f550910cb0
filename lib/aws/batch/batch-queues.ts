import { type CfnJobQueue, CfnComputeEnvironment, CfnJobQueue as JobQueue } from 'aws-cdk-lib/aws-batch';
import { type ISubnet, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AwsMachine } from '../machine/machine';
import { BatchLaunchTemplate } from './batch-launch-template';
import type { BatchMarket } from './job-workflow';

/** Properties for `BatchQueues`. */
export interface BatchQueuesProps {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly machine: AwsMachine;
  /** Most machines at once, in each market. */
  readonly mostMachines: number;
  readonly markets: readonly BatchMarket[];
  /** Seconds that the head of the spot queue waits for a machine, before it is given up. @default - it waits */
  readonly spotPatienceSeconds?: number;
  readonly rootVolumeGiB: number;
  readonly volumeKey?: IKey;
}

/**
 * A job that can never be placed would else wait for ever, and all others behind it. Ten minutes is the least that AWS Batch takes.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
 */
const MISPLACED_SECONDS = 600;
const MISPLACED = ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT'];
const NO_CAPACITY = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';

/**
 * A queue for each market, with machines of one kind behind it that come when there is work and go when there is none.
 *
 * Not one queue with two environments: which of them ran a job would not be known, and so not what it cost.
 */
export class BatchQueues extends Construct {
  public readonly queues: Readonly<Partial<Record<BatchMarket, CfnJobQueue>>>;
  public readonly environments: Readonly<Partial<Record<BatchMarket, CfnComputeEnvironment>>>;
  public readonly securityGroup: SecurityGroup;
  /** What the machines may do: join ECS, pull images, write logs. Not what their containers do. */
  public readonly instanceRole: Role;
  private readonly profile: CfnInstanceProfile;
  private readonly launchTemplate: BatchLaunchTemplate;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BatchQueuesProps,
  ) {
    super(scope, id);
    const { vpc, markets, rootVolumeGiB, volumeKey } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Machines of batch inference: out to AWS and registries, nothing in',
    });
    this.instanceRole = new Role(this, 'InstanceRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role')],
    });
    this.profile = new CfnInstanceProfile(this, 'InstanceProfile', { roles: [this.instanceRole.roleName] });
    this.launchTemplate = new BatchLaunchTemplate(this, 'Machine', { rootVolumeGiB, volumeKey });
    const environments = markets.map((market) => [market, this.environment(market)] as const);
    this.environments = Object.fromEntries(environments);
    this.queues = Object.fromEntries(
      environments.map(([market, environment]) => [market, this.queue(market, environment)]),
    );
  }

  private environment(market: BatchMarket): CfnComputeEnvironment {
    const { machine, mostMachines, subnets } = this.props;
    const spot = market === 'spot';
    const { ref, attrLatestVersionNumber } = this.launchTemplate.resource;
    return new CfnComputeEnvironment(this, spot ? 'Spot' : 'OnDemand', {
      type: 'MANAGED',
      // Else CloudFormation makes a second environment at each change; AWS Batch's own service-linked role allows the update in place.
      replaceComputeEnvironment: false,
      updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: UPDATE_MINUTES },
      computeResources: {
        type: spot ? 'SPOT' : 'EC2',
        allocationStrategy: spot ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
        instanceTypes: [machine.name],
        minvCpus: 0,
        maxvCpus: mostMachines * machine.spec.vcpus,
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
    const { spotPatienceSeconds } = this.props;
    const giveUp = (reason: string, maxTimeSeconds: number) => ({
      reason,
      state: 'RUNNABLE',
      maxTimeSeconds,
      action: 'CANCEL',
    });
    return new JobQueue(this, spot ? 'SpotQueue' : 'OnDemandQueue', {
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.attrComputeEnvironmentArn }],
      jobStateTimeLimitActions: [
        ...MISPLACED.map((reason) => giveUp(reason, MISPLACED_SECONDS)),
        ...(spot && spotPatienceSeconds !== undefined ? [giveUp(NO_CAPACITY, spotPatienceSeconds)] : []),
      ],
    });
  }
}

/** What an update of the machines leaves running jobs. AWS Batch's own default is 30 minutes. */
const UPDATE_MINUTES = 360;
