import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';

/** An AKS cluster. */
export interface IAksCluster {
  /** Resource id of the cluster. */
  readonly id: string;
  /** Resource group of the cluster. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the node subnet. */
  readonly nodeSubnetId: string;
  /** Kubernetes version. @default - unknown */
  readonly kubernetesVersion?: string;
  /** Object id of the identity of the control plane. Nodes in a capacity reservation need it. @default - unknown */
  readonly principalId?: string;
  /** Issuer URL of the tokens of its pods. Jobs that access data need it. @default - unknown */
  readonly oidcIssuerUrl?: string;
}

/** Attributes of an existing AKS cluster. */
export interface ControlPlaneAttributes {
  /** Resource id of the cluster. */
  readonly clusterId: string;
  /** Resource group of the cluster. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the node subnet. */
  readonly nodeSubnetId: string;
  /** Kubernetes version. @default - unknown */
  readonly kubernetesVersion?: string;
  /** Object id of the identity of the control plane. Nodes in a capacity reservation need it. @default - unknown */
  readonly principalId?: string;
  /** Issuer URL of the tokens of its pods. Jobs that access data need it. @default - unknown */
  readonly oidcIssuerUrl?: string;
}

/** Adds each problem of a cluster. The cluster must have the right type. */
export function checkCluster(
  problems: ProblemCollector,
  prop: string,
  { id, nodeSubnetId, resourceGroup }: IAksCluster,
): void {
  checkResourceId(problems, `${prop}.id`, id, 'Microsoft.ContainerService/managedClusters');
  checkResourceId(problems, `${prop}.nodeSubnetId`, nodeSubnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkResourceGroup(problems, `${prop}.resourceGroup`, resourceGroup);
}

/** Adds a problem if pods access a bucket, but the issuer of their tokens is unknown. */
export function checkIssuer(problems: ProblemCollector, cluster: IAksCluster | undefined): void {
  if (!cluster || cluster.oidcIssuerUrl !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.oidcIssuerUrl',
    allowed: 'the issuer URL of the cluster, because pods access the bucket with its tokens',
    got: undefined,
    fix: 'Copy it from `az aks show --query oidcIssuerProfile.issuerUrl`.',
  });
}

/** Whether two clusters are certainly different: two known ids, or two resources of this app. */
export function areTwoClusters(one: IAksCluster, other: IAksCluster): boolean {
  if (one === other) return false;
  if (!isUnknown([one.id, other.id])) return one.id !== other.id;
  return isResource(one) && isResource(other);
}

const isResource = (cluster: IAksCluster) => 'resource' in cluster;
