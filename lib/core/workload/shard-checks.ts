import type { ProblemCollector } from '../errors';

// Letters that need no escape in a URI, in JSON and in JSONata, and no comma, which ends an option of a mount.
const PREFIX = /^([A-Za-z0-9!_.=-]+\/)+$/;
/**
 * Object names have at most 1,024 bytes, and the files below a prefix need a part of them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 * @see https://cloud.google.com/storage/docs/objects#naming
 */
const LONGEST_PREFIX = 256;

/** Returns whether a prefix of shards or results is valid, and adds a problem if not. The prefix must be known at synthesis. */
export function checkPrefix(
  problems: ProblemCollector,
  prop: 'inputPrefix' | 'resultsPrefix',
  prefix: string,
): boolean {
  if (prop === 'inputPrefix' && prefix === '') return true;
  if (PREFIX.test(prefix) && prefix.length <= LONGEST_PREFIX) return true;
  problems.add({
    code: 'ShardPrefix',
    prop,
    allowed: `a prefix of at most ${LONGEST_PREFIX} letters, digits and !_.=-/ that ends with a slash and does not begin with one`,
    got: prefix,
    fix: "Use a prefix like 'requests/2026/'.",
  });
  return false;
}

/**
 * Adds a problem if results in the bucket of the shards would become shards of the next run.
 *
 * @param written prefixes that a run writes below its results prefix
 */
export function checkResultsApart(
  problems: ProblemCollector,
  { inputPrefix, resultsPrefix }: { readonly inputPrefix: string; readonly resultsPrefix: string },
  written: readonly string[],
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ShardPrefix', prop, allowed, got, fix });
  if (resultsPrefix.startsWith(inputPrefix)) {
    const input = inputPrefix === '' ? 'the input bucket, in which every object is a shard' : inputPrefix;
    const allowed = `outside ${input}, or results become shards of the next run`;
    wrong('resultsPrefix', allowed, resultsPrefix, 'Use a separate bucket for results, or a prefix outside the input.');
    return;
  }
  const overlap = written.find((each) => inputPrefix.startsWith(resultsPrefix + each));
  if (overlap === undefined) return;
  const allowed = `outside ${resultsPrefix}${overlap}, which this workflow writes, or results become shards of the next run`;
  wrong('inputPrefix', allowed, inputPrefix, 'Use another resultsPrefix.');
}
