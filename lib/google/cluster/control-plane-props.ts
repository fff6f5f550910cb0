import type { IMlNetwork } from '../network/network-attributes';
import type { SystemNodeOptions } from '../nodes/system-node-pool';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ClusterMaintenance } from './maintenance';

/** How soon GKE offers new versions. */
export enum ReleaseChannel {
  /** New versions first. */
  RAPID = 'RAPID',
  /** New versions a few months after the rapid channel. */
  REGULAR = 'REGULAR',
  /** New versions last. */
  STABLE = 'STABLE',
  /** Keeps a minor version until its support ends. */
  EXTENDED = 'EXTENDED',
}

/** Who can reach the Kubernetes API. */
export enum ApiAccess {
  /** Only clients in the VPC network and in networks connected to it. */
  PRIVATE = 'private',
  /** Also clients anywhere that IAM authorizes, through a DNS name. Terraform can then install charts from outside the network. */
  DNS_BY_IAM = 'dns-by-iam',
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  /** Region of the cluster. Its nodes can be in any zone of the region. */
  readonly region: string;
  /** Network of the cluster. @default - a new network in the region */
  readonly network?: IMlNetwork;
  /** Release channel of the cluster. @default ReleaseChannel.REGULAR */
  readonly releaseChannel?: ReleaseChannel;
  /**
   * Minimum GKE version, for example `1.34`.
   *
   * @default - the version of the release channel
   * @schema GKE_VERSION
   */
  readonly kubernetesVersion?: string;
  /** When GKE can upgrade the cluster and its nodes. @default - the nights of Saturday and Sunday */
  readonly maintenance?: ClusterMaintenance;
  /** Zones of the system nodes. @default - GKE chooses them */
  readonly zones?: readonly string[];
  /** Key for Kubernetes secrets and boot disks, in the region of the cluster. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Who can reach the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /** CIDR blocks, besides the subnetwork of the nodes, that can reach the API at its private address. @default - none */
  readonly authorizedCidrs?: readonly string[];
  /** Kubernetes beta APIs to enable, for example `resource.k8s.io/v1beta1/deviceclasses`. @default - none */
  readonly betaApis?: readonly string[];
  /**
   * Whether nodes mount Managed Lustre on port 6988. File systems with `legacyGkePort` require it; other file systems require `false`.
   *
   * @default false
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/managed-lustre
   */
  readonly legacyLustrePort?: boolean;
  /** Email of the service account of the default nodes, which GKE removes after creation. @default - the Compute Engine default service account, which some organizations disable */
  readonly serviceAccount?: string;
  /** Whether all nodes must be Shielded VMs. Set it to `false` for a cluster with bare metal machines. @default true */
  readonly shieldedNodes?: boolean;
  /** Whether Terraform is not allowed to delete the cluster. @default true */
  readonly deletionProtection?: boolean;
}

/** Options for a new cluster of a construct, which sets the region, the network and the service account. */
export interface NewClusterOptions extends Omit<
  ControlPlaneProps,
  'region' | 'network' | 'serviceAccount' | 'shieldedNodes'
> {
  /**
   * IAM principals that administer the cluster: `user:…` or `serviceAccount:…`. They also need `roles/container.clusterViewer` on the project.
   *
   * @default - only principals that IAM gives access to the cluster
   */
  readonly admins?: readonly string[];
  /** Machine type and number of the system nodes. @default - 1 to 3 n2-standard-8 in each zone */
  readonly systemNodes?: SystemNodeOptions;
}
