import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ShardPlacesProps } from './shard-places';

/** What a container writes: never the records of runs. */
const WRITTEN = ['output/', 'checkpoints/', 'done/'];

/** Lets someone read shards and the lists of jobs, and read and write what becomes of shards. */
export function grantShards(
  grantee: IGrantable,
  { input, inputPrefix, results, resultsPrefix }: ShardPlacesProps,
): Grant {
  const grants = [
    results.grantRead(grantee, `${resultsPrefix}runs/*`),
    ...WRITTEN.map((below) => results.grantReadWrite(grantee, `${resultsPrefix}${below}*`)),
  ];
  return grants.reduce((all, grant) => all.combine(grant), input.grantRead(grantee, `${inputPrefix}*`));
}
