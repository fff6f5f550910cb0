import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ShardLocationsProps } from './shard-locations';

/** The prefixes that a container writes. It cannot write the records of runs. */
const WRITTEN = ['output/', 'checkpoints/', 'done/'];

/** Grants permission to read shards and the lists of jobs, and to read and write results, checkpoints and markers. */
export function grantShards(
  grantee: IGrantable,
  { input, inputPrefix, results, resultsPrefix }: ShardLocationsProps,
): Grant {
  const grants = [
    results.grantRead(grantee, `${resultsPrefix}runs/*`),
    ...WRITTEN.map((below) => results.grantReadWrite(grantee, `${resultsPrefix}${below}*`)),
  ];
  return grants.reduce((all, grant) => all.combine(grant), input.grantRead(grantee, `${inputPrefix}*`));
}
