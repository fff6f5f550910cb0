import { forEach, jsonata, type States, task } from './asl';
import type { ShardPlaces } from './shard-places';

/** How a job is bought. */
export type BatchMarket = 'on-demand' | 'spot';

/** What a compute adds to the workflow of one job. */
export interface JobCompute {
  /** States from `Write` on, which end in `Verify`. They set `usage`, `lost`, `wait` and `reasons`. */
  readonly states: States;
  /** Where jobs run first. */
  readonly market: BatchMarket;
  /** Where what spot capacity lost is done again. @default - nowhere */
  readonly fallback?: BatchMarket;
}

/** What the workflow of one job needs to know. */
export interface JobWorkflowOptions {
  readonly places: ShardPlaces;
  readonly compute: JobCompute;
  readonly metrics: MetricNames;
}

/** Where a workflow publishes its metrics. */
export interface MetricNames {
  readonly namespace: string;
  /** Value of the dimension `Workflow`. */
  readonly workflow: string;
}

/** The dimension of all metrics of a workflow. */
export const WORKFLOW_DIMENSION = 'Workflow';

/** Objects that only stand for a folder in the console are no shards. */
const SHARDS = `[$states.input.Items[shard != '' and $substring(shard, -1) != '/']]`;

/**
 * The workflow of one job, for one shard or several: find what is missing, run a job for that, look whether each marker is there now, and
 * record it. What the job itself says of its success counts for nothing: a shard is done when its marker is there.
 */
export function jobWorkflow({ places, compute, metrics }: JobWorkflowOptions): States {
  const { market, fallback } = compute;
  const look = lookForMarker(places);
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
    ...recordStates(places, metrics),
  };
}

/** Of what was looked at, what has no marker. */
const MISSING = `[$states.result[$not(done)].{'shard': shard, 'etag': etag}]`;

// A listing of one key in place of HeadObject, whose answer for what is missing is an error that has had several names.
function lookForMarker(places: ShardPlaces) {
  const key = places.markerKey('$states.input');
  return task(
    'aws-sdk:s3:listObjectsV2',
    { Bucket: places.resultsBucket, Prefix: jsonata(key), MaxKeys: 1 },
    {
      Output: jsonata(
        `{'shard': $states.input.shard, 'etag': $states.input.etag, 'done': (${key}) in $states.result.Contents.Key}`,
      ),
      End: true,
    },
  );
}

const NO_MARKER = 'The job ended well, and wrote no marker.';

function recordStates(places: ShardPlaces, { namespace, workflow }: MetricNames): States {
  const usd = `(null in $usage.usd ? null : $sum([$usage.usd]))`;
  const metric = (name: string, value: string, unit: string) =>
    `{'MetricName': '${name}', 'Value': ${value}, 'Unit': '${unit}', ` +
    `'Dimensions': [{'Name': '${WORKFLOW_DIMENSION}', 'Value': '${workflow}'}]}`;
  return {
    Record: task(
      'aws-sdk:s3:putObject',
      {
        Bucket: places.resultsBucket,
        Key: jsonata(`${places.runPrefix('$run')} & 'records/' & $job & '.json'`),
        ContentType: 'application/json',
        Body: {
          job: jsonata('$job'),
          // With what stands for folders: all that the map handed out must be found again in the records.
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
    // Alarms read these. A run whose metrics are lost is still recorded.
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
      { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Judge' }], Next: 'Judge' },
    ),
    Judge: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$shards > 0 and $count($todo) = $shards'), Next: 'Failed' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed', Output: { shards: jsonata('$shards'), failed: jsonata('$count($todo)') } },
    Failed: {
      Type: 'Fail',
      Error: 'ShardsFailed',
      Cause: jsonata(`$join([$reasons, 'No shard of the job was done.'], ' ')`),
    },
  };
}
