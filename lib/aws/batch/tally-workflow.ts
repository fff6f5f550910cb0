import { forEach, jsonata, resource, type State, task } from './asl';
import type { ShardPlaces } from './shard-places';

/** A record of nothing: what all records have that is added up. */
export const NO_RECORD = { items: 0, shards: 0, done: 0, skipped: 0, failed: 0, usage: [], waitSeconds: 0 };

/** Records that one execution adds up: each costs seven events of the 25,000 that an execution may have. */
const RECORDS_AT_ONCE = 500;

const COUNTS = ['items', 'shards', 'done', 'skipped', 'failed'] as const;

/** Adds up usage by market; what has no price makes a cost unknown, never smaller. */
const BY_MARKET =
  `[$map($distinct($all.market), function($market) { ($of := $all[market = $market]; ` +
  `{'market': $market, 'seconds': $sum([$of.seconds]), 'usd': null in $of.usd ? null : $sum([$of.usd])}) })]`;

/** The sum of records, as JSONata. */
function sumOf(records: string): string {
  const counts = COUNTS.map((name) => `'${name}': $sum([${records}.${name}])`);
  return `($all := [${records}.usage]; {${counts.join(', ')}, 'usage': ${BY_MARKET}, 'waitSeconds': $max([0, ${records}.waitSeconds])})`;
}

/** Adds up the records of a run, in executions of its own, whose answers leave room for half a million jobs. */
export function tallyMap(places: ShardPlaces): State {
  const read = task(
    'aws-sdk:s3:getObject',
    { Bucket: places.resultsBucket, Key: jsonata('$states.input.key') },
    {
      // What failed, and why, may be long, and is not added up.
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
      Arguments: { Bucket: places.resultsBucket, Prefix: jsonata(`${places.runPrefix('$run')} & 'records/'`) },
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
