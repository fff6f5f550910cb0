import type { Finding } from '../../core/findings';
import type { DataBucketProps } from './data-bucket';

/** Findings of a bucket. */
export function bucketFindings({ network, nfs }: DataBucketProps): Finding[] {
  const found: Finding[] = [];
  if (!network)
    found.push({
      id: 'storage/no-endpoint',
      level: 'warning',
      message: 'The bucket has neither public network access nor a private endpoint.',
      fix: 'Set network, or add a private endpoint for blob.',
      evidence: 'public_network_access_enabled is false',
    });
  if (nfs)
    found.push({
      id: 'storage/plain-nfs',
      level: 'warning',
      message: 'NFS 3.0 transfers data unencrypted, and identifies clients only by address.',
      fix: 'Mount the bucket with BlobFuse and the identity of the pod.',
      evidence: 'https://learn.microsoft.com/en-us/azure/storage/blobs/network-file-system-protocol-support',
    });
  return found;
}
