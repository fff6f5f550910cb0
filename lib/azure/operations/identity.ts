import type { Kind } from '../../core/shapes';
import { withMembers } from '../../core/member-kinds';

/** A user-assigned managed identity, made here or elsewhere: the resource of the provider is one. */
export interface IManagedIdentity {
  /** Resource id. */
  readonly id: string;
  /** Object id, which roles are assigned to. */
  readonly principalId: string;
  /** Client id, which programs sign in with. */
  readonly clientId: string;
}

/** An identity, of whichever copy of the package. */
export const MANAGED_IDENTITY: Kind = withMembers(
  'a user-assigned identity',
  { id: 'string', principalId: 'string', clientId: 'string' },
  'Pass a UserAssignedIdentity of the provider, or { id, principalId, clientId } of one that stands.',
);
