import type { ChipName } from './chips';

/** The InfiniBand fabric of a machine. */
export interface AzureInfiniband {
  /** Number of InfiniBand links. */
  readonly links: number;
  /** Bandwidth per link in Gbps. */
  readonly gbpsPerLink: number;
  /** Generation, for example NDR. */
  readonly generation: string;
}

/** A row of the table of Azure machines with accelerators. An absent figure is unknown, never zero. */
export interface AzureMachineRow {
  /** Accelerator chip. */
  readonly chip: ChipName;
  /** Number of accelerators. A fraction for a slice of one. */
  readonly accelerators: number;
  /** Memory per accelerator, or of the slice, in GB, as stated by Azure. */
  readonly acceleratorMemoryGB: number;
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Host memory in GiB. */
  readonly memoryGiB: number;
  /** Architecture of the CPU. */
  readonly arch: 'amd64' | 'arm64';
  /** InfiniBand, which sizes with an r in the suffix have. It connects machines of one scale set. @default - no RDMA */
  readonly infiniband?: AzureInfiniband;
  /** Local disks, as stated by Azure. */
  readonly localDisk: string;
  /** NVMe in `localDisk`, in GB, or 0 if that is only a temporary disk. @default - unknown */
  readonly localNvmeGB?: number;
  /** Number of machines in one NVL72 rack, which is one scale-up domain. @default - not a rack machine */
  readonly rackMachines?: number;
  /**
   * Required state of the subscription feature `AKSInfinibandSupport` on AKS. Machines with different states cannot share a subscription.
   *
   * @default - the feature has no effect
   */
  readonly aksInfinibandFeature?: 'register' | 'unregister';
  /** The only AKS node image that supports it. @default - any */
  readonly aksOsSku?: 'Ubuntu2404';
  /** Supported values of the GPU driver setting of an AKS node pool. */
  readonly gpuDriver: readonly ('Install' | 'None')[];
  /** Whether a capacity reservation group supports it. @default - unknown */
  readonly capacityReservationGroup?: boolean;
  /** Remark about the machine. @default - no remark */
  readonly note?: string;
  /** Values that were not read in a source. @default - every value was read */
  readonly unverified?: string;
}

/**
 * Azure machines with accelerators.
 *
 * Source: MicrosoftDocs/azure-compute-docs, articles/virtual-machines/sizes/gpu-accelerated; AKS features from the AKS documentation.
 * Read 2026-11. A GiB of `localDisk` is 1.0737 GB of `localNvmeGB`.
 */
