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

/** Resource id of the container of a bucket. */
export function containerIdOf({ accountId, containerName }: Pick<IDataBucket, 'accountId' | 'containerName'>): string {
  return `${accountId}/blobServices/default/containers/${containerName}`;
}
