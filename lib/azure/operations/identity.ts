/** A user-assigned managed identity, such as a `UserAssignedIdentity` of the provider. */
export interface IManagedIdentity {
  /** Resource id. */
  readonly id: string;
  /** Object id, for role assignments. */
  readonly principalId: string;
  /** Client id, for programs that sign in. */
  readonly clientId: string;
}
