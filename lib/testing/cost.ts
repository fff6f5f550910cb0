import { type Cloud, findMachine } from '../core/catalog/machines';
import type { PriceOverride } from '../core/catalog/price-override';
import { priceOf } from '../core/catalog/price-of';
import type { PriceMarket } from '../core/catalog/prices';
import { monthlyCost } from '../core/planning/cost';
import { AT_DEPLOYMENT, type ComputeGroup, type GroupCost, type MonthlyCost } from './architecture';

/** What to price machines by. */
export interface PriceOptions {
  /**
   * Region of the prices, whichever region a stack is in: stages of one app in several regions have one snapshot.
   *
   * @default - us-east-1 on AWS, us-central1 on Google Cloud, eastus on Azure
   */
  readonly priceRegion?: string;
  /** Prices of your own, which come before the table, e.g. of machines without accelerators. @default - none */
  readonly prices?: readonly PriceOverride[];
}

const REGIONS: Readonly<Record<Cloud, string>> = {
  aws: 'us-east-1',
  google: 'us-central1',
  azure: 'eastus',
  alicloud: 'cn-hangzhou',
};

/** What groups cost for a month at their desired count. */
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

function priceOfGroup(group: ComputeGroup, { priceRegion, prices = [] }: PriceOptions): Priced {
  const { cloud, machines, notPriced, name } = group;
  const [machine] = machines;
  const count = group.count?.desired ?? group.count?.min;
  const region = priceRegion ?? REGIONS[cloud];
  const market = marketOf(group);
  if (notPriced !== undefined) return { reason: notPriced };
  if (machine === undefined) return { reason: 'its machine is not stated here' };
  if (machine === AT_DEPLOYMENT) return { reason: 'its machine is known at deployment' };
  if (machines.length > 1) return { reason: 'any of several machines' };
  if (count === undefined) return { reason: 'its count is not stated' };
  if (count === AT_DEPLOYMENT) return { reason: 'its count is known at deployment' };
  if (market === undefined) return { reason: 'capacity blocks have no list price' };
  if (!findMachine(cloud, machine) && !prices.some((one) => one.machine === machine)) {
    return { reason: 'the table has no such machine' };
  }
  // The day plays no part in the price itself, only in its age, which would change from day to day.
  const { price } = priceOf({ cloud, machine, region, market, asOf: ANY_DAY, overrides: prices });
  if (!price) return { reason: `the table has no ${market} price of it in ${region}` };
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

const ANY_DAY = '2026-01-01';

/** A reservation costs what the machines would, used or not. */
function marketOf({ market }: ComputeGroup): PriceMarket | undefined {
  if (market === 'spot') return 'spot';
  return market === 'capacity-block' || market === AT_DEPLOYMENT ? undefined : 'on-demand';
}
