import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { assignRole, Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { UserAssignedIdentity } from '../provider/azurerm';

/** Properties for `ClusterIdentity`. */
export interface ClusterIdentityProps {
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the subnet of the nodes, which the control plane puts them in. */
  readonly nodeSubnetId: string;
}

/**
 * What a cluster acts as: its control plane, and the kubelets of its nodes, which pull images. Both are made before the cluster, so that
 * their rights stand before it needs them.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/use-managed-identity
 */
export class ClusterIdentity extends Construct {
  public readonly controlPlane: UserAssignedIdentity;
  public readonly kubelet: UserAssignedIdentity;
  /** Rights that must stand before the cluster. */
  public readonly grants: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { resourceGroup, nodeSubnetId }: ClusterIdentityProps) {
    super(scope, id);
    const place = { resourceGroupName: resourceGroup.name, location: resourceGroup.location };
    this.controlPlane = new UserAssignedIdentity(this, 'ControlPlane', { name: physicalName(this), ...place });
    this.kubelet = new UserAssignedIdentity(this, 'Kubelet', { name: `${physicalName(this)}-kubelet`, ...place });
    const to = this.controlPlane.principalId;
    this.grants = [
      assignRole(this, 'Subnet', { role: Role.NETWORK_CONTRIBUTOR, on: nodeSubnetId, to }),
      assignRole(this, 'Assign', { role: Role.MANAGED_IDENTITY_OPERATOR, on: this.kubelet.id, to }),
    ];
  }
}
