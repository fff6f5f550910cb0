import { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import type { IManagedIdentity } from '../operations/identity';
import { assignRole, type Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { type RoleAssignment, UserAssignedIdentity } from '../provider/azurerm';

/** Adds a problem where an identity, of the right kind, is none that is assigned by users. */
export function checkIdentity(problems: Problems, prop: string, identity: IManagedIdentity | undefined): void {
  checkResourceId(problems, `${prop}.id`, identity?.id, 'Microsoft.ManagedIdentity/userAssignedIdentities');
}

/** What an identity may do with a resource. */
export interface Right {
  /** Part of an address: of its own for each right. */
  readonly name: string;
  readonly role: Role;
  /** Resource id of what it may be done to. */
  readonly on: string;
}

/** An identity with the roles that its work needs. Whoever acts by it waits for `roles`. */
export class WorkIdentity extends Construct implements IManagedIdentity {
  public readonly resource: UserAssignedIdentity;
  public readonly roles: readonly RoleAssignment[];

  constructor(scope: Construct, id: string, resourceGroup: IResourceGroup, rights: readonly Right[]) {
    super(scope, id);
    const { name: resourceGroupName, location } = resourceGroup;
    this.resource = new UserAssignedIdentity(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName,
      location,
    });
    this.roles = rights.map(({ name, role, on }) => assignRole(this, name, { role, on, to: this.principalId }));
  }

  get id(): string {
    return this.resource.id;
  }

  get principalId(): string {
    return this.resource.principalId;
  }

  get clientId(): string {
    return this.resource.clientId;
  }
}
