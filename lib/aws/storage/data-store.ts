import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { DataBucket } from './data-bucket';

/** A bucket of this library, or any other. */
export type DataStore = DataBucket | IBucket;

/** The bucket of a store. */
export function bucketOf(store: DataStore): IBucket {
  return 'bucket' in store ? store.bucket : store;
}
