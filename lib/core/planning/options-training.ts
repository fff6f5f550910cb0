import type { Machine } from '../catalog/machines';
import type { TrainingJob } from '../workload/training-job';
import { number, percent } from '../format';
import type { PriceMarket } from '../catalog/prices';
import type { Candidate, Estimate } from './options';
import { atProbability, type PlanRange, scaled } from './range';
import { checkpointIn, marketGoodput } from './cost/plan-costs';
import {
  hardwareKey,
  hardwareOf,
  type PlanHardware,
  otherPrecisions,
  precisionOn,
  soldNodes,
} from './layout/plan-hardware';
import { DEFAULT_NODE_LIFE_HOURS } from './cost/plan-market';
import { anyLayoutFits, type FastestLayout, fastestLayout } from './layout/layout-search';
import { trainingTerms, type TrainingTerms, type JobRate, jobRate, rateIn, secondsAt } from './time/plan-time';

/** Accelerators of the largest published run. Plans beyond it would have no evidence. */
const MAX_ACCELERATORS = 16_384;
/** Numbers of nodes to try: powers of two, and the middle between them. */
const STEPS = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 2 : 3) * 2 ** (Math.floor(index / 2) - 1));
const LADDER = [...new Set([1, ...STEPS.map(Math.ceil)])].sort((a, b) => a - b);

interface Size {
  readonly nodes: number;
  readonly accelerators: number;
  readonly found: FastestLayout;
  readonly rate: JobRate;
}

/** Returns a function that finds the smallest number of nodes that fit a job and meet its deadline. Equal machines are calculated once. */
export function trainingCandidates(job: TrainingJob): (machine: Machine) => Candidate | string {
  const terms = trainingTerms(job);
  const sizes = new Map<string, Size | string>();
  return (machine) => {
    const hardware = hardwareOf(machine);
    const key = hardwareKey(machine.chip, hardware);
    let size = sizes.get(key);
    if (size === undefined) sizes.set(key, (size = smallestSize(terms, machine, hardware)));
    return typeof size === 'string' ? size : candidate(terms, size);
  };
}

function smallestSize(terms: TrainingTerms, machine: Machine, hardware: PlanHardware): Size | string {
  const { finishWithinSeconds: deadline = Infinity, precision } = terms.job;
  const supported = otherPrecisions(hardware.chip, precision);
  if (supported)
    return `${machine.chip} supports ${supported.map((one) => precisionOn(hardware.chip, one)).join(', ')}, but not ${precision}`;
  const max = MAX_ACCELERATORS / hardware.perNode;
  let fits = false;
  let min = minNodesFor(terms, hardware);
  let last = 0;
  for (const step of LADDER) {
    const nodes = soldNodes(hardware, step);
    if (nodes === undefined || nodes <= last || nodes < min || nodes > max) continue;
    last = nodes;
    const accelerators = nodes * hardware.perNode;
    if (isTooLargeWithoutRdma(hardware, nodes)) break;
    if (!anyLayoutFits(terms, hardware, accelerators)) continue;
    fits = true;
    const ideal = jobRate(terms, machine.chip, hardware, accelerators);
    const idealSeconds = plannedSeconds(terms, ideal, nodes, accelerators) ?? 0;
    if (idealSeconds > deadline) {
      min = Math.floor(nodes * (idealSeconds / deadline) ** (1 / MAX_SPEEDUP));
      continue;
    }
    const found = fastestLayout(terms, hardware, accelerators)!;
    const rate = rateIn(terms, ideal, { found, hardware, accelerators });
    const seconds = plannedSeconds(terms, rate, nodes, accelerators) ?? 0;
    if (seconds <= deadline) return { nodes, accelerators, found, rate };
  }
  const { name } = terms.job.model;
  const limit = limitOf(hardware);
  if (fits) return `even ${limit} do not finish before the deadline`;
  return `no split of ${name} fits on up to ${limit} with ${number(hardware.memoryBytes / 2 ** 30)} GiB each`;
}

/** Returns a number of nodes that is more than the given one and fits a job, or `undefined` if none does. */
export function enoughNodes(terms: TrainingTerms, hardware: PlanHardware, nodes: number): number | undefined {
  return LADDER.flatMap((step) => soldNodes(hardware, step) ?? []).find(
    (count) =>
      count > nodes &&
      count * hardware.perNode <= MAX_ACCELERATORS &&
      !isTooLargeWithoutRdma(hardware, count) &&
      anyLayoutFits(terms, hardware, count * hardware.perNode),
  );
}

