import { type Cloud, findMachine, type Machine } from '../../catalog/machines';
import type { Prices, PriceOverride } from '../../catalog/price-override';
import { isListed, type PriceAnswer, pricedRegions, priceOf } from '../../catalog/price-of';
import type { PriceMarket } from '../../catalog/prices';
import { SPOT_SHAPE } from '../../catalog/spot-shape';
import type { MarketPrice } from '../plan';

/** The purchase option of nodes. */
export interface PlanMarket {
  readonly market: PriceMarket;
  readonly spotNodeLifeHours: number;
}

/** Default mean hours from start to loss of a spot node. */
export const DEFAULT_NODE_LIFE_HOURS = SPOT_SHAPE.defaultLifeHours;

/** The markets, in the order of each plan. */
export const MARKETS: readonly PriceMarket[] = ['on-demand', 'spot', 'committed'];

/** The machine to price, its region and the prices to use. */
export interface PriceContext {
  readonly machine: Machine;
  readonly region?: string;
  readonly prices?: Prices;
}

/** Returns the regions that have a price of the machine, those of the user's own prices first. */
export function regionsOf({ cloud, name }: Machine, prices?: Prices): readonly string[] {
  const overridden = (prices?.overrides ?? []).flatMap(({ machine, region }) =>
    machine === name && region !== undefined ? [region] : [],
  );
  const listed = isPriced(cloud, name, prices) ? pricedRegions(cloud, name, prices) : [];
  return [...new Set([...overridden, ...listed])];
}

/** Returns whether the table has the machine, or a price file has a price of it. */
function isPriced(cloud: Cloud, name: string, prices: Prices | undefined): boolean {
  return findMachine(cloud, name) !== undefined || isListed(prices, cloud, name);
}

/** Order of regions if none is set: the largest of each cloud, then others in the United States, for which most prices are published. */
const DEFAULT_REGIONS = [/^(us-east-1|us-central1|eastus)$/, /^us-|us\d?$/];

/** Returns the region that is set, or the first default region with a price in this market. Falls back to any region with a price. */
export function regionFor(context: PriceContext, market: PriceMarket): string | undefined {
  if (context.region !== undefined) return context.region;
  const { machine, prices } = context;
  const overrides = prices?.overrides ?? [];
  const rank = (region: string) => {
    if (overrides.some((one) => one.machine === machine.name && one.region === region)) return -1;
    const found = DEFAULT_REGIONS.findIndex((pattern) => pattern.test(region));
    return found === -1 ? DEFAULT_REGIONS.length : found;
  };
  const regions = regionsOf(machine, prices).toSorted((a, b) => rank(a) - rank(b));
  const isOwn = ({ price }: PriceAnswer) => price !== undefined && price.fromRegion === undefined;
  return regions.find((region) => isOwn(marketPrice({ ...context, region }, market))) ?? regions[0];
}

/** Returns the price of the machine in a market of a region. Without a region, only an own price for all regions applies. */
export function marketPrice(context: PriceContext, market: PriceMarket): PriceAnswer {
  const { machine, region, prices } = context;
  const { cloud, name } = machine;
  const overridden = prices?.overrides.some((one) => matches(one, machine, market, region)) ?? false;
  if (!overridden && (region === undefined || !isPriced(cloud, name, prices))) {
    return { reason: `the table has no price of ${name}: add your own price` };
  }
  return priceOf({ cloud, machine: name, region: region ?? ANY_REGION, market, prices });
}

const ANY_REGION = 'any region';

function matches(one: PriceOverride, { cloud, name }: Machine, market: PriceMarket, region = ANY_REGION): boolean {
  if (one.machine !== name || one.market !== market) return false;
  return (one.cloud ?? cloud) === cloud && (one.region ?? region) === region;
}

/** Returns the price of all nodes in a market. */
export function nodesPrice(
  context: PriceContext,
  market: PriceMarket,
  chosen: PriceMarket,
  nodes: number,
): MarketPrice & { readonly usdPerHour?: number } {
  const { price, reason } = marketPrice(context, market);
  const base = { market, chosen: market === chosen };
  return price ? { ...base, price, usdPerHour: price.usdPerHour * nodes } : { ...base, reason };
}
