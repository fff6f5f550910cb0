import type { ITerraformDependable } from 'cdktf';
import type { IDataBucket } from './bucket-attributes';
import type { DataBucket } from './data-bucket';

/** Resources that must exist before role assignments on a container: the container, if this app creates it. */
export function beforeRightsTo(bucket: IDataBucket): ITerraformDependable[] | undefined {
  return isCreatedHere(bucket) ? [bucket.container] : undefined;
}

function isCreatedHere(bucket: IDataBucket): bucket is DataBucket {
  return 'addContainer' in bucket;
}
