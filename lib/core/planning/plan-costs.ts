import type { PriceMarket } from '../catalog/prices';
import { runCost } from './cost';
import type { GivenStorage } from './plan';
import { checkpointOf, marketShare } from './plan-checkpoint';
import { MARKETS, nodesPrice, type PlanMarket, type PriceContext } from './plan-market';
import type { TrainingTerms } from './plan-terms';
import { boundSeconds, goodputOf, type JobRate, secondsAt } from './plan-time';
import type { PlannedCheckpoint, TrainingCost } from './plan-training-result';

/** What the costs of a job follow from. */
export interface CostContext {
  readonly terms: TrainingTerms;
  readonly rate: JobRate;
  readonly nodes: number;
  readonly accelerators: number;
  readonly market: PlanMarket;
  readonly storage?: GivenStorage;
}

/** What a job costs in each market. */
export function trainingCosts(prices: PriceContext, context: CostContext): TrainingCost[] {
  return MARKETS.map((market) => trainingCost(prices, context, market));
}

function trainingCost(prices: PriceContext, context: CostContext, market: PriceMarket): TrainingCost {
  const { terms, rate, nodes, accelerators } = context;
  const goodput = marketGoodput(context, market);
  const priced = nodesPrice(prices, market, context.market.market, nodes);
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const about = { ...priced, goodput, ...(seconds && { seconds }) };
  if (!priced.price) return about;
  const { usdPerHour } = priced.price;
  const least = boundSeconds(terms, rate, accelerators);
  return {
    ...about,
    ...(seconds ? { runUsd: runCost(seconds, nodes, usdPerHour) } : { reason: whyNoCost(goodput, rate) }),
    ...(least !== undefined && { boundUsd: runCost({ p25: least, median: least }, nodes, usdPerHour).median }),
  };
}

/** Share of the time on these nodes that is work kept, bought in this market. */
export function marketGoodput(context: Omit<CostContext, 'rate'>, market: PriceMarket): number {
  const { loss } = checkpointIn(context, 'on-demand');
  if (market !== 'spot') return goodputOf(loss);
  const { writeSeconds } = checkpointIn(context, 'spot');
  return goodputOf(loss, marketShare({ ...context.market, market }, context.nodes, writeSeconds));
}

/** How checkpoints are written on these nodes, bought in this market. */
export function checkpointIn(context: Omit<CostContext, 'rate'>, market: PriceMarket): PlannedCheckpoint {
  const { terms, nodes, accelerators, storage } = context;
  return checkpointOf(terms.checkpointBytes, { ...context.market, market }, nodes, accelerators, storage);
}

function whyNoCost(goodput: number, rate: JobRate): string {
  return rate.teraflops
    ? `no work is kept: the goodput is ${goodput}`
    : 'nothing was measured, so the time is not known';
}
