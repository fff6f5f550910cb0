import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { FLAG, fits, type Kind, kind, required, type Shape } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { hasMembers } from '../../core/member-kinds';
import { globalName } from '../props/names';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import { KeyVault, type RoleAssignment, UserAssignedIdentity } from '../provider/azurerm';
import { CurrentSubscription } from './current-subscription';
import type { IManagedIdentity } from './identity';
import { assignRole, Role } from './roles';

/** A key in a Key Vault with soft delete and purge protection, and an identity that may use it. */
export interface IEncryptionKey {
  /** URL of the key without a version: whoever uses it follows its rotation. */
  readonly keyId: string;
  /** URL of its newest version, for services that want one. */
  readonly versionedKeyId: string;
  /** Resource id of its vault. */
  readonly vaultId: string;
  /** The identity by which services use it. */
  readonly identity: IManagedIdentity;
  /**
   * Whether only trusted services reach its vault. Registries of images, and others that come by an identity of yours, do not count as such.
   *
   * @default - unknown
   */
  readonly behindFirewall?: boolean;
  /** What must stand before anything is encrypted under it: depend on it. @default - it stands already */
  readonly usable?: ITerraformDependable[];
}

/** Properties for `EncryptionKey`. */
export interface EncryptionKeyProps {
  /** The resource group of the vault. Its region is that of what the key encrypts: services refuse a key of another region. */
  readonly resourceGroup: IResourceGroup;
  /** Whether a firewall lets only trusted services to the vault; without it, whoever has a role in it comes from anywhere. @default true */
  readonly trustedServicesOnly?: boolean;
}

const SHAPE: Shape<EncryptionKeyProps> = { resourceGroup: required(RESOURCE_GROUP), trustedServicesOnly: FLAG };

/** 90 days, the most that a key can be brought back. @see https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview */
const SOFT_DELETE_DAYS = 90;

/** This library's own choice, the same as on the other clouds. */
const ROTATION = 'P90D';

/** The only size that Managed Lustre takes; other services take it, too. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/customer-managed-encryption-keys */
const KEY_SIZE = 2048;

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault */
const LONGEST_VAULT_NAME = 24;

/**
 * A key for data at rest, in a vault of its own behind a firewall that only trusted services of Azure pass. It is made through Azure Resource
 * Manager, so that whoever applies needs no way into the vault. It rotates every 90 days; data under a lost key is lost, so that neither key
 * nor vault leaves with the stack.
 */
export class EncryptionKey extends Construct implements IEncryptionKey {
  public readonly vault: KeyVault;
  public readonly resource: AzapiResource;
  public readonly identity: UserAssignedIdentity;
  public readonly usable: ITerraformDependable[];
  public readonly behindFirewall: boolean;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    problems.throwIfAny(this);
    const { name: resourceGroupName, location } = props.resourceGroup;
    this.behindFirewall = props.trustedServicesOnly ?? true;
    this.vault = new KeyVault(this, 'Vault', {
      name: globalName(this, LONGEST_VAULT_NAME),
      resourceGroupName,
      location,
      tenantId: CurrentSubscription.of(this).tenantId,
      skuName: 'standard',
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: SOFT_DELETE_DAYS,
      // Managed Lustre asks for a public end, and is let through as a trusted service: nobody else is.
      publicNetworkAccessEnabled: true,
      networkAcls: { bypass: 'AzureServices', defaultAction: this.behindFirewall ? 'Deny' : 'Allow' },
      lifecycle: { preventDestroy: true },
    });
    this.resource = new AzapiResource(this, 'Resource', {
      type: 'Microsoft.KeyVault/vaults/keys@2023-07-01',
      name: 'data',
      parentId: this.vault.id,
      body: keyBody(),
      responseExportValues: ['properties.keyUri', 'properties.keyUriWithVersion'],
      // Resource Manager makes a key and never changes it (the second half recalled, unverified), and reads its rotation back in other words, with a
      // notification that nobody asked for.
      // @see https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/keys/create-if-not-exist
      lifecycle: { preventDestroy: true, ignoreChanges: ['body'] },
    });
    this.identity = new UserAssignedIdentity(this, 'Identity', {
      name: physicalName(this),
      resourceGroupName,
      location,
    });
    this.usable = [this.resource, this.grantTo('Grant', this.identity.principalId)];
  }

  get keyId(): string {
    return this.resource.outputAt('properties.keyUri');
  }

  get versionedKeyId(): string {
    return this.resource.outputAt('properties.keyUriWithVersion');
  }

  get vaultId(): string {
    return this.vault.id;
  }

  /** Lets an identity, by its object id, wrap and unwrap with the key. What it encrypts must wait for this: depend on what is returned. */
  grantTo(id: string, principalId: string): RoleAssignment {
    return assignRole(this, id, { role: Role.ENCRYPTION_USER, on: this.vault.id, to: principalId });
  }
}

/**
 * Without an end: a key that expires takes the data with it.
 *
 * @see https://learn.microsoft.com/en-us/azure/templates/microsoft.keyvault/2023-07-01/vaults/keys
 */
function keyBody() {
  return {
    properties: {
      kty: 'RSA',
      keySize: KEY_SIZE,
      keyOps: ['wrapKey', 'unwrapKey'],
      attributes: { enabled: true },
      rotationPolicy: {
        lifetimeActions: [{ trigger: { timeAfterCreate: ROTATION }, action: { type: 'rotate' } }],
      },
    },
  };
}

/** A key, of whichever copy of the package. */
export const ENCRYPTION_KEY: Kind = kind(
  'an EncryptionKey',
  (value) =>
    hasMembers(value, { keyId: 'string', versionedKeyId: 'string', vaultId: 'string' }) &&
    hasMembers((value as { identity?: unknown }).identity, { id: 'string' }),
  'Use new EncryptionKey(scope, id, { resourceGroup }), or { keyId, versionedKeyId, vaultId, identity } of one that stands.',
);
