import type { PriceOverride } from '../catalog/price-override';
import type { Price } from '../catalog/price-of';
import type { Cloud, Machine } from '../catalog/machines';
import type { PriceMarket } from '../catalog/prices';
import type { Problem } from '../errors';
import type { Finding, FindingId } from '../findings';

/** What every plan takes. */
export interface PlanProps {
  readonly machine: Machine;
  /** How the nodes are bought. @default on-demand */
  readonly market?: PriceMarket;
  /** @default - the most usual region that has a price of the machine in that market */
  readonly region?: string;
  /** The parallel file system. @default - as fast and as large as the plan needs */
  readonly storage?: GivenStorage;
  /** Prices of the user's own, which come before the table. @default - none */
  readonly priceOverrides?: readonly PriceOverride[];
  /** The day that the plan is for, `2026-11-25`: the age of prices counts from it. */
  readonly asOf: string;
  /** Mean hours that one spot node lives. @default 5, of traces of 2022 and 2023: a shape, not a rate */
  readonly spotNodeLifeHours?: number;
}

/** A parallel file system as it is declared. */
export interface GivenStorage {
  readonly throughputMBps: number;
  readonly sizeGiB: number;
}

/** What cannot be: a check that fails. It throws where a construct declares it, and stands in the plan. */
export interface Contradiction extends Problem {
  readonly check: FindingId;
  /** The table row, limit or document behind it. */
  readonly evidence: string;
}

/** Runs of this very model, runs of its class, or none. */
export type PlanEvidence = 'measured' | 'modelled' | 'no measurement';

/** What a quarter of runs are worse than, and the middle. */
export interface PlanRange {
  readonly p25: number;
  readonly median: number;
}

/** What the plan runs on. */
export interface PlanCluster {
  readonly cloud: Cloud;
  readonly machine: string;
  readonly chip: string;
  readonly nodes: number;
  /** A slice of an accelerator counts as one. */
  readonly acceleratorsPerNode: number;
  readonly accelerators: number;
  readonly market: PriceMarket;
  /** @default - the table has no price of the machine anywhere, and none was given */
  readonly region?: string;
  readonly rdma: boolean;
  readonly fabricGbps?: number;
  readonly scaleUpDomain: number;
}

/** What a tier of a parallel file system would have to be. */
export interface PlanStorageTier {
  readonly service: string;
  readonly tier: string;
  readonly sizeGiB: number;
  readonly throughputMBps: number;
  /** What the size follows from. */
  readonly binds: 'capacity' | 'bandwidth';
  readonly usdPerMonth?: number;
  readonly priceConfidence?: string;
  readonly source: string;
}

/** What reading is told from: the likely rate of the job, what it reaches at most, or nothing, so that no reading is counted. */
export type ReadRate = 'median' | 'bound' | 'unknown';

/** What a job keeps, reads and writes. */
export interface PlanStorage {
  readonly heldGiB: number;
  readonly datasetGiB: number;
  readonly checkpointsGiB: number;
  readonly readMBps: number;
  readonly readRate: ReadRate;
  readonly writeMBps: number;
  readonly given?: GivenStorage;
  /** Tiers of the cloud that suffice, cheapest first, those without a price after them, in the order that prices like those of FSx would give. */
  readonly tiers: readonly PlanStorageTier[];
}

/** What one market asks for the nodes; without a price it says why. */
export interface MarketPrice {
  readonly market: PriceMarket;
  /** Whether the plan is for this market. */
  readonly chosen: boolean;
  readonly price?: Price;
  /** Why there is no price, or no cost. */
  readonly reason?: string;
  /** Of all nodes. */
  readonly usdPerHour?: number;
}

/** What every plan says. */
export interface PlanResult<Binding extends string> {
  readonly asOf: string;
  readonly cluster: PlanCluster;
  /** What to change first to get more, or to get it cheaper. */
  readonly binding: { readonly what: Binding; readonly why: string };
  /** What cannot be. */
  readonly contradictions: readonly Contradiction[];
  /** What is doubtful. */
  readonly findings: readonly Finding[];
}
