/** Size of a node from which its reserved memory follows. */
export interface ReservedMemoryProps {
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Memory of the machine. */
  readonly memoryGiB: number;
  /** Maximum number of pods on the node. @default - the largest default of the cloud for a node of this size */
  readonly maxPodsPerNode?: number;
}

const MIB_PER_GIB = 1024;

/**
 * Share of the memory of a machine that its operating system does not see. Karpenter uses it by default. The example of GKE, 13,498,416 KiB
 * allocatable of 16 GiB, has 2.7%.
 *
 * @see https://karpenter.sh/docs/reference/settings/
 */
const HYPERVISOR_SHARE = 0.075;

/** Memory at which the kubelet starts to evict pods. EKS, GKE and AKS use the same value. It is not allocatable. */
const EVICTION_MIB = 100;

/**
 * Memory that the agents of a node request: those of the cloud and those of this library. This library chooses the value. The cloud agents
 * that we know request about 450 MiB on EKS, 800 MiB on GKE, and 900 MiB on AKS.
 */
const AGENTS_MIB = 1024;

/**
 * Returns the memory of an EKS node that training and serving pods cannot request, in MiB. The image reserves 255 MiB and 11 MiB per pod,
 * and Bottlerocket does the same.
 *
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 */
export function reservedOnEks(props: ReservedMemoryProps): number {
  return withOverhead(props, 255 + 11 * (props.maxPodsPerNode ?? eksMaxPods(props)));
}

/**
 * Maximum number of pods by vCPUs, the largest value of the accelerated instance types: the number of addresses of their interfaces.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/misc/eni-max-pods.txt
 */
function eksMaxPods({ vcpus }: ReservedMemoryProps): number {
  if (vcpus < 16) return 58;
  return vcpus < 48 ? 234 : 737;
}

/** Tiers of the memory of a GKE node, and the share of each that GKE reserves. */
const GKE_TIERS = [
  { upToGiB: 4, share: 0.25 },
  { upToGiB: 8, share: 0.2 },
  { upToGiB: 16, share: 0.1 },
  { upToGiB: 128, share: 0.06 },
  { upToGiB: Infinity, share: 0.02 },
] as const;

/**
 * Returns the memory of a GKE node that training and serving pods cannot request, in MiB. GKE 1.37 and later reserve less on some nodes,
 * never more.
 *
 * @see https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 */
export function reservedOnGke(props: ReservedMemoryProps): number {
  const { memoryGiB } = props;
  const tiers = GKE_TIERS.map(({ upToGiB, share }, index) => {
    const fromGiB = GKE_TIERS[index - 1]?.upToGiB ?? 0;
    return share * Math.max(0, Math.min(memoryGiB, upToGiB) - fromGiB);
  });
  return withOverhead(props, MIB_PER_GIB * tiers.reduce((sum, one) => sum + one, 0));
}

/** Default of AKS with the overlay network. The other networks have lower defaults. @see https://learn.microsoft.com/en-us/azure/aks/concepts-network-ip-address-planning */
const AKS_MAX_PODS = 250;

/**
 * Returns the memory of an AKS node that training and serving pods cannot request, in MiB. Since Kubernetes 1.29, AKS reserves 50 MB and
 * 20 MB per pod, and at most 25%.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/node-resource-reservations
 */
export function reservedOnAks(props: ReservedMemoryProps): number {
  const { memoryGiB, maxPodsPerNode = AKS_MAX_PODS } = props;
  return withOverhead(props, Math.min(50 + 20 * maxPodsPerNode, 0.25 * memoryGiB * MIB_PER_GIB));
}

/** Pods of a node with Terway, the largest number by vCPUs in the documentation of ACK: the addresses of its network interfaces. */
function ackMaxPods({ vcpus }: ReservedMemoryProps): number {
  return vcpus <= 64 ? 213 : 453;
}

/**
 * Returns the memory of an ACK node that training and serving pods cannot request, in MiB. Since Kubernetes 1.28, ACK reserves 255 MiB and
 * 11 MiB per pod, at most 25%, and evicts pods below 300 MiB.
 *
 * @see https://www.alibabacloud.com/help/en/doc-detail/330995.html
 */
export function reservedOnAck(props: ReservedMemoryProps): number {
  const pods = props.maxPodsPerNode ?? ackMaxPods(props);
  const reserved = Math.min(255 + 11 * pods, 0.25 * props.memoryGiB * MIB_PER_GIB);
  return withOverhead(props, reserved + ACK_EVICTION_MIB - EVICTION_MIB);
}

/** Memory at which the kubelet of ACK starts to evict pods. Same page. */
const ACK_EVICTION_MIB = 300;

/** Adds what no cloud includes in its reservation. */
function withOverhead({ memoryGiB }: ReservedMemoryProps, reservedMiB: number): number {
  return Math.ceil(reservedMiB + EVICTION_MIB + AGENTS_MIB + memoryGiB * MIB_PER_GIB * HYPERVISOR_SHARE);
}
