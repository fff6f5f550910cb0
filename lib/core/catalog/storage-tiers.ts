import { FSX_LUSTRE } from './fsx-lustre';
import type { Cloud } from './machines';

/** A throughput tier of a managed parallel file system. An absent figure is unknown, never zero. */
export interface StorageTier {
  readonly cloud: Cloud;
  readonly service: string;
  /** The value that the service takes for the tier. */
  readonly name: string;
  /** MB/s for each TiB of size. */
  readonly MBpsPerTiB: number;
  /** What the service counts as a TiB when it multiplies. */
  readonly gibPerTiB: 1000 | 1024;
  readonly smallestGiB?: number;
  /** Sizes are `smallestGiB` and the multiples of this, up to where it gets coarse. */
  readonly stepGiB?: number;
  /** Above this size, sizes are multiples of another step. */
  readonly coarse?: { readonly aboveGiB: number; readonly stepGiB: number };
  /** The largest size that is documented. */
  readonly largestGiB?: number;
  /** List price, us-east-1 or its like. */
  readonly usdPerGBMonth?: number;
  readonly priceConfidence?: 'secondary' | 'recalled';
  readonly source: string;
  /** What of the size or the throughput was not read in a source. @default - all of it was read */
  readonly unverified?: string;
}

const GOOGLE = { cloud: 'google', service: 'Managed Lustre', gibPerTiB: 1000, source: 'docs.cloud.google.com managed-lustre, performance-tiers and create-instance' } as const;
const AZURE = { cloud: 'azure', service: 'Azure Managed Lustre', gibPerTiB: 1024, source: 'Azure/cyclecloud-slurm-workspace bicep/amlfs.bicep, MicrosoftDocs/azure-stack-docs azure-managed-lustre', unverified: 'the largest size is of a page of 2023; larger ones by support ticket' } as const;
const CPFS = { cloud: 'alicloud', service: 'CPFS', gibPerTiB: 1024, source: 'aliyun/terraform-provider-alicloud, nas_file_system', unverified: 'smallest size and step were not found' } as const;

// Read 2026-11. Whether Google counts 1000 or 1024 GiB as a TiB is deduced from its size steps, which are multiples of 9000 GiB.
const ELSEWHERE: readonly StorageTier[] = [
  { ...GOOGLE, name: '25-dynamic', MBpsPerTiB: 25, smallestGiB: 472_000, stepGiB: 472_000, largestGiB: 84_016_000, unverified: 'the step is taken equal to the smallest size' },
  { ...GOOGLE, name: '125', MBpsPerTiB: 125, smallestGiB: 72_000, stepGiB: 72_000, largestGiB: 12_240_000 },
  { ...GOOGLE, name: '250', MBpsPerTiB: 250, smallestGiB: 36_000, stepGiB: 36_000, coarse: { aboveGiB: 6_120_000, stepGiB: 288_000 }, largestGiB: 40_032_000 },
  { ...GOOGLE, name: '500', MBpsPerTiB: 500, smallestGiB: 18_000, stepGiB: 18_000, coarse: { aboveGiB: 3_060_000, stepGiB: 144_000 }, largestGiB: 20_016_000 },
  { ...GOOGLE, name: '1000', MBpsPerTiB: 1000, smallestGiB: 9_000, stepGiB: 9_000, coarse: { aboveGiB: 1_530_000, stepGiB: 72_000 }, largestGiB: 10_008_000 },
  { ...AZURE, name: 'AMLFS-Durable-Premium-40', MBpsPerTiB: 40, smallestGiB: 48 * 1024, stepGiB: 48 * 1024, largestGiB: 768 * 1024 },
  { ...AZURE, name: 'AMLFS-Durable-Premium-125', MBpsPerTiB: 125, smallestGiB: 16 * 1024, stepGiB: 16 * 1024, largestGiB: 128 * 1024 },
  { ...AZURE, name: 'AMLFS-Durable-Premium-250', MBpsPerTiB: 250, smallestGiB: 8 * 1024, stepGiB: 8 * 1024, largestGiB: 128 * 1024 },
  { ...AZURE, name: 'AMLFS-Durable-Premium-500', MBpsPerTiB: 500, smallestGiB: 4 * 1024, stepGiB: 4 * 1024, largestGiB: 128 * 1024 },
  { ...CPFS, name: 'advance_100', MBpsPerTiB: 100 },
  { ...CPFS, name: 'advance_200', MBpsPerTiB: 200 },
];

// The size grid stands in fsx-lustre.ts. Prices: us-east-1; 0.145 corroborated by a third-party cost page, the others recalled.
const FSX_USD_PER_GB_MONTH = {
  125: { usdPerGBMonth: 0.145, priceConfidence: 'secondary' },
  250: { usdPerGBMonth: 0.21, priceConfidence: 'recalled' },
  500: { usdPerGBMonth: 0.34, priceConfidence: 'recalled' },
  1000: { usdPerGBMonth: 0.6, priceConfidence: 'recalled' },
} as const;

/** The throughput tiers of the parallel file systems, of one cloud or of all, slowest first in each. */
export function storageTiers(cloud?: Cloud): readonly StorageTier[] {
  const fsx = FSX_LUSTRE.tiers.map(({ throughputMBpsPerTiB }): StorageTier => ({
    cloud: 'aws',
    service: 'FSx for Lustre PERSISTENT_2 SSD',
    name: String(throughputMBpsPerTiB),
    MBpsPerTiB: throughputMBpsPerTiB,
    gibPerTiB: FSX_LUSTRE.gibPerTiB,
    smallestGiB: FSX_LUSTRE.smallestGiB,
    stepGiB: FSX_LUSTRE.stepGiB,
    ...FSX_USD_PER_GB_MONTH[throughputMBpsPerTiB],
    source: 'FSx for Lustre guide, managing-throughput-capacity',
  }));
  const tiers = [...fsx, ...ELSEWHERE];
  return cloud === undefined ? tiers : tiers.filter((tier) => tier.cloud === cloud);
}
