import type { Cloud } from '../catalog/machines';
import type { PriceOverride } from '../catalog/price-override';
import type { PriceMarket } from '../catalog/prices';
import { type Machine, allMachines, CLOUDS } from '../catalog/machines';
import { Problems } from '../errors';
import type { ServingLoad } from '../workload/serving-load';
import type { TrainingJob } from '../workload/training-job';
import { servingCandidates } from './options-serving';
import { trainingCandidates } from './options-training';
import type { PlanEvidence, PlanRange } from './plan';
import { marketPrice, MARKETS, regionsOf } from './plan-market';
import { checkPrices, invalid } from './plan-props';
import { isServingLoad } from './plan-serving';
import { isTrainingJob } from './plan-training';

/** Among what to choose. */
export interface OptionsProps {
  /** @default - all */
  readonly clouds?: readonly Cloud[];
  /** @default - on demand and spot */
  readonly markets?: readonly PriceMarket[];
  /** @default - every region that has a price */
  readonly regions?: readonly string[];
  readonly priceOverrides?: readonly PriceOverride[];
  /** The day of the prices, `2026-11-25`. */
  readonly asOf: string;
  /** @default cost */
  readonly rankBy?: 'cost' | 'time';
}

/** A machine that can do it, in one market of one region, and the plan in short. */
export interface Option {
  readonly cloud: Cloud;
  readonly machine: string;
  readonly chip: string;
  readonly nodes: number;
  readonly accelerators: number;
  readonly market: PriceMarket;
  readonly region: string;
  readonly evidence: PlanEvidence;
  /** Of all nodes. */
  readonly usdPerHour: number;
  /** Of a training run. @default - nothing was measured, or it is a serving load */
  readonly seconds?: PlanRange;
  /** Of a training run, or of a month of serving. @default - nothing was measured */
  readonly usd?: PlanRange;
  readonly boundSeconds?: number;
  readonly boundUsd?: number;
  /** That a checkpoint is taken to be written in: on spot, to a file system of 1200 GiB a node, whose price is not counted. @default - not on spot, or no training */
  readonly checkpointWriteSeconds?: number;
  /** Share of the memory of an accelerator. */
  readonly memoryUsed: number;
  /** How the accelerators are dealt out, in words. */
  readonly layout: string;
  /** Whether the price is old or undated. */
  readonly stale: boolean;
}

/** A machine that is in no option, and why. */
export interface Refusal {
  readonly cloud: Cloud;
  readonly machine: string;
  readonly reason: string;
}

/** What can do a workload, best first. */
export interface Options {
  /** Those with a measurement behind them first. */
  readonly ranked: readonly Option[];
  readonly refused: readonly Refusal[];
}

/** What a machine would have to be for the workload; the price comes after. */
export interface Candidate extends Pick<Option, 'nodes' | 'accelerators' | 'evidence' | 'memoryUsed' | 'layout'> {
  /** Time and cost in a market; a sentence where that market cannot do it. */
  readonly inMarket: (market: PriceMarket, usdPerHour: number) => Estimate | string;
}

/** What differs by market. */
export type Estimate = Pick<Option, 'seconds' | 'usd' | 'boundSeconds' | 'boundUsd' | 'checkpointWriteSeconds'>;

/** Finds what a machine would have to be; a sentence where it cannot do it. */
export type CandidateFinder = (machine: Machine) => Candidate | string;

/** Everything that can do a workload, ranked, and why the rest cannot. */
export function optionsFor(workload: TrainingJob | ServingLoad, props: OptionsProps): Options {
  checkProps(workload, props);
  const { clouds = CLOUDS, rankBy = 'cost' } = props;
  const find = isTrainingJob(workload) ? trainingCandidates(workload) : servingCandidates(workload);
  const ranked: Option[] = [];
  const refused: Refusal[] = [];
  for (const machine of allMachines()) {
    if (!clouds.includes(machine.cloud)) continue;
    const candidate = find(machine);
    const found = typeof candidate === 'string' ? candidate : priced(machine, candidate, props);
    if (typeof found === 'string') refused.push({ cloud: machine.cloud, machine: machine.name, reason: `${found}.` });
    else ranked.push(...found);
  }
  return { ranked: ranked.sort(rankBy === 'time' ? byTime : byCost), refused };
}

/** A candidate in every market and region that has a price; a sentence where none has. */
function priced(machine: Machine, candidate: Candidate, props: OptionsProps): readonly Option[] | string {
  const { markets = ['on-demand', 'spot'], asOf, priceOverrides: overrides = [] } = props;
  const { inMarket, ...summary } = candidate;
  const options: Option[] = [];
  let why = `the table has no price of ${machine.name} in those regions and markets`;
  const regions = props.regions ?? regionsOf(machine, overrides);
  for (const region of regions.length > 0 ? regions : [undefined]) {
    for (const market of markets) {
      const { price } = marketPrice({ machine, region, asOf, overrides }, market);
      if (!price) continue;
      const usdPerHour = price.usdPerHour * candidate.nodes;
      const estimate = inMarket(market, price.usdPerHour);
      if (typeof estimate === 'string') {
        why = estimate;
        continue;
      }
      const { cloud, name, chip } = machine;
      const about = { cloud, machine: name, chip, market, region: price.region, usdPerHour, stale: price.stale };
      options.push({ ...about, ...summary, ...estimate });
    }
  }
  return options.length > 0 ? options : why;
}

function byCost(a: Option, b: Option): number {
  return (
    order(
      a,
      b,
      ({ usd }) => usd?.median,
      ({ boundUsd }) => boundUsd,
    ) || a.usdPerHour - b.usdPerHour
  );
}

function byTime(a: Option, b: Option): number {
  return (
    order(
      a,
      b,
      ({ seconds }) => seconds?.median,
      ({ boundSeconds }) => boundSeconds,
    ) || byCost(a, b)
  );
}

type Figure = (option: Option) => number | undefined;

/** What was measured comes before what is only bounded, and that before what is not known. */
function order(a: Option, b: Option, measured: Figure, bound: Figure): number {
  const ranks = [a, b].map((one) => {
    const value = measured(one);
    if (value !== undefined) return [0, value] as const;
    return bound(one) === undefined ? ([2, 0] as const) : ([1, bound(one)!] as const);
  });
  const [[classA, valueA], [classB, valueB]] = ranks as [readonly [number, number], readonly [number, number]];
  return classA - classB || valueA - valueB;
}

function checkProps(workload: unknown, props: OptionsProps): void {
  const problems = new Problems();
  if (!isTrainingJob(workload) && !isServingLoad(workload)) {
    problems.add(invalid('workload', 'a TrainingJob or a ServingLoad', workload));
  }
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object with asOf', props));
    problems.throwIfAny();
  }
  const { clouds, markets, regions, rankBy } = props;
  checkList(problems, 'clouds', clouds, CLOUDS);
  checkList(problems, 'markets', markets, MARKETS);
  if (regions !== undefined && !(Array.isArray(regions) && regions.every((one) => typeof one === 'string'))) {
    problems.add(invalid('regions', 'a list of names of regions', regions));
  }
  if (rankBy !== undefined && !['cost', 'time'].includes(rankBy)) {
    problems.add(invalid('rankBy', 'cost or time', rankBy));
  }
  checkPrices(problems, props.asOf, props.priceOverrides);
  problems.throwIfAny();
}

function checkList(problems: Problems, prop: string, given: unknown, allowed: readonly string[]): void {
  if (given === undefined) return;
  if (Array.isArray(given) && given.every((one) => allowed.includes(one as string))) return;
  problems.add(invalid(prop, `a list of ${allowed.join(', ')}`, given));
}
