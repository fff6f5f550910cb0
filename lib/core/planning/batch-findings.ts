import type { Finding } from '../findings';
import type { MarketRate } from './market-rates';

/** That what runs in a market cost is not known. @param prop where its price may be stated */
export function unpricedMarket(market: string, reason: string, prop = 'prices'): Finding {
  return {
    id: 'batch/unpriced-market',
    level: 'warning',
    message: `What runs on ${market} machines cost is not known: ${reason}.`,
    fix: `State the price in ${prop}, or acknowledge this.`,
    evidence: 'the table of prices',
  };
}

/** What is doubtful about the prices that the cost of runs is taken from. */
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
    message: `The ${market} price that the cost of runs is taken from is ${date === undefined ? 'undated' : `of ${date}`}.`,
    fix: 'State the price of today in prices.',
    evidence,
  };
}

/** How much it matters, and where it is read. */
type Grounds = Pick<Finding, 'level' | 'evidence'>;

/** That the program of a run may change before it is run again. */
export function changingProgram(image: string, grounds: Grounds): Finding {
  return {
    id: 'image/mutable',
    message: `${image} is named by a tag: a rerun may finish with another program than the run that began.`,
    fix: 'Name it by its digest, …@sha256:…, or acknowledge this.',
    ...grounds,
  };
}

/** That shards may wait without end. */
export function spotAlone(machine: string, grounds: Grounds): Finding {
  return {
    id: 'spot/no-fallback',
    message: `Shards wait for spot capacity of ${machine}, however long there is none.`,
    fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }), or acknowledge this.',
    ...grounds,
  };
}
