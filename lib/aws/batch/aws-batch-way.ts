import { ArnFormat, Duration, Fn, Stack } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { MlVpc } from '../network/ml-vpc';
import { checkAwsBatch, marketsOf, subnetsOf } from './aws-batch-checks';
import type { AwsBatchOptions } from './aws-batch-options';
import { awsBatchStates } from './aws-batch-states';
import type { BoundCompute, ComputeContext, ComputeWay } from './batch-compute';
import { MOST_CONCURRENCY } from './batch-numbers';
import { recordAwsBatchFindings } from './batch-findings';
import { type MarketRate, ratesOf } from './batch-prices';
import { BatchQueues } from './batch-queues';
import { shareOf } from './machine-share';
import { ShardJob } from './shard-job';
import { ShardPlaces } from './shard-places';

const DEFAULT_ATTEMPTS = 5;
const DEFAULT_VOLUME_GIB = 200;

/** Jobs of AWS Batch. */
export function awsBatchWay(options: AwsBatchOptions): ComputeWay {
  return {
    kind: 'aws-batch',
    machine: options.machine,
    places: placesOf(options),
    concurrency: (shardsPerJob) => concurrencyOf(options, shardsPerJob),
    check: (problems, scope, context) => {
      const within = problems.within('compute');
      checkAwsBatch(within, options, context);
      ratesOf(within, scope, options, marketsOf(options.capacity));
    },
    bind: (scope, context) => bind(scope, options, context),
  };
}

/** Twice as many jobs as find a place: a machine that is done has its next shard waiting. */
function concurrencyOf(options: AwsBatchOptions, shardsPerJob: number): number {
  return Math.min(MOST_CONCURRENCY, Math.max(1, Math.ceil((2 * placesOf(options)) / shardsPerJob)));
}

function placesOf({ machine, mostMachines, gpusPerShard }: AwsBatchOptions): number {
  return mostMachines * shareOf(machine, gpusPerShard).shardsPerMachine;
}

function bind(scope: Construct, options: AwsBatchOptions, context: ComputeContext): BoundCompute {
  const { machine, attempts = DEFAULT_ATTEMPTS, rootVolumeGiB = DEFAULT_VOLUME_GIB } = options;
  const markets = marketsOf(options.capacity);
  const [market, fallback] = markets;
  const share = shareOf(machine, options.gpusPerShard, options.sharedMemoryGiB);
  const rates = ratesOf(new Problems(), scope, options, markets);
  const vpc = options.vpc ?? new MlVpc(scope, 'Network', { interfaceEndpoints: batchEndpoints() }).vpc;
  const queues = new BatchQueues(scope, 'Queues', {
    ...options,
    vpc,
    subnets: subnetsOf(vpc, options.subnets),
    markets,
    rootVolumeGiB,
    spotPatienceSeconds: fallback && (options.spotPatience ?? Duration.minutes(30)).toSeconds(),
  });
  const job = new ShardJob(scope, 'Job', {
    ...options,
    ...context,
    share,
    attempts,
    timeoutSeconds: shardSeconds(options, context),
  });
  recordAwsBatchFindings(scope, options, markets, rates);
  const jobDefinition = job.resource.attrJobDefinitionArn;
  return {
    compute: {
      market: market!,
      fallback,
      states: awsBatchStates({
        places: new ShardPlaces(context),
        jobDefinition,
        queues: Object.fromEntries(Object.entries(queues.queues).map(([name, queue]) => [name, queue.attrJobQueueArn])),
        usdPerHour: pricedShares(rates, share.shardsPerMachine),
      }),
    },
    statements: statementsFor(scope, queues, jobDefinition),
    about: { compute: 'aws-batch', machine: machine.name, shardsPerMachine: share.shardsPerMachine, prices: rates },
    ground: (concurrency) => ({
      machine,
      accelerators: share.gpus,
      replicas: Math.min(placesOf(options), concurrency * context.shardsPerJob),
      replicasPerMachine: share.shardsPerMachine,
      rates,
    }),
    queues,
    job,
  };
}

/** What machines and their containers call, beside S3. */
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

const SHARD_HOURS = 6;

function shardSeconds({ shardTimeout }: AwsBatchOptions, { timeoutSeconds }: ComputeContext): number {
  return shardTimeout?.toSeconds() ?? Math.min(Duration.hours(SHARD_HOURS).toSeconds(), timeoutSeconds);
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
    // AWS Batch knows no resources for it.
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

/** A run that began before an update submits jobs of an earlier revision, and the ARN that CloudFormation knows ends in the latest one. */
function anyRevision(stack: Stack, jobDefinitionArn: string): string {
  const resource = Fn.select(5, Fn.split(':', jobDefinitionArn));
  return stack.formatArn({ service: 'batch', resource, resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
