import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { assignRole, Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { UserAssignedIdentity } from '../provider/azurerm';

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
