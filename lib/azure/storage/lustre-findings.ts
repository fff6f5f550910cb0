import type { Finding } from '../../core/findings';
import type { LustreSize } from '../../terraform/lustre-grid';
import type { LustreFileSystemProps } from './lustre-props';
import { GIB_PER_TIB, LARGEST_DOCUMENTED_TIB } from './lustre-rules';

const PREREQUISITES = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites';

/** Findings of a file system. */
export function lustreFindings(
  { blobIntegration, subnetId }: LustreFileSystemProps,
  { sizeGiB, tier }: LustreSize,
): Finding[] {
  const found: Finding[] = [];
  if (blobIntegration?.bucket.acceptsKeys === false)
    found.push({
      id: 'storage/keyless-blob-integration',
      level: 'warning',
      message:
        'The documentation requires account keys for blob integration, but this bucket has accountKeys turned off.',
      fix: 'Use a bucket with accountKeys: true for staging, or test the creation without keys.',
      evidence: `${PREREQUISITES}#blob-integration-prerequisites-optional`,
    });
  if (sizeGiB > (tier.largestGiB ?? Infinity))
    found.push({
      id: 'storage/size-by-ticket',
      level: 'warning',
      message: `${sizeGiB / GIB_PER_TIB} TiB exceed the documented maximum of ${tier.largestGiB! / GIB_PER_TIB} TiB for ${tier.name}.`,
      fix: 'Request the size with a support ticket first.',
      evidence: 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/create-file-system-portal',
    });
  if (subnetId === undefined && sizeGiB > LARGEST_DOCUMENTED_TIB * GIB_PER_TIB)
    found.push({
      id: 'storage/subnet-size',
      level: 'warning',
      message: `The subnet size for more than ${LARGEST_DOCUMENTED_TIB} TiB is undocumented, and was extrapolated.`,
      fix: 'Call getRequiredAmlFSSubnetsSize of the Managed Lustre API, and set subnetCidr.',
      evidence: `${PREREQUISITES}#network-size-requirements`,
    });
  return found;
}
