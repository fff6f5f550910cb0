import type { Finding } from '../../core/findings';
import type { LustreSize } from '../../terraform/lustre-grid';
import type { LustreFileSystemProps } from './lustre-props';
import { GIB_PER_TIB, LARGEST_DOCUMENTED_TIB } from './lustre-rules';

const PREREQUISITES = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites';

/** What is doubtful in a file system. */
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
        'The documentation asks for account keys where a file system is joined to a bucket, and this one takes none.',
      fix: 'Use a bucket with accountKeys: true for staging, or try it out: the creation fails where Azure still asks for keys.',
      evidence: `${PREREQUISITES}#blob-integration-prerequisites-optional`,
    });
  if (sizeGiB > (tier.largestGiB ?? Infinity))
    found.push({
      id: 'storage/size-by-ticket',
      level: 'warning',
      message: `${sizeGiB / GIB_PER_TIB} TiB are more than the ${tier.largestGiB! / GIB_PER_TIB} TiB that are documented of ${tier.name}.`,
      fix: 'Ask Azure for it by a support ticket first.',
      evidence: 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/create-file-system-portal',
    });
  if (subnetId === undefined && sizeGiB > LARGEST_DOCUMENTED_TIB * GIB_PER_TIB)
    found.push({
      id: 'storage/subnet-size',
      level: 'warning',
      message: `No page tells the subnet of a file system of more than ${LARGEST_DOCUMENTED_TIB} TiB: its size was extrapolated.`,
      fix: 'Ask getRequiredAmlFSSubnetsSize of the API of Managed Lustre, and state subnetCidr.',
      evidence: `${PREREQUISITES}#network-size-requirements`,
    });
  return found;
}
