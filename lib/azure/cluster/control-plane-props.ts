import type { IMlNetwork } from '../network/network-attributes';
import type { SystemNodeOptions } from '../nodes/system-node-options';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ILogWorkspace } from '../operations/log-workspace';
import type { IResourceGroup } from '../props/resource-group';

/**
 * Automatic upgrades of Kubernetes. AKS runs them on Saturday nights (UTC) and drains one node after another.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/auto-upgrade-cluster
 */
export enum UpgradeChannel {
  /** Newest patch of the current minor version. */
  PATCH = 'patch',
  /** Newest patch of the minor version before the newest. */
  STABLE = 'stable',
  /** Newest patch of the newest minor version. */
  RAPID = 'rapid',
  /** Node images only. */
  NODE_IMAGE = 'node-image',
  /** No automatic upgrades: you upgrade the cluster and patch the nodes. */
  NONE = 'none',
}

/** Access to the Kubernetes API. */
export enum ApiAccess {
  /** From the virtual network and networks connected to it. */
  PRIVATE = 'private',
  /** Also from the internet, for principals that Entra authorizes. Terraform can then install charts from outside the network. */
  PUBLIC_BY_ENTRA = 'public-by-entra',
}

/** Outbound internet access of nodes. */
export enum OutboundType {
  /** Through the NAT gateway of the subnet. `MlNetwork` creates one. */
  NAT_GATEWAY = 'userAssignedNATGateway',
  /** Through the route table of the subnet, for example to a firewall. */
  USER_DEFINED_ROUTING = 'userDefinedRouting',
}

/** Options for a new AKS cluster. */
export interface NewClusterOptions {
  /** Outbound internet access of the nodes. @default OutboundType.NAT_GATEWAY */
  readonly outboundType?: OutboundType;
  /**
   * Kubernetes version, for example `1.34`. AKS chooses the newest patch. With `UpgradeChannel.STABLE` and `RAPID` this is only the first version.
   *
   * @default - the version that AKS recommends
   */
  readonly kubernetesVersion?: string;
  /** Automatic upgrades. @default UpgradeChannel.PATCH */
  readonly upgradeChannel?: UpgradeChannel;
  /** Availability zones of the system nodes, for example `['1', '2', '3']`. @default - none: the region has no zones, or Azure chooses */
  readonly zones?: readonly string[];
  /** Nodes for controllers. @default - two to five Standard_D8ds_v5 */
  readonly systemNodes?: SystemNodeOptions;
  /** Key for the disks of all nodes. It must be in the region of the cluster. @default - the `encryptionKey` of the construct, or a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Access to the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /**
   * Public address ranges that can reach a public API. The NAT address of a new `MlNetwork` is added. For an existing network, list its outbound
   * address here.
   *
   * @default - all addresses, which is a finding
   */
  readonly authorizedCidrs?: readonly string[];
  /** Entra object ids of cluster administrators: users, groups, or service principals. @default - none */
  readonly admins?: readonly string[];
  /** Workspace for control plane logs: audit events and scheduling decisions. @default - no logs */
  readonly logs?: ILogWorkspace;
  /** Whether Terraform refuses to delete the cluster. @default true */
  readonly deletionProtection?: boolean;
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps extends NewClusterOptions {
  /** Resource group of the cluster. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the cluster. @default - a new `MlNetwork` in the resource group */
  readonly network?: IMlNetwork;
}
