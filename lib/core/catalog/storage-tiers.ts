import { FSX_LUSTRE } from './fsx-lustre';
import type { Cloud } from './machines';

/** A throughput tier of a managed parallel file system. An absent figure is unknown, never zero. */
export interface StorageTier {
  /** Cloud of the service. */
  readonly cloud: Cloud;
  /** Name of the service. */
  readonly service: string;
  /** Name of the tier, as the service writes it. */
  readonly name: string;
  /** Throughput per TiB of size, in MB/s. */
  readonly MBpsPerTiB: number;
  /** GiB that the service counts as one TiB in that product. */
  readonly gibPerTiB: 1000 | 1024;
  /** Minimum size in GiB. @default - unknown */
  readonly smallestGiB?: number;
  /** Larger sizes are multiples of this, in GiB, up to `coarse.aboveGiB`. @default - unknown */
  readonly stepGiB?: number;
  /** Step of sizes above `aboveGiB`, in GiB. @default - `stepGiB` for every size */
  readonly coarse?: { readonly aboveGiB: number; readonly stepGiB: number };
  /** Maximum documented size in GiB. @default - unknown */
  readonly largestGiB?: number;
  /** Maximum throughput of a file system, in MB/s. A larger size is not faster. @default - `largestGiB` limits it */
  readonly largestMBps?: number;
  /** Maximum throughput of one client, in MB/s. @default - no limit was found */
  readonly clientMBps?: number;
  /** List price in USD per GB and month, in us-east-1 or a comparable region. @default - unknown */
  readonly usdPerGBMonth?: number;
  /** How reliable the price is. @default - no price */
  readonly priceConfidence?: 'secondary' | 'recalled';
  /** Source of the figures. */
  readonly source: string;
  /** Sizes or throughputs that were not read in a source. @default - every value was read */
  readonly unverified?: string;
}

const GOOGLE = { cloud: 'google', service: 'Managed Lustre', gibPerTiB: 1000, source: 'docs.cloud.google.com managed-lustre, performance-tiers and create-instance' } as const;
const AZURE = { cloud: 'azure', service: 'Azure Managed Lustre', gibPerTiB: 1024, source: 'Azure/cyclecloud-slurm-workspace bicep/amlfs.bicep, MicrosoftDocs/azure-stack-docs azure-managed-lustre', unverified: 'the maximum size is from a page of 2023; larger sizes need a support ticket' } as const;
const CPFS = { cloud: 'alicloud', service: 'CPFS', gibPerTiB: 1024, smallestGiB: 3_600, stepGiB: 1_200, largestGiB: 1_047_600, largestMBps: 20_000, clientMBps: 600, source: 'www.alibabacloud.com/help/en/cpfs: product specifications, scale-up a file system, protocol service', unverified: 'the minimum size is from the examples of aliyun/terraform-provider-alicloud' } as const;

// CPFS: throughput over NFS with the protocol service General, which is how Kubernetes mounts it. One in Ulanqab grows in steps of 2400 GiB.
// Read 2026-11. That Google counts 1000 GiB as a TiB is deduced from its size steps, which are multiples of 9000 GiB.
const ELSEWHERE: readonly StorageTier[] = [
  { ...GOOGLE, name: '25-dynamic', MBpsPerTiB: 25, smallestGiB: 472_000, stepGiB: 472_000, largestGiB: 84_016_000, unverified: 'the step is assumed equal to the minimum size' },
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

// The size grid is in fsx-lustre.ts. Prices: us-east-1; 0.145 corroborated by a third-party cost page, the others recalled.
const FSX_USD_PER_GB_MONTH = {
  125: { usdPerGBMonth: 0.145, priceConfidence: 'secondary' },
  250: { usdPerGBMonth: 0.21, priceConfidence: 'recalled' },
  500: { usdPerGBMonth: 0.34, priceConfidence: 'recalled' },
  1000: { usdPerGBMonth: 0.6, priceConfidence: 'recalled' },
} as const;

/** Returns the throughput tiers of one cloud or of all clouds, the slowest tier of each service first. */
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
