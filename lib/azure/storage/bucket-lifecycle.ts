import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import type { StorageManagementPolicyRule } from '../provider/azurerm';
import type { DataBucketProps } from './data-bucket-props';

/** Days without a read after which an object is cold: the shortest stay in the cool tier. @see https://learn.microsoft.com/en-us/azure/storage/blobs/access-tiers-overview */
const COLD_AFTER_DAYS = 30;

/** Whether cold objects go to a cheaper tier, and come back with the first read. */
export function isTiered({ purpose = DataPurpose.DATASETS, premium }: DataBucketProps): boolean {
  return PURPOSES[purpose].tiering && !premium;
}

/** The rules of a bucket, of which there may be none. */
export function lifecycleRules(
  props: DataBucketProps,
  { keepDays, oldVersionDays }: Retention,
): StorageManagementPolicyRule[] {
  const tiers = isTiered(props)
    ? {
        tierToCoolAfterDaysSinceLastAccessTimeGreaterThan: COLD_AFTER_DAYS,
        autoTierToHotFromCoolEnabled: true,
      }
    : {};
  // No rule deletes from a container with a lock.
  const deletes = props.retention === undefined;
  const ends = keepDays === undefined || !deletes ? {} : { deleteAfterDaysSinceModificationGreaterThan: keepDays };
  const baseBlob = { ...tiers, ...ends };
  const version =
    oldVersionDays === undefined || !deletes ? undefined : { deleteAfterDaysSinceCreation: oldVersionDays };
  if (Object.keys(baseBlob).length === 0 && !version) return [];
  return [
    {
      name: 'lifecycle',
      enabled: true,
      filters: { blobTypes: ['blockBlob'] },
      actions: { baseBlob: Object.keys(baseBlob).length === 0 ? undefined : baseBlob, version },
    },
  ];
}
