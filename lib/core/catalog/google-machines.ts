import type { ChipName } from './chips';

/** A provisioning model of Compute Engine. */
export type GoogleProvisioning = 'on-demand' | 'spot' | 'flex-start' | 'reservation' | 'calendar-reservation' | 'mig-resize-request';

/** VPC networks of the additional interfaces of a machine. */
export interface GoogleNetwork {
  /** Traffic of the interfaces: of the host, of GPUs over TCP, or RDMA. */
  readonly role: 'host' | 'gpu' | 'rdma';
  /** Number of VPC networks of this kind. */
  readonly count: number;
  /** Number of subnets in each VPC, with one interface each. 0 if the network profile creates its own subnet and forbids others. */
  readonly subnetsPerVpc: number;
  /** Number of interfaces in each VPC, if they share the subnet of the network profile. @default - one per subnet */
  readonly interfaces?: number;
  /** MTU of the VPC, in bytes. */
  readonly mtu: number;
  /** Network profile of the VPC, with ZONE for the zone. */
  readonly networkProfile?: string;
  /** Type of the network interfaces. @default - gVNIC */
  readonly nicType?: 'MRDMA' | 'IDPF';
  /** Device mode of the network in GKE. @default - not a GKE device network */
  readonly deviceMode?: 'NetDevice' | 'RDMA';
}

/** Interfaces that pods request through dynamic resource allocation, not through a network. */
export interface GoogleDeviceClaim {
  /** Device class of the claim. */
  readonly deviceClass: string;
  /** Number of devices in the machine. */
  readonly count: number;
}

/** Local SSD: attached to every machine, optional with a number of disks to choose, or not available. */
export type GoogleLocalSsd =
  | { readonly mode: 'attached'; readonly count: number; readonly sizeGB: number }
  | { readonly mode: 'optional'; readonly sizeGB: number; readonly allowedCounts: readonly number[] }
  | { readonly mode: 'none' };

/** A row of the table of Google machines with accelerators. An absent figure is unknown, never zero. Google writes GB for 2³⁰ bytes. */
export interface GoogleMachineRow {
  /** Kind of accelerator. */
  readonly kind: 'gpu' | 'tpu';
  /** Accelerator chip. */
  readonly chip: ChipName;
  /** Value of the GKE node label `cloud.google.com/gke-accelerator` or `gke-tpu-accelerator`. */
  readonly acceleratorLabel: string;
  /** Number of accelerators. A fraction for a slice of one. */
  readonly accelerators: number;
  /** Memory per accelerator, or of the slice. */
  readonly acceleratorMemoryGB: number;
  /** Number of vCPUs. @default - unknown */
  readonly vcpus?: number;
  /** Host memory. @default - unknown */
  readonly memoryGB?: number;
  /** Architecture of the CPU. */
  readonly arch: 'amd64' | 'arm64';
  /** Bandwidth of all network interfaces, including those of the host. @default - unknown */
  readonly networkGbps?: number;
  /** Transport of collectives between machines. Only RoCE is RDMA. @default - plain TCP, or ICI for TPUs */
  readonly transport?: 'GPUDirect-TCPX' | 'GPUDirect-TCPXO' | 'RoCE';
  /** Networks in addition to the first. @default - no additional networks */
  readonly networks?: readonly GoogleNetwork[];
  /** RDMA interfaces that pods claim. @default - pods request networks */
  readonly deviceClaim?: GoogleDeviceClaim;
  /** Interface type of the first network. @default - gVNIC */
  readonly primaryNic?: 'IDPF';
  /** Software that the nodes must run for the transport. @default - no software */
  readonly plugins?: readonly string[];
  /** Maximum number of secondary interfaces of a TPU machine. @default - no secondary interfaces */
  readonly extraNetworks?: { readonly max: number; readonly mtu: number };
  /** Local SSD. TPU machines have none. @default - unknown, or a TPU machine */
  readonly localSsd?: GoogleLocalSsd;
  /** Boot disk type that the machine requires. @default - any */
  readonly bootDisk?: 'hyperdisk-balanced';
  /** Minimum GKE version, by minor version or by cluster mode. @default - unknown */
  readonly minGkeVersion?: Readonly<Record<string, string>>;
  /** Provisioning models. @default - unknown */
  readonly provisioning?: readonly GoogleProvisioning[];
  /** Provisioning models that are available only to accounts on an allowlist. @default - no allowlist */
  readonly allowlisted?: readonly GoogleProvisioning[];
  /** `compact` is optional. `1x72` is required: a workload policy for one NVL72 domain. @default - no placement policy */
  readonly placement?: 'compact' | '1x72';
  /** Remark about the machine. @default - no remark */
  readonly note?: string;
  /** Values that were not read in a source. @default - every value was read */
  readonly unverified?: string;
}

