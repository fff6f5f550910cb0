import type { IMlNetwork } from '../network/network-attributes';
import type { SystemNodes } from '../nodes/system-nodes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ILogWorkspace } from '../operations/log-workspace';
import type { IResourceGroup } from '../props/resource-group';

/**
 * How far AKS upgrades Kubernetes by itself, on Saturday nights (UTC). Each upgrade drains node after node.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/auto-upgrade-cluster
 */
export enum UpgradeChannel {
  /** The newest patch of the minor version that it has. */
  PATCH = 'patch',
  /** The minor version before the newest, and its newest patch. */
  STABLE = 'stable',
  /** The newest minor version and patch. */
  RAPID = 'rapid',
  /** Images of nodes alone. */
  NODE_IMAGE = 'node-image',
  /** Nothing: you upgrade, and patch the nodes. */
  NONE = 'none',
}

/** How the Kubernetes API is reached. */
export enum ApiAccess {
  /** From the network alone, and what is connected to it. */
  PRIVATE = 'private',
  /** Also from the internet, by those whom Entra lets in: so Terraform installs charts from outside the network. */
  PUBLIC_BY_ENTRA = 'public-by-entra',
}

/** How nodes reach the internet. */
export enum OutboundType {
  /** By the NAT gateway of their subnet, as `MlNetwork` has one. */
  NAT_GATEWAY = 'userAssignedNATGateway',
  /** By the route table of their subnet, e.g. through a firewall. */
  USER_DEFINED_ROUTING = 'userDefinedRouting',
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  /** The resource group, and by it the region, that it stands in. */
  readonly resourceGroup: IResourceGroup;
  /** @default - a new one in that group */
  readonly network?: IMlNetwork;
  /** @default OutboundType.NAT_GATEWAY */
  readonly outboundType?: OutboundType;
  /**
   * Kubernetes version, e.g. `1.34`: the patch is the newest. `UpgradeChannel.STABLE` and `RAPID` begin with it, and move on by themselves.
   *
   * @default - the one that AKS recommends
   */
  readonly version?: string;
  /** @default UpgradeChannel.PATCH */
  readonly upgradeChannel?: UpgradeChannel;
  /** Availability zones of the system nodes, e.g. `['1', '2', '3']`. @default - none: the region has none, or Azure chooses */
  readonly zones?: readonly string[];
  /** @default - two to five of Standard_D8ds_v5 */
  readonly systemNodes?: SystemNodes;
  /** The key of the disks of all nodes, in that region. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Who reaches the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /**
   * Public addresses that reach a public API. That of the nodes of a network which is made here is let in, too; of one that was brought, name its
   * way out.
   *
   * @default - all, which is a finding
   */
  readonly authorizedCidrs?: readonly string[];
  /** Object ids of those in Entra who administer the cluster: users, groups or service principals. @default - none */
  readonly admins?: readonly string[];
  /** Where the control plane logs to: who changed what, and why pods and nodes come and go. @default - nowhere */
  readonly logs?: ILogWorkspace;
  /** Whether Terraform may not delete it. @default true */
  readonly deletionProtection?: boolean;
}
