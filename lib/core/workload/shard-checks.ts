import type { Problems } from '../errors';

// Letters that need no escape in a URI, in JSON and in JSONata, and no comma, which ends an option of a mount.
const PREFIX = /^([A-Za-z0-9!_.=-]+\/)+$/;
/**
 * Names of objects have 1,024 bytes: what is written below a prefix must leave some.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 * @see https://cloud.google.com/storage/docs/objects#naming
 */
const LONGEST_PREFIX = 256;

/** Adds a problem where a prefix of shards or results, known by now, is none; whether it is one. */
export function checkPrefix(problems: Problems, prop: 'inputPrefix' | 'resultsPrefix', prefix: string): boolean {
  if (prop === 'inputPrefix' && prefix === '') return true;
  if (PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX) return true;
  problems.add({
    code: 'ShardPrefix',
    prop,
    allowed: `at most ${LONGEST_PREFIX} letters, digits and !_.=-/ that end in a slash and begin with none`,
    got: prefix,
    fix: "Write it like 'requests/2026/'.",
  });
  return false;
}

/** Adds a problem where results, in the bucket of the shards, would be the shards of the next run. @param own what a run writes below its prefix */
export function checkResultsApart(
  problems: Problems,
  { inputPrefix, resultsPrefix }: { readonly inputPrefix: string; readonly resultsPrefix: string },
  own: readonly string[],
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ShardPrefix', prop, allowed, got, fix });
  if (resultsPrefix.startsWith(inputPrefix)) {
    const of = inputPrefix === '' ? 'the bucket of the input, whose every object is a shard' : inputPrefix;
    const allowed = `outside ${of}: results would be the shards of the next run`;
    wrong('resultsPrefix', allowed, resultsPrefix, 'Put results into a bucket of their own, or beside the input.');
    return;
  }
  const written = own.find((each) => inputPrefix.startsWith(resultsPrefix + each));
  if (written === undefined) return;
  const allowed = `outside ${resultsPrefix}${written}, where this workflow writes: results would be the shards of the next run`;
  wrong('inputPrefix', allowed, inputPrefix, 'Give the workflow another resultsPrefix.');
}
