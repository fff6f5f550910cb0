import { type ITerraformDependable, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { expressionOf } from '../../terraform/expression';
import { standingBefore } from '../../terraform/standing-before';
import { RoleAssignment } from '../provider/azurerm';

/**
 * Built-in roles that this library assigns, by the names that Azure gives them.
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

/** The name of a built-in role that this library assigns. */
export type Role = (typeof Role)[keyof typeof Role];

/** Who may do what, on what. */
export interface RoleGrant {
  readonly role: Role;
  /** Resource id of what the right is for, and all within. */
  readonly on: string;
  /** Object id of who gets it. */
  readonly to: string;
  /** @default - that of a managed identity, which may be too new for Azure to look it up */
  readonly principalType?: 'ServicePrincipal' | 'Group' | 'User';
  /** What must stand before. @default - nothing but what the ids refer to */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Assigns a role, or tells the assignment that the stack has already: Azure refuses the same right twice. What needs the right must wait for
 * it: depend on what is returned. Azure may take minutes until a right counts everywhere.
 *
 * @see https://learn.microsoft.com/en-us/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected
 */
export function assignRole(
  scope: Construct,
  id: string,
  { role, on, to, principalType = 'ServicePrincipal', dependsOn }: RoleGrant,
): RoleAssignment {
  const assigned = assignedIn(TerraformStack.of(scope));
  // Two tokens of one attribute differ until Terraform reads them.
  const right = [role, on, to].map((part) => expressionOf(scope, part).toLowerCase()).join(' ');
  const standing = assigned.get(right);
  if (standing) return standing;
  const made = new RoleAssignment(scope, id, {
    scope: on,
    roleDefinitionName: role,
    principalId: to,
    principalType,
    skipServicePrincipalAadCheck: principalType === 'ServicePrincipal' ? true : undefined,
    dependsOn: dependsOn && standingBefore(scope, dependsOn),
  });
  assigned.set(right, made);
  return made;
}

const ASSIGNED = Symbol.for('ai-infra-constructs.azureRoles');

/** What a stack assigns, by role, resource and principal. */
function assignedIn(stack: TerraformStack): Map<string, RoleAssignment> {
  const holder = stack as { [ASSIGNED]?: Map<string, RoleAssignment> };
  return (holder[ASSIGNED] ??= new Map<string, RoleAssignment>());
}
