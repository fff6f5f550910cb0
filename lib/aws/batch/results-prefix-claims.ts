import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';

/** For each app, the results prefixes in use, and the path of the workflow that uses each. */
const CLAIMS = new WeakMap<IConstruct, Map<string, string>>();

function keyOf({ bucketName, node }: IBucket, prefix: string): string {
  return `${Token.isUnresolved(bucketName) ? node.path : bucketName}:${prefix}`;
}

/** Adds a problem if another workflow of the app writes to the same prefix, because shards of both can have the same name. */
export function checkResultsPrefix(
  problems: ProblemCollector,
  scope: Construct,
  results: IBucket,
  resultsPrefix: string,
): void {
  const other = CLAIMS.get(scope.node.root)?.get(keyOf(results, resultsPrefix));
  if (other === undefined) return;
  problems.add({
    code: 'ShardPrefix',
    prop: 'resultsPrefix',
    allowed: `a prefix that no other workflow writes to, because ${other} would mix its results and markers with these`,
    got: resultsPrefix,
    fix: 'Set a different resultsPrefix for each workflow.',
  });
}

/** Reserves a prefix for one workflow. */
export function claimResultsPrefix(scope: Construct, results: IBucket, resultsPrefix: string): void {
  const { root, path } = scope.node;
  const claims = CLAIMS.get(root) ?? new Map<string, string>();
  CLAIMS.set(root, claims.set(keyOf(results, resultsPrefix), path));
}
