import { jsonata, resource, type State, type States, task } from './asl';
import { jobWorkflow, type JobWorkflowOptions } from './job-workflow';
import { NO_RECORD, tallyMap } from './tally-workflow';

/** What the workflow of a run needs to know. */
export interface RunWorkflowOptions extends JobWorkflowOptions {
  /** Most shards of one job. */
  readonly shardsPerJob: number;
  /** Most jobs at once. */
  readonly concurrency: number;
  /** Share of all shards that may fail before the run stops, in percent. */
  readonly toleratedFailurePercent: number;
  readonly timeoutSeconds: number;
  /** What a run is recorded with: the machine, the prices and the like. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** Bytes of the shards of one job: all that the workflow derives of them stays below the 256 KiB of a state. */
export const MOST_BYTES_PER_JOB = 16_384;

const THIS = '$states.context.Execution';

/**
 * The definition of the state machine: one run over all shards of the prefix.
 *
 * A run never waits for another one, and never works beside it: the later of two fails at once. What it did is added up from the records
 * of its jobs, so that a run that was stopped half way is recorded, too.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function runWorkflow(options: RunWorkflowOptions): State {
  return {
    Comment: 'A run over all shards of a prefix that are not done yet',
    QueryLanguage: 'JSONata',
    TimeoutSeconds: options.timeoutSeconds,
    StartAt: 'Others',
    States: {
      ...beginning(options),
      Shards: shardsMap(options),
      Count: countItems(),
      Tally: tallyMap(options.places),
      ...ending(options),
    },
  };
}

function beginning({ places }: RunWorkflowOptions): States {
  const earlier =
    `$toMillis(StartDate) < $toMillis(${THIS}.StartTime) or ` +
    `($toMillis(StartDate) = $toMillis(${THIS}.StartTime) and Name < ${THIS}.Name)`;
  return {
    Others: task(
      'aws-sdk:sfn:listExecutions',
      { StateMachineArn: jsonata('$states.context.StateMachine.Id'), StatusFilter: 'RUNNING' },
      {
        Assign: {
          run: jsonata(`${THIS}.Name`),
          others: jsonata(`$count($states.result.Executions[Name != ${THIS}.Name and (${earlier})])`),
          stopped: null,
          totals: NO_RECORD,
          listed: null,
          unrecorded: 0,
        },
        Next: 'Alone',
      },
    ),
    Alone: { Type: 'Choice', Choices: [{ Condition: jsonata('$others > 0'), Next: 'RunInProgress' }], Default: 'Peek' },
    RunInProgress: {
      Type: 'Fail',
      Error: 'RunInProgress',
      Cause:
        'An earlier run is at work: two at once would do shards twice. Start this one again when that one has ended.',
    },
    Peek: task(
      'aws-sdk:s3:listObjectsV2',
      { ...places.input, MaxKeys: 1 },
      { Assign: { empty: jsonata('$not($exists($states.result.Contents))') }, Next: 'Any' },
    ),
    Any: { Type: 'Choice', Choices: [{ Condition: jsonata('$empty'), Next: 'WriteRun' }], Default: 'Begin' },
    // The first record, so that there is one even where no job gets as far: an empty listing would fail the tally.
    Begin: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: places.resultsBucket,
        Key: jsonata(`${places.runPrefix('$run')} & 'records/begin.json'`),
        ContentType: 'application/json',
        Body: NO_RECORD,
      },
      { Next: 'Shards' },
    ),
  };
}

function shardsMap(options: RunWorkflowOptions): State {
  const { places, shardsPerJob, concurrency, toleratedFailurePercent } = options;
  const item = '$states.context.Map.Item.Value';
  const states = jobWorkflow(options);
  return {
    Type: 'Map',
    Label: 'Shards',
    ItemReader: {
      Resource: resource('s3:listObjectsV2'),
      Arguments: places.input,
    },
    ItemSelector: {
      shard: jsonata(`$substring(${item}.Key, ${places.inputPrefix.length})`),
      // The reader writes Etag, the API ETag.
      etag: jsonata(`$replace([${item}.Etag, ${item}.ETag][0], '"', '')`),
    },
    ItemBatcher: {
      MaxItemsPerBatch: shardsPerJob,
      MaxInputBytesPerBatch: MOST_BYTES_PER_JOB,
      BatchInput: { run: jsonata('$run') },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: Object.keys(states)[0],
      States: states,
    },
    MaxConcurrency: concurrency,
    ToleratedFailurePercentage: toleratedFailurePercent,
    ResultWriter: {
      Resource: resource('s3:putObject'),
      Arguments: { Bucket: places.resultsBucket, Prefix: jsonata(`${places.runPrefix('$run')} & 'executions'`) },
    },
    // Too many failed, or the bucket could not be read: what was done is recorded all the same.
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Assign: { stopped: jsonata('$states.errorOutput.Error') },
        Next: 'Tally',
      },
    ],
    Assign: { mapRun: jsonata('$states.result.MapRunArn') },
    Next: 'Count',
  };
}

// A job that failed before it left a record is seen by nothing but the number of its items.
function countItems(): State {
  return task(
    'aws-sdk:sfn:describeMapRun',
    { MapRunArn: jsonata('$mapRun') },
    { Assign: { listed: jsonata('$states.result.ItemCounts.Total') }, Next: 'Tally' },
  );
}

function ending({ places, toleratedFailurePercent, about }: RunWorkflowOptions): States {
  const shards = '($totals.shards + $unrecorded)';
  const failed = '($totals.failed + $unrecorded)';
  const tooMany = `${failed} * 100 > ${toleratedFailurePercent} * ${shards}`;
  const outcome =
    `$stopped != null ? 'stopped' : ${tooMany} ? 'failed' : ${failed} > 0 ? 'tolerated' : ` +
    `${shards} = 0 ? 'empty' : 'complete'`;
  return {
    WriteRun: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: places.resultsBucket,
        Key: jsonata(`${places.runPrefix('$run')} & 'run.json'`),
        ContentType: 'application/json',
        Body: {
          run: jsonata('$run'),
          execution: jsonata(`${THIS}.Id`),
          startedAt: jsonata(`${THIS}.StartTime`),
          endedAt: jsonata('$now()'),
          outcome: jsonata(outcome),
          stopped: jsonata('$stopped'),
          shards: jsonata(shards),
          done: jsonata('$totals.done'),
          skipped: jsonata('$totals.skipped'),
          failed: jsonata(failed),
          unrecorded: jsonata('$unrecorded'),
          usage: jsonata('[$totals.usage]'),
          usd: jsonata('null in $totals.usage.usd ? null : $sum([$totals.usage.usd])'),
          waitSeconds: jsonata('$totals.waitSeconds'),
          ...about,
        },
      },
      { Assign: { outcome: jsonata(outcome) }, Next: 'Outcome' },
    ),
    Outcome: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$outcome in ['stopped', 'failed']`), Next: 'TooManyFailed' }],
      Default: 'Complete',
    },
    TooManyFailed: {
      Type: 'Fail',
      Error: 'TooManyShardsFailed',
      Cause: jsonata(
        `($stopped = null ? '' : $stopped & ': ') & $string(${failed}) & ' of ' & $string(${shards}) & ` +
          `' shards failed. Those that are done stay done: start another run for the rest.'`,
      ),
    },
    Complete: { Type: 'Succeed', Output: { outcome: jsonata('$outcome'), totals: jsonata('$totals') } },
  };
}
