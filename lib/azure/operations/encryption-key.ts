import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { globalName } from '../props/resource-id';
import { recordLocation } from '../props/location';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import { KeyVault, type RoleAssignment, UserAssignedIdentity } from '../provider/azurerm';
import { CurrentSubscription } from './current-subscription';
import type { IManagedIdentity } from './identity';
import { assignRole, Role } from './roles';
import { ENCRYPTION_KEY_ATTRIBUTES, ENCRYPTION_KEY_PROPS } from '../prop-schemas';

/** A key in a key vault with soft delete and purge protection, and an identity that can use it. */
export interface IEncryptionKey {
  /** URL of the key without a version. Services that use it follow key rotation. */
  readonly keyId: string;
  /** URL of the newest version of the key, for services that require a version. */
  readonly versionedKeyId: string;
  /** Resource id of the key vault. */
  readonly vaultId: string;
  /** Identity that services use to access the key. */
  readonly identity: IManagedIdentity;
  /**
   * Whether the firewall of the vault admits only trusted services. Container registries and other services that use your identity are not trusted
   * services.
   *
   * @default - unknown
   */
  readonly behindFirewall?: boolean;
  /** Resources that must exist before a service can use the key. @default - none: the key exists already */
  readonly usable?: ITerraformDependable[];
}

/** Attributes of an existing key. */
export interface EncryptionKeyAttributes {
  /** URL of the key without a version, for example `https://vault.vault.azure.net/keys/data`. */
  readonly keyId: string;
  /** URL of the newest version of the key. */
  readonly versionedKeyId: string;
  /** Resource id of the key vault. */
  readonly vaultId: string;
  /** User-assigned identity with permission to wrap and unwrap with the key. */
  readonly identity: IManagedIdentity;
  /** Whether the firewall of the vault admits only trusted services. @default - unknown */
  readonly behindFirewall?: boolean;
}

/** Properties for `EncryptionKey`. */
export interface EncryptionKeyProps {
  /** Resource group of the vault, in the region of the resources that the key encrypts. Services reject a key from another region. */
  readonly resourceGroup: IResourceGroup;
  /** Whether the firewall of the vault admits only trusted services. If false, any address can reach the vault with a role assignment. @default true */
  readonly trustedServicesOnly?: boolean;
}

/** 90 days, the maximum retention of a deleted key. @see https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview */
const SOFT_DELETE_DAYS = 90;

/** The choice of this library, the same on all clouds. */
const ROTATION = 'P90D';

/** The only key size that Managed Lustre supports. Other services support it too. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/customer-managed-encryption-keys */
const KEY_SIZE = 2048;

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault */
const LONGEST_VAULT_NAME = 24;

/**
 * A key for data at rest, in its own key vault behind a firewall that admits only trusted Azure services. Azure Resource Manager creates the key,
 * so Terraform needs no network access to the vault. The key rotates every 90 days. Terraform refuses to delete the key and the vault, because
 * data encrypted with a lost key is lost.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { EncryptionKey, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'data');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new EncryptionKey(stack, 'Key', { resourceGroup });
 * ```
 */
export class EncryptionKey extends Construct implements IEncryptionKey {
  /** Imports an existing key. Creates no resources. */
  static fromEncryptionKeyAttributes(scope: Construct, id: string, attrs: EncryptionKeyAttributes): IEncryptionKey {
    return new ImportedKey(scope, id, attrs);
  }

  /** The key vault. */
  public readonly vault: KeyVault;
  /** The key. */
  public readonly resource: AzapiResource;
  /** Identity that services use to access the key. */
  public readonly identity: UserAssignedIdentity;
  /** Resources that must exist before a service can use the key. */
  public readonly usable: ITerraformDependable[];
  /** Whether the firewall of the vault admits only trusted services. */
  public readonly behindFirewall: boolean;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, ENCRYPTION_KEY_PROPS))
      checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    problems.throwIfAny(this);
    const { name: resourceGroupName, location } = props.resourceGroup;
    recordLocation(this, location);
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
      // Managed Lustre requires a public endpoint. Only trusted services pass the firewall.
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
      // Resource Manager creates a key and never changes it (the second half recalled, unverified). It also returns the rotation policy in another
      // form, with an additional notification.
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

  /** URL of the key without a version. */
  get keyId(): string {
    return this.resource.outputAt('properties.keyUri');
  }

  /** URL of the newest version of the key. */
  get versionedKeyId(): string {
    return this.resource.outputAt('properties.keyUriWithVersion');
  }

  /** Resource id of the key vault. */
  get vaultId(): string {
    return this.vault.id;
  }

  /**
   * Grants permission to wrap and unwrap with the key.
   *
   * @param principalId object id of a managed identity
   * @returns the role assignment. Resources that use the key through this identity must depend on it.
   */
  grantTo(id: string, principalId: string): RoleAssignment {
    return assignRole(this, id, { role: Role.ENCRYPTION_USER, on: this.vault.id, to: principalId });
  }
}

/**
 * The key has no expiration date: data encrypted with an expired key is lost.
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

class ImportedKey extends Construct implements IEncryptionKey {
  public readonly keyId: string;
  public readonly versionedKeyId: string;
  public readonly vaultId: string;
  public readonly identity: IManagedIdentity;
  public readonly behindFirewall?: boolean;

  constructor(scope: Construct, id: string, attrs: EncryptionKeyAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attrs, ENCRYPTION_KEY_ATTRIBUTES, { scope: this, name: 'attrs' });
    this.keyId = attrs.keyId;
    this.versionedKeyId = attrs.versionedKeyId;
    this.vaultId = attrs.vaultId;
    this.identity = attrs.identity;
    this.behindFirewall = attrs.behindFirewall;
  }
}
