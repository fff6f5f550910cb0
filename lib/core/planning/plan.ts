import type { Prices } from '../catalog/own-prices';
import type { Price } from '../catalog/price-of';
import type { Cloud, Machine } from '../catalog/machines';
import type { PriceMarket } from '../catalog/prices';
import type { Problem } from '../errors';
import type { Finding, FindingId } from '../findings';

/** Properties that all plans have in common. */
export interface PlanProps {
  /** Machine type of the nodes, for example `machineNamed('aws', 'p5.48xlarge')`. */
  readonly machine: Machine;
  /** Purchase option of the nodes. @default on-demand */
  readonly market?: PriceMarket;
  /** Region of the nodes. @default - a large region that has a price of the machine in that market */
  readonly region?: string;
  /** Parallel file system. @default - as fast and as large as the workload requires */
  readonly storage?: DeclaredStorage;
  /** Your own prices, and the day that the age of a price is counted from. @default - the prices of the table, as of its newest price */
  readonly prices?: Prices;
  /** Mean hours from start to loss of a spot node. The default is from traces of 2022 and 2023: a shape, not a rate. @default 5 */
  readonly spotNodeLifeHours?: number;
}

/** A parallel file system with known throughput and size. */
export interface DeclaredStorage {
  /** Throughput in MB/s. */
  readonly throughputMBps: number;
  /** Size in GiB. */
  readonly sizeGiB: number;
}

/** A failed check: the workload cannot run as planned. The plan lists it. A construct throws it. */
export interface Contradiction extends Problem {
  /** ID of the check. */
  readonly check: FindingId;
  /** The table row, limit or document that the check is based on. */
  readonly evidence: string;
}

/** Basis of a prediction: published runs of the same model, of the same class (chip, precision and kind of model), or no runs. */
export type PlanEvidence = 'measured' | 'modelled' | 'no measurement';

/** A predicted range. */
export interface PlanRange {
  /** The pessimistic end: a quarter of comparable runs are worse. */
  readonly p25: number;
  /** The median of comparable runs. */
  readonly median: number;
}

/** The nodes of a plan. */
export interface PlanCluster {
  /** Cloud of the nodes. */
  readonly cloud: Cloud;
  /** Machine type. */
  readonly machine: string;
  /** Accelerator chip. */
  readonly chip: string;
  /** Number of nodes. */
  readonly nodes: number;
  /** Accelerators per node. A slice of an accelerator counts as one. */
  readonly acceleratorsPerNode: number;
  /** Total number of accelerators. */
  readonly accelerators: number;
  /** Purchase option of the nodes. */
  readonly market: PriceMarket;
  /** Region of the nodes. @default - not set, and no region has a price of the machine */
  readonly region?: string;
  /** Whether nodes communicate over RDMA. */
  readonly rdma: boolean;
  /** Bandwidth of a node to other nodes, in Gbps. @default - unknown */
  readonly fabricGbps?: number;
  /** Number of accelerators in one scale-up domain. */
  readonly scaleUpDomain: number;
}

/** A file system of one tier that meets the requirements of a job. */
export interface PlanStorageTier {
  /** Name of the service. */
  readonly service: string;
  /** Name of the tier. */
  readonly tier: string;
  /** Required size in GiB, as the service sells it. */
  readonly sizeGiB: number;
  /** Throughput of that size, in MB/s. */
  readonly throughputMBps: number;
  /** Whether the data or the required bandwidth determines the size. */
  readonly binds: 'capacity' | 'bandwidth';
  /** Cost in USD per month. @default - the price is unknown */
  readonly usdPerMonth?: number;
  /** How reliable the price is. @default - the price is unknown */
  readonly priceConfidence?: string;
  /** Source of the figures. */
  readonly source: string;
}

/** Basis of a read rate: the median speed of the job, its upper bound, or unknown. An unknown rate counts as 0. */
export type ReadRate = 'median' | 'bound' | 'unknown';

/** Storage requirements of a job. */
export interface PlanStorage {
  /** Size of the dataset and the checkpoints, in GiB. */
  readonly heldGiB: number;
  /** Size of the dataset, in GiB. */
  readonly datasetGiB: number;
  /** Size of three checkpoints, in GiB. */
  readonly checkpointsGiB: number;
  /** Read throughput of the dataset, in MB/s. */
  readonly readMBps: number;
  /** Basis of the read throughput. */
  readonly readRate: ReadRate;
  /** Write throughput of the checkpoints, in MB/s. */
  readonly writeMBps: number;
  /** The file system in the props. @default - no file system was declared */
  readonly given?: DeclaredStorage;
  /** Tiers of the cloud that meet the requirements, cheapest first. Tiers without a price follow, by the price that FSx would have. */
  readonly tiers: readonly PlanStorageTier[];
}

/** Price of all nodes in one market. */
export interface MarketPrice {
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Whether the plan uses this market. */
  readonly chosen: boolean;
  /** Price of one node. @default - unknown, see `reason` */
  readonly price?: Price;
  /** Reason for a missing price or cost. @default - price and cost are known */
  readonly reason?: string;
  /** Price of all nodes, in USD per hour. @default - unknown, see `reason` */
  readonly usdPerHour?: number;
}

/** Results that all plans have in common. */
export interface PlanResult<Binding extends string> {
  /** Day that the age of prices is counted from, as `YYYY-MM-DD`. */
  readonly asOf: string;
  /** The nodes. */
  readonly cluster: PlanCluster;
  /** The tightest limit: change it first to get more throughput or a lower cost. */
  readonly binding: { readonly what: Binding; readonly why: string };
  /** Failed checks. Without any, the plan is possible. */
  readonly contradictions: readonly Contradiction[];
  /** Warnings and advice. */
  readonly findings: readonly Finding[];
}
