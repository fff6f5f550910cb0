import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { Problems } from '../../core/errors';

/** Where the workflows of an app write, and which of them does. */
const TAKEN = new WeakMap<IConstruct, Map<string, string>>();

function placeOf({ bucketName, node }: IBucket, prefix: string): string {
  return `${Token.isUnresolved(bucketName) ? node.path : bucketName}:${prefix}`;
}

/** Adds a problem where another workflow of the app writes to the same place: shards of both may share a name. */
export function checkTaken(problems: Problems, scope: Construct, results: IBucket, resultsPrefix: string): void {
  const other = TAKEN.get(scope.node.root)?.get(placeOf(results, resultsPrefix));
  if (other === undefined) return;
  problems.add({
    code: 'ShardPrefix',
    prop: 'resultsPrefix',
    allowed: `one of its own in that bucket, and not that of ${other}: answers and markers of both would mix`,
    got: resultsPrefix,
    fix: 'Give each workflow a resultsPrefix.',
  });
}

/** Keeps a place for one workflow. */
export function take(scope: Construct, results: IBucket, resultsPrefix: string): void {
  const { root, path } = scope.node;
  const taken = TAKEN.get(root) ?? new Map<string, string>();
  TAKEN.set(root, taken.set(placeOf(results, resultsPrefix), path));
}