/** Returns the largest number of nodes that was tried, as text. */
function limitOf(hardware: PlanHardware): string {
  if (soldNodes(hardware, 2) === undefined) return 'one node, which trains alone,';
  return hardware.rdma ? `${number(MAX_ACCELERATORS)} accelerators` : `${MAX_WITHOUT_RDMA} nodes without RDMA`;
}

/**
 * The time decreases at most with this power of the nodes, so fewer nodes are too slow. It is more than 1, because a shorter run keeps more of
 * its step rate.
 */
const MAX_SPEEDUP = 1.2;

/** Nodes of the largest published run without RDMA. */
const MAX_WITHOUT_RDMA = 16;

function isTooLargeWithoutRdma({ rdma, domain, perNode }: PlanHardware, nodes: number): boolean {
  return !rdma && nodes > MAX_WITHOUT_RDMA && nodes * perNode > domain;
}

/** Returns a lower bound: the nodes whose total memory equals the weights, gradients and optimizer states. */
function minNodesFor({ shape, optimizerBytes, gradientBytes }: TrainingTerms, hardware: PlanHardware): number {
  const bytes = shape.parameters * (2 + gradientBytes + optimizerBytes);
  return Math.floor(bytes / (hardware.memoryBytes * hardware.perNode));
}

/** Returns the seconds that the job does not exceed with the probability of the job, on nodes that the cloud does not reclaim. */
function plannedSeconds(terms: TrainingTerms, rate: JobRate, nodes: number, accelerators: number): number | undefined {
  const market = { market: 'on-demand', spotNodeLifeHours: DEFAULT_NODE_LIFE_HOURS } as const;
  const goodput = marketGoodput({ terms, rate, nodes, accelerators, market }, 'on-demand');
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  return seconds && atProbability(seconds, terms.job.probability);
}

function candidate(terms: TrainingTerms, size: Size): Candidate {
  const { nodes, accelerators, found, rate } = size;
  const { tensor, pipeline, virtualPipeline, context, expert, sharding, recompute } = found.layout;
  const parts = { TP: tensor, PP: pipeline, VP: virtualPipeline, CP: context, EP: expert, DP: found.data };
  const split = Object.entries(parts).flatMap(([name, degree]) => (degree > 1 ? [`${name} ${degree}`] : []));
  const times = new Map<PriceMarket, MarketTime | string>();
  const timeIn = (market: PriceMarket) => {
    const time = times.get(market) ?? marketTime(terms, size, market);
    times.set(market, time);
    return time;
  };
  return {
    nodes,
    accelerators,
    evidence: rate.evidence,
    memoryUsed: found.memoryUsed,
    layout: [...split, sharding, ...(recompute === 'full' ? ['recompute'] : [])].join(' · '),
    inMarket: (market, usdPerHour) => {
      const time = timeIn(market);
      if (typeof time === 'string') return time;
      const { seconds, ...others } = time;
      const cost = estimate(seconds, nodes * usdPerHour, terms.job);
      return typeof cost === 'string' ? cost : { ...cost, ...others };
    },
  };
}

interface MarketTime {
  /** @default - no measurement */
  readonly seconds?: PlanRange;
  /** @default - the market does not reclaim nodes */
  readonly checkpointWriteSeconds?: number;
}

/** Returns the time in a market, or the reason why the job cannot run in it. */
function marketTime(
  terms: TrainingTerms,
  { nodes, accelerators, rate }: Size,
  market: PriceMarket,
): MarketTime | string {
  const purchase = { market, spotNodeLifeHours: DEFAULT_NODE_LIFE_HOURS };
  const context = { terms, rate, nodes, accelerators, market: purchase };
  const goodput = marketGoodput(context, market);
  if (goodput.median <= 0) return `on ${nodes} spot nodes the job makes no progress`;
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const { finishWithinSeconds: deadline = Infinity, probability } = terms.job;
  const late = seconds !== undefined && atProbability(seconds, probability) > deadline;
  if (late) return `on ${nodes} ${market} nodes the job ends after its deadline`;
  return {
    ...(seconds && { seconds }),
    ...(market === 'spot' && { checkpointWriteSeconds: checkpointIn(context, market).writeSeconds }),
  };
}

/** End of the reason if a job fits and is soon enough, but costs too much. */
export const OVER_BUDGET = 'more than its budget';

function estimate(
  seconds: PlanRange | undefined,
  usdPerHour: number,
  { budgetUsd = Infinity, probability }: TrainingJob,
): Estimate | string {
  if (!seconds) return {};
  const usd = scaled(seconds, usdPerHour / 3600);
  const planned = atProbability(usd, probability);
  if (planned > budgetUsd) {
    return `with a probability of ${percent(probability)}, the job costs up to ${number(planned)} USD, ${OVER_BUDGET}`;
  }
  return { seconds, usd };
}
