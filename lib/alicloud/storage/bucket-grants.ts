import { grantToRole, type PolicyStatement } from '../operations/ram';
import { CurrentAccount } from '../operations/current-account';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { RamRolePolicyAttachment } from '../provider/alicloud';
import type { Construct } from 'constructs';

/** Actions on a bucket and its objects. @see https://www.alibabacloud.com/help/en/oss/user-guide/ram-policy-overview */
const READ = {
  bucket: ['oss:GetBucketInfo', 'oss:ListObjects', 'oss:ListObjectVersions'],
  objects: ['oss:GetObject', 'oss:GetObjectVersion'],
};
const WRITE = {
  bucket: ['oss:ListMultipartUploads'],
  objects: ['oss:AbortMultipartUpload', 'oss:DeleteObject', 'oss:ListParts', 'oss:PutObject'],
};

/** The bucket of a grant. Without its key, the grant has no permission to decrypt. */
export interface GrantedBucket {
  readonly name: string;
  readonly encryptionKey?: IEncryptionKey;
}

/** Lets a RAM role read a bucket, or also write to it. @param scope owner of the grant */
export function grantBucket(
  scope: Construct,
  id: string,
  { bucket, roleName, write }: { readonly bucket: GrantedBucket; readonly roleName: string; readonly write: boolean },
): RamRolePolicyAttachment {
  const { accountId } = CurrentAccount.of(scope);
  const arn = `acs:oss:*:${accountId}:${bucket.name}`;
  const allow = (Action: readonly string[], ...Resource: readonly string[]): PolicyStatement => ({
    Effect: 'Allow',
    Action,
    Resource,
  });
  const { encryptionKey: key } = bucket;
  return grantToRole(scope, id, roleName, [
    allow([...READ.bucket, ...(write ? WRITE.bucket : [])], arn),
    allow([...READ.objects, ...(write ? WRITE.objects : [])], `${arn}/*`),
    ...(key
      ? [allow(['kms:Decrypt', ...(write ? ['kms:GenerateDataKey'] : [])], `acs:kms:*:${accountId}:key/${key.keyId}`)]
      : []),
  ]);
}
