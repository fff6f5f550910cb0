import type { Machine } from '../catalog/machines';
import type { TrainingJob } from '../workload/training-job';
import { rounded } from './checks';
import type { PriceMarket } from '../catalog/prices';
import type { Candidate, CandidateFinder, Estimate } from './options';
import type { PlanRange } from './plan';
import { checkpointIn, marketGoodput } from './plan-costs';
import { hardwareKey, hardwareOf, type PlanHardware, precisionsBeside } from './plan-hardware';
import { DEFAULT_NODE_LIFE_HOURS } from './plan-market';
import { fittingPlacement, layoutsOn, type Placement } from './plan-parallelism';
import { trainingTerms, type TrainingTerms } from './plan-terms';
import { boundSeconds, goodputOf, type JobRate, jobRate, secondsAt } from './plan-time';

/** The largest published run of all: what a plan says beyond it rests on nothing. */
const MOST_ACCELERATORS = 16_384;
/** Nodes of a cluster that are tried: powers of two, and halfway between. */
const STEPS = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 2 : 3) * 2 ** (Math.floor(index / 2) - 1));
const LADDER = [...new Set([1, ...STEPS.map(Math.ceil)])].sort((a, b) => a - b);

interface Size {
  readonly nodes: number;
  readonly accelerators: number;
  readonly placement: Placement;
  readonly rate: JobRate;
}

/** Finds the fewest nodes of a machine that hold a job and meet its deadline. Machines that are alike are looked at once. */
export function trainingCandidates(job: TrainingJob): CandidateFinder {
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
  const { finishWithinSeconds: deadline, precision } = terms.job;
  const able = precisionsBeside(hardware.chip, precision);
  if (able) return `${machine.chip} multiplies in ${able.join(', ')}, not in ${precision}`;
  const most = MOST_ACCELERATORS / hardware.perNode;
  let fits = false;
  let least = fewestNodes(terms, hardware);
  const layouts = layoutsOn(terms, hardware);
  const tried = layouts.length > 0 ? LADDER : [];
  for (const nodes of tried) {
    if (nodes < least || nodes > most) continue;
    const accelerators = nodes * hardware.perNode;
    if (isTornApart(hardware, nodes)) break;
    const placement = fittingPlacement(terms, hardware, accelerators, layouts);
    if (!placement) continue;
    fits = true;
    const rate = jobRate(terms, machine.chip, hardware, accelerators);
    const seconds = slowEnd(terms, rate, accelerators);
    if (deadline === undefined || seconds === undefined || seconds <= deadline) {
      return { nodes, accelerators, placement, rate };
    }
    // Time falls no faster than nodes grow, so fewer than this cannot do.
    least = Math.floor((nodes * seconds) / deadline);
  }
  const { name } = terms.job.model;
  const limit = hardware.rdma
    ? `${rounded(MOST_ACCELERATORS)} accelerators`
    : `${MOST_WITHOUT_RDMA} nodes without RDMA`;
  if (fits) return `at most ${limit} do not finish in time`;
  return `${name} fits no split over at most ${limit} with ${rounded(hardware.memoryBytes / 2 ** 30)} GiB each`;
}

/** Without RDMA nothing larger was measured than 16 nodes. */
const MOST_WITHOUT_RDMA = 16;

function isTornApart({ rdma, domain, perNode }: PlanHardware, nodes: number): boolean {
  return !rdma && nodes > MOST_WITHOUT_RDMA && nodes * perNode > domain;
}

/** Nodes whose memory, all together, is as much as the weights and the optimizer take at least. */
function fewestNodes({ shape, optimizerBytes, gradientBytes }: TrainingTerms, hardware: PlanHardware): number {
  const bytes = shape.parameters * (2 + gradientBytes + optimizerBytes);
  return Math.floor(bytes / (hardware.memoryBytes * hardware.perNode));
}

function slowEnd(terms: TrainingTerms, rate: JobRate, accelerators: number): number | undefined {
  return secondsAt(terms, rate, accelerators, goodputOf(0))?.p25 ?? boundSeconds(terms, rate, accelerators);
}

function candidate(terms: TrainingTerms, { nodes, accelerators, placement, rate }: Size): Candidate {
  const { tensor, pipeline, context, expert, sharding } = placement.layout;
  const parts = { TP: tensor, PP: pipeline, CP: context, EP: expert, DP: placement.data };
  const split = Object.entries(parts).flatMap(([name, degree]) => (degree > 1 ? [`${name} ${degree}`] : []));
  const least = boundSeconds(terms, rate, accelerators);
  const times = new Map<PriceMarket, MarketTime | string>();
  const timeIn = (market: PriceMarket) => {
    const time = times.get(market) ?? marketTime(terms, { nodes, accelerators, placement, rate }, market);
    times.set(market, time);
    return time;
  };
  return {
    nodes,
    accelerators,
    evidence: rate.evidence,
    memoryUsed: placement.memory.used,
    layout: [...split, sharding].join(' · '),
    inMarket: (market, usdPerHour) => {
      const time = timeIn(market);
      if (typeof time === 'string') return time;
      const { seconds, ...about } = time;
      const cost = estimate(seconds, least, nodes * usdPerHour, terms.job.budgetUsd);
      return typeof cost === 'string' ? cost : { ...cost, ...about };
    },
  };
}

interface MarketTime {
  /** @default - nothing was measured */
  readonly seconds?: PlanRange;
  /** @default - the market takes no node back */
  readonly checkpointWriteSeconds?: number;
}

/** The time in a market; a sentence where the market cannot do it. */
function marketTime(
  terms: TrainingTerms,
  { nodes, accelerators, rate }: Size,
  market: PriceMarket,
): MarketTime | string {
  const bought = { market, spotNodeLifeHours: DEFAULT_NODE_LIFE_HOURS };
  const context = { terms, nodes, accelerators, market: bought };
  const goodput = marketGoodput(context, market);
  if (goodput <= 0) return `on ${nodes} spot nodes no work is kept`;
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const { finishWithinSeconds: deadline = Infinity } = terms.job;
  const late = (seconds?.median ?? 0) > deadline;
  if (late) return `on ${nodes} ${market} nodes the job ends after its deadline`;
  return {
    ...(seconds && { seconds }),
    ...(market === 'spot' && { checkpointWriteSeconds: checkpointIn(context, market).writeSeconds }),
  };
}

function estimate(
  seconds: PlanRange | undefined,
  boundSeconds: number | undefined,
  usdPerHour: number,
  budgetUsd = Infinity,
): Estimate | string {
  const usdOf = (time: number) => (time / 3600) * usdPerHour;
  const usd = seconds && { p25: usdOf(seconds.p25), median: usdOf(seconds.median) };
  const bound = boundSeconds !== undefined && { boundSeconds, boundUsd: usdOf(boundSeconds) };
  const sure = usd?.median ?? (bound ? bound.boundUsd : 0);
  if (sure > budgetUsd) return `the job costs ${rounded(sure)} USD or more, over its budget`;
  return { ...(seconds && { seconds, usd }), ...bound };
}
