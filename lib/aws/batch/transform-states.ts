import { forEach, jsonata, resource, type State, type States, task } from './job-workflow';
import type { ShardLocations } from './shard-job';

/** Options for `transformStates`. */
export interface TransformStatesOptions {
  readonly locations: ShardLocations;
  /** Fields of `CreateTransformJob`, without the job name, input and output. */
  readonly request: State;
  /** Fields of `TransformInput`, without the data source. */
  readonly input: State;
  /** Fields of `TransformOutput`, without the path. */
  readonly output: State;
  /** Number of instances of the job. */
  readonly instances: number;
  /** Price of one instance in USD per hour. @default - unknown */
  readonly usdPerHour?: number;
}

/** Temporary errors of SageMaker, by their names in Step Functions. */
const TEMPORARY_ERRORS = [
  'SageMaker.AmazonSageMakerException',
  'SageMaker.ResourceLimitExceededException',
  'SageMaker.SdkClientException',
];

/**
 * Writes a manifest of the shards, transforms them in one job, and marks all of them if the job succeeds. SageMaker fails a job as a whole,
 * so a failed job does not report which shards are done.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 */
export function transformStates(options: TransformStatesOptions): States {
  const { locations, request, input, output } = options;
  const manifest = `${locations.runPrefix('$run')} & 'shards/' & $job & '.manifest'`;
  return {
    Write: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: locations.resultsBucket,
        Key: jsonata(manifest),
        ContentType: 'application/json',
        Body: jsonata(`[{'prefix': 's3://${locations.inputBucket}/${locations.inputPrefix}'}, $todo.shard]`),
      },
      { Assign: { transform: jsonata(`'shards-' & $uuid()`), reasons: [], lost: 0 }, Next: 'Run' },
    ),
    Run: {
      Type: 'Task',
      Resource: resource('sagemaker:createTransformJob.sync'),
      Arguments: {
        ...request,
        TransformJobName: jsonata('$transform'),
        TransformInput: {
          ...input,
          DataSource: {
            S3DataSource: {
              S3DataType: 'ManifestFile',
              S3Uri: jsonata(`'s3://${locations.resultsBucket}/' & ${manifest}`),
            },
          },
        },
        TransformOutput: { ...output, S3OutputPath: jsonata(locations.uri('output/')) },
      },
      Retry: [
        {
          ErrorEquals: TEMPORARY_ERRORS,
          IntervalSeconds: 60,
          BackoffRate: 1.5,
          MaxAttempts: 20,
          MaxDelaySeconds: 600,
          JitterStrategy: 'FULL',
        },
      ],
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: {
            reasons: [jsonata(`$states.errorOutput.Error & ': ' & $substring($states.errorOutput.Cause, 0, 300)`)],
          },
          Next: 'Account',
        },
      ],
      Next: 'Mark',
    },
    Mark: forEach('$todo', { Put: putMarker(locations) }, { Next: 'Account' }),
    Account: accountOf(options),
    // The job was never created, so it has no cost.
    Unknown: {
      Type: 'Pass',
      Assign: { usage: jsonata(`[$usage, ${usageOf('0', options)}]`) },
      Next: 'Verify',
    },
  };
}

function putMarker(locations: ShardLocations): State {
  return task(
    'aws-sdk:s3:putObject',
    {
      Bucket: locations.resultsBucket,
      Key: jsonata(locations.markerKey('$states.input')),
      ContentType: 'application/json',
      Body: { run: jsonata('$run'), job: jsonata('$job') },
    },
    { Output: {}, End: true },
  );
}

function accountOf(options: TransformStatesOptions): State {
  const { TransformStartTime: start, TransformEndTime: end, CreationTime: created } = TIMES;
  const seconds = `($exists(${start}) and $exists(${end}) ? ($toMillis(${end}) - $toMillis(${start})) / 1000 * ${options.instances} : 0)`;
  return task(
    'aws-sdk:sagemaker:describeTransformJob',
    { TransformJobName: jsonata('$transform') },
    {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Unknown' }],
      Assign: {
        usage: jsonata(`[$usage, ${usageOf(seconds, options)}]`),
        wait: jsonata(`$exists(${start}) ? ($toMillis(${start}) - $toMillis(${created})) / 1000 : 0`),
        reasons: jsonata('[$states.result.FailureReason, $reasons]'),
      },
      Next: 'Verify',
    },
  );
}

const TIMES = {
  CreationTime: '$states.result.CreationTime',
  TransformStartTime: '$states.result.TransformStartTime',
  TransformEndTime: '$states.result.TransformEndTime',
};

function usageOf(seconds: string, { usdPerHour }: TransformStatesOptions): string {
  const usd = usdPerHour === undefined ? 'null' : `$round($seconds * ${usdPerHour} / 3600, 4)`;
  return `($seconds := ${seconds}; {'market': $market, 'seconds': $seconds, 'usd': ${usd}})`;
}
