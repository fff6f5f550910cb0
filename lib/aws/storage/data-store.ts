import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { DataBucket } from './data-bucket';

/** The bucket of a store, be it one of this library or any other. */
export function bucketOf(store: DataBucket | IBucket): IBucket {
  return 'bucket' in store ? store.bucket : store;
}
