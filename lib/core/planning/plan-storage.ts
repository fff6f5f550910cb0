import type { Cloud } from '../catalog/machines';
import { type StorageTier, storageTiers } from '../catalog/storage-tiers';
import { monthlyStorageCost } from './cost';
import type { GivenStorage, PlanStorage, PlanStorageTier, ReadRate } from './plan';
import { storageSize, type StorageInput, tokenReadBandwidth } from './storage';

const GIB = 2 ** 30;
/** Bytes of a token id as it is stored: see `tokenReadBandwidth`. */
const BYTES_PER_TOKEN = tokenReadBandwidth(1);
const CHECKPOINTS_KEPT = 3;

/** What is kept and moved. */
export interface StorageNeed {
  readonly tokens: number;
  readonly checkpointBytes: number;
  readonly tokensPerSecond: number;
  /** What the tokens a second are. @default median */
  readonly readRate?: ReadRate;
  readonly writeBytesPerSecond: number;
}

/** What a job needs of a parallel file system, and the tiers of the cloud that give it. */
export function storageOf(cloud: Cloud, need: StorageNeed, given?: GivenStorage): PlanStorage {
  const datasetBytes = need.tokens * BYTES_PER_TOKEN;
  const checkpoints = CHECKPOINTS_KEPT * need.checkpointBytes;
  const readBytesPerSecond = tokenReadBandwidth(need.tokensPerSecond);
  const input: StorageInput = {
    datasetBytes,
    checkpointBytes: need.checkpointBytes,
    checkpointsKept: CHECKPOINTS_KEPT,
    readBytesPerSecond,
    writeBytesPerSecond: need.writeBytesPerSecond,
  };
  return {
    heldGiB: (datasetBytes + checkpoints) / GIB,
    datasetGiB: datasetBytes / GIB,
    checkpointsGiB: checkpoints / GIB,
    readMBps: readBytesPerSecond / 1e6,
    readRate: need.readRate ?? 'median',
    writeMBps: need.writeBytesPerSecond / 1e6,
    ...(given && { given: { throughputMBps: given.throughputMBps, sizeGiB: given.sizeGiB } }),
    tiers: storageTiers(cloud)
      .flatMap((tier) => tierFor(tier, input) ?? [])
      .sort((a, b) => (a.usdPerMonth ?? Infinity) - (b.usdPerMonth ?? Infinity) || likelyCost(a) - likelyCost(b)),
  };
}

const FSX = storageTiers('aws');
const [SLOWEST, FASTEST] = [FSX[0]!, FSX.at(-1)!];

/** By which power of its throughput the price of a GiB rises: as FSx for Lustre has it, four times for eight times as many MB/s a TiB. */
const PRICE_POWER =
  Math.log(FASTEST.usdPerGBMonth! / SLOWEST.usdPerGBMonth!) / Math.log(FASTEST.MBpsPerTiB / SLOWEST.MBpsPerTiB);

/** What orders tiers without a price: no amount of money. The slowest tier comes in the largest pieces, and is rarely the cheapest. */
function likelyCost({ sizeGiB, throughputMBps }: PlanStorageTier): number {
  return sizeGiB * (throughputMBps / sizeGiB) ** PRICE_POWER;
}

/** The largest size that any of the services documents: where one documents none, none larger is taken for real. */
const LARGEST_GIB = Math.max(...storageTiers().map(({ largestGiB = 0 }) => largestGiB));

/** The smallest size of a tier that suffices; nothing where its largest does not. */
function tierFor(tier: StorageTier, input: StorageInput): PlanStorageTier | undefined {
  const { binds, bytes } = storageSize(input, (tier.MBpsPerTiB * 1024) / tier.gibPerTiB);
  const sizeGiB = onGrid(tier, bytes / GIB);
  if (sizeGiB > (tier.largestGiB ?? LARGEST_GIB)) return undefined;
  return {
    service: tier.service,
    tier: tier.name,
    sizeGiB,
    throughputMBps: (sizeGiB / tier.gibPerTiB) * tier.MBpsPerTiB,
    binds,
    ...(tier.usdPerGBMonth !== undefined && { usdPerMonth: monthlyStorageCost(sizeGiB * GIB, tier.usdPerGBMonth) }),
    ...(tier.priceConfidence !== undefined && { priceConfidence: tier.priceConfidence }),
    source: tier.source,
  };
}

/** The next size that the service sells. */
function onGrid({ smallestGiB = 0, stepGiB = 1, coarse }: StorageTier, gib: number): number {
  if (gib <= smallestGiB) return smallestGiB;
  const fine = Math.ceil(gib / stepGiB) * stepGiB;
  return coarse && fine > coarse.aboveGiB ? Math.ceil(gib / coarse.stepGiB) * coarse.stepGiB : fine;
}
