import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ServerIdentity } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { assignRole, Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { FederatedIdentityCredential, UserAssignedIdentity } from '../provider/azurerm';
import { containerIdOf, type IDataBucket } from '../storage/bucket-attributes';
import { beforeRightsTo } from '../storage/bucket-rights';

/** Properties for `ModelIdentity`. */
export interface ModelIdentityProps {
  readonly resourceGroup: IResourceGroup;
  /** Issuer of the tokens of the cluster. */
  readonly oidcIssuerUrl: string;
  readonly namespace: string;
  /** Service account of the servers. */
  readonly serviceAccount: string;
  readonly bucket: IDataBucket;
}

/** @see https://azure.github.io/azure-workload-identity/docs/topics/federated-identity-credential.html */
const AUDIENCE = 'api://AzureADTokenExchange';

/** What the servers of a model may do in Azure: read its bucket, and nothing else. */
export class ModelIdentity extends Construct {
  public readonly resource: UserAssignedIdentity;
  /** What must stand before servers reach their model. */
  public readonly grants: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ModelIdentityProps) {
    super(scope, id);
    const { resourceGroup, oidcIssuerUrl, namespace, serviceAccount, bucket } = props;
    const name = physicalName(this);
    const { name: resourceGroupName, location } = resourceGroup;
    this.resource = new UserAssignedIdentity(this, 'Resource', { name, resourceGroupName, location });
    const trust = new FederatedIdentityCredential(this, 'Trust', {
      name,
      resourceGroupName,
      parentId: this.resource.id,
      issuer: oidcIssuerUrl,
      subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      audience: [AUDIENCE],
    });
    const right = { role: Role.BLOB_DATA_READER, on: containerIdOf(bucket), to: this.resource.principalId };
    const dependsOn = beforeRightsTo(bucket);
    this.grants = [trust, assignRole(this, 'Read', { ...right, dependsOn })];
  }
}

/** What tells the cluster whom the pods of a model act as. @param clientId of the identity, or a variable in its place */
export function serverIdentity(clientId: string): ServerIdentity {
  return {
    annotations: { 'azure.workload.identity/client-id': clientId },
    podLabels: { 'azure.workload.identity/use': 'true' },
  };
}
