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
  /** Resource group of the identity. */
  readonly resourceGroup: IResourceGroup;
  /** OIDC issuer of the cluster. */
  readonly oidcIssuerUrl: string;
  /** Namespace of the servers. */
  readonly namespace: string;
  /** Service account of the servers. */
  readonly serviceAccount: string;
  /** Bucket of the model. */
  readonly bucket: IDataBucket;
}

/** @see https://azure.github.io/azure-workload-identity/docs/topics/federated-identity-credential.html */
const AUDIENCE = 'api://AzureADTokenExchange';

/** Identity of the servers of a model: it can only read the bucket of the model. */
export class ModelIdentity extends Construct {
  /** The managed identity itself. */
  public readonly resource: UserAssignedIdentity;
  /** Resources that must exist before the servers start. */
  public readonly grants: readonly ITerraformDependable[];

  /** @internal */
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
    const grant = { role: Role.BLOB_DATA_READER, on: containerIdOf(bucket), to: this.resource.principalId };
    const dependsOn = beforeRightsTo(bucket);
    this.grants = [trust, assignRole(this, 'Read', { ...grant, dependsOn })];
  }
}

/** Annotations and labels for workload identity. @param clientId client id of the identity, or a variable for it */
export function serverIdentity(clientId: string): ServerIdentity {
  return {
    annotations: { 'azure.workload.identity/client-id': clientId },
    podLabels: { 'azure.workload.identity/use': 'true' },
  };
}
