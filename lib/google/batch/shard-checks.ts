import type { ProblemCollector } from '../../core/errors';
import { checkPrefix, checkResultsApart } from '../../core/workload/shard-checks';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { IDataBucket } from '../storage/bucket-attributes';
import type { BatchInferenceProps } from './batch-inference-props';

/** Prefixes that a run writes below its results prefix. */
const WRITTEN = ['output/', 'done/'];

/** Buckets and prefixes of shards and results. */
type ShardProps = Pick<BatchInferenceProps, 'inputPrefix'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results' | 'resultsPrefix'>>;

/** Checks the prefixes of shards and results. Results must not become shards of the next run. */
export function checkShards(
  problems: ProblemCollector,
  { input, inputPrefix, results, resultsPrefix = 'batch/' }: ShardProps,
): void {
  const prefixes = { inputPrefix, resultsPrefix };
  const valid = (['inputPrefix', 'resultsPrefix'] as const).map(
    (prop) => isKnown(problems, prop, prefixes[prop]) && checkPrefix(problems, prop, prefixes[prop]),
  );
  if (valid.every(Boolean) && input && results && areSameBucket(input, results))
    checkResultsApart(problems, prefixes, WRITTEN);
}

/** Returns whether two buckets are the same, if both names are known at synthesis. */
function areSameBucket(one: IDataBucket, other: IDataBucket): boolean {
  return one === other || (!isUnknown(one.name) && one.name === other.name);
}
