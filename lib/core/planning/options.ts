import { checkPropNames } from '../prop-schema';
import { type Cloud, type Machine, allMachines, CLOUDS } from '../catalog/machines';
import type { Prices } from '../catalog/price-override';
import type { PriceMarket } from '../catalog/prices';
import { ProblemCollector } from '../errors';
import type { ServingLoad } from '../workload/serving-load';
import type { TrainingJob } from '../workload/training-job';
import { trainingCandidates } from './options-training';
import { type PlanEvidence, invalid } from './plan';
import type { PlanRange } from './range';
import { marketPrice, MARKETS, regionsOf } from './cost/plan-market';
import { isServingLoad } from './serving/plan-serving';
import { servingCandidates } from './serving/serving-candidates';
import { isTrainingJob } from './plan-training';
import { OPTIONS_PROPS, PRICES } from '../prop-schemas';

/** Properties for `optionsFor`. */
export interface OptionsProps {
  /** Clouds to search. @default - all clouds */
  readonly clouds?: readonly Cloud[];
  /** Purchase options to search. @default - on-demand and spot */
  readonly markets?: readonly PriceMarket[];
  /** Regions to search. @default - every region that has a price */
  readonly regions?: readonly string[];
  /** Your own prices, and the day that the age of a price is counted from. @default - the prices of the table, as of its newest price */
  readonly prices?: Prices;
  /** Order of the options. @default cost */
  readonly rankBy?: 'cost' | 'time';
}

/** A machine that can run the workload, in one market of one region. */
export interface Option {
  /** Cloud of the machine. */
  readonly cloud: Cloud;
  /** Machine type. */
  readonly machine: string;
  /** Accelerator chip. */
  readonly chip: string;
  /** Number of nodes. */
  readonly nodes: number;
  /** Total number of accelerators. */
  readonly accelerators: number;
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Region of the machines. */
  readonly region: string;
  /** Region that the price was listed for, if none is listed for `region`. @default - `region` */
  readonly priceRegion?: string;
  /** Basis of the prediction. */
  readonly evidence: PlanEvidence;
  /** Price of all nodes, in USD per hour. */
  readonly usdPerHour: number;
  /** Seconds of a training job. @default - the peak of the chip is unknown, or a serving load */
  readonly seconds?: PlanRange;
  /** Cost of a training job, or of a month of serving, in USD. @default - the peak of the chip is unknown */
  readonly usd?: PlanRange;
  /**
   * Seconds to write a checkpoint on spot, to a file system of 1200 GiB per node. Its price is not included.
   *
   * @default - not on spot, or not a training job
   */
  readonly checkpointWriteSeconds?: number;
  /** Used share of the memory of an accelerator. */
  readonly memoryUsed: number;
  /** How the workload is split over the accelerators. */
  readonly layout: string;
  /**
   * Whether the experts of a replica are distributed over many nodes, with separate accelerators for prompts. No construct deploys such
   * replicas.
   *
   * @default - isolated replicas, or a training job
   */
  readonly wideExperts?: boolean;
  /** Whether the price is older than 90 days, or undated. */
  readonly stale: boolean;
}

/** A machine that cannot run the workload, and the reason. */
export interface Refusal {
  /** Cloud of the machine. */
  readonly cloud: Cloud;
  /** Machine type. */
  readonly machine: string;
  /** Reason, as a sentence. */
  readonly reason: string;
}

/** Options for a workload. */
export interface Options {
  /** Machines that can run the workload, best first. Machines without an estimate come last. */
  readonly ranked: readonly Option[];
  /** Machines that cannot run the workload, or have no price. */
  readonly refused: readonly Refusal[];
}

/** The size of a workload on a machine, before prices. */
export interface Candidate extends Pick<
  Option,
  'nodes' | 'accelerators' | 'evidence' | 'memoryUsed' | 'layout' | 'wideExperts'
> {
  /** Returns time and cost in a market, or the reason why the workload cannot run in it. */
  readonly inMarket: (market: PriceMarket, usdPerHour: number) => Estimate | string;
}

/** The values that depend on the market. */
export type Estimate = Pick<Option, 'seconds' | 'usd' | 'checkpointWriteSeconds'>;

/** Returns the sizes of a workload on a machine, or the reason why it cannot run there. */
export type CandidateFinder = (machine: Machine) => readonly Candidate[] | string;

/**
 * Ranks the machines that can run a workload, and gives the reason for each machine that cannot.
 *
 * @throws AiInfraError for invalid props, with code `PlanInvalid`, `PropType` or `PriceInvalid`
 *
 * @example
 * ```ts
 * import { ModelSpec, TrainingJob } from 'ai-infra-constructs';
 * import { optionsFor } from 'ai-infra-constructs/planning';
 *
 * const job = TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9, finishWithinDays: 2 });
 * const { ranked } = optionsFor(job, { clouds: ['aws', 'google'], markets: ['on-demand'] });
 * console.log(ranked[0]);
 * ```
 */
