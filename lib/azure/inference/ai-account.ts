import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlNetwork } from '../network/network-attributes';
import { PrivateLink } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { type ILogWorkspace, LogWorkspace, sendLogs } from '../operations/log-workspace';
import { assignRole, Role } from '../operations/roles';
import { globalName } from '../props/names';
import { standingBefore } from '../../terraform/standing-before';
import type { IResourceGroup } from '../props/resource-group';
import { CognitiveAccount, type RoleAssignment } from '../provider/azurerm';

/** Properties for `AiAccount`, which whoever makes one has checked. */
export interface AiAccountProps {
  readonly resourceGroup: IResourceGroup;
  readonly network: IMlNetwork;
  readonly encryptionKey?: IEncryptionKey;
  readonly logs?: ILogWorkspace;
  readonly accountName?: string;
}

/** The name is a label of DNS, of at most 63 characters, and that of the account at most 64. */
const LONGEST_NAME = 60;

/** An account of Azure AI services: without keys, reached from one network alone, with what it stores under a key of the customer. */
export class AiAccount extends Construct {
  public readonly resource: CognitiveAccount;
  public readonly encryptionKey: IEncryptionKey;
  public readonly logs: ILogWorkspace;
  public readonly privateLink: PrivateLink;
  /** What stands last: Azure takes one change of an account at a time. */
  public readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AiAccountProps) {
    super(scope, id);
    const { resourceGroup, network, accountName = globalName(this, LONGEST_NAME) } = props;
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
      // Said, since Azure would let its own services in (recalled, unverified), and azurerm would take that away with each apply.
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
      identity: { type: 'UserAssigned', identityIds: [identity.id] },
      customerManagedKey: { keyVaultKeyId: versionedKeyId, identityClientId: identity.clientId },
      dependsOn: standingBefore(this, usable),
    });
    const resourceId = this.resource.id;
    this.privateLink = new PrivateLink(this, 'Link', { resourceGroup, network, resourceId, target: 'account' });
    this.ready = this.privateLink.resource;
    sendLogs(this, 'Diagnostics', this.logs, resourceId, ['Audit', 'RequestResponse']);
  }

  /** Its name, which its addresses begin with. */
  get name(): string {
    return this.resource.name;
  }

  /** Lets a principal, by its object id, use all of its services. */
  grantInvoke(id: string, principalId: string): RoleAssignment {
    return assignRole(this, `Grant-${id}`, { role: Role.COGNITIVE_USER, on: this.resource.id, to: principalId });
  }
}
