import type { Problems } from '../../core/errors';
import { checkPrefix, checkResultsApart } from '../../core/workload/shard-checks';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { INamedBucket } from '../cluster/job-identity';
import type { BatchInferenceProps } from './batch-inference-props';

/** What a run writes below its prefix. */
const OWN = ['output/', 'done/'];

/** Where shards are, and what becomes of them. */
type Places = Pick<BatchInferenceProps, 'inputPrefix'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results' | 'resultsPrefix'>>;

/** Adds what is wrong with the places of shards and results: results must not be the shards of the next run. */
export function checkShards(
  problems: Problems,
  { input, inputPrefix, results, resultsPrefix = 'batch/' }: Places,
): void {
  const prefixes = { inputPrefix, resultsPrefix };
  const fine = (['inputPrefix', 'resultsPrefix'] as const).map(
    (prop) => isKnown(problems, prop, prefixes[prop]) && checkPrefix(problems, prop, prefixes[prop]),
  );
  if (fine.every(Boolean) && input && results && mayBeSame(input, results)) checkResultsApart(problems, prefixes, OWN);
}

/** Whether two buckets are one, as far as is known. */
function mayBeSame(one: INamedBucket, other: INamedBucket): boolean {
  return one === other || (!isUnknown(one.name) && one.name === other.name);
}
