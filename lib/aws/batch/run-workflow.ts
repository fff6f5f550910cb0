import {
  jsonata,
  resource,
  type State,
  type States,
  task,
  jobWorkflow,
  type JobWorkflowOptions,
  forEach,
} from './job-workflow';
import type { ShardLocations } from './shard-job';

/** Options for `runWorkflow`. */
export interface RunWorkflowOptions extends JobWorkflowOptions {
  /** Maximum number of shards in one job. */
  readonly shardsPerTask: number;
  /** Maximum number of concurrent jobs. */
  readonly concurrency: number;
  /** Percentage of shards that can fail before the run stops. */
  readonly toleratedFailurePercent: number;
  /** Time limit of the run, in seconds. */
  readonly timeoutSeconds: number;
  /** Fields that each run record contains, for example the machine and the prices. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** Maximum bytes of the shards of one job. All data that the workflow derives from them fits into the 256 KiB of a state. */
const MAX_BYTES_PER_JOB = 16_384;

const THIS = '$states.context.Execution';

/**
 * The definition of the state machine: one run over all shards of the prefix.
 *
 * Two runs never overlap: the later one fails immediately. The record of a run is the sum of the records of its jobs, so a stopped run has a
 * record too.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function runWorkflow(options: RunWorkflowOptions): State {
  return {
    Comment: 'Processes all shards of a prefix that have no marker',
    QueryLanguage: 'JSONata',
    TimeoutSeconds: options.timeoutSeconds,
    StartAt: 'Others',
    States: {
      ...firstStates(options),
      Shards: shardsMap(options),
      Count: countItems(),
      Tally: tallyMap(options.locations),
      ...lastStates(options),
    },
  };
}

function firstStates({ locations }: RunWorkflowOptions): States {
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
        'Another run is active, and two runs would process shards twice. Start this run again after the other run ends.',
    },
    Peek: task(
      'aws-sdk:s3:listObjectsV2',
      { ...locations.input, MaxKeys: 1 },
      { Assign: { empty: jsonata('$not($exists($states.result.Contents))') }, Next: 'Any' },
    ),
    Any: { Type: 'Choice', Choices: [{ Condition: jsonata('$empty'), Next: 'WriteRun' }], Default: 'Begin' },
    // An empty first record, because the tally fails on an empty listing.
    Begin: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: locations.resultsBucket,
        Key: jsonata(`${locations.runPrefix('$run')} & 'records/begin.json'`),
        ContentType: 'application/json',
        Body: NO_RECORD,
      },
      { Next: 'Shards' },
    ),
  };
}

function shardsMap(options: RunWorkflowOptions): State {
  const { locations, shardsPerTask, concurrency, toleratedFailurePercent } = options;
  const item = '$states.context.Map.Item.Value';
  const states = jobWorkflow(options);
  return {
    Type: 'Map',
    Label: 'Shards',
    ItemReader: {
      Resource: resource('s3:listObjectsV2'),
      Arguments: locations.input,
    },
    ItemSelector: {
      shard: jsonata(`$substring(${item}.Key, ${locations.inputPrefix.length})`),
      // The item reader returns Etag, but the S3 API returns ETag.
      etag: jsonata(`$replace([${item}.Etag, ${item}.ETag][0], '"', '')`),
    },
    ItemBatcher: {
      MaxItemsPerBatch: shardsPerTask,
      MaxInputBytesPerBatch: MAX_BYTES_PER_JOB,
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
      Arguments: { Bucket: locations.resultsBucket, Prefix: jsonata(`${locations.runPrefix('$run')} & 'executions'`) },
    },
    // Too many shards failed, or the bucket is not readable. The record contains the shards that are done.
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

// Only the number of items shows a job that failed before it wrote a record.
function countItems(): State {
  return task(
    'aws-sdk:sfn:describeMapRun',
    { MapRunArn: jsonata('$mapRun') },
    { Assign: { listed: jsonata('$states.result.ItemCounts.Total') }, Next: 'Tally' },
  );
}

function lastStates({ locations, toleratedFailurePercent, about }: RunWorkflowOptions): States {
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
        Bucket: locations.resultsBucket,
        Key: jsonata(`${locations.runPrefix('$run')} & 'run.json'`),
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
          `' shards failed. Start another run to process them again.'`,
      ),
    },
    Complete: { Type: 'Succeed', Output: { outcome: jsonata('$outcome'), totals: jsonata('$totals') } },
  };
}

/** An empty record. Its fields are the ones that the tally adds up. */
export const NO_RECORD = { items: 0, shards: 0, done: 0, skipped: 0, failed: 0, usage: [], waitSeconds: 0 };

/** Records per child execution. Each record adds seven events, and an execution has at most 25,000. */
const RECORDS_AT_ONCE = 500;

const COUNTS = ['items', 'shards', 'done', 'skipped', 'failed'] as const;

/** Adds up usage by market. If a part has no price, the cost of the market is unknown. */
const BY_MARKET =
  `[$map($distinct($all.market), function($market) { ($of := $all[market = $market]; ` +
  `{'market': $market, 'seconds': $sum([$of.seconds]), 'usd': null in $of.usd ? null : $sum([$of.usd])}) })]`;

/** The sum of records, as a JSONata expression. */
function sumOf(records: string): string {
  const counts = COUNTS.map((name) => `'${name}': $sum([${records}.${name}])`);
  return `($all := [${records}.usage]; {${counts.join(', ')}, 'usage': ${BY_MARKET}, 'waitSeconds': $max([0, ${records}.waitSeconds])})`;
}

/** Adds up the records of a run in child executions. Their output has room for half a million jobs. */
export function tallyMap(locations: ShardLocations): State {
  const read = task(
    'aws-sdk:s3:getObject',
    { Bucket: locations.resultsBucket, Key: jsonata('$states.input.key') },
    {
      // The failures and their reasons can be long, and the tally does not need them.
      Output: jsonata(
        `$sift($parse($states.result.Body), function($value, $name) { $name in ['${Object.keys(NO_RECORD).join(`', '`)}'] })`,
      ),
      End: true,
    },
  );
  return {
    Type: 'Map',
    Label: 'Tally',
    ItemReader: {
      Resource: resource('s3:listObjectsV2'),
      Arguments: { Bucket: locations.resultsBucket, Prefix: jsonata(`${locations.runPrefix('$run')} & 'records/'`) },
    },
    ItemSelector: { key: jsonata('$states.context.Map.Item.Value.Key') },
    ItemBatcher: { MaxItemsPerBatch: RECORDS_AT_ONCE },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Records',
      States: {
        Records: forEach(
          '[$states.input.Items]',
          { Read: read },
          {
            Output: jsonata(sumOf('$states.result')),
            End: true,
          },
        ),
      },
    },
    Assign: {
      totals: jsonata(sumOf('$states.result')),
      unrecorded: jsonata('$listed = null ? 0 : $max([0, $listed - $sum([$states.result.items])])'),
    },
    Next: 'WriteRun',
  };
}
