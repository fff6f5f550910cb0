import type { ChipName } from './chips';

/** A row of the table of Alibaba Cloud machines with accelerators. All are amd64. An absent figure is unknown, never zero. */
export interface AlicloudMachineRow {
  /** Accelerator chip. */
  readonly chip: ChipName;
  /** Number of accelerators. */
  readonly accelerators: number;
  /** Memory per accelerator in GB, as stated by the vendor. */
  readonly acceleratorMemoryGB: number;
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Host memory in GiB. */
  readonly memoryGiB: number;
  /** Network bandwidth in Gbps. */
  readonly networkGbps: number;
  /** Whether it supports an elastic RDMA interface (eRDMA). */
  readonly erdma: boolean;
  /** Bandwidth of eRDMA in Gbps, if it is stated separately. @default - unknown */
  readonly erdmaGbps?: number;
  /** Whether ACK lists it for eRDMA. Never on dedicated or dual-stack clusters. */
  readonly ackErdma: boolean;
  /** Whether it is a bare metal instance. */
  readonly bareMetal: boolean;
  /** Whether the image must boot with UEFI. */
  readonly uefiImageRequired: boolean;
  /** Maximum number of network interfaces. @default - unknown */
  readonly maxEnis?: number;
  /** Whether a LowLatency deployment set supports it: at most 20 instances in one zone. @default - unknown */
  readonly lowLatencyDeploymentSet?: boolean;
  /** Remark about the machine. @default - no remark */
  readonly note?: string;
  /** Values that were not read in a source. @default - every value was read */
  readonly unverified?: string;
}

/**
 * Alibaba Cloud machines with accelerators. Lingjun machines have no public table and are not included.
 *
 * Source: help.aliyun.com, ECS GPU-accelerated instance families (text copy) and the ebmgn7ex page; read 2026-11.
 */