export function optionsFor(workload: TrainingJob | ServingLoad, props: OptionsProps = {}): Options {
  return optionsAmong(workload, allMachines(), props);
}

/** Ranks some machines: those of a service, which sells fewer machines than its cloud, and has its own names for them. */
export function optionsAmong(
  workload: TrainingJob | ServingLoad,
  machines: readonly Machine[],
  props: OptionsProps,
): Options {
  checkProps(workload, props);
  const { clouds = CLOUDS, rankBy = 'cost' } = props;
  const find = isTrainingJob(workload) ? trainingCandidates(workload) : servingCandidates(workload);
  const ranked: Option[] = [];
  const refused: Refusal[] = [];
  for (const machine of machines) {
    if (!clouds.includes(machine.cloud)) continue;
    const candidates = [find(machine)].flat();
    const found = candidates.map((one) => (typeof one === 'string' ? one : priced(machine, one, props)));
    const options = found.filter((one) => typeof one !== 'string').flat();
    const [reason] = found.filter((one) => typeof one === 'string');
    if (options.length === 0) refused.push({ cloud: machine.cloud, machine: machine.name, reason: `${reason}.` });
    else ranked.push(...options);
  }
  return { ranked: ranked.sort(rankBy === 'time' ? byTime : byCost), refused };
}

/** Returns a candidate in every market and region that has a price, or a reason if none has. */
function priced(machine: Machine, candidate: Candidate, props: OptionsProps): readonly Option[] | string {
  const { markets = ['on-demand', 'spot'], prices } = props;
  const { inMarket, ...summary } = candidate;
  const options: Option[] = [];
  let reason: string | undefined;
  const regions = props.regions ?? regionsOf(machine, prices);
  for (const region of regions.length > 0 ? regions : [undefined]) {
    for (const market of markets) {
      const { price, reason: unpriced } = marketPrice({ machine, region, prices }, market);
      // Without a choice of regions, a price of another region adds nothing: that region is in the list itself.
      if (!price || (props.regions === undefined && price.fromRegion !== undefined)) {
        reason ??= unpriced;
        continue;
      }
      const usdPerHour = price.usdPerHour * candidate.nodes;
      const estimate = inMarket(market, price.usdPerHour);
      if (typeof estimate === 'string') {
        reason = estimate;
        continue;
      }
      const { cloud, name, chip } = machine;
      const base = { cloud, machine: name, chip, market, region: price.region, usdPerHour, stale: price.stale };
      const from = price.fromRegion !== undefined && { priceRegion: price.fromRegion };
      options.push({ ...base, ...from, ...summary, ...estimate });
    }
  }
  return options.length > 0 ? options : (reason ?? `no market or region was given for ${machine.name}`);
}

function byCost(a: Option, b: Option): number {
  return compared(a, b, ({ usd }) => usd?.median) || a.usdPerHour - b.usdPerHour;
}

function byTime(a: Option, b: Option): number {
  return compared(a, b, ({ seconds }) => seconds?.median) || byCost(a, b);
}

/** Known values come first, in ascending order. */
function compared(a: Option, b: Option, valueOf: (option: Option) => number | undefined): number {
  const [one, other] = [valueOf(a), valueOf(b)];
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return one - other;
}

function checkProps(workload: unknown, props: OptionsProps): void {
  const problems = new ProblemCollector();
  if (!isTrainingJob(workload) && !isServingLoad(workload)) {
    problems.add(invalid('workload', 'a TrainingJob or a ServingLoad', workload));
  }
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object', props));
    problems.throwIfAny();
  }
  checkPropNames(problems, props, OPTIONS_PROPS);
  const { clouds, markets, regions, rankBy } = props;
  checkList(problems, 'clouds', clouds, CLOUDS);
  checkList(problems, 'markets', markets, MARKETS);
  if (regions !== undefined && !(Array.isArray(regions) && regions.every((one) => typeof one === 'string'))) {
    problems.add(invalid('regions', 'a list of strings: the names of regions', regions));
  }
  if (rankBy !== undefined && !['cost', 'time'].includes(rankBy)) {
    problems.add(invalid('rankBy', 'one of cost, time', rankBy));
  }
  PRICES.validate(problems, 'prices', props.prices);
  problems.throwIfAny();
}

function checkList(problems: ProblemCollector, prop: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.every((one) => allowed.includes(one as string))) return;
  problems.add(invalid(prop, `a list of ${allowed.join(', ')}`, value));
}
