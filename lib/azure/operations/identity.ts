import type { PropType } from '../../core/prop-schema';
import { withMembers } from '../../core/member-kinds';

/** A user-assigned managed identity, such as a `UserAssignedIdentity` of the provider. */
export interface IManagedIdentity {
  /** Resource id. */
  readonly id: string;
  /** Object id, for role assignments. */
  readonly principalId: string;
  /** Client id, for programs that sign in. */
  readonly clientId: string;
}

/** An identity, from any copy of the package. */
export const MANAGED_IDENTITY: PropType = withMembers(
  'a user-assigned identity',
  { id: 'string', principalId: 'string', clientId: 'string' },
  'Pass a UserAssignedIdentity of the provider, or { id, principalId, clientId } of an existing identity.',
);
