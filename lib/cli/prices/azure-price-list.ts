import type { ListedPrice } from '../../core/catalog/price-file';
import type { PriceMarket } from '../../core/catalog/prices';
import { formatError } from './price-client';
import { addressOf, type FetchedPrices, field, listed, type PriceRequest } from './price-request';

const HOST = 'https://prices.azure.com';
/** Prices of savings plans are only in this version. */
const VERSION = '2023-01-01-preview';
const SOURCE = 'azure-retail';
const HOURS_PER_YEAR = 8760;

/**
 * Fetches the retail prices of virtual machines: on demand, spot, reserved, and in a savings plan.
 *
 * @see https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices
 */
export async function azurePrices(request: PriceRequest): Promise<FetchedPrices> {
  const base = addressOf('AI_INFRA_AZURE_PRICES_URL', HOST);
  const prices: ListedPrice[] = [];
  const missing: string[] = [];
  for (const { name } of request.machines) {
    const items = await itemsOf(base, name, request);
    if (items.length === 0) missing.push(`azure ${name}: the list has no such machine`);
    const found = pricesOf(name, items, request);
    prices.push(...found);
    request.progress(`azure ${name}: ${found.length} prices`);
  }
  if (request.machines.length > 0 && missing.length === request.machines.length && request.regions === undefined) {
    throw formatError(`${base}/api/retail/prices`, 'prices of virtual machines', 'none');
  }
  return {
    sources: { [SOURCE]: { text: 'Azure Retail Prices API', url: `${HOST}/api/retail/prices`, version: VERSION } },
    prices,
    missing,
  };
}

/** Regions in a filter. The address of a request has a limited length. */
const MAX_REGIONS = 10;

/** Returns the items of a machine, from all pages. */
async function itemsOf(
  base: string,
  machine: string,
  { client, regions = [] }: PriceRequest,
): Promise<readonly unknown[]> {
  const places = regions.length > MAX_REGIONS ? [] : regions.map((region) => `armRegionName eq '${region}'`);
  const filter = [
    "serviceName eq 'Virtual Machines'",
    `armSkuName eq '${machine}'`,
    ...(places.length > 0 ? [`(${places.join(' or ')})`] : []),
  ].join(' and ');
  const items: unknown[] = [];
  let url: string | undefined =
    `${base}/api/retail/prices?api-version=${VERSION}&$filter=${encodeURIComponent(filter)}`;
  while (url !== undefined) {
    const page = await client.json(url);
    const list = field(page, 'Items');
    if (!Array.isArray(list)) throw formatError(url, 'a page with a list of Items', list);
    items.push(...(list as readonly unknown[]));
    url = nextPage(base, url, field(page, 'NextPageLink'));
  }
  return items;
}

/** Returns the address of the next page. It must be on the same server. */
function nextPage(base: string, url: string, next: unknown): string | undefined {
  if (next === null || next === undefined || next === '') return undefined;
  const isNew = typeof next === 'string' && next !== url;
  if (!isNew || !URL.canParse(next) || new URL(next).host !== new URL(base).host) {
    throw formatError(url, `a NextPageLink to ${new URL(base).host}`, next);
  }
  // The links of the service name a port, which some proxies reject.
  return base + next.slice(new URL(next).origin.length).replace(/^:\d+/, '');
}

interface Offer {
  readonly market: PriceMarket;
  readonly usdPerHour: number;
  readonly termYears?: number;
  readonly note?: string;
}

function pricesOf(
  machine: string,
  items: readonly unknown[],
  { regions, markets, today }: PriceRequest,
): readonly ListedPrice[] {
  const found = new Map<string, ListedPrice>();
  // A price that starts later replaces an earlier one, and a primary meter replaces its copies.
  const current = items
    .filter((item) => isCurrent(item, machine, today))
    .sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
  for (const item of current) {
    const region = String(field(item, 'armRegionName'));
    if (regions && !regions.includes(region)) continue;
    for (const offer of offersOf(item)) {
      if (!markets.includes(offer.market) || !(offer.usdPerHour > 0)) continue;
      const key = [region, offer.market, offer.termYears, offer.note].join(' ');
      found.set(key, listed('azure', { machine, region, ...offer, date: today, source: SOURCE }));
    }
  }
  return [...found.values()];
}

/** Whether an item prices the machine with Linux today. */
function isCurrent(item: unknown, machine: string, today: string): boolean {
  const product = String(field(item, 'productName'));
  const name = `${String(field(item, 'skuName'))} ${String(field(item, 'meterName'))}`;
  const start = String(field(item, 'effectiveStartDate')).slice(0, 10);
  const isLinux = !/Windows|Cloud ?Services/i.test(product) && !/Low Priority/i.test(name);
  return isLinux && field(item, 'armSkuName') === machine && field(item, 'currencyCode') === 'USD' && start <= today;
}

function orderOf(item: unknown): string {
  return `${field(item, 'isPrimaryMeterRegion') === false ? 0 : 1} ${String(field(item, 'effectiveStartDate'))}`;
}

/** Returns what an item sells, per hour. */
function offersOf(item: unknown): readonly Offer[] {
  const price = Number(field(item, 'retailPrice'));
  const type = field(item, 'type');
  if (type === 'Reservation') {
    // The price of a reservation is that of its whole term.
    const termYears = yearsOf(field(item, 'reservationTerm'));
    if (termYears === undefined) return [];
    return [
      {
        market: 'committed',
        termYears,
        usdPerHour: price / (termYears * HOURS_PER_YEAR),
        note: 'Reserved VM Instance',
      },
    ];
  }
  if (type !== 'Consumption' || field(item, 'unitOfMeasure') !== '1 Hour') return [];
  const isSpot = [field(item, 'skuName'), field(item, 'meterName')].some((name) => /\bSpot$/.test(String(name)));
  if (isSpot) return [{ market: 'spot', usdPerHour: price }];
  const plans = field(item, 'savingsPlan');
  return [
    { market: 'on-demand', usdPerHour: price },
    ...(Array.isArray(plans) ? plans : []).flatMap((plan): Offer[] => {
      const termYears = yearsOf(field(plan, 'term'));
      const usdPerHour = Number(field(plan, 'retailPrice') ?? field(plan, 'unitPrice'));
      return termYears === undefined
        ? []
        : [{ market: 'committed', termYears, usdPerHour, note: 'Savings plan for compute' }];
    }),
  ];
}

function yearsOf(term: unknown): number | undefined {
  const years = /^(\d) Years?$/.exec(String(term))?.[1];
  return years === undefined ? undefined : Number(years);
}
