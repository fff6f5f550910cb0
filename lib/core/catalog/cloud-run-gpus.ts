import type { GoogleMachineName } from './google-machines';

/** A GPU that Cloud Run attaches to an instance, one to each. */
export interface CloudRunGpuRow {
  readonly title: string;
  /** The machine of Compute Engine that has the same GPU once: its figures are those of the GPU. */
  readonly like: GoogleMachineName;
  /** Cores that an instance may have. */
  readonly vcpus: readonly number[];
  readonly memoryGiB: { readonly least: number; readonly most: number };
  /** Regions that have it, and those among them that let in who was invited. */
  readonly regions: readonly string[];
  readonly byInvitation: readonly string[];
  /** Driver, and the newest CUDA that it runs without a compatibility package. */
  readonly driver: string;
  readonly cuda: number;
  /** US dollars a second of the GPU alone, without a spare in another zone. @default - no source was read */
  readonly usdPerSecond?: number;
  /** What in this row was not read in a source. */
  readonly unverified: string;
}

/**
 * GPUs of Cloud Run.
 *
 * Sources: docs.cloud.google.com run/docs/configuring/services/gpu and run/docs/configuring/workerpools/gpu: least cores and memory, regions,
 * drivers; price of an L4 by a third party of 2026-04, which is what the price list said in 2025. Read 2026-11-26.
 */
export const CLOUD_RUN_GPUS = {
  'nvidia-l4': { title: 'NVIDIA L4', like: 'g2-standard-8', vcpus: [4, 6, 8], memoryGiB: { least: 16, most: 32 }, regions: ['asia-southeast1', 'asia-south1', 'europe-west1', 'europe-west4', 'us-central1', 'us-east4'], byInvitation: ['asia-south1', 'us-central1'], driver: '535', cuda: 12.2, usdPerSecond: 0.0001867, unverified: 'most cores and memory are those of every Cloud Run service' },
  'nvidia-rtx-pro-6000': { title: 'NVIDIA RTX PRO 6000', like: 'g4-standard-48', vcpus: [20, 22, 24, 26, 28, 30], memoryGiB: { least: 80, most: 176 }, regions: ['asia-southeast1', 'asia-south2', 'europe-west4', 'us-central1'], byInvitation: ['asia-south2'], driver: '580', cuda: 13, unverified: 'cores above 20 and memory above 80 GiB are recalled' },
} as const satisfies Record<string, CloudRunGpuRow>;

/** The name that Cloud Run gives a GPU. */
export type CloudRunGpuName = keyof typeof CLOUD_RUN_GPUS;

/**
 * What Cloud Run takes of a service with a GPU. Sources: run/quotas and run/docs/configuring/request-timeout (3,600 s), about-concurrency
 * (1,000), healthchecks (1,800 s for GPUs, periods up to 240 s), vpc-direct-vpc (1 Gbit/s); the length of names is the documentation of the provider, google 6.50.0.
 */
export const CLOUD_RUN = {
  timeoutSeconds: 3600,
  concurrency: 1000,
  startupSeconds: 1800,
  /** Of an instance through a network of yours. */
  directVpcGbps: 1,
  /** Most instances that anybody means: the quota of a project is far below. */
  instances: 1000,
  longestName: 49,
} as const;

/**
 * Prices of cores and memory that are always allocated, as GPUs demand, in regions of the first tier. Sources: cloud.google.com/run/pricing and
 * run/docs/locations.
 */
export const CLOUD_RUN_PRICES = {
  usdPerVcpuSecond: 0.000018,
  usdPerGiBSecond: 0.000002,
  tierOne: ['europe-west1', 'europe-west4', 'us-central1', 'us-east4'],
  date: '2026-04-30',
  text: 'cloud.google.com/run/pricing for cores and memory; a third party of 2026-04 for the GPU, without zonal redundancy',
} as const;
