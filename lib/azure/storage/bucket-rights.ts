import type { ITerraformDependable } from 'cdktf';
import type { IDataBucket } from './bucket-attributes';
import type { DataBucket } from './data-bucket';

/** What must stand before rights to the container of a bucket: the container, where it is made here. */
export function beforeRightsTo(bucket: IDataBucket): ITerraformDependable[] | undefined {
  return isMadeHere(bucket) ? [bucket.container] : undefined;
}

function isMadeHere(bucket: IDataBucket): bucket is DataBucket {
  return 'addContainer' in bucket;
}
