/** Resources of a node before the reservations of its cloud. */
export interface Hardware {
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Memory of the machine type. */
  readonly memoryGiB: number;
}

/** Resources that pods can request, after the reservations of a cloud and before its agents. */
export interface Allocatable {
  /** CPU, in thousandths of a core. */
  readonly milliCpu: number;
  /** Memory. */
  readonly memoryMiB: number;
}

/** Reservations of a cloud. */
export interface CloudNodes {
  /** Returns what the kubelet of the cloud leaves for pods. */
  readonly allocatable: (hardware: Hardware) => Allocatable;
  /** Requests of the agents that the cloud runs on every node. */
  readonly agents: Allocatable;
}

const MIB_PER_GIB = 1024;

/** Reserves a share of each range of a resource: `[upper bound, share]`. */
function tiers(amount: number, ranges: readonly (readonly [upTo: number, share: number])[]): number {
  let [reserved, from] = [0, 0];
  for (const [upTo, share] of ranges) {
    reserved += Math.max(0, Math.min(amount, upTo) - from) * share;
    from = upTo;
  }
  return reserved;
}

/** Amazon EKS and GKE reserve the same CPU. */
function cpuOfTiers(vcpus: number): number {
  const reserved = tiers(vcpus, [
    [1, 0.06],
    [2, 0.01],
    [4, 0.005],
    [Infinity, 0.0025],
  ]);
  return Math.floor((vcpus - reserved) * 1000);
}

/**
 * Nodes of Amazon EKS. The kubelet keeps 11 MiB per pod and 255 MiB, and evicts pods below 100 MiB. Karpenter counts 7.5% of the memory
 * as overhead of the hypervisor. Agents: the VPC CNI, kube-proxy, the pod identity agent, the node monitoring agent and the CSI drivers;
 * the sum of their memory is an estimate.
 *
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 * @see https://karpenter.sh/docs/reference/settings/
 */
export const EKS_NODES: CloudNodes = {
  allocatable: ({ vcpus, memoryGiB }) => {
    const pods = vcpus < 30 ? 58 : 250;
    const memoryMiB = memoryGiB * MIB_PER_GIB * (1 - 0.075) - (11 * pods + 255) - 100;
    return { milliCpu: cpuOfTiers(vcpus), memoryMiB: Math.floor(memoryMiB) };
  },
  agents: { milliCpu: 350, memoryMiB: 450 },
};

/**
 * Nodes of GKE. The node keeps a share of each range of its memory, and evicts pods below 100 MiB. The machine reports 97.3% of its
 * memory: the documented node with 16 GB has 13,498,416 KiB for pods. Agents: the sum of their requests is an estimate.
 *
 * @see https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 */
export const GKE_NODES: CloudNodes = {
  allocatable: ({ vcpus, memoryGiB }) => {
    const reserved = tiers(memoryGiB, [
      [4, 0.25],
      [8, 0.2],
      [16, 0.1],
      [128, 0.06],
      [Infinity, 0.02],
    ]);
    const memoryMiB = (memoryGiB * 0.973 - reserved) * MIB_PER_GIB - 100;
    return { milliCpu: cpuOfTiers(vcpus), memoryMiB: Math.floor(memoryMiB) };
  },
  agents: { milliCpu: 500, memoryMiB: 800 },
};

/**
 * Nodes of AKS from version 1.29. The kubelet keeps 20 MB per pod and 50 MB, at most a quarter of the memory, and evicts pods below
 * 100 MiB. Its reserved CPU comes from a table. Agents: the sum of their requests is an estimate.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/node-resource-reservations
 */
export const AKS_NODES: CloudNodes = {
  allocatable: ({ vcpus, memoryGiB }) => {
    const pods = 250;
    const memory = memoryGiB * MIB_PER_GIB;
    const reserved = Math.min(20 * pods + 50, memory / 4);
    return { milliCpu: vcpus * 1000 - aksCpu(vcpus), memoryMiB: Math.floor(memory * 0.976 - reserved - 100) };
  },
  agents: { milliCpu: 600, memoryMiB: 900 },
};

const AKS_CPU: readonly (readonly [cores: number, milliCpu: number])[] = [
  [1, 60],
  [2, 100],
  [4, 140],
  [8, 180],
  [16, 260],
  [32, 420],
  [64, 740],
];

/** Interpolates the table, which ends at 64 cores, with 10 more for each core. */
function aksCpu(vcpus: number): number {
  const [cores, milliCpu] = AKS_CPU.findLast(([from]) => from <= vcpus) ?? AKS_CPU[0]!;
  return milliCpu + (vcpus - cores) * 10;
}