/** Number of machines in one NVL72 domain, which `placement: '1x72'` requires. */
export const GOOGLE_NVL72_MACHINES = 18;

/** Gbps of each host interface of a machine with accelerator interfaces. Source: GPU network bandwidth, compute/docs/gpus; read 2026-11. */
const HOST_GBPS = 200;

/** Returns the bandwidth between accelerators. If they have their own interfaces, the host interfaces do not count. */
export function googleFabricGbps({ networkGbps, networks = [] }: GoogleMachineRow): number | undefined {
  if (networkGbps === undefined || networks.every(({ role }) => role === 'host')) return networkGbps;
  const ofHost = networks.filter(({ role }) => role === 'host').reduce((sum, { count }) => sum + count, 1);
  return Math.max(0, networkGbps - HOST_GBPS * ofHost);
}

const ALL = ['on-demand', 'spot', 'flex-start', 'reservation'] as const;

const tcp = (count: number): GoogleNetwork[] => [{ role: 'gpu', count, subnetsPerVpc: 1, mtu: 8244, deviceMode: 'NetDevice' }];
const roce = (subnetsPerVpc: number): GoogleNetwork[] => [
  { role: 'host', count: 1, subnetsPerVpc: 1, mtu: 8896, deviceMode: 'NetDevice' },
  { role: 'rdma', count: 1, subnetsPerVpc, mtu: 8896, networkProfile: 'ZONE-vpc-roce', nicType: 'MRDMA', deviceMode: 'RDMA' },
];
const NETWORKS = {
  TCPX: tcp(4),
  TCPXO: tcp(8),
  ROCE_8: roce(8),
  ROCE_4: roce(4),
  ROCE_METAL: [
    { role: 'host', count: 1, subnetsPerVpc: 1, mtu: 8896, nicType: 'IDPF' },
    { role: 'rdma', count: 1, subnetsPerVpc: 0, interfaces: 8, mtu: 8896, networkProfile: 'ZONE-vpc-roce-metal', nicType: 'MRDMA' },
  ],
} as const satisfies Record<string, readonly GoogleNetwork[]>;

// Two ConnectX-8 functions per GPU. Source: examples/gke-a4x-max-bm/nccl-jobset-example.yaml, cluster-toolkit 1047080; docs/integrator/gke-a4x-max-networking.md, NVIDIA/aicr 9b6263c; read 2026-11-26.
const MRDMA_8: GoogleDeviceClaim = { deviceClass: 'mrdma.google.com', count: 8 };

/**
 * Google machines with GPUs or TPUs. Sources, read 2026-11:
 * - cloud.google.com compute/docs/gpus (accelerator-optimized machines, April 2026), compute/docs/disks/local-ssd (2026-04-14)
 * - cloud.google.com compute/docs/tpus/tpu-machines (2026-08-26), kubernetes-engine tpu-ironwood
 * - GoogleCloudPlatform/cluster-toolkit v1.95.0 and NVIDIA/aicr: networks and placement
 * - AI-Hypercomputer/gpu-recipes: GKE versions
 * - AI-Hypercomputer/xpk 367c838: TPU v4, v5e hosts and a4x-highgpu-4g-nolssd
 */
