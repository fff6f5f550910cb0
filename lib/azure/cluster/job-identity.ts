import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { KubernetesManifest, PodIdentity } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IManagedIdentity } from '../operations/identity';
import { assignRole, Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { FederatedIdentityCredential, UserAssignedIdentity } from '../provider/azurerm';
import { containerIdOf, type IDataBucket } from '../storage/data-bucket';
import { beforeRightsTo } from '../storage/account-config';

/** Properties for `JobIdentity`. */
export interface JobIdentityProps {
  /** Resource group of the identity. */
  readonly resourceGroup: IResourceGroup;
  /** Issuer URL of the tokens of the cluster. */
  readonly oidcIssuerUrl: string;
  /** Namespace of the jobs. */
  readonly namespace: string;
  /** Bucket that jobs can read. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket that jobs can read and write. @default - none */
  readonly checkpoints?: IDataBucket;
}

/** Name of the service account of jobs. */
const SERVICE_ACCOUNT = 'training-jobs';

/** @see https://azure.github.io/azure-workload-identity/docs/topics/federated-identity-credential.html */
const AUDIENCE = 'api://AzureADTokenExchange';

/**
 * The Azure identity of jobs, through workload identity without keys. It can read datasets, and read and write checkpoints. Assign more roles to
 * `identity` for other resources.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/workload-identity-overview
 */
export class JobIdentity extends Construct {
  /** The managed identity. */
  public readonly identity: IManagedIdentity;
  /** Service account and labels of pods that use the identity. */
  public readonly pods: PodIdentity = {
    serviceAccount: SERVICE_ACCOUNT,
    labels: { 'azure.workload.identity/use': 'true' },
  };
  /** Role assignments that must exist before jobs access data. */
  public readonly grants: readonly ITerraformDependable[];
  private readonly namespace: string;

  /** @internal */
  constructor(scope: Construct, id: string, props: JobIdentityProps) {
    super(scope, id);
    checkProviders(this);
    const { resourceGroup, oidcIssuerUrl, namespace, datasets, checkpoints } = props;
    const name = physicalName(this);
    this.namespace = namespace;
    const identity = new UserAssignedIdentity(this, 'Resource', {
      name,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
    });
    this.identity = identity;
    const trust = new FederatedIdentityCredential(this, 'Trust', {
      name,
      resourceGroupName: resourceGroup.name,
      parentId: identity.id,
      issuer: oidcIssuerUrl,
      subject: `system:serviceaccount:${namespace}:${SERVICE_ACCOUNT}`,
      audience: [AUDIENCE],
    });
    const grant = (grantId: string, role: Role, bucket: IDataBucket | undefined) => {
      if (!bucket) return [];
      const assignment = {
        role,
        on: containerIdOf(bucket),
        to: identity.principalId,
        dependsOn: beforeRightsTo(bucket),
      };
      return [assignRole(this, grantId, assignment)];
    };
    this.grants = [
      trust,
      ...grant('Datasets', Role.BLOB_DATA_READER, datasets),
      ...grant('Checkpoints', Role.BLOB_DATA_CONTRIBUTOR, checkpoints),
    ];
  }

  /** Returns the Kubernetes service account of jobs. @param clientId client id of the identity, or a variable */
  serviceAccount(clientId: string = this.identity.clientId): KubernetesManifest {
    return {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: SERVICE_ACCOUNT,
        namespace: this.namespace,
        annotations: { 'azure.workload.identity/client-id': clientId },
      },
    };
  }
}

/** Properties for `ClusterIdentity`. */
export interface ClusterIdentityProps {
  /** Resource group of the identities. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the node subnet. */
  readonly nodeSubnetId: string;
}

/**
 * Identities of the control plane and of the kubelets, which pull images. Both exist before the cluster, so that their role assignments are
 * effective when the cluster needs them.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/use-managed-identity
 */
export class ClusterIdentity extends Construct {
  /** Identity of the control plane. */
  public readonly controlPlane: UserAssignedIdentity;
  /** Identity of the kubelets. */
  public readonly kubelet: UserAssignedIdentity;
  /** Role assignments that must exist before the cluster. */
  public readonly grants: readonly ITerraformDependable[];

  /** @internal */
  constructor(scope: Construct, id: string, { resourceGroup, nodeSubnetId }: ClusterIdentityProps) {
    super(scope, id);
    checkProviders(this);
    const common = { resourceGroupName: resourceGroup.name, location: resourceGroup.location };
    this.controlPlane = new UserAssignedIdentity(this, 'ControlPlane', { name: physicalName(this), ...common });
    this.kubelet = new UserAssignedIdentity(this, 'Kubelet', { name: `${physicalName(this)}-kubelet`, ...common });
    const to = this.controlPlane.principalId;
    this.grants = [
      assignRole(this, 'Subnet', { role: Role.NETWORK_CONTRIBUTOR, on: nodeSubnetId, to }),
      assignRole(this, 'Assign', { role: Role.MANAGED_IDENTITY_OPERATOR, on: this.kubelet.id, to }),
    ];
  }
}
