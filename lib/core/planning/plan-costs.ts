import type { PriceMarket } from '../catalog/prices';
import { runCost } from './cost';
import type { DeclaredStorage } from './plan';
import { checkpointOf, marketShare } from './plan-checkpoint';
import { MARKETS, nodesPrice, type PlanMarket, type PriceContext } from './plan-market';
import type { TrainingTerms } from './plan-terms';
import { boundSeconds, goodputOf, type JobRate, secondsAt } from './plan-time';
import type { PlannedCheckpoint, TrainingCost } from './plan-training-result';

/** Inputs for the costs of a job. */
export interface CostContext {
  readonly terms: TrainingTerms;
  readonly rate: JobRate;
  readonly nodes: number;
  readonly accelerators: number;
  readonly market: PlanMarket;
  readonly storage?: DeclaredStorage;
}

/** Returns the cost of a job in each market. */
export function trainingCosts(prices: PriceContext, context: CostContext): TrainingCost[] {
  return MARKETS.map((market) => trainingCost(prices, context, market));
}

function trainingCost(prices: PriceContext, context: CostContext, market: PriceMarket): TrainingCost {
  const { terms, rate, nodes, accelerators } = context;
  const goodput = marketGoodput(context, market);
  const priced = nodesPrice(prices, market, context.market.market, nodes);
  const seconds = secondsAt(terms, rate, accelerators, goodput);
  const base = { ...priced, goodput, ...(seconds && { seconds }) };
  if (!priced.price) return base;
  const { usdPerHour } = priced.price;
  const min = boundSeconds(terms, rate, accelerators);
  return {
    ...base,
    ...(seconds ? { runUsd: runCost(seconds, nodes, usdPerHour) } : { reason: noCostReason(goodput, rate) }),
    ...(min !== undefined && { boundUsd: runCost({ p25: min, median: min }, nodes, usdPerHour).median }),
  };
}

/** Returns the goodput of the nodes in a market. */
export function marketGoodput(context: Omit<CostContext, 'rate'>, market: PriceMarket): number {
  const { loss } = checkpointIn(context, 'on-demand');
  if (market !== 'spot') return goodputOf(loss);
  const { writeSeconds } = checkpointIn(context, 'spot');
  return goodputOf(loss, marketShare({ ...context.market, market }, context.nodes, writeSeconds));
}

/** Returns how the nodes write checkpoints in a market. */
export function checkpointIn(context: Omit<CostContext, 'rate'>, market: PriceMarket): PlannedCheckpoint {
  const { terms, nodes, accelerators, storage } = context;
  return checkpointOf(terms.checkpointBytes, { ...context.market, market }, nodes, accelerators, storage);
}

function noCostReason(goodput: number, rate: JobRate): string {
  return rate.teraflops
    ? `the job makes no progress: the goodput is ${goodput}`
    : 'without a measurement, the time is unknown';
}
