import type { Problems } from '../../core/errors';
import { type Kind, objectOf, required, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';

/** An AKS cluster, made here or elsewhere. */
export interface IAksCluster {
  /** Its resource id. */
  readonly id: string;
  /** The resource group, and by it the region, that it stands in. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the subnet of its nodes. */
  readonly nodeSubnetId: string;
  /** Kubernetes version, where it is stated. @default - that of its upgrade channel */
  readonly version?: string;
  /** Object id of the identity of its control plane: needed for nodes in a capacity reservation. @default - unknown */
  readonly principalId?: string;
  /** Issuer of the tokens of its pods: needed for jobs that reach data. @default - unknown */
  readonly oidcIssuerUrl?: string;
}

/** A cluster, of whichever copy of the package. */
export const AKS_CLUSTER: Kind = objectOf<IAksCluster>(
  {
    id: required(TEXT),
    resourceGroup: required(RESOURCE_GROUP),
    nodeSubnetId: required(TEXT),
    version: TEXT,
    principalId: TEXT,
    oidcIssuerUrl: TEXT,
  },
  'an AKS cluster: a ControlPlane, or { id, resourceGroup, nodeSubnetId } of one that stands',
);

/** Adds what is wrong with a cluster, of the right kind, that something joins. */
export function checkCluster(problems: Problems, prop: string, { id, nodeSubnetId, resourceGroup }: IAksCluster): void {
  checkResourceId(problems, `${prop}.id`, id, 'Microsoft.ContainerService/managedClusters');
  checkResourceId(problems, `${prop}.nodeSubnetId`, nodeSubnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkResourceGroup(problems, `${prop}.resourceGroup`, resourceGroup);
}

/** Adds a problem where pods are to reach a bucket, and the cluster which they run on does not say who vouches for them. */
export function checkIssuer(problems: Problems, cluster: IAksCluster | undefined): void {
  if (!cluster || cluster.oidcIssuerUrl !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.oidcIssuerUrl',
    allowed: 'given: pods reach their bucket by tokens of the cluster',
    got: undefined,
    fix: 'Copy it from `az aks show --query oidcIssuerProfile.issuerUrl`.',
  });
}

/** Whether two clusters are known to be two: ids that are known, or resources that this app makes. */
export function areTwoClusters(one: IAksCluster, other: IAksCluster): boolean {
  if (one === other) return false;
  return isConstruct(one) && isConstruct(other) ? true : !isUnknown([one.id, other.id]) && one.id !== other.id;
}

const isConstruct = (cluster: IAksCluster) => 'node' in cluster;