export const AZURE_MACHINES = {
  'Standard_NC24ads_A100_v4': { chip: 'A100-80-PCIe', accelerators: 1, acceleratorMemoryGB: 80, vcpus: 24, memoryGiB: 220, arch: 'amd64', localDisk: '64 GiB temp + 894 GiB NVMe', localNvmeGB: 960, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.', unverified: 'read; NVMe of NC24 from a resource-SKU snapshot' },
  'Standard_NC48ads_A100_v4': { chip: 'A100-80-PCIe', accelerators: 2, acceleratorMemoryGB: 80, vcpus: 48, memoryGiB: 440, arch: 'amd64', localDisk: '128 GiB temp + 2 x 894 GiB NVMe', localNvmeGB: 1920, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'A November 2026 third-party snapshot shows 9.554 (NC48) and 19.108 (NC96), about 30% above this list price: re-check. Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.', unverified: 'read; NVMe scaled from NC24' },
  'Standard_NC96ads_A100_v4': { chip: 'A100-80-PCIe', accelerators: 4, acceleratorMemoryGB: 80, vcpus: 96, memoryGiB: 880, arch: 'amd64', localDisk: '256 GiB temp + 4 x 894 GiB NVMe', localNvmeGB: 3840, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'A November 2026 third-party snapshot shows 9.554 (NC48) and 19.108 (NC96), about 30% above this list price: re-check. Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.', unverified: 'read; NVMe scaled from NC24' },
  'Standard_NC40ads_H100_v5': { chip: 'H100-NVL', accelerators: 1, acceleratorMemoryGB: 94, vcpus: 40, memoryGiB: 320, arch: 'amd64', localDisk: '3576 GiB NVMe', localNvmeGB: 3840, gpuDriver: ['Install', 'None'], capacityReservationGroup: false },
  'Standard_NC80adis_H100_v5': { chip: 'H100-NVL', accelerators: 2, acceleratorMemoryGB: 94, vcpus: 80, memoryGiB: 640, arch: 'amd64', localDisk: '7152 GiB NVMe', localNvmeGB: 7679, gpuDriver: ['Install', 'None'], capacityReservationGroup: false, note: 'A November 2026 third-party snapshot shows 17.64, about 26% above this list price: re-check.' },
  'Standard_ND96asr_v4': { chip: 'A100-40', accelerators: 8, acceleratorMemoryGB: 40, vcpus: 96, memoryGiB: 900, arch: 'amd64', infiniband: { links: 8, gbpsPerLink: 200, generation: 'HDR' }, localDisk: '6000 GiB NVMe', localNvmeGB: 6442, aksInfinibandFeature: 'register', gpuDriver: ['Install', 'None'], capacityReservationGroup: false },
  'Standard_ND96amsr_A100_v4': { chip: 'A100-80', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 96, memoryGiB: 1900, arch: 'amd64', infiniband: { links: 8, gbpsPerLink: 200, generation: 'HDR' }, localDisk: '6400 GiB NVMe', localNvmeGB: 6872, aksInfinibandFeature: 'register', gpuDriver: ['Install', 'None'], capacityReservationGroup: false, note: 'The size page prints 80 GB as if it were the VM total: it is per GPU.' },
  'Standard_ND96isr_H100_v5': { chip: 'H100', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 96, memoryGiB: 1900, arch: 'amd64', infiniband: { links: 8, gbpsPerLink: 400, generation: 'NDR, ConnectX-7' }, localDisk: '1 TiB + 28 TiB (8 NVMe)', localNvmeGB: 30_786, aksInfinibandFeature: 'register', gpuDriver: ['Install', 'None'], capacityReservationGroup: false },
  'Standard_ND96is_H100_v5': { chip: 'H100', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 96, memoryGiB: 1900, arch: 'amd64', localDisk: '1 TiB + 28 TiB (8 NVMe)', localNvmeGB: 30_786, gpuDriver: ['Install', 'None'], capacityReservationGroup: false, note: 'No r in the name: no RDMA. Reject for multi-node training.', unverified: 'read; disk and memory assumed equal to the r size' },
  'Standard_ND96isr_H200_v5': { chip: 'H200', accelerators: 8, acceleratorMemoryGB: 141, vcpus: 96, memoryGiB: 1850, arch: 'amd64', infiniband: { links: 8, gbpsPerLink: 400, generation: 'NDR' }, localDisk: '1 TiB + 28 TiB (8 NVMe)', localNvmeGB: 30_786, aksInfinibandFeature: 'register', gpuDriver: ['Install', 'None'], capacityReservationGroup: false },
  'Standard_ND96isr_MI300X_v5': { chip: 'MI300X', accelerators: 8, acceleratorMemoryGB: 192, vcpus: 96, memoryGiB: 1850, arch: 'amd64', infiniband: { links: 8, gbpsPerLink: 400, generation: 'NDR' }, localDisk: '1 TB + 28 TiB (8 NVMe)', localNvmeGB: 30_786, aksInfinibandFeature: 'register', gpuDriver: ['None'], capacityReservationGroup: false, note: 'AKS: set gpuDriver to None; Ubuntu only; AMD GPU Operator.' },
  'Standard_ND96is_MI300X_v5': { chip: 'MI300X', accelerators: 8, acceleratorMemoryGB: 192, vcpus: 96, memoryGiB: 1850, arch: 'amd64', localDisk: '1 TB + 28 TiB (8 NVMe)', localNvmeGB: 30_786, gpuDriver: ['None'], capacityReservationGroup: false, note: 'No RDMA.', unverified: 'read; disk and memory assumed equal to the r size' },
  'Standard_ND128isr_NDR_GB200_v6': { chip: 'GB200', accelerators: 4, acceleratorMemoryGB: 192, vcpus: 128, memoryGiB: 900, arch: 'arm64', infiniband: { links: 4, gbpsPerLink: 400, generation: 'NDR' }, localDisk: '16 TB (4 NVMe)', localNvmeGB: 16_000, rackMachines: 18, aksInfinibandFeature: 'unregister', aksOsSku: 'Ubuntu2404', gpuDriver: ['Install', 'None'], capacityReservationGroup: false, note: '18 VMs make one NVL72 rack. Needs Kubernetes 1.34.2 or later, GPU Operator 25.10 or later, the NVIDIA DRA driver, device plugin off. The size page swaps the scale-up and scale-out units and prints 316 disks: ignore both. 192 GB is nominal; nvidia-smi reports 189,471 MiB.' },
  'Standard_ND128isr_GB300_v6': { chip: 'GB300', accelerators: 4, acceleratorMemoryGB: 288, vcpus: 128, memoryGiB: 864, arch: 'arm64', infiniband: { links: 4, gbpsPerLink: 800, generation: 'XDR, ConnectX-8' }, localDisk: '16 TB (4 NVMe)', localNvmeGB: 16_000, rackMachines: 18, aksInfinibandFeature: 'unregister', aksOsSku: 'Ubuntu2404', gpuDriver: ['Install', 'None'], capacityReservationGroup: false, note: '18 VMs make one NVL72 rack. Same AKS requirements as GB200. docaTelemetry crashes on arm64. 288 GB is nominal; nvidia-smi reports 284,208 MiB.', unverified: 'read; link generation name recalled' },
  'Standard_ND128isrG5_GB300_v6': { chip: 'GB300', accelerators: 4, acceleratorMemoryGB: 288, vcpus: 128, memoryGiB: 864, arch: 'arm64', infiniband: { links: 4, gbpsPerLink: 800, generation: 'XDR, ConnectX-8' }, localDisk: '16 TB (4 NVMe)', localNvmeGB: 16_000, rackMachines: 18, aksInfinibandFeature: 'unregister', aksOsSku: 'Ubuntu2404', gpuDriver: ['Install', 'None'], capacityReservationGroup: false, note: '18 VMs make one NVL72 rack. Same AKS requirements as GB200. docaTelemetry crashes on arm64. 288 GB is nominal; nvidia-smi reports 284,208 MiB.', unverified: 'read; link generation name recalled' },
  'Standard_NC4as_T4_v3': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 4, memoryGiB: 28, arch: 'amd64', localDisk: '176 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'T4 has no BF16. KAITO dropped it (compute capability 8.0 or later). Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.' },
  'Standard_NC8as_T4_v3': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 8, memoryGiB: 56, arch: 'amd64', localDisk: '352 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'T4 has no BF16. KAITO dropped it (compute capability 8.0 or later). Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.', unverified: 'read; temp disk of NC8 recalled' },
  'Standard_NC16as_T4_v3': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 16, memoryGiB: 110, arch: 'amd64', localDisk: '352 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'T4 has no BF16. KAITO dropped it (compute capability 8.0 or later). Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.' },
  'Standard_NC64as_T4_v3': { chip: 'T4', accelerators: 4, acceleratorMemoryGB: 16, vcpus: 64, memoryGiB: 440, arch: 'amd64', localDisk: '2816 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'T4 has no BF16. KAITO dropped it (compute capability 8.0 or later). Check capacity reservation groups per region: the resource-SKU flag was false in one snapshot.' },
  'Standard_NV6ads_A10_v5': { chip: 'A10', accelerators: 1 / 6, acceleratorMemoryGB: 4, vcpus: 6, memoryGiB: 55, arch: 'amd64', localDisk: '180 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'Fractional A10 (vGPU license included).' },
  'Standard_NV12ads_A10_v5': { chip: 'A10', accelerators: 1 / 3, acceleratorMemoryGB: 8, vcpus: 12, memoryGiB: 110, arch: 'amd64', localDisk: '360 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'Fractional A10 (vGPU license included).', unverified: 'read for 6 vCPU; other memory and disk figures recalled' },
  'Standard_NV18ads_A10_v5': { chip: 'A10', accelerators: 0.5, acceleratorMemoryGB: 12, vcpus: 18, memoryGiB: 220, arch: 'amd64', localDisk: '720 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, note: 'Fractional A10 (vGPU license included).', unverified: 'read for 6 vCPU; other memory and disk figures recalled' },
  'Standard_NV36ads_A10_v5': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 36, memoryGiB: 440, arch: 'amd64', localDisk: '1440 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, unverified: 'read for 6 vCPU; other memory and disk figures recalled' },
  'Standard_NV36adms_A10_v5': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 36, memoryGiB: 880, arch: 'amd64', localDisk: '2880 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true, unverified: 'read; memory and disk recalled' },
  'Standard_NV72ads_A10_v5': { chip: 'A10', accelerators: 2, acceleratorMemoryGB: 24, vcpus: 72, memoryGiB: 880, arch: 'amd64', localDisk: '2880 GiB temp', localNvmeGB: 0, gpuDriver: ['Install', 'None'], capacityReservationGroup: true },
  'Standard_NC128ds_xl_RTXPRO6000BSE_v6': { chip: 'RTXPRO6000', accelerators: 1, acceleratorMemoryGB: 96, vcpus: 128, memoryGiB: 512, arch: 'amd64', localDisk: '1 to 2 TiB', gpuDriver: ['Install', 'None'], note: 'Preview.' },
  'Standard_NC256ds_xl_RTXPRO6000BSE_v6': { chip: 'RTXPRO6000', accelerators: 2, acceleratorMemoryGB: 96, vcpus: 256, memoryGiB: 1024, arch: 'amd64', localDisk: '1 to 2 TiB', gpuDriver: ['Install', 'None'], note: 'Preview.' },
  'Standard_NC320ds_xl_RTXPRO6000BSE_v6': { chip: 'RTXPRO6000', accelerators: 2, acceleratorMemoryGB: 96, vcpus: 320, memoryGiB: 1280, arch: 'amd64', localDisk: '1 to 2 TiB', gpuDriver: ['Install', 'None'], note: 'Preview.' },
} as const satisfies Record<string, AzureMachineRow>;

/** The name of an Azure machine in the table, for example `Standard_ND96isr_H100_v5`. */
export type AzureMachineName = keyof typeof AZURE_MACHINES;
