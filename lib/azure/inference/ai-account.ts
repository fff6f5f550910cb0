import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlNetwork } from '../network/ml-network';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { type ILogWorkspace, LogWorkspace, sendLogs } from '../operations/log-workspace';
import { assignRole, Role } from '../operations/roles';
import { globalName } from '../props/resource-id';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import type { IResourceGroup } from '../props/resource-group';
import { CognitiveAccount, type RoleAssignment } from '../provider/azurerm';

/** Properties for `AiAccount`. The caller validates them. */
export interface AiAccountProps {
  /** Resource group of the account. */
  readonly resourceGroup: IResourceGroup;
  /** Network that can reach the account. */
  readonly network: IMlNetwork;
  /** Key of the data at rest. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Workspace for the logs. @default - a new workspace */
  readonly logs?: ILogWorkspace;
  /** Name of the account. @default - derived from the construct path and the subscription */
  readonly accountName?: string;
}

/** The name is also a DNS label, of at most 63 characters. Azure allows 64 for the account. */
const MAX_NAME_LENGTH = 60;

/** A Microsoft Foundry account without keys, which only one network can reach. Its data at rest has a customer-managed key. */
export class AiAccount extends Construct {
  /** The account itself. */
  public readonly resource: CognitiveAccount;
  /** Key of the data at rest. */
  public readonly encryptionKey: IEncryptionKey;
  /** Workspace that receives audit and request logs, without prompts. */
  public readonly logs: ILogWorkspace;
  /** Private endpoint of the account. */
  public readonly privateLink: PrivateLink;
  /** Last resource of the account. Further changes must depend on it, because Azure allows one change at a time. */
  public readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AiAccountProps) {
    super(scope, id);
    checkProviders(this);
    const { resourceGroup, network, accountName = globalName(this, MAX_NAME_LENGTH) } = props;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    this.logs = props.logs ?? new LogWorkspace(this, 'Logs', { resourceGroup });
    const { identity, versionedKeyId, usable } = this.encryptionKey;
    this.resource = new CognitiveAccount(this, 'Resource', {
      name: accountName,
      customSubdomainName: accountName,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      kind: 'AIServices',
      skuName: 'S0',
      localAuthEnabled: false,
      publicNetworkAccessEnabled: false,
      // Explicit, because Azure adds a bypass for its own services (unverified), and azurerm would remove it on each apply.
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
      identity: { type: 'UserAssigned', identityIds: [identity.id] },
      customerManagedKey: { keyVaultKeyId: versionedKeyId, identityClientId: identity.clientId },
      dependsOn: existingDependencies(this, usable),
    });
    const resourceId = this.resource.id;
    this.privateLink = new PrivateLink(this, 'Link', { resourceGroup, network, resourceId, target: 'account' });
    this.ready = this.privateLink.resource;
    sendLogs(this, 'Diagnostics', this.logs, resourceId, ['Audit', 'RequestResponse']);
  }

  /** Name of the account: the first label of its addresses. */
  get name(): string {
    return this.resource.name;
  }

  /** Grants a principal the right to use all services of the account. @param principalId object id of the principal */
  grantInvoke(id: string, principalId: string): RoleAssignment {
    return assignRole(this, `Grant-${id}`, { role: Role.COGNITIVE_USER, on: this.resource.id, to: principalId });
  }
}
