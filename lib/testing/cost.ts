import { type Cloud, findMachine } from '../core/catalog/machines';
import { Prices } from '../core/catalog/own-prices';
import { priceOf } from '../core/catalog/price-of';
import type { PriceMarket } from '../core/catalog/prices';
import { monthlyCost } from '../core/planning/cost';
import { AT_DEPLOYMENT, type ComputeGroup, type GroupCost, type MonthlyCost } from './architecture';

/** Options for the prices of machines. */
export interface PriceOptions {
  /**
   * Region of the prices. It does not depend on the region of a stack, so that the stages of an app in several regions share one snapshot.
   *
   * @default - us-east-1 on AWS, us-central1 on Google Cloud, eastus on Azure
   */
  readonly priceRegion?: string;
  /** Your own prices, for example of machines without accelerators. They take precedence over the catalog. @default - the prices of the catalog */
  readonly prices?: Prices;
}

const REGIONS: Readonly<Record<Cloud, string>> = {
  aws: 'us-east-1',
  google: 'us-central1',
  azure: 'eastus',
  alicloud: 'cn-hangzhou',
};

/** Returns the cost of groups for a month at their desired count. */
export function costOf(groups: readonly ComputeGroup[], options: PriceOptions): MonthlyCost {
  const priced = groups.map((group) => ({ name: group.name, ...priceOfGroup(group, options) }));
  const costs = priced.flatMap(({ cost }) => cost ?? []);
  return {
    groups: costs,
    usdPerMonth: costs.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0),
    notPriced: priced.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }])),
  };
}

type Priced =
  { readonly cost: GroupCost; readonly reason?: undefined } | { readonly cost?: undefined; readonly reason: string };

function priceOfGroup(group: ComputeGroup, { priceRegion, prices = Prices.of([]) }: PriceOptions): Priced {
  const { cloud, machines, notPriced, name } = group;
  const [machine] = machines;
  const count = group.count?.desired ?? group.count?.min;
  const region = priceRegion ?? REGIONS[cloud];
  const market = marketOf(group);
  if (notPriced !== undefined) return { reason: notPriced };
  if (machine === undefined) return { reason: 'its machine type is not set in this stack' };
  if (machine === AT_DEPLOYMENT) return { reason: 'its machine type is known at deployment' };
  if (machines.length > 1) return { reason: 'any of several machines' };
  if (count === undefined) return { reason: 'its count is not set' };
  if (count === AT_DEPLOYMENT) return { reason: 'its count is known at deployment' };
  if (market === undefined) return { reason: 'capacity blocks have no list price' };
  if (!findMachine(cloud, machine) && !prices.overrides.some((one) => one.machine === machine)) {
    return { reason: 'the machine is not in the price table' };
  }
  const { price } = priceOf({ cloud, machine, region, market, prices });
  if (!price) return { reason: `the price table has no ${market} price in ${region}` };
  const { usdPerHour, date } = price;
  const usdPerMonth = monthlyCost(count, usdPerHour);
  return {
    cost: {
      name,
      machine,
      count,
      market,
      region,
      usdPerHour,
      usdPerMonth,
      ...(date !== undefined && { priceDate: date }),
    },
  };
}

/** Returns the market of the price. A reservation costs as much as its machines, used or not. */
function marketOf({ market }: ComputeGroup): PriceMarket | undefined {
  if (market === 'spot') return 'spot';
  return market === 'capacity-block' || market === AT_DEPLOYMENT ? undefined : 'on-demand';
}
