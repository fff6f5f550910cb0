import { forEach, jsonata, objectOf, resource, type States, task } from './job-workflow';
import type { ShardLocations } from './shard-job';

/** Options for `awsBatchStates`. */
export interface AwsBatchStatesOptions {
  readonly locations: ShardLocations;
  /** ARN of the job definition. */
  readonly jobDefinition: string;
  /** ARN of the queue of each market. */
  readonly queues: Readonly<Record<string, string>>;
  /** Price in USD per hour of a shard's share of a machine, by market. A market without a price is left out. */
  readonly usdPerHour: Readonly<Record<string, number>>;
}

/** Jobs per DescribeJobs call. The API supports 100, but a state has at most 256 KiB, and each job has several KiB. */
const DESCRIBED_AT_ONCE = 25;

/** Status reasons of AWS Batch for a reclaimed machine and for missing capacity. */
const LOST = '/^Host EC2|INSUFFICIENT_INSTANCE_CAPACITY/';

/** Temporary errors of AWS Batch, by their names in Step Functions. */
const TEMPORARY_ERRORS = [
  'Batch.AWSBatchException',
  'Batch.BatchException',
  'Batch.ServerException',
  'Batch.SdkClientException',
];

/**
 * Writes the list of shards, runs the job, and adds up the time of its attempts. One shard is a single job. Several shards are an array
 * job, whose child jobs are retried separately.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
export function awsBatchStates(options: AwsBatchStatesOptions): States {
  const { locations, usdPerHour } = options;
  const rates = objectOf(Object.fromEntries(Object.entries(usdPerHour).map(([market, usd]) => [market, String(usd)])));
  const seconds = '$sum([$states.result.seconds])';
  return {
    Write: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: locations.resultsBucket,
        Key: jsonata(shardsKey(locations)),
        ContentType: 'application/json',
        Body: { shards: jsonata(`[$todo.${objectOf(locations.variables('$'))}]`) },
      },
      { Assign: { jobId: null, reasons: [], lost: 0 }, Next: 'Run' },
    ),
    Run: {
      Type: 'Task',
      Resource: resource('batch:submitJob.sync'),
      Arguments: jsonata(submission(options)),
      Retry: [
        {
          ErrorEquals: TEMPORARY_ERRORS,
          IntervalSeconds: 5,
          BackoffRate: 2,
          MaxAttempts: 8,
          MaxDelaySeconds: 300,
          JitterStrategy: 'FULL',
        },
      ],
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: {
            jobId: jsonata(`(${JOB_OF_CAUSE}; $exists($id) ? $id : null)`),
            reasons: jsonata(
              `(${JOB_OF_CAUSE}; $exists($id) ? [] : [$states.errorOutput.Error & ': ' & $substring($states.errorOutput.Cause, 0, 300)])`,
            ),
          },
          Next: 'Describe',
        },
      ],
      Assign: { jobId: jsonata('$states.result.JobId') },
      Next: 'Describe',
    },
    Describe: forEach(
      jobIds(),
      { Account: describeJobs() },
      {
        Assign: {
          usage: jsonata(
            `($seconds := ${seconds}; $rate := $lookup(${rates}, $market); ` +
              `[$usage, {'market': $market, 'seconds': $seconds, 'usd': $exists($rate) ? $round($seconds * $rate / 3600, 4) : null}])`,
          ),
          lost: jsonata('$sum([$states.result.lost])'),
          wait: jsonata('$max([$wait, $states.result.wait])'),
          reasons: jsonata('[$distinct([$reasons, $states.result.reasons])[[0..4]]]'),
        },
        Next: 'Verify',
      },
    ),
  };
}

// The error of a failed job is its whole description, which can be truncated. Only the ID is read.
const JOB_OF_CAUSE = `$id := $match($string($states.errorOutput.Cause), /"JobId"\\s*:\\s*"([^"]+)"/)[0].groups[0]`;

function shardsKey(locations: ShardLocations): string {
  return `${locations.runPrefix('$run')} & 'shards/' & $job & '-' & $market & '.json'`;
}

function submission({ locations, jobDefinition, queues }: AwsBatchStatesOptions): string {
  const variable = (name: string, value: string) => `{'Name': '${name}', 'Value': ${value}}`;
  const ofOne = Object.entries(locations.variables('$todo[0]')).map(([name, value]) => variable(name, value));
  const always = [
    variable('RUN', '$run'),
    variable('SHARDS_URI', `'s3://${locations.resultsBucket}/' & ${shardsKey(locations)}`),
  ];
  const arns = objectOf(Object.fromEntries(Object.entries(queues).map(([market, arn]) => [market, `'${arn}'`])));
  const job = objectOf({
    JobName: `'shards'`,
    JobDefinition: `'${jobDefinition}'`,
    JobQueue: `$lookup(${arns}, $market)`,
    ContainerOverrides: `{'Environment': [${always.join(', ')}, $count($todo) = 1 ? [${ofOne.join(', ')}] : []]}`,
  });
  return `$merge([${job}, $count($todo) > 1 ? {'ArrayProperties': {'Size': $count($todo)}} : {}])`;
}

/** The IDs of the jobs, in groups. The child jobs of an array have its index. */
function jobIds(): string {
  const several = `$map([0..$count($todo) - 1], function($index) { $jobId & ':' & $index })`;
  const all = `$count($todo) = 1 ? [$jobId] : ${several}`;
  return `$jobId = null ? [] : [$map($partition([${all}], ${DESCRIBED_AT_ONCE}), function($ids) { {'ids': $ids} })]`;
}

function describeJobs() {
  const jobs = '$states.result.Jobs';
  const failed = `${jobs}[Status = 'FAILED']`;
  return task(
    'aws-sdk:batch:describeJobs',
    { Jobs: jsonata('[$states.input.ids]') },
    {
      Output: {
        seconds: jsonata(`$sum([${jobs}.Attempts.((StoppedAt - StartedAt) / 1000)])`),
        lost: jsonata(`$count(${failed}[$contains(StatusReason, ${LOST})])`),
        wait: jsonata(`$max([0, ${jobs}.((StartedAt - CreatedAt) / 1000)])`),
        reasons: jsonata(
          `[$distinct([${failed}.$substring($join([StatusReason, Container.Reason], ' '), 0, 300)])[[0..2]]]`,
        ),
      },
      End: true,
    },
  );
}
