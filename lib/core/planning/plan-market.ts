import { findMachine, type Machine } from '../catalog/machines';
import type { PriceOverride } from '../catalog/price-override';
import { type PriceAnswer, pricedRegions, priceOf } from '../catalog/price-of';
import type { PriceMarket } from '../catalog/prices';
import { SPOT_SHAPE } from '../catalog/spot-shape';
import type { MarketPrice } from './plan';

/** How nodes are bought. */
export interface PlanMarket {
  readonly market: PriceMarket;
  readonly spotNodeLifeHours: number;
}

/** Mean hours that a spot node lives, where the user states none. */
export const DEFAULT_NODE_LIFE_HOURS = SPOT_SHAPE.defaultLifeHours;

/** The markets, in the order of every plan. */
export const MARKETS: readonly PriceMarket[] = ['on-demand', 'spot', 'committed'];

/** What to price. */
export interface PriceContext {
  readonly machine: Machine;
  readonly region?: string;
  readonly asOf: string;
  readonly overrides: readonly PriceOverride[];
}

/** Regions that a price of the machine may be of, the user's own first. */
export function regionsOf({ cloud, name }: Machine, overrides: readonly PriceOverride[]): readonly string[] {
  const own = overrides.flatMap((one) => (one?.machine === name && typeof one.region === 'string' ? [one.region] : []));
  const listed = findMachine(cloud, name) ? pricedRegions(cloud, name) : [];
  return [...new Set([...own, ...listed])];
}

/** Where no region is told: the largest of each cloud, then others of that country, which prices are mostly quoted for. */
const USUAL_REGIONS = [/^(us-east-1|us-central1|eastus)$/, /^us-|us\d?$/];

/** The region that is given, or the most usual that has a price in this market, or in any; the user's own come first. */
export function regionFor(context: PriceContext, market: PriceMarket): string | undefined {
  if (context.region !== undefined) return context.region;
  const { machine, overrides } = context;
  const rank = (region: string) => {
    if (overrides.some((one) => one?.machine === machine.name && one.region === region)) return -1;
    const found = USUAL_REGIONS.findIndex((pattern) => pattern.test(region));
    return found === -1 ? USUAL_REGIONS.length : found;
  };
  const regions = regionsOf(machine, overrides).toSorted((a, b) => rank(a) - rank(b));
  return regions.find((region) => marketPrice({ ...context, region }, market).price) ?? regions[0];
}

/** The price of the machine in a market of a region; of no region where only the user's own price holds everywhere. */
export function marketPrice(context: PriceContext, market: PriceMarket): PriceAnswer {
  const { machine, region, asOf, overrides } = context;
  const { cloud, name } = machine;
  const own = overrides.some((one) => holds(one, machine, market, region));
  if (!own && (region === undefined || !findMachine(cloud, name))) {
    return { reason: `the table has no price of ${name}: give one as an override` };
  }
  return priceOf({ cloud, machine: name, region: region ?? ANY_REGION, market, asOf, overrides });
}

const ANY_REGION = 'any region';

function holds(one: PriceOverride, { cloud, name }: Machine, market: PriceMarket, region = ANY_REGION): boolean {
  if (one?.machine !== name || one.market !== market) return false;
  return (one.cloud ?? cloud) === cloud && (one.region ?? region) === region;
}

/** What all nodes cost in a market. */
export function nodesPrice(
  context: PriceContext,
  market: PriceMarket,
  chosen: PriceMarket,
  nodes: number,
): MarketPrice & { readonly usdPerHour?: number } {
  const { price, reason } = marketPrice(context, market);
  const about = { market, chosen: market === chosen };
  return price ? { ...about, price, usdPerHour: price.usdPerHour * nodes } : { ...about, reason };
}
