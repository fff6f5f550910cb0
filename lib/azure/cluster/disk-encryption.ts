import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { IEncryptionKey } from '../operations/encryption-key';
import { assignRole, Role } from '../operations/roles';
import { type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';

/** Properties for `DiskEncryption`. */
export interface DiskEncryptionProps {
  /** Resource group of the disk encryption set. */
  readonly resourceGroup: IResourceGroup;
  /** Key that encrypts the disks. */
  readonly encryptionKey: IEncryptionKey;
  /** Object id of the identity that creates the disks. */
  readonly principalId: string;
}

/** @see https://learn.microsoft.com/en-us/azure/templates/microsoft.compute/2025-01-02/diskencryptionsets */
const TYPE = 'Microsoft.Compute/diskEncryptionSets@2025-01-02';

/**
 * Customer-managed encryption of node disks, which follows key rotation. AKS accepts it only when the cluster is created.
 *
 * Uses azapi, because azurerm 4.55 reads a rotating key from its vault, whose firewall admits only trusted services.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/azure-disk-customer-managed-keys
 */
export class DiskEncryption extends Construct {
  /** The disk encryption set. */
  public readonly resource: AzapiResource;
  /** Role assignment that must exist before the cluster. */
  public readonly grant: ITerraformDependable;

  /** @internal */
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

/** The API requires the first version of the key, even if it follows rotation. */
function encryptionBody({ versionedKeyId: keyUrl, vaultId }: IEncryptionKey) {
  return {
    properties: {
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      activeKey: { sourceVault: { id: vaultId }, keyUrl },
      rotationToLatestKeyVersionEnabled: true,
    },
  };
}