export const GOOGLE_MACHINES = {
  'a2-highgpu-1g': { kind: 'gpu', chip: 'A100-40', acceleratorLabel: 'nvidia-tesla-a100', accelerators: 1, acceleratorMemoryGB: 40, vcpus: 12, memoryGB: 85, arch: 'amd64', networkGbps: 24, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1, 2, 4, 8] } },
  'a2-highgpu-2g': { kind: 'gpu', chip: 'A100-40', acceleratorLabel: 'nvidia-tesla-a100', accelerators: 2, acceleratorMemoryGB: 40, vcpus: 24, memoryGB: 170, arch: 'amd64', networkGbps: 32, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [2, 4, 8] } },
  'a2-highgpu-4g': { kind: 'gpu', chip: 'A100-40', acceleratorLabel: 'nvidia-tesla-a100', accelerators: 4, acceleratorMemoryGB: 40, vcpus: 48, memoryGB: 340, arch: 'amd64', networkGbps: 50, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [4, 8] } },
  'a2-highgpu-8g': { kind: 'gpu', chip: 'A100-40', acceleratorLabel: 'nvidia-tesla-a100', accelerators: 8, acceleratorMemoryGB: 40, vcpus: 96, memoryGB: 680, arch: 'amd64', networkGbps: 100, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [8] } },
  'a2-megagpu-16g': { kind: 'gpu', chip: 'A100-40', acceleratorLabel: 'nvidia-tesla-a100', accelerators: 16, acceleratorMemoryGB: 40, vcpus: 96, memoryGB: 1360, arch: 'amd64', networkGbps: 100, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [8] } },
  'a2-ultragpu-1g': { kind: 'gpu', chip: 'A100-80', acceleratorLabel: 'nvidia-a100-80gb', accelerators: 1, acceleratorMemoryGB: 80, vcpus: 12, memoryGB: 170, arch: 'amd64', networkGbps: 24, localSsd: { mode: 'attached', count: 1, sizeGB: 375 } },
  'a2-ultragpu-2g': { kind: 'gpu', chip: 'A100-80', acceleratorLabel: 'nvidia-a100-80gb', accelerators: 2, acceleratorMemoryGB: 80, vcpus: 24, memoryGB: 340, arch: 'amd64', networkGbps: 32, localSsd: { mode: 'attached', count: 2, sizeGB: 375 } },
  'a2-ultragpu-4g': { kind: 'gpu', chip: 'A100-80', acceleratorLabel: 'nvidia-a100-80gb', accelerators: 4, acceleratorMemoryGB: 80, vcpus: 48, memoryGB: 680, arch: 'amd64', networkGbps: 50, localSsd: { mode: 'attached', count: 4, sizeGB: 375 } },
  'a2-ultragpu-8g': { kind: 'gpu', chip: 'A100-80', acceleratorLabel: 'nvidia-a100-80gb', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 96, memoryGB: 1360, arch: 'amd64', networkGbps: 100, localSsd: { mode: 'attached', count: 8, sizeGB: 375 }, note: 'cluster-toolkit maps a2-ultragpu to nvidia-tesla-a100 in one table: wrong label.' },
  'a3-highgpu-1g': { kind: 'gpu', chip: 'H100', acceleratorLabel: 'nvidia-h100-80gb', accelerators: 1, acceleratorMemoryGB: 80, vcpus: 26, memoryGB: 234, arch: 'amd64', networkGbps: 25, localSsd: { mode: 'attached', count: 2, sizeGB: 375 }, provisioning: ['spot', 'flex-start'], note: 'Spot or flex-start only.' },
  'a3-highgpu-2g': { kind: 'gpu', chip: 'H100', acceleratorLabel: 'nvidia-h100-80gb', accelerators: 2, acceleratorMemoryGB: 80, vcpus: 52, memoryGB: 468, arch: 'amd64', networkGbps: 50, localSsd: { mode: 'attached', count: 4, sizeGB: 375 }, provisioning: ['spot', 'flex-start'], note: 'Spot or flex-start only.' },
  'a3-highgpu-4g': { kind: 'gpu', chip: 'H100', acceleratorLabel: 'nvidia-h100-80gb', accelerators: 4, acceleratorMemoryGB: 80, vcpus: 104, memoryGB: 936, arch: 'amd64', networkGbps: 100, localSsd: { mode: 'attached', count: 8, sizeGB: 375 }, provisioning: ['spot', 'flex-start'], note: 'Spot or flex-start only.' },
  'a3-highgpu-8g': { kind: 'gpu', chip: 'H100', acceleratorLabel: 'nvidia-h100-80gb', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 208, memoryGB: 1872, arch: 'amd64', networkGbps: 1000, transport: 'GPUDirect-TCPX', networks: NETWORKS.TCPX, plugins: ['nccl-tcpx-installer v3.1.9', 'rxdm v2.0.12', 'NRI device injector'], localSsd: { mode: 'attached', count: 16, sizeGB: 375 }, minGkeVersion: { '1.27': '1.27.16-gke.2874000', '1.28': '1.28.15-gke.3163000', '1.29': '1.29.15-gke.2467000' }, provisioning: ALL, placement: 'compact' },
  'a3-edgegpu-8g': { kind: 'gpu', chip: 'H100', acceleratorLabel: 'nvidia-h100-80gb', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 208, memoryGB: 1872, arch: 'amd64', networkGbps: 400, localSsd: { mode: 'attached', count: 16, sizeGB: 375 }, note: 'Serving only, limited regions; 600 Gbps in asia-south1 and northamerica-northeast2.' },
  'a3-megagpu-8g': { kind: 'gpu', chip: 'H100', acceleratorLabel: 'nvidia-h100-mega-80gb', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 208, memoryGB: 1872, arch: 'amd64', networkGbps: 1800, transport: 'GPUDirect-TCPXO', networks: NETWORKS.TCPXO, plugins: ['nccl-tcpxo-installer v1.0.14 with rxdm v1.0.20 in the node-pool module; v1.0.15 in the example test', 'NRI device injector'], localSsd: { mode: 'attached', count: 16, sizeGB: 375 }, minGkeVersion: { '1.28': '1.28.15-gke.3163000', '1.29': '1.29.15-gke.2467000', '1.30': '1.30.14-gke.1922000', '1.31': '1.31.14-gke.1243000', '1.32': '1.32.11-gke.1174000' }, provisioning: ALL, placement: 'compact', note: 'Do not add a further gVNIC network: it takes a GPU NIC slot and only 7 of 8 GPUs work.' },
  'a3-ultragpu-8g': { kind: 'gpu', chip: 'H200', acceleratorLabel: 'nvidia-h200-141gb', accelerators: 8, acceleratorMemoryGB: 141, vcpus: 224, memoryGB: 2952, arch: 'amd64', networkGbps: 3600, transport: 'RoCE', networks: NETWORKS.ROCE_8, plugins: ['gIB v1.1.0'], localSsd: { mode: 'attached', count: 32, sizeGB: 375 }, minGkeVersion: { '1.31': '1.31.7-gke.1265000' }, provisioning: ['reservation', 'spot', 'flex-start', 'mig-resize-request'], placement: 'compact', note: 'No plain on-demand.' },
  'a4-highgpu-8g': { kind: 'gpu', chip: 'B200', acceleratorLabel: 'nvidia-b200', accelerators: 8, acceleratorMemoryGB: 180, vcpus: 224, memoryGB: 3968, arch: 'amd64', networkGbps: 3600, transport: 'RoCE', networks: NETWORKS.ROCE_8, plugins: ['gIB v1.1.0'], localSsd: { mode: 'attached', count: 32, sizeGB: 375 }, minGkeVersion: { '1.32': '1.32.4-gke.1236000' }, provisioning: ['reservation', 'spot', 'flex-start', 'mig-resize-request'], placement: 'compact', note: 'No plain on-demand.' },
  'a4x-highgpu-4g': { kind: 'gpu', chip: 'GB200', acceleratorLabel: 'nvidia-gb200', accelerators: 4, acceleratorMemoryGB: 186, vcpus: 140, memoryGB: 884, arch: 'arm64', networkGbps: 2000, transport: 'RoCE', networks: NETWORKS.ROCE_4, plugins: ['gIB arm64 image', 'NVIDIA DRA driver (IMEX ComputeDomain)'], localSsd: { mode: 'attached', count: 4, sizeGB: 3000 }, bootDisk: 'hyperdisk-balanced', minGkeVersion: { '1.33': '1.33.4-gke.1036000' }, provisioning: ['reservation'], placement: '1x72', note: 'One pool per 1x72 domain, at most 18 nodes. arm64 taint kubernetes.io/arch=arm64. NVIDIA DRA driver needed. Reservation required. cluster-toolkit enables the resource.k8s.io/v1beta1 beta APIs on the cluster.' },
  'a4x-highgpu-4g-nolssd': { kind: 'gpu', chip: 'GB200', acceleratorLabel: 'nvidia-gb200', accelerators: 4, acceleratorMemoryGB: 186, vcpus: 140, memoryGB: 884, arch: 'arm64', networkGbps: 2000, transport: 'RoCE', networks: NETWORKS.ROCE_4, plugins: ['gIB arm64 image', 'NVIDIA DRA driver (IMEX ComputeDomain)'], localSsd: { mode: 'none' }, bootDisk: 'hyperdisk-balanced', minGkeVersion: { '1.33': '1.33.4-gke.1036000' }, provisioning: ['reservation'], placement: '1x72', note: 'Variant without local SSD; only XPK lists it. Other figures assumed equal to a4x-highgpu-4g.', unverified: 'read (name); rest assumed' },
  'a4x-maxgpu-4g-metal': { kind: 'gpu', chip: 'GB300', acceleratorLabel: 'nvidia-gb300', accelerators: 4, acceleratorMemoryGB: 279, vcpus: 144, memoryGB: 960, arch: 'arm64', networkGbps: 3600, transport: 'RoCE', networks: NETWORKS.ROCE_METAL, deviceClaim: MRDMA_8, primaryNic: 'IDPF', plugins: ['asapd-lite', 'NVIDIA DRA driver', 'GKE networking DRA driver (DRANET)'], localSsd: { mode: 'attached', count: 4, sizeGB: 3000 }, bootDisk: 'hyperdisk-balanced', minGkeVersion: { '1.34': '1.34.3-gke.1318000', '1.35': '1.35.0-gke.2745000' }, provisioning: ['reservation'], placement: '1x72', note: 'Bare metal. Reservation sub-block only, COS only, shielded nodes off, 4096 x 2 MiB hugepages. cluster-toolkit sets node labels cloud.google.com/gke-networking-dra-driver=true and cloud.google.com/gke-dpv2-unified-cni=cni-migration. NVIDIA guides attach RDMA through DRANET resource claims, not multi-networking; the cluster-toolkit blueprint still passes additional networks.', unverified: 'read; GKE version floors third-party' },
  'g2-standard-4': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 4, memoryGB: 16, arch: 'amd64', networkGbps: 10, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1] }, provisioning: ALL },
  'g2-standard-8': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 8, memoryGB: 32, arch: 'amd64', networkGbps: 16, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1] }, provisioning: ALL },
  'g2-standard-12': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 12, memoryGB: 48, arch: 'amd64', networkGbps: 16, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1] }, provisioning: ALL },
  'g2-standard-16': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 16, memoryGB: 64, arch: 'amd64', networkGbps: 32, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1] }, provisioning: ALL },
  'g2-standard-24': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 2, acceleratorMemoryGB: 24, vcpus: 24, memoryGB: 96, arch: 'amd64', networkGbps: 32, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [2] }, provisioning: ALL },
  'g2-standard-32': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 32, memoryGB: 128, arch: 'amd64', networkGbps: 32, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1] }, provisioning: ALL },
  'g2-standard-48': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 4, acceleratorMemoryGB: 24, vcpus: 48, memoryGB: 192, arch: 'amd64', networkGbps: 50, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [4] }, provisioning: ALL },
  'g2-standard-96': { kind: 'gpu', chip: 'L4', acceleratorLabel: 'nvidia-l4', accelerators: 8, acceleratorMemoryGB: 24, vcpus: 96, memoryGB: 384, arch: 'amd64', networkGbps: 100, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [8] }, provisioning: ALL },
  'g4-standard-6': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 0.125, acceleratorMemoryGB: 12, vcpus: 6, memoryGB: 22, arch: 'amd64', networkGbps: 20, localSsd: { mode: 'none' }, provisioning: ALL, note: 'Fractional GPU: 12 GB of GPU memory.' },
  'g4-standard-12': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 0.25, acceleratorMemoryGB: 24, vcpus: 12, memoryGB: 45, arch: 'amd64', networkGbps: 20, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [1] }, provisioning: ALL, note: 'Fractional GPU: 24 GB of GPU memory.' },
  'g4-standard-24': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 0.5, acceleratorMemoryGB: 48, vcpus: 24, memoryGB: 90, arch: 'amd64', networkGbps: 20, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [2] }, provisioning: ALL, note: 'Fractional GPU: 48 GB of GPU memory.' },
  'g4-standard-48': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 1, acceleratorMemoryGB: 96, vcpus: 48, memoryGB: 180, arch: 'amd64', networkGbps: 50, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [4] }, provisioning: ALL },
  'g4-standard-96': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 2, acceleratorMemoryGB: 96, vcpus: 96, memoryGB: 360, arch: 'amd64', networkGbps: 100, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [8] }, provisioning: ALL, note: 'GPU peer-to-peer over PCIe.' },
  'g4-standard-192': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 4, acceleratorMemoryGB: 96, vcpus: 192, memoryGB: 720, arch: 'amd64', networkGbps: 200, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [16] }, provisioning: ALL, note: 'GPU peer-to-peer over PCIe.' },
  'g4-standard-384': { kind: 'gpu', chip: 'RTXPRO6000', acceleratorLabel: 'nvidia-rtx-pro-6000', accelerators: 8, acceleratorMemoryGB: 96, vcpus: 384, memoryGB: 1440, arch: 'amd64', networkGbps: 400, localSsd: { mode: 'optional', sizeGB: 375, allowedCounts: [32] }, provisioning: ALL, note: 'GPU peer-to-peer over PCIe.' },
  'ct5lp-hightpu-1t': { kind: 'tpu', chip: 'TPU v5e', acceleratorLabel: 'tpu-v5-lite-podslice', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 24, memoryGB: 48, arch: 'amd64', unverified: 'read; host shape secondary' },
  'ct5lp-hightpu-4t': { kind: 'tpu', chip: 'TPU v5e', acceleratorLabel: 'tpu-v5-lite-podslice', accelerators: 4, acceleratorMemoryGB: 16, vcpus: 112, memoryGB: 192, arch: 'amd64', note: 'cluster-toolkit machine_mappings has tpu-v5e-slice: wrong label.', unverified: 'read; host shape secondary' },
  'ct5lp-hightpu-8t': { kind: 'tpu', chip: 'TPU v5e', acceleratorLabel: 'tpu-v5-lite-podslice', accelerators: 8, acceleratorMemoryGB: 16, vcpus: 224, memoryGB: 384, arch: 'amd64', unverified: 'read; host shape secondary' },
  'ct4p-hightpu-4t': { kind: 'tpu', chip: 'TPU v4', acceleratorLabel: 'tpu-v4-podslice', accelerators: 4, acceleratorMemoryGB: 32, arch: 'amd64', unverified: 'read (names); host shape not found' },
  'ct5p-hightpu-4t': { kind: 'tpu', chip: 'TPU v5p', acceleratorLabel: 'tpu-v5p-slice', accelerators: 4, acceleratorMemoryGB: 95, vcpus: 208, memoryGB: 448, arch: 'amd64', networkGbps: 200, provisioning: ALL, note: 'ct5p-hightpu-1t and -2t exist in cluster-toolkit. Single slice training supported up to 6,144 chips.' },
  'ct6e-standard-1t': { kind: 'tpu', chip: 'TPU v6e', acceleratorLabel: 'tpu-v6e-slice', accelerators: 1, acceleratorMemoryGB: 32, vcpus: 44, memoryGB: 176, arch: 'amd64', bootDisk: 'hyperdisk-balanced', networkGbps: 50, provisioning: ALL, note: 'Meant for tests.' },
  'ct6e-standard-4t': { kind: 'tpu', chip: 'TPU v6e', acceleratorLabel: 'tpu-v6e-slice', accelerators: 4, acceleratorMemoryGB: 32, vcpus: 180, memoryGB: 720, arch: 'amd64', bootDisk: 'hyperdisk-balanced', networkGbps: 400, extraNetworks: { max: 2, mtu: 8896 }, provisioning: ALL, note: 'Half host. Two secondary NICs at MTU 8896 are possible; cluster-toolkit attaches one.' },
  'ct6e-standard-8t': { kind: 'tpu', chip: 'TPU v6e', acceleratorLabel: 'tpu-v6e-slice', accelerators: 8, acceleratorMemoryGB: 32, vcpus: 360, memoryGB: 1440, arch: 'amd64', bootDisk: 'hyperdisk-balanced', networkGbps: 200, provisioning: ALL, note: 'Full host, single-VM inference only (2x4). vCPU conflict: the machine table states 360, the comparison on the same page 44 to 180. GKE autoscaler tests assume one thread per core (180). Do not size pods above 180 vCPU.', unverified: 'read; vCPU conflicting' },
  'tpu7x-standard-4t': { kind: 'tpu', chip: 'TPU7x', acceleratorLabel: 'tpu7x', accelerators: 4, acceleratorMemoryGB: 192, vcpus: 224, memoryGB: 960, arch: 'amd64', bootDisk: 'hyperdisk-balanced', networkGbps: 400, minGkeVersion: { standard: '1.34.0-gke.2201000', autopilot: '1.34.1-gke.3084001' }, provisioning: ['on-demand', 'reservation'], allowlisted: ['spot', 'flex-start', 'calendar-reservation'], note: 'Two NUMA nodes; two TensorCores per chip appear as two devices. XPK lists also tpu7x-standard-1t (1x1x1).' },
} as const satisfies Record<string, GoogleMachineRow>;

/** The name of a Google machine in the table, for example `a3-ultragpu-8g`. */
export type GoogleMachineName = keyof typeof GOOGLE_MACHINES;
