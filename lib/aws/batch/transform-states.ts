import { forEach, jsonata, resource, type State, type States, task } from './asl';
import type { ShardPlaces } from './shard-places';

/** What a transform job is created with, beside its name and its data. */
export interface TransformStatesOptions {
  readonly places: ShardPlaces;
  /** `ModelName`, `TransformResources` and the like, as the SageMaker API names them. */
  readonly request: State;
  /** How the input is read: `ContentType`, `SplitType`. */
  readonly input: State;
  /** How the output is written: `Accept`, `AssembleWith`. */
  readonly output: State;
  readonly instances: number;
  /** USD for one instance for an hour. @default - unknown */
  readonly usdPerHour?: number;
}

/** How Step Functions names what SageMaker may refuse now and take later. */
const PASSING = [
  'SageMaker.AmazonSageMakerException',
  'SageMaker.ResourceLimitExceededException',
  'SageMaker.SdkClientException',
];

/**
 * Writes a manifest of the shards, transforms them in one job, and marks them all where the job succeeded: SageMaker fails a job as a
 * whole, so nothing is known of its shards where it failed.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 */
export function transformStates(options: TransformStatesOptions): States {
  const { places, request, input, output } = options;
  const manifest = `${places.runPrefix('$run')} & 'shards/' & $job & '.manifest'`;
  return {
    Write: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: places.resultsBucket,
        Key: jsonata(manifest),
        ContentType: 'application/json',
        Body: jsonata(`[{'prefix': 's3://${places.inputBucket}/${places.inputPrefix}'}, $todo.shard]`),
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
              S3Uri: jsonata(`'s3://${places.resultsBucket}/' & ${manifest}`),
            },
          },
        },
        TransformOutput: { ...output, S3OutputPath: jsonata(places.uri('output/')) },
      },
      Retry: [
        {
          ErrorEquals: PASSING,
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
    Mark: forEach('$todo', { Put: putMarker(places) }, { Next: 'Account' }),
    Account: accountOf(options),
    // It was never created: nothing was spent.
    Unknown: {
      Type: 'Pass',
      Assign: { usage: jsonata(`[$usage, ${usageOf('0', options)}]`) },
      Next: 'Verify',
    },
  };
}

function putMarker(places: ShardPlaces): State {
  return task(
    'aws-sdk:s3:putObject',
    {
      Bucket: places.resultsBucket,
      Key: jsonata(places.markerKey('$states.input')),
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
