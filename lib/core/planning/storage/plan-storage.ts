import type { Cloud } from '../../catalog/machines';
import { type StorageTier, storageTiers } from '../../catalog/storage-tiers';
import { monthlyStorageCost } from '../cost/plan-costs';
import type { DeclaredStorage, PlanStorage, PlanStorageTier, ReadRate } from '../plan';
import { storageSize, type StorageInput, tokenReadBandwidth } from './storage';

const GIB = 2 ** 30;
/** Bytes of a stored token ID: see `tokenReadBandwidth`. */
const BYTES_PER_TOKEN = tokenReadBandwidth(1);
const CHECKPOINTS_KEPT = 3;

/** The data of a job, and its rates. */
export interface StorageNeed {
  readonly tokens: number;
  readonly checkpointBytes: number;
  readonly tokensPerSecond: number;
  /** Basis of `tokensPerSecond`. @default median */
  readonly readRate?: ReadRate;
  readonly writeBytesPerSecond: number;
}

/** Returns the storage requirements of a job, and the tiers of the cloud that meet them. */
export function storageOf(cloud: Cloud, need: StorageNeed, declared?: DeclaredStorage): PlanStorage {
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
    ...(declared && { given: { throughputMBps: declared.throughputMBps, sizeGiB: declared.sizeGiB } }),
    tiers: storageTiers(cloud)
      .flatMap((tier) => tierFor(tier, input) ?? [])
      .sort((a, b) => (a.usdPerMonth ?? Infinity) - (b.usdPerMonth ?? Infinity) || likelyCost(a) - likelyCost(b)),
  };
}

const FSX = storageTiers('aws');
const [SLOWEST, FASTEST] = [FSX[0]!, FSX.at(-1)!];

/** The price of a GiB grows with this power of its throughput. For FSx for Lustre, it is four times as high for eight times the throughput. */
const PRICE_POWER =
  Math.log(FASTEST.usdPerGBMonth! / SLOWEST.usdPerGBMonth!) / Math.log(FASTEST.MBpsPerTiB / SLOWEST.MBpsPerTiB);

/** Returns a value to sort tiers without a price by. It is not a price. The slowest tier has the largest steps and is rarely the cheapest. */
function likelyCost({ sizeGiB, throughputMBps }: PlanStorageTier): number {
  return sizeGiB * (throughputMBps / sizeGiB) ** PRICE_POWER;
}

/** The largest documented size of all services, which is the limit for services without a documented maximum. */
const LARGEST_GIB = Math.max(...storageTiers().map(({ largestGiB = 0 }) => largestGiB));

/** Returns the smallest size of a tier that meets the requirements, or `undefined` if its largest size does not. */
function tierFor(tier: StorageTier, input: StorageInput): PlanStorageTier | undefined {
  const { largestMBps = Infinity } = tier;
  if (Math.max(input.readBytesPerSecond ?? 0, input.writeBytesPerSecond ?? 0) > largestMBps * 1e6) return undefined;
  const { binds, bytes } = storageSize(input, (tier.MBpsPerTiB * 1024) / tier.gibPerTiB);
  const sizeGiB = onGrid(tier, bytes / GIB);
  if (sizeGiB > (tier.largestGiB ?? LARGEST_GIB)) return undefined;
  return {
    service: tier.service,
    tier: tier.name,
    sizeGiB,
    throughputMBps: Math.min((sizeGiB / tier.gibPerTiB) * tier.MBpsPerTiB, largestMBps),
    binds,
    ...(tier.usdPerGBMonth !== undefined && { usdPerMonth: monthlyStorageCost(sizeGiB * GIB, tier.usdPerGBMonth) }),
    ...(tier.priceConfidence !== undefined && { priceConfidence: tier.priceConfidence }),
    source: tier.source,
  };
}

/** Rounds up to a size that the service sells. */
function onGrid({ smallestGiB = 0, stepGiB = 1, coarse }: StorageTier, gib: number): number {
  if (gib <= smallestGiB) return smallestGiB;
  const fine = Math.ceil(gib / stepGiB) * stepGiB;
  return coarse && fine > coarse.aboveGiB ? Math.ceil(gib / coarse.stepGiB) * coarse.stepGiB : fine;
}
