import type { IMlNetwork } from '../network/network-attributes';
import type { EncryptionKey } from '../operations/encryption-key';
import type { ClusterMaintenance } from './maintenance';

/** How soon GKE brings new versions. */
export enum ReleaseChannel {
  RAPID = 'RAPID',
  REGULAR = 'REGULAR',
  STABLE = 'STABLE',
  /** Stays on a minor version until its support ends. */
  EXTENDED = 'EXTENDED',
}

/** How the Kubernetes API is reached. */
export enum ApiAccess {
  /** From the network alone, and what is connected to it. */
  PRIVATE = 'private',
  /** Also by a DNS name from anywhere, for those whom IAM lets in: so Terraform installs charts from outside the network. */
  DNS_BY_IAM = 'dns-by-iam',
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  /** The region that it stands in: its nodes may be in any zone of it. */
  readonly region: string;
  /** @default - a new one in that region */
  readonly network?: IMlNetwork;
  /** @default ReleaseChannel.REGULAR */
  readonly releaseChannel?: ReleaseChannel;
  /** Least GKE version, e.g. `1.34`. @default - that of the channel */
  readonly version?: string;
  /** When GKE may upgrade the cluster and its nodes. @default - nights at the weekend */
  readonly maintenance?: ClusterMaintenance;
  /** Zones of the system nodes. @default - those that GKE picks */
  readonly zones?: readonly string[];
  /** The key of Kubernetes secrets, in that region. @default - a new key */
  readonly encryptionKey?: EncryptionKey;
  /** Who reaches the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /** Blocks beyond the subnetwork of the nodes that reach the API by its private address. @default - none */
  readonly authorizedCidrs?: readonly string[];
  /** Kubernetes APIs that are still beta, e.g. `resource.k8s.io/v1beta1/deviceclasses`. @default - none */
  readonly betaApis?: readonly string[];
  /**
   * Whether nodes mount Managed Lustre by port 6988: what file systems with `legacyGkePort` want, and no other.
   *
   * @default false
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/managed-lustre
   */
  readonly legacyLustrePort?: boolean;
  /** Email of the account of the nodes that GKE makes a cluster with, and that go at once. @default - Compute Engine's own, which some organisations switch off */
  readonly serviceAccount?: string;
  /** Whether all nodes start shielded. Bare metal cannot, and no pool of its cluster may have to. @default true */
  readonly shieldedNodes?: boolean;
  /** Whether Terraform may not delete it. @default true */
  readonly deletionProtection?: boolean;
}
