import type { Kind } from '../../core/shapes';
import { withMembers } from '../../core/member-kinds';

/** A container of a storage account, made here or elsewhere. */
export interface IDataBucket {
  /** Name of the storage account. */
  readonly accountName: string;
  /** Resource id of the storage account. */
  readonly accountId: string;
  /** Name of the container. */
  readonly containerName: string;
  /** Whether the account takes its keys from callers. @default - unknown */
  readonly acceptsKeys?: boolean;
}

/** A bucket, of whichever copy of the package. */
export const DATA_BUCKET: Kind = withMembers(
  'a bucket',
  { accountName: 'string', accountId: 'string', containerName: 'string' },
  'Pass a DataBucket, or { accountName, accountId, containerName } of a container that stands.',
);

/** Resource id of the container of a bucket. */
export function containerIdOf({ accountId, containerName }: Pick<IDataBucket, 'accountId' | 'containerName'>): string {
  return `${accountId}/blobServices/default/containers/${containerName}`;
}
