import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { IEncryptionKey } from '../operations/encryption-key';
import { assignRole, Role } from '../operations/roles';
import { type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';

/** Properties for `DiskEncryption`. */
export interface DiskEncryptionProps {
  readonly resourceGroup: IResourceGroup;
  readonly encryptionKey: IEncryptionKey;
  /** Object id of the identity that makes the disks. */
  readonly principalId: string;
}

/** @see https://learn.microsoft.com/en-us/azure/templates/microsoft.compute/2025-01-02/diskencryptionsets */
const TYPE = 'Microsoft.Compute/diskEncryptionSets@2025-01-02';

/**
 * Encryption of the disks of nodes under a key of your own, which follows the rotation of the key. AKS takes it when the cluster is made, and
 * never later.
 *
 * Through azapi, since azurerm 4.55 reads a key that rotates from its vault, whose firewall lets only trusted services in.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/azure-disk-customer-managed-keys
 */
export class DiskEncryption extends Construct {
  public readonly resource: AzapiResource;
  /** The right that must stand before the cluster. */
  public readonly grant: ITerraformDependable;

  constructor(scope: Construct, id: string, { resourceGroup, encryptionKey, principalId }: DiskEncryptionProps) {
    super(scope, id);
    const { identity, usable } = encryptionKey;
    this.resource = new AzapiResource(this, 'Resource', {
      type: TYPE,
      name: physicalName(this),
      parentId: resourceGroupId(this, resourceGroup),
      location: resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds: [identity.id] },
      body: encryptionBody(encryptionKey),
      dependsOn: usable && [...usable],
    });
    this.grant = assignRole(this, 'Use', { role: Role.READER, on: this.resource.id, to: principalId });
  }
}

/** The API wants the version of the key with which it begins, even where it follows the rotation. */
function encryptionBody({ versionedKeyId: keyUrl, vaultId }: IEncryptionKey) {
  return {
    properties: {
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      activeKey: { sourceVault: { id: vaultId }, keyUrl },
      rotationToLatestKeyVersionEnabled: true,
    },
  };
}
