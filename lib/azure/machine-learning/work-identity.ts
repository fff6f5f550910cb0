import { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IManagedIdentity } from '../operations/identity';
import { assignRole, type Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { type RoleAssignment, UserAssignedIdentity } from '../provider/azurerm';

/** Adds a problem if an identity is not a user-assigned identity. */
export function checkIdentity(problems: ProblemCollector, prop: string, identity: IManagedIdentity | undefined): void {
  checkResourceId(problems, `${prop}.id`, identity?.id, 'Microsoft.ManagedIdentity/userAssignedIdentities');
}

/** A role assignment of an identity. */
export interface Right {
  /** Construct id of the role assignment. */
  readonly name: string;
  /** Built-in role. */
  readonly role: Role;
  /** Resource id of the scope. */
  readonly on: string;
}

/** An identity with role assignments. Resources that use it must depend on `roles`. */
export class WorkIdentity extends Construct implements IManagedIdentity {
  /** The user-assigned identity. */
  public readonly resource: UserAssignedIdentity;
  /** Role assignments of the identity. */
  public readonly roles: readonly RoleAssignment[];

  /** @internal */
  constructor(scope: Construct, id: string, resourceGroup: IResourceGroup, rights: readonly Right[]) {
    super(scope, id);
    checkProviders(this);
    const { name: resourceGroupName, location } = resourceGroup;
    this.resource = new UserAssignedIdentity(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName,
      location,
    });
    this.roles = rights.map(({ name, role, on }) => assignRole(this, name, { role, on, to: this.principalId }));
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }

  /** Object id. */
  get principalId(): string {
    return this.resource.principalId;
  }

  /** Client id. */
  get clientId(): string {
    return this.resource.clientId;
  }
}
