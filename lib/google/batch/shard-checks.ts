import type { Problems } from '../../core/errors';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { INamedBucket } from '../cluster/job-identity';
import type { BatchInferenceProps } from './batch-inference-props';

// Letters that need no escape in a URI, and no comma, which ends an option of a mount.
const PREFIX = /^([A-Za-z0-9!_.=-]+\/)+$/;
/** Names of objects have 1,024 bytes: what is written below a prefix must leave some. @see https://cloud.google.com/storage/docs/objects#naming */
const LONGEST_PREFIX = 256;
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
  const fine = [
    checkPrefix(problems, 'inputPrefix', inputPrefix, true),
    checkPrefix(problems, 'resultsPrefix', resultsPrefix, false),
  ];
  if (!fine.every(Boolean) || !input || !results || !mayBeSame(input, results)) return;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ShardPrefix', prop, allowed, got, fix });
  if (resultsPrefix.startsWith(inputPrefix)) {
    const of = inputPrefix === '' ? 'the bucket of the input, whose every object is a shard' : inputPrefix;
    const allowed = `outside ${of}: results would be the shards of the next run`;
    wrong('resultsPrefix', allowed, resultsPrefix, 'Put results into a bucket of their own, or beside the input.');
    return;
  }
  const own = OWN.find((each) => inputPrefix.startsWith(resultsPrefix + each));
  if (own === undefined) return;
  const allowed = `outside ${resultsPrefix}${own}, where this workflow writes: results would be the shards of the next run`;
  wrong('inputPrefix', allowed, inputPrefix, 'Give the workflow another resultsPrefix.');
}

function checkPrefix(problems: Problems, prop: string, prefix: string, mayBeEmpty: boolean): boolean {
  if (!isKnown(problems, prop, prefix)) return false;
  if ((mayBeEmpty && prefix === '') || (PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX)) return true;
  problems.add({
    code: 'ShardPrefix',
    prop,
    allowed: `at most ${LONGEST_PREFIX} letters, digits and !_.=-/ that end in a slash and begin with none`,
    got: prefix,
    fix: "Write it like 'requests/2026/'.",
  });
  return false;
}

/** Whether two buckets are one, as far as is known. */
function mayBeSame(one: INamedBucket, other: INamedBucket): boolean {
  return one === other || (!isUnknown(one.name) && one.name === other.name);
}