export const ALICLOUD_MACHINES = {
  'ecs.ebmgn9g.64xlarge': { chip: 'ALI-BLACKWELL-48', accelerators: 8, acceleratorMemoryGB: 48, vcpus: 256, memoryGiB: 2304, networkGbps: 360, erdma: true, erdmaGbps: 360, ackErdma: false, bareMetal: true, uefiImageRequired: true, maxEnis: 38, lowLatencyDeploymentSet: false, note: '180 Gbps x 2.' },
  'ecs.ebmgn9gc.64xlarge': { chip: 'ALI-BLACKWELL-72', accelerators: 8, acceleratorMemoryGB: 72, vcpus: 256, memoryGiB: 1536, networkGbps: 360, erdma: true, erdmaGbps: 360, ackErdma: false, bareMetal: true, uefiImageRequired: true, maxEnis: 38, lowLatencyDeploymentSet: false, note: 'Invitational preview; less host memory than ebmgn9ge.' },
  'ecs.ebmgn9ge.64xlarge': { chip: 'ALI-BLACKWELL-72', accelerators: 8, acceleratorMemoryGB: 72, vcpus: 256, memoryGiB: 2304, networkGbps: 360, erdma: true, erdmaGbps: 360, ackErdma: false, bareMetal: true, uefiImageRequired: true, maxEnis: 38, lowLatencyDeploymentSet: false, note: 'Invitational preview.' },
  'ecs.ebmgn8v.48xlarge': { chip: 'ALI-HOPPER-96', accelerators: 8, acceleratorMemoryGB: 96, vcpus: 192, memoryGiB: 1024, networkGbps: 170, erdma: true, erdmaGbps: 160, ackErdma: true, bareMetal: true, uefiImageRequired: true, maxEnis: 32, lowLatencyDeploymentSet: true, note: '85 Gbps x 2.' },
  'ecs.gn8v-tee.4xlarge': { chip: 'ALI-HOPPER-96', accelerators: 1, acceleratorMemoryGB: 96, vcpus: 16, memoryGiB: 96, networkGbps: 12, erdma: true, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 8, note: 'Confidential computing; Alibaba Cloud Linux 3 only; no vTPM; not supported by ACK.' },
  'ecs.gn8v-tee.6xlarge': { chip: 'ALI-HOPPER-96', accelerators: 1, acceleratorMemoryGB: 96, vcpus: 24, memoryGiB: 128, networkGbps: 15, erdma: true, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 8, note: 'Confidential computing; Alibaba Cloud Linux 3 only; no vTPM; not supported by ACK.' },
  'ecs.gn8v-tee-8x.16xlarge': { chip: 'ALI-HOPPER-96', accelerators: 8, acceleratorMemoryGB: 96, vcpus: 64, memoryGiB: 768, networkGbps: 32, erdma: true, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 8, note: 'Confidential computing; Alibaba Cloud Linux 3 only; no vTPM; not supported by ACK.' },
  'ecs.gn8v-tee-8x.48xlarge': { chip: 'ALI-HOPPER-96', accelerators: 8, acceleratorMemoryGB: 96, vcpus: 192, memoryGiB: 1024, networkGbps: 100, erdma: true, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 15, note: 'Confidential computing; Alibaba Cloud Linux 3 only; no vTPM; not supported by ACK.' },
  'ecs.gn8v.4xlarge': { chip: 'ALI-HOPPER-96', accelerators: 1, acceleratorMemoryGB: 96, vcpus: 16, memoryGiB: 96, networkGbps: 12, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: true, note: 'Ask sales; regional.' },
  'ecs.gn8v.6xlarge': { chip: 'ALI-HOPPER-96', accelerators: 1, acceleratorMemoryGB: 96, vcpus: 24, memoryGiB: 128, networkGbps: 15, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: true, note: 'Ask sales; regional.' },
  'ecs.gn8v-2x.8xlarge': { chip: 'ALI-HOPPER-96', accelerators: 2, acceleratorMemoryGB: 96, vcpus: 32, memoryGiB: 192, networkGbps: 20, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: true },
  'ecs.gn8v-2x.12xlarge': { chip: 'ALI-HOPPER-96', accelerators: 2, acceleratorMemoryGB: 96, vcpus: 48, memoryGiB: 256, networkGbps: 25, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: true },
  'ecs.gn8v-4x.8xlarge': { chip: 'ALI-HOPPER-96', accelerators: 4, acceleratorMemoryGB: 96, vcpus: 32, memoryGiB: 384, networkGbps: 20, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: true },
  'ecs.gn8v-4x.24xlarge': { chip: 'ALI-HOPPER-96', accelerators: 4, acceleratorMemoryGB: 96, vcpus: 96, memoryGiB: 512, networkGbps: 50, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 15, lowLatencyDeploymentSet: true },
  'ecs.gn8v-8x.16xlarge': { chip: 'ALI-HOPPER-96', accelerators: 8, acceleratorMemoryGB: 96, vcpus: 64, memoryGiB: 768, networkGbps: 32, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: true },
  'ecs.gn8v-8x.48xlarge': { chip: 'ALI-HOPPER-96', accelerators: 8, acceleratorMemoryGB: 96, vcpus: 192, memoryGiB: 1024, networkGbps: 100, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 15, lowLatencyDeploymentSet: true },
  'ecs.ebmgn8is.32xlarge': { chip: 'L20', accelerators: 8, acceleratorMemoryGB: 48, vcpus: 128, memoryGiB: 1024, networkGbps: 160, erdma: true, erdmaGbps: 160, ackErdma: true, bareMetal: true, uefiImageRequired: true, maxEnis: 32, lowLatencyDeploymentSet: false, note: '80 Gbps x 2; PCIe switch.' },
  'ecs.ebmgn8ia.64xlarge': { chip: 'L20', accelerators: 4, acceleratorMemoryGB: 48, vcpus: 256, memoryGiB: 1536, networkGbps: 160, erdma: true, erdmaGbps: 160, ackErdma: false, bareMetal: true, uefiImageRequired: true, maxEnis: 32, lowLatencyDeploymentSet: false, note: 'AMD host; 80 Gbps x 2.' },
  'ecs.gn8is.2xlarge': { chip: 'L20', accelerators: 1, acceleratorMemoryGB: 48, vcpus: 8, memoryGiB: 64, networkGbps: 8, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 4, lowLatencyDeploymentSet: false, note: 'PCIe only.' },
  'ecs.gn8is.4xlarge': { chip: 'L20', accelerators: 1, acceleratorMemoryGB: 48, vcpus: 16, memoryGiB: 128, networkGbps: 16, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: false, note: 'PCIe only.' },
  'ecs.gn8is-2x.8xlarge': { chip: 'L20', accelerators: 2, acceleratorMemoryGB: 48, vcpus: 32, memoryGiB: 256, networkGbps: 32, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: false, note: 'PCIe only.' },
  'ecs.gn8is-4x.16xlarge': { chip: 'L20', accelerators: 4, acceleratorMemoryGB: 48, vcpus: 64, memoryGiB: 512, networkGbps: 64, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: false, note: 'PCIe only.' },
  'ecs.gn8is-8x.32xlarge': { chip: 'L20', accelerators: 8, acceleratorMemoryGB: 48, vcpus: 128, memoryGiB: 1024, networkGbps: 100, erdma: true, ackErdma: true, bareMetal: false, uefiImageRequired: false, maxEnis: 15, lowLatencyDeploymentSet: false, note: 'PCIe only.' },
  'ecs.ebmgn7ex.32xlarge': { chip: 'A100-80', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 128, memoryGiB: 1024, networkGbps: 160, erdma: true, erdmaGbps: 160, ackErdma: false, bareMetal: true, uefiImageRequired: false, lowLatencyDeploymentSet: true, note: 'Two ERIs on different card indexes reach 160 Gbps; on the same index they do not. vCPU and memory assumed equal to ebmgn7e.', unverified: 'read (network); vCPU, memory, chip assumed' },
  'ecs.ebmgn7e.32xlarge': { chip: 'A100-80', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 128, memoryGiB: 1024, networkGbps: 64, erdma: false, ackErdma: false, bareMetal: true, uefiImageRequired: false, maxEnis: 32, lowLatencyDeploymentSet: false, note: 'MIG supported. Same NVLink warning as gn7e.', unverified: 'read; chip inferred' },
  'ecs.gn7e-c16g1.4xlarge': { chip: 'A100-80', accelerators: 1, acceleratorMemoryGB: 80, vcpus: 16, memoryGiB: 125, networkGbps: 8, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 80 GB with NVLink, A100 class. Use NVLink for heavy collectives: the page warns of data damage over PCIe.', unverified: 'read; chip inferred' },
  'ecs.gn7e-c16g1.8xlarge': { chip: 'A100-80', accelerators: 2, acceleratorMemoryGB: 80, vcpus: 32, memoryGiB: 250, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 80 GB with NVLink, A100 class. Use NVLink for heavy collectives: the page warns of data damage over PCIe.', unverified: 'read; chip inferred' },
  'ecs.gn7e-c16g1.16xlarge': { chip: 'A100-80', accelerators: 4, acceleratorMemoryGB: 80, vcpus: 64, memoryGiB: 500, networkGbps: 32, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 8, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 80 GB with NVLink, A100 class. Use NVLink for heavy collectives: the page warns of data damage over PCIe.', unverified: 'read; chip inferred' },
  'ecs.gn7e-c16g1.32xlarge': { chip: 'A100-80', accelerators: 8, acceleratorMemoryGB: 80, vcpus: 128, memoryGiB: 1000, networkGbps: 64, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, maxEnis: 16, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 80 GB with NVLink, A100 class. Use NVLink for heavy collectives: the page warns of data damage over PCIe.', unverified: 'read; chip inferred' },
  'ecs.gn7i-c8g1.2xlarge': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 8, memoryGiB: 30, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-c16g1.4xlarge': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 16, memoryGiB: 60, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-c32g1.8xlarge': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 32, memoryGiB: 188, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-c48g1.12xlarge': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 48, memoryGiB: 310, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-c56g1.14xlarge': { chip: 'A10', accelerators: 1, acceleratorMemoryGB: 24, vcpus: 56, memoryGiB: 346, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-2x.8xlarge': { chip: 'A10', accelerators: 2, acceleratorMemoryGB: 24, vcpus: 32, memoryGiB: 128, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-c32g1.16xlarge': { chip: 'A10', accelerators: 2, acceleratorMemoryGB: 24, vcpus: 64, memoryGiB: 376, networkGbps: 32, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-4x.8xlarge': { chip: 'A10', accelerators: 4, acceleratorMemoryGB: 24, vcpus: 32, memoryGiB: 128, networkGbps: 32, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-4x.16xlarge': { chip: 'A10', accelerators: 4, acceleratorMemoryGB: 24, vcpus: 64, memoryGiB: 256, networkGbps: 64, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-c32g1.32xlarge': { chip: 'A10', accelerators: 4, acceleratorMemoryGB: 24, vcpus: 128, memoryGiB: 752, networkGbps: 64, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-8x.16xlarge': { chip: 'A10', accelerators: 8, acceleratorMemoryGB: 24, vcpus: 64, memoryGiB: 256, networkGbps: 32, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7i-8x.32xlarge': { chip: 'A10', accelerators: 8, acceleratorMemoryGB: 24, vcpus: 128, memoryGiB: 512, networkGbps: 64, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false },
  'ecs.gn7-c12g1.3xlarge': { chip: 'A100-40', accelerators: 1, acceleratorMemoryGB: 40, vcpus: 12, memoryGiB: 94, networkGbps: 4, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 40 GB, A100 class.', unverified: 'read; chip inferred' },
  'ecs.gn7-c13g1.13xlarge': { chip: 'A100-40', accelerators: 4, acceleratorMemoryGB: 40, vcpus: 52, memoryGiB: 378, networkGbps: 16, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 40 GB, A100 class.', unverified: 'read; chip inferred' },
  'ecs.gn7-c13g1.26xlarge': { chip: 'A100-40', accelerators: 8, acceleratorMemoryGB: 40, vcpus: 104, memoryGiB: 756, networkGbps: 30, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'The page names no GPU: 40 GB, A100 class.', unverified: 'read; chip inferred' },
  'ecs.gn6i-c4g1.xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 4, memoryGiB: 15, networkGbps: 4, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
  'ecs.gn6i-c8g1.2xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 8, memoryGiB: 31, networkGbps: 5, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
  'ecs.gn6i-c16g1.4xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 16, memoryGiB: 62, networkGbps: 6, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
  'ecs.gn6i-c24g1.6xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 24, memoryGiB: 93, networkGbps: 7.5, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
  'ecs.gn6i-c40g1.10xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGB: 16, vcpus: 40, memoryGiB: 155, networkGbps: 10, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
  'ecs.gn6i-c24g1.12xlarge': { chip: 'T4', accelerators: 2, acceleratorMemoryGB: 16, vcpus: 48, memoryGiB: 186, networkGbps: 15, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
  'ecs.gn6i-c24g1.24xlarge': { chip: 'T4', accelerators: 4, acceleratorMemoryGB: 16, vcpus: 96, memoryGiB: 372, networkGbps: 30, erdma: false, ackErdma: false, bareMetal: false, uefiImageRequired: false, lowLatencyDeploymentSet: false, note: 'Availability deployment sets list gn6i among GPU families.' },
} as const satisfies Record<string, AlicloudMachineRow>;

/** The name of an Alibaba Cloud machine in the table, for example `ecs.ebmgn8v.48xlarge`. */
export type AlicloudMachineName = keyof typeof ALICLOUD_MACHINES;
