import type { PriceMarket } from '../../catalog/prices';
import type { DeclaredStorage } from '../plan';
import { checkpointOf, marketShare } from '../storage/plan-checkpoint';
import { MARKETS, nodesPrice, type PlanMarket, type PriceContext } from './plan-market';
import { type PlanRange, scaled } from '../range';
import { goodputOf } from '../time/goodput';
import { type TrainingTerms, type JobRate, secondsAt, steppingSeconds } from '../time/plan-time';
import type { PlannedCheckpoint, TrainingCost } from '../plan-training';
import { checkNumbers } from '../time/inputs';

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
  const base = { ...priced, goodput: goodput.median, ...(seconds && { seconds }) };
  if (!priced.price) return base;
  const { usdPerHour } = priced.price;
  return {
    ...base,
    ...(seconds ? { runUsd: runCost(seconds, nodes, usdPerHour) } : { reason: noCostReason(rate) }),
  };
}

/** Returns the goodput of the nodes in a market. */
export function marketGoodput(context: CostContext, market: PriceMarket): PlanRange {
  const { terms, rate, accelerators, nodes } = context;
  const { loss } = checkpointIn(context, 'on-demand');
  const { writeSeconds } = checkpointIn(context, market);
  const available = marketShare({ ...context.market, market }, nodes, writeSeconds);
  return goodputOf({ steppingSeconds: steppingSeconds(terms, rate, accelerators), loss, available });
}

/** Returns how the nodes write checkpoints in a market. */
export function checkpointIn(context: CostContext, market: PriceMarket): PlannedCheckpoint {
  const { terms, rate, nodes, accelerators, storage } = context;
  const jobSeconds = steppingSeconds(terms, rate, accelerators);
  return checkpointOf({
    bytes: terms.checkpointBytes,
    market: { ...context.market, market },
    nodes,
    accelerators,
    ...(jobSeconds !== undefined && { jobSeconds }),
    ...(storage && { storage }),
  });
}

function noCostReason(rate: JobRate): string {
  return rate.teraflops
    ? 'the job makes no progress, because nodes are lost faster than work is saved'
    : 'the peak of the accelerator is unknown, so the time is, too';
}

/** Returns the cost of machines in USD, for a range of seconds. */
export function runCost(seconds: PlanRange, machines: number, usdPerMachineHour: number): PlanRange {
  checkNumbers(seconds, { p10: 'notNegative', median: 'notNegative', p90: 'notNegative' });
  return scaled(seconds, machineHourPrice(machines, usdPerMachineHour) / 3600);
}

const HOURS_PER_MONTH = 730;

/** Returns the cost of machines in USD, for a month of 730 hours. */
export function monthlyCost(machines: number, usdPerMachineHour: number): number {
  return HOURS_PER_MONTH * machineHourPrice(machines, usdPerMachineHour);
}

/** Returns the cost of storage in USD per month. Prices are per decimal gigabyte. */
export function monthlyStorageCost(bytes: number, usdPerGBMonth: number): number {
  checkNumbers({ bytes, usdPerGBMonth }, { bytes: 'notNegative', usdPerGBMonth: 'notNegative' });
  return (bytes / 1e9) * usdPerGBMonth;
}

/** Returns the cost in USD per million tokens, or `undefined` without throughput. */
export function costPerMillionTokens(usdPerHour: number, tokensPerSecond: number): number | undefined {
  checkNumbers({ usdPerHour, tokensPerSecond }, { usdPerHour: 'notNegative', tokensPerSecond: 'notNegative' });
  return tokensPerSecond > 0 ? (usdPerHour / 3600 / tokensPerSecond) * 1e6 : undefined;
}

function machineHourPrice(machines: number, usdPerMachineHour: number): number {
  checkNumbers({ machines, usdPerMachineHour }, { machines: 'notNegative', usdPerMachineHour: 'notNegative' });
  return machines * usdPerMachineHour;
}

/** Freezes a plain value and everything in it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
