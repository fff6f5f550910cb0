import { forEach, jsonata, objectOf, resource, type States, task } from './asl';
import type { ShardPlaces } from './shard-places';

/** What a job of AWS Batch is submitted with. */
export interface AwsBatchStatesOptions {
  readonly places: ShardPlaces;
  /** ARN of the job definition. */
  readonly jobDefinition: string;
  /** ARN of the queue of each market. */
  readonly queues: Readonly<Record<string, string>>;
  /** USD for a shard to hold its share of a machine for an hour, by market. A market without a price is left out. */
  readonly usdPerHour: Readonly<Record<string, number>>;
}

/**
 * Jobs that one DescribeJobs call is asked for. It takes 100, but an answer of the workflow has 256 KiB at most, and a job has several.
 */
const DESCRIBED_AT_ONCE = 25;

/** How AWS Batch words it where the machine was taken away, or none was there. */
const LOST = '/^Host EC2|INSUFFICIENT_INSTANCE_CAPACITY/';

/** How Step Functions names what AWS Batch may refuse now and take later. */
const PASSING = [
  'Batch.AWSBatchException',
  'Batch.BatchException',
  'Batch.ServerException',
  'Batch.SdkClientException',
];

/**
 * Writes down the shards of a job, runs it, and adds up what its attempts took. One shard is a plain job; several are an array job, whose
 * children are retried one by one.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
export function awsBatchStates(options: AwsBatchStatesOptions): States {
  const { places, usdPerHour } = options;
  const rates = objectOf(Object.fromEntries(Object.entries(usdPerHour).map(([market, usd]) => [market, String(usd)])));
  const seconds = '$sum([$states.result.seconds])';
  return {
    Write: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: places.resultsBucket,
        Key: jsonata(shardsKey(places)),
        ContentType: 'application/json',
        Body: { shards: jsonata(`[$todo.${objectOf(places.variables('$'))}]`) },
      },
      { Assign: { jobId: null, reasons: [], lost: 0 }, Next: 'Run' },
    ),
    Run: {
      Type: 'Task',
      Resource: resource('batch:submitJob.sync'),
      Arguments: jsonata(submission(options)),
      Retry: [
        {
          ErrorEquals: PASSING,
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

// The error of a job that failed is its whole description, which may be cut off: only its id is read.
const JOB_OF_CAUSE = `$id := $match($string($states.errorOutput.Cause), /"JobId"\\s*:\\s*"([^"]+)"/)[0].groups[0]`;

function shardsKey(places: ShardPlaces): string {
  return `${places.runPrefix('$run')} & 'shards/' & $job & '-' & $market & '.json'`;
}

function submission({ places, jobDefinition, queues }: AwsBatchStatesOptions): string {
  const variable = (name: string, value: string) => `{'Name': '${name}', 'Value': ${value}}`;
  const ofOne = Object.entries(places.variables('$todo[0]')).map(([name, value]) => variable(name, value));
  const always = [
    variable('RUN', '$run'),
    variable('SHARDS_URI', `'s3://${places.resultsBucket}/' & ${shardsKey(places)}`),
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

/** The jobs whose time counts, in groups: those of an array are named by their index. */
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
