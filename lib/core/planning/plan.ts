import type { Prices } from '../catalog/price-override';
import type { Price } from '../catalog/price-of';
import { type Cloud, type Machine, CLOUDS } from '../catalog/machines';
import type { PriceMarket } from '../catalog/prices';
import type { Problem, ProblemCollector } from '../errors';
import type { Finding, FindingId } from '../findings';
import { CHIPS } from '../catalog/chips';
import { isPositive } from '../workload/guards';
import { MARKETS } from './cost/plan-market';
import { PRICES } from '../prop-schemas';
import type { ModelSpec } from '../workload/model-spec';
import type { ModelShape } from './memory/model-shape';

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

/**
 * Basis of a prediction: published runs of the same model, of its class (chip, precision and kind of model), or of the nearest classes.
 * `no measurement`: the peak of the chip is unknown, so there is no prediction.
 */
export type PlanEvidence = 'measured' | 'modelled' | 'nearest' | 'no measurement';

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
  /** Assumed mean hours from start to loss of a node. @default - not on spot, or not a training job */
  readonly spotNodeLifeHours?: number;
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

/** Basis of a read rate: the median speed of the job, or unknown. An unknown rate counts as 0. */
export type ReadRate = 'median' | 'unknown';

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

/** Adds a problem for each invalid prop that all plans have in common. */
export function checkPlanProps(problems: ProblemCollector, props: PlanProps): void {
  const { market, region, storage, prices, spotNodeLifeHours } = props;
  checkMachine(problems, props.machine);
  if (market !== undefined && !MARKETS.includes(market)) {
    problems.add(invalid('market', `one of ${MARKETS.join(', ')}`, market));
  }
  if (region !== undefined && (typeof region !== 'string' || region === '')) {
    problems.add(invalid('region', 'the name of a region', region));
  }
  if (storage !== undefined) checkStorage(problems.within('storage'), storage);
  PRICES.validate(problems, 'prices', prices);
  if (spotNodeLifeHours !== undefined && !isWithin(spotNodeLifeHours, 0.01, 1e6)) {
    problems.add(invalid('spotNodeLifeHours', 'from 0.01 to 1,000,000 hours', spotNodeLifeHours));
  }
}

/** Adds a problem unless a number is a whole number from 1 to 1,000,000. An optional number can be undefined. */
export function checkCount(problems: ProblemCollector, prop: string, value: unknown, required: boolean): void {
  if (value === undefined && !required) return;
  if (Number.isInteger(value) && isWithin(value, 1, 1e6)) return;
  problems.add(invalid(prop, 'a whole number from 1 to 1,000,000', value));
}

function checkMachine(problems: ProblemCollector, machine: Machine): void {
  if (typeof machine !== 'object' || machine === null) {
    problems.add(
      invalid('machine', "a machine of the catalog, for example machineNamed('aws', 'p5.48xlarge')", machine),
    );
    return;
  }
  const within = problems.within('machine');
  const { cloud, name, chip, accelerators, acceleratorMemoryGiB, scaleUpDomain, rdma, fabricGbps } = machine;
  if (!CLOUDS.includes(cloud)) within.add(invalid('cloud', `one of ${CLOUDS.join(', ')}`, cloud));
  if (typeof name !== 'string' || name === '') within.add(invalid('name', 'the name of the machine', name));
  if (typeof chip !== 'string' || !Object.hasOwn(CHIPS, chip)) {
    within.add(invalid('chip', 'the name of a chip in the catalog', chip));
  }
  const whole = Number.isInteger(accelerators) || (isPositive(accelerators) && accelerators < 1);
  if (!whole || !isWithin(accelerators, 1e-3, 1e5)) {
    within.add(invalid('accelerators', 'a whole number of at least 1, or the fraction of a slice', accelerators));
  }
  if (!isWithin(acceleratorMemoryGiB, 1e-3, 1e6)) {
    within.add(invalid('acceleratorMemoryGiB', 'greater than 0', acceleratorMemoryGiB));
  }
  if (!isWithin(scaleUpDomain, 1, 1e6)) within.add(invalid('scaleUpDomain', 'at least 1', scaleUpDomain));
  if (typeof rdma !== 'boolean') within.add(invalid('rdma', 'true or false', rdma));
  if (fabricGbps !== undefined && !isWithin(fabricGbps, 0, 1e9)) {
    within.add(invalid('fabricGbps', 'at least 0', fabricGbps));
  }
}

function checkStorage(problems: ProblemCollector, storage: PlanProps['storage']): void {
  const { throughputMBps, sizeGiB }: Partial<NonNullable<PlanProps['storage']>> = storage ?? {};
  if (!isWithin(throughputMBps, 1e-3, 1e12)) {
    problems.add(invalid('throughputMBps', 'greater than 0', throughputMBps));
  }
  if (!isWithin(sizeGiB, 1e-3, 1e12)) problems.add(invalid('sizeGiB', 'greater than 0', sizeGiB));
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Creates a problem with the input of a plan. */
export function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PlanInvalid', prop, allowed, got, fix: 'Correct the value, or leave it out if it is optional.' };
}

/** Converts a model to the shape that the planner uses. */
export function shapeOf(model: ModelSpec): ModelShape {
  const { layers, globalLayers, hidden, heads, kvHeads, headDim, mla, vocabulary, parameters, activeParameters } =
    model;
  const { publishedWeightBytes, moe } = model;
  const latent = mla && {
    latentKv: mla.kvLoraRank + mla.qkRopeHeadDim,
    // Queries are multiplied with keys over their full dimension, and weights with values over the dimension of a value.
    attentionWidth: (heads * (mla.qkNopeHeadDim + mla.qkRopeHeadDim + mla.vHeadDim)) / 2,
  };
  return {
    layers,
    ...(globalLayers !== layers && { globalLayers }),
    hidden,
    heads,
    kvHeads,
    headDim,
    ...latent,
    vocabulary,
    parameters,
    activeParameters,
    ...(moe && {
      experts: {
        parameters: model.count.routedExperts,
        active: moe.activeExperts,
        count: moe.experts,
        width: moe.expertIntermediate,
      },
    }),
    ...(publishedWeightBytes !== undefined && { publishedWeightBytes }),
  };
}
