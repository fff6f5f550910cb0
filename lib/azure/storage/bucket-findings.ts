import type { Finding } from '../../core/findings';
import type { DataBucketProps } from './data-bucket-props';

/** What is doubtful in a bucket. */
export function bucketFindings({ network, nfs }: DataBucketProps): Finding[] {
  const found: Finding[] = [];
  if (!network)
    found.push({
      id: 'storage/no-endpoint',
      level: 'warning',
      message: 'The bucket is closed to the internet, and no private endpoint leads to it.',
      fix: 'Name the network that reads it, or add a private endpoint for blob.',
      evidence: 'public_network_access_enabled is false',
    });
  if (nfs)
    found.push({
      id: 'storage/plain-nfs',
      level: 'warning',
      message: 'NFS 3.0 carries data unencrypted, and tells no user from another but by address.',
      fix: 'Mount it by BlobFuse, with the identity of the pod.',
      evidence: 'https://learn.microsoft.com/en-us/azure/storage/blobs/network-file-system-protocol-support',
    });
  return found;
}
