import type { GoogleMachineName } from './google-machines';

/** A GPU that Cloud Run supports. Each instance has one GPU. */
export interface CloudRunGpuRow {
  readonly title: string;
  /** The Compute Engine machine with one GPU of this type, whose figures apply. */
  readonly like: GoogleMachineName;
  /** Allowed numbers of vCPUs of an instance. */
  readonly vcpus: readonly number[];
  readonly memoryGiB: { readonly min: number; readonly max: number };
  /** Regions with this GPU. Those in `byInvitation` require an invitation. */
  readonly regions: readonly string[];
  readonly byInvitation: readonly string[];
  /** Driver version, and the newest CUDA version that it supports without a compatibility package. */
  readonly driver: string;
  readonly cuda: number;
  /** USD per second of the GPU alone, without zonal redundancy. @default - not found in a source */
  readonly usdPerSecond?: number;
  /** Values that were not read in a source. */
  readonly unverified: string;
}

/**
 * GPUs of Cloud Run. Sources, read 2026-11-26:
 * - docs.cloud.google.com run/docs/configuring/services/gpu and run/docs/configuring/workerpools/gpu: minimum cores and memory, regions, drivers
 * - a third party of 2026-04: price of an L4, which equals the price list of 2025
 */
export const CLOUD_RUN_GPUS = {
  'nvidia-l4': { title: 'NVIDIA L4', like: 'g2-standard-8', vcpus: [4, 6, 8], memoryGiB: { min: 16, max: 32 }, regions: ['asia-southeast1', 'asia-south1', 'europe-west1', 'europe-west4', 'us-central1', 'us-east4'], byInvitation: ['asia-south1', 'us-central1'], driver: '535', cuda: 12.2, usdPerSecond: 0.0001867, unverified: 'most cores and memory are those of every Cloud Run service' },
  'nvidia-rtx-pro-6000': { title: 'NVIDIA RTX PRO 6000', like: 'g4-standard-48', vcpus: [20, 22, 24, 26, 28, 30], memoryGiB: { min: 80, max: 176 }, regions: ['asia-southeast1', 'asia-south2', 'europe-west4', 'us-central1'], byInvitation: ['asia-south2'], driver: '580', cuda: 13, unverified: 'cores above 20 and memory above 80 GiB are recalled' },
} as const satisfies Record<string, CloudRunGpuRow>;


/**
 * Limits of Cloud Run for a service with a GPU. Sources:
 * - run/quotas and run/docs/configuring/request-timeout (3,600 s), about-concurrency (1,000)
 * - healthchecks (1,800 s for GPUs, periods up to 240 s), vpc-direct-vpc (1 Gbit/s)
 * - documentation of the provider, google 6.50.0: length of names
 */
export const CLOUD_RUN = {
  timeoutSeconds: 3600,
  concurrency: 1000,
  startupSeconds: 1800,
  /** Bandwidth of an instance through your VPC network. */
  directVpcGbps: 1,
  /** Plausible maximum: the quota of a project is far lower. */
  instances: 1000,
  maxNameLength: 49,
} as const;

/**
 * Prices of always-allocated cores and memory, which GPUs require, in tier 1 regions. Sources: cloud.google.com/run/pricing and
 * run/docs/locations.
 */
export const CLOUD_RUN_PRICES = {
  usdPerVcpuSecond: 0.000018,
  usdPerGiBSecond: 0.000002,
  tierOne: ['europe-west1', 'europe-west4', 'us-central1', 'us-east4'],
  date: '2026-04-30',
  text: 'cloud.google.com/run/pricing for cores and memory; a third party of 2026-04 for the GPU, without zonal redundancy',
} as const;
