import type { ShardLocations } from './shard-job';
import { Aws } from 'aws-cdk-lib';

/** Market of the machines of a job. */
export type BatchMarket = 'on-demand' | 'spot';

/** The part of a job's workflow that depends on the compute. */
export interface JobCompute {
  /** States from `Write` to the transition to `Verify`. They set `usage`, `lost`, `wait` and `reasons`. */
  readonly states: States;
  /** Market that runs the jobs first. */
  readonly market: BatchMarket;
  /** Market for shards that lost their spot capacity. @default - none */
  readonly fallback?: BatchMarket;
}

/** Options for `jobWorkflow`. */
export interface JobWorkflowOptions {
  readonly locations: ShardLocations;
  readonly compute: JobCompute;
  readonly metrics: MetricNames;
}

/** Namespace and dimension of the metrics of a workflow. */
export interface MetricNames {
  readonly namespace: string;
  /** Value of the dimension `Workflow`. */
  readonly workflow: string;
}

/** Name of the dimension of all metrics. */
export const WORKFLOW_DIMENSION = 'Workflow';

/** The shards of a job, without the empty objects that represent folders in the console. */
const SHARDS = `[$states.input.Items[shard != '' and $substring(shard, -1) != '/']]`;

/**
 * The workflow of one job: finds the shards without a marker, runs a job for them, checks their markers, and writes a record. A shard is
 * done if its marker exists. The status of the job does not matter.
 */
export function jobWorkflow({ locations, compute, metrics }: JobWorkflowOptions): States {
  const { market, fallback } = compute;
  const look = findMarker(locations);
  return {
    Find: forEach(
      SHARDS,
      { Look: look },
      {
        Assign: {
          run: jsonata('$states.input.BatchInput.run'),
          job: jsonata('$states.context.Execution.Name'),
          items: jsonata('$count($states.input.Items)'),
          shards: jsonata('$count($states.result)'),
          skipped: jsonata('$count($states.result[done])'),
          todo: jsonata(MISSING),
          market,
          usage: [],
          wait: 0,
          reasons: [],
        },
        Next: 'Pending',
      },
    ),
    Pending: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$count($todo) = 0'), Next: 'Record' }],
      Default: 'Write',
    },
    ...compute.states,
    Verify: forEach(
      '$todo',
      { LookAgain: look },
      {
        Assign: { todo: jsonata(MISSING) },
        Next: fallback ? 'Lost' : 'Record',
      },
    ),
    ...(fallback && {
      Lost: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata(`$market = '${market}' and $lost > 0 and $count($todo) > 0`), Next: 'Fallback' },
        ],
        Default: 'Record',
      },
      Fallback: { Type: 'Pass', Assign: { market: fallback }, Next: 'Write' },
    }),
    ...recordStates(locations, metrics),
  };
}

/** The shards of the result that have no marker. */
const MISSING = `[$states.result[$not(done)].{'shard': shard, 'etag': etag}]`;

// A listing of one key, because HeadObject reports a missing object as an error that has had several names.
function findMarker(locations: ShardLocations) {
  const key = locations.markerKey('$states.input');
  return task(
    'aws-sdk:s3:listObjectsV2',
    { Bucket: locations.resultsBucket, Prefix: jsonata(key), MaxKeys: 1 },
    {
      Output: jsonata(
        `{'shard': $states.input.shard, 'etag': $states.input.etag, 'done': (${key}) in $states.result.Contents.Key}`,
      ),
      End: true,
    },
  );
}

const NO_MARKER = 'The job succeeded, but the shard has no marker.';

function recordStates(locations: ShardLocations, { namespace, workflow }: MetricNames): States {
  const usd = `(null in $usage.usd ? null : $sum([$usage.usd]))`;
  const metric = (name: string, value: string, unit: string) =>
    `{'MetricName': '${name}', 'Value': ${value}, 'Unit': '${unit}', ` +
    `'Dimensions': [{'Name': '${WORKFLOW_DIMENSION}', 'Value': '${workflow}'}]}`;
  return {
    Record: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: locations.resultsBucket,
        Key: jsonata(`${locations.runPrefix('$run')} & 'records/' & $job & '.json'`),
        ContentType: 'application/json',
        Body: {
          job: jsonata('$job'),
          // Includes the objects that represent folders: the tally compares this number with the items of the map.
          items: jsonata('$items'),
          shards: jsonata('$shards'),
          done: jsonata('$shards - $skipped - $count($todo)'),
          skipped: jsonata('$skipped'),
          failed: jsonata('$count($todo)'),
          failures: jsonata('[$todo.shard]'),
          reasons: jsonata(`$count($todo) = 0 ? [] : $count($reasons) > 0 ? [$reasons] : ['${NO_MARKER}']`),
          usage: jsonata('[$usage]'),
          usd: jsonata(usd),
          waitSeconds: jsonata('$wait'),
        },
      },
      { Next: 'Measure' },
    ),
    // Alarms use these metrics. If publishing fails, the run still has its record.
    Measure: task(
      'aws-sdk:cloudwatch:putMetricData',
      {
        Namespace: namespace,
        MetricData: jsonata(
          `($usd := ${usd}; [` +
            [
              metric('ShardsDone', '$shards - $skipped - $count($todo)', 'Count'),
              metric('ShardsFailed', '$count($todo)', 'Count'),
              metric('WaitSeconds', '$wait', 'Seconds'),
              `$usd = null ? [] : ${metric('Usd', '$usd', 'None')}`,
            ].join(', ') +
            '])',
        ),
      },
      { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'CheckShards' }], Next: 'CheckShards' },
    ),
    CheckShards: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$shards > 0 and $count($todo) = $shards'), Next: 'Failed' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed', Output: { shards: jsonata('$shards'), failed: jsonata('$count($todo)') } },
    Failed: {
      Type: 'Fail',
      Error: 'ShardsFailed',
      Cause: jsonata(`$join([$reasons, 'The job completed no shard.'], ' ')`),
    },
  };
}

/** A state of the Amazon States Language, or a part of one. */
export type State = Readonly<Record<string, unknown>>;

/** States by name. */
export type States = Readonly<Record<string, State>>;

/** A JSONata expression as a value. */
export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A JSONata object from names and expressions. */
export function objectOf(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([name, expression]) => `'${name}': ${expression}`)
    .join(', ')}}`;
}

/** The ARN of a service integration of Step Functions, for example `aws-sdk:s3:putObject`. */
export function resource(action: string): string {
  return `arn:${Aws.PARTITION}:states:::${action}`;
}

/** Retries for throttling and other temporary errors. Only for calls that can safely repeat. */
export const RETRY = [
  {
    ErrorEquals: ['States.TaskFailed'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 6,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

/** A call that can safely repeat. */
export function task(action: string, args: unknown, rest: State): State {
  return { Type: 'Task', Resource: resource(action), Arguments: args, Retry: RETRY, ...rest };
}

/** An inline map. Step Functions runs at most 40 of its items at once. */
export function forEach(items: string, states: States, rest: State): State {
  const [startAt] = Object.keys(states);
  return {
    Type: 'Map',
    Items: jsonata(items),
    MaxConcurrency: INLINE_CONCURRENCY,
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: startAt, States: states },
    ...rest,
  };
}

const INLINE_CONCURRENCY = 40;
