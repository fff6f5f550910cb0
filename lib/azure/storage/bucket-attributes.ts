import type { PropType } from '../../core/prop-schema';
import { withMembers } from '../../core/member-kinds';

/** A container in a storage account. */
export interface IDataBucket {
  /** Name of the storage account. */
  readonly accountName: string;
  /** Resource id of the storage account. */
  readonly accountId: string;
  /** Name of the container. */
  readonly containerName: string;
  /** Whether the storage account accepts account keys. @default - unknown */
  readonly acceptsKeys?: boolean;
}

/** Attributes of an existing container. */
export interface DataBucketAttributes {
  /** Name of the storage account. */
  readonly accountName: string;
  /** Resource id of the storage account. */
  readonly accountId: string;
  /** Name of the container. */
  readonly containerName: string;
  /** Whether the storage account accepts account keys. @default - unknown */
  readonly acceptsKeys?: boolean;
}

/** A bucket, from any copy of the package. */
export const DATA_BUCKET: PropType = withMembers(
  'an IDataBucket',
  { accountName: 'string', accountId: 'string', containerName: 'string' },
  'Use new DataBucket(scope, id, { resourceGroup }) or DataBucket.fromDataBucketAttributes(scope, id, { … }).',
);

/** Resource id of the container of a bucket. */
export function containerIdOf({ accountId, containerName }: Pick<IDataBucket, 'accountId' | 'containerName'>): string {
  return `${accountId}/blobServices/default/containers/${containerName}`;
}
