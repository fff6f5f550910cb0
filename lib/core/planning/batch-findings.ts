import type { Finding } from '../findings';
import type { MarketRate } from './market-rates';

/** Finding: the cost of runs in a market is unknown. @param prop the prop for the price */
export function unpricedMarket(market: string, reason: string, prop = 'prices'): Finding {
  return {
    id: 'batch/unpriced-market',
    level: 'warning',
    message: `The cost of runs on ${market} machines is unknown: ${reason}.`,
    fix: `Set the price in ${prop}, or acknowledge this finding.`,
    evidence: 'the table of prices',
  };
}

/** Findings on the prices of a cost estimate. */
export function rateFindings(rates: readonly MarketRate[]): Finding[] {
  return rates.flatMap(({ market, usdPerHour, stale, date, reason = '', source = '' }) => {
    if (usdPerHour === undefined) return [unpricedMarket(market, reason)];
    return stale ? [stalePrice(market, date, source)] : [];
  });
}

function stalePrice(market: string, date: string | undefined, evidence: string): Finding {
  return {
    id: 'cost/price',
    level: 'info',
    message: `The ${market} price for the cost of runs is ${date === undefined ? 'undated' : `from ${date}`}.`,
    fix: 'Set the current price in prices.',
    evidence,
  };
}

/** Level and source of a finding. */
type BatchFindingInput = Pick<Finding, 'level' | 'evidence'>;

/** Finding: the image of a run can change before a rerun. */
export function changingProgram(image: string, input: BatchFindingInput): Finding {
  return {
    id: 'image/mutable',
    message: `${image} is referenced by a tag, so a rerun can use another program than the first run.`,
    fix: 'Use the digest of the image, …@sha256:…, or acknowledge this finding.',
    ...input,
  };
}

/** Finding: shards can wait for spot capacity without limit. */
export function spotAlone(machine: string, input: BatchFindingInput): Finding {
  return {
    id: 'spot/no-fallback',
    message: `Shards wait for spot capacity of ${machine} without a time limit.`,
    fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }), or acknowledge this finding.',
    ...input,
  };
}
