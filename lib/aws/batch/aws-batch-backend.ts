import { ArnFormat, Duration, Fn, Size, Stack } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { MlVpc } from '../network/ml-vpc';
import { checkAwsBatch, marketsOf, subnetsOf, type AwsBatchOptions } from './aws-batch-options';
import { awsBatchStates } from './aws-batch-states';
import type { BoundCompute, ComputeBackend, ComputeContext, ComputeLimits } from './batch-compute';
import { type BatchEstimateInput, type MarketRate, ratesOf, recordAwsBatchFindings } from './batch-estimate';
import { MAX_CONCURRENCY, type MachineShare, shareOf } from './machine-share';
import { BatchQueues } from './batch-queues';
import { ShardJob, ShardLocations } from './shard-job';

const DEFAULT_ATTEMPTS = 5;
const DEFAULT_BOOT_DISK_GIB = 200;
const DEFAULT_TASK_HOURS = 6;
const DEFAULT_PATIENCE_MINUTES = 30;

/** The backend for jobs of AWS Batch. */
export function awsBatchBackend(options: AwsBatchOptions): ComputeBackend {
  return {
    machine: options.machine,
    prices: options.prices,
    slots: slotsOf(options),
    concurrency: (shardsPerTask) => concurrencyOf(options, shardsPerTask),
    check: (problems, scope, limits) => {
      const within = problems.within('compute');
      checkAwsBatch(within, options, limits);
      ratesOf(within, scope, options, marketsOf(options.capacity));
    },
    estimateInput: (scope, limits) => estimateInputOf(scope, options, limits),
    bind: (scope, context) => bind(scope, options, context),
  };
}

/** Twice the jobs that the machines can run, so that a job is waiting when a machine becomes free. */
function concurrencyOf(options: AwsBatchOptions, shardsPerTask: number): number {
  return Math.min(MAX_CONCURRENCY, Math.max(1, Math.ceil((2 * slotsOf(options)) / shardsPerTask)));
}

function slotsOf(options: AwsBatchOptions): number {
  return options.maxMachines * machineShare(options).shardsPerMachine;
}

function machineShare({ machine, acceleratorsPerReplica, sharedMemory }: AwsBatchOptions): MachineShare {
  return shareOf(machine, acceleratorsPerReplica, sharedMemory);
}

function estimateInputOf(
  scope: Construct,
  options: AwsBatchOptions,
  { shardsPerTask, concurrency = concurrencyOf(options, shardsPerTask) }: ComputeLimits,
): BatchEstimateInput {
  const share = machineShare(options);
  return {
    machine: options.machine,
    accelerators: share.gpus,
    replicas: Math.min(slotsOf(options), concurrency * shardsPerTask),
    replicasPerMachine: share.shardsPerMachine,
    rates: ratesOf(new ProblemCollector(), scope, options, marketsOf(options.capacity)),
  };
}

function bind(scope: Construct, options: AwsBatchOptions, context: ComputeContext): BoundCompute {
  const { machine, attempts = DEFAULT_ATTEMPTS, bootDisk = Size.gibibytes(DEFAULT_BOOT_DISK_GIB) } = options;
  const markets = marketsOf(options.capacity);
  const [market, fallback] = markets;
  const share = machineShare(options);
  const rates = ratesOf(new ProblemCollector(), scope, options, markets);
  const vpc = options.vpc ?? new MlVpc(scope, 'Network', { interfaceEndpoints: batchEndpoints() }).vpc;
  const patience = options.spotPatience ?? Duration.minutes(DEFAULT_PATIENCE_MINUTES);
  const queues = new BatchQueues(scope, 'Queues', {
    ...options,
    vpc,
    subnets: subnetsOf(vpc, options.subnets),
    markets,
    bootDisk,
    spotPatience: fallback && patience,
  });
  const job = new ShardJob(scope, 'Job', {
    ...options,
    ...context,
    share,
    attempts,
    timeout: taskTimeoutOf(options, context),
  });
  recordAwsBatchFindings(scope, options, markets, rates);
  const jobDefinition = job.resource.attrJobDefinitionArn;
  return {
    compute: {
      market: market!,
      fallback,
      states: awsBatchStates({
        locations: new ShardLocations(context),
        jobDefinition,
        queues: Object.fromEntries(Object.entries(queues.queues).map(([name, queue]) => [name, queue.attrJobQueueArn])),
        usdPerHour: pricedShares(rates, share.shardsPerMachine),
      }),
    },
    statements: statementsFor(scope, queues, jobDefinition),
    about: { compute: 'aws-batch', machine: machine.name, shardsPerMachine: share.shardsPerMachine, prices: rates },
    queues,
    job,
  };
}

/** The services that machines and containers call, in addition to S3. */
function batchEndpoints(): Readonly<Record<string, InterfaceVpcEndpointAwsService>> {
  return {
    Ecs: InterfaceVpcEndpointAwsService.ECS,
    EcsAgent: InterfaceVpcEndpointAwsService.ECS_AGENT,
    EcsTelemetry: InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
    EcrApi: InterfaceVpcEndpointAwsService.ECR,
    EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
    Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    Kms: InterfaceVpcEndpointAwsService.KMS,
  };
}

function taskTimeoutOf({ taskTimeout }: AwsBatchOptions, { timeoutSeconds }: ComputeContext): Duration {
  return taskTimeout ?? Duration.seconds(Math.min(Duration.hours(DEFAULT_TASK_HOURS).toSeconds(), timeoutSeconds));
}

function pricedShares(rates: readonly MarketRate[], shardsPerMachine: number): Record<string, number> {
  const priced = rates.filter(({ usdPerHour }) => usdPerHour !== undefined);
  return Object.fromEntries(priced.map(({ market, usdPerHour }) => [market, usdPerHour! / shardsPerMachine]));
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html */
function statementsFor(scope: Construct, { queues }: BatchQueues, jobDefinition: string): PolicyStatement[] {
  const stack = Stack.of(scope);
  return [
    new PolicyStatement({
      sid: 'SubmitJobs',
      actions: ['batch:SubmitJob'],
      resources: [anyRevision(stack, jobDefinition), ...Object.values(queues).map((queue) => queue.attrJobQueueArn)],
    }),
    new PolicyStatement({
      sid: 'EndJobs',
      actions: ['batch:TerminateJob'],
      resources: [stack.formatArn({ service: 'batch', resource: 'job', resourceName: '*' })],
    }),
    // DescribeJobs does not support resource-level permissions.
    new PolicyStatement({ sid: 'DescribeJobs', actions: ['batch:DescribeJobs'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'JobEvents',
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        stack.formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: 'StepFunctionsGetEventsForBatchJobsRule',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
  ];
}

/**
 * All revisions of a job definition. A run that began before an update submits jobs of an earlier revision, but CloudFormation returns the
 * ARN of the newest one.
 */
function anyRevision(stack: Stack, jobDefinitionArn: string): string {
  const resource = Fn.select(5, Fn.split(':', jobDefinitionArn));
  return stack.formatArn({ service: 'batch', resource, resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
