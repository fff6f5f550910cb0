import { type ITerraformDependable, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { expressionOf } from '../../terraform/expression';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { RoleAssignment } from '../provider/azurerm';
import { assertProps } from '../../core/prop-schema';
import { GRANTED_PRINCIPAL } from '../prop-schemas';

/**
 * Built-in Azure roles that this library assigns.
 *
 * @see https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles
 */
export const Role = {
  ACR_PULL: 'AcrPull',
  AML_DATA_SCIENTIST: 'AzureML Data Scientist',
  AKS_CLUSTER_ADMIN: 'Azure Kubernetes Service RBAC Cluster Admin',
  AML_METRICS_WRITER: 'AzureML Metrics Writer (preview)',
  AML_REGISTRY_USER: 'AzureML Registry User',
  BLOB_DATA_CONTRIBUTOR: 'Storage Blob Data Contributor',
  BLOB_DATA_READER: 'Storage Blob Data Reader',
  COGNITIVE_USER: 'Cognitive Services User',
  CONTRIBUTOR: 'Contributor',
  ENCRYPTION_USER: 'Key Vault Crypto Service Encryption User',
  FILE_DATA_CONTRIBUTOR: 'Storage File Data Privileged Contributor',
  KEY_VAULT_ADMINISTRATOR: 'Key Vault Administrator',
  MANAGED_IDENTITY_OPERATOR: 'Managed Identity Operator',
  NETWORK_CONNECTION_APPROVER: 'Azure AI Enterprise Network Connection Approver',
  NETWORK_CONTRIBUTOR: 'Network Contributor',
  QUEUE_DATA_CONTRIBUTOR: 'Storage Queue Data Contributor',
  READER: 'Reader',
  STORAGE_ACCOUNT_CONTRIBUTOR: 'Storage Account Contributor',
  TABLE_DATA_CONTRIBUTOR: 'Storage Table Data Contributor',
} as const;

/** Name of a built-in role that this library assigns. */
export type Role = (typeof Role)[keyof typeof Role];

/** A role assignment to create. */
export interface RoleGrant {
  /** Built-in role. */
  readonly role: Role;
  /** Resource id of the scope. */
  readonly on: string;
  /** Object id of the principal. */
  readonly to: string;
  /** Type of the principal. With a managed identity, Azure skips the lookup of a principal that can be too new. @default 'ServicePrincipal' */
  readonly principalType?: 'ServicePrincipal' | 'Group' | 'User';
  /** Resources that must exist before the assignment. @default - only the resources that the ids refer to */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Assigns a role, or returns the existing assignment of the stack: Azure rejects duplicate assignments. Resources that need the role must depend
 * on the returned assignment. Azure can need minutes until an assignment is effective everywhere.
 *
 * @see https://learn.microsoft.com/en-us/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected
 */
export function assignRole(
  scope: Construct,
  id: string,
  { role, on, to, principalType = 'ServicePrincipal', dependsOn }: RoleGrant,
): RoleAssignment {
  const assigned = assignedIn(TerraformStack.of(scope));
  // Two tokens of the same attribute differ until they are resolved.
  const key = [role, on, to].map((part) => expressionOf(scope, part).toLowerCase()).join(' ');
  const existing = assigned.get(key);
  if (existing) return existing;
  const assignment = new RoleAssignment(scope, id, {
    scope: on,
    roleDefinitionName: role,
    principalId: to,
    principalType,
    skipServicePrincipalAadCheck: principalType === 'ServicePrincipal' ? true : undefined,
    dependsOn: dependsOn && existingDependencies(scope, dependsOn),
  });
  assigned.set(key, assignment);
  return assignment;
}

const ASSIGNED = Symbol.for('ai-infra-constructs.azureRoles');

/** Role assignments of a stack, by role, scope, and principal. */
function assignedIn(stack: TerraformStack): Map<string, RoleAssignment> {
  const holder = stack as { [ASSIGNED]?: Map<string, RoleAssignment> };
  return (holder[ASSIGNED] ??= new Map<string, RoleAssignment>());
}

/** Type of an Entra principal. */
export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

/** Principal of a role assignment. */
export interface GrantedPrincipal {
  /** Construct id of the role assignment. */
  readonly id: string;
  /** Object id. */
  readonly principalId: string;
  /** Type of the principal. */
  readonly principalType: PrincipalType;
}

/** Throws if the values do not identify a principal. */
export function assertPrincipal(scope: IConstruct, principal: GrantedPrincipal): void {
  assertProps(principal, GRANTED_PRINCIPAL, { scope });
}
