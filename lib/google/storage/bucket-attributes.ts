import { withMembers } from '../../core/member-kinds';
import type { PropType } from '../../core/prop-schema';

/** A Cloud Storage bucket: a new `DataBucket` or an existing bucket. */
export interface IDataBucket {
  /** Name of the bucket. */
  readonly name: string;
}

/** A bucket, from any copy of the package. */
export const DATA_BUCKET: PropType = withMembers(
  'a bucket',
  { name: 'string' },
  'Pass a DataBucket, or DataBucket.fromBucketName(scope, id, name).',
);
