import { forEach, jsonata, resource, type State, task } from './asl';
import type { ShardLocations } from './shard-locations';

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
