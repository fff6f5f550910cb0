import { DataPurpose, PURPOSES, type Retention } from '../../core/data-purpose';
import type { StorageManagementPolicyRule } from '../provider/azurerm';
import type { DataBucketProps } from './data-bucket-props';

/** Days without a read after which an object is cold: the minimum storage duration of the cool tier. @see https://learn.microsoft.com/en-us/azure/storage/blobs/access-tiers-overview */
const COLD_AFTER_DAYS = 30;

/** Whether cold objects move to a cheaper tier, and back on the first read. */
export function isTiered({ purpose = DataPurpose.DATASETS, premium }: DataBucketProps): boolean {
  return PURPOSES[purpose].tiering && !premium;
}

/** Lifecycle rules of a bucket. Can be empty. */
export function lifecycleRules(
  props: DataBucketProps,
  { expirationDays, oldVersionDays }: Retention,
): StorageManagementPolicyRule[] {
  const tiers = isTiered(props)
    ? {
        tierToCoolAfterDaysSinceLastAccessTimeGreaterThan: COLD_AFTER_DAYS,
        autoTierToHotFromCoolEnabled: true,
      }
    : {};
  // Lifecycle rules cannot delete from a container with a retention lock.
  const deletes = props.retention === undefined;
  const ends =
    expirationDays === undefined || !deletes ? {} : { deleteAfterDaysSinceModificationGreaterThan: expirationDays };
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
