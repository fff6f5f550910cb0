import { type Problem, ProblemCollector } from '../errors';
import { AWS_MACHINES, type AwsMachineRow } from './aws-machines';
import { GOOGLE_MACHINES, type GoogleMachineRow } from './google-machines';
import { allMachines, type Cloud, CLOUDS, findMachine, type Machine, machineNamed } from './machines';
import type { ListedPrice } from './price-file';
import { type Prices, checkOverrides, type PriceOverride } from './price-override';
import { PRICE_SOURCES, type PriceConfidence, type PriceMarket, type PriceRow, PRICES, type PriceSource } from './prices';
import { nearestRegion, regionNames, similarRegions } from './regions';
import { PRICES as PRICES_PROP } from '../prop-schemas';

/** Age in days after which a price is stale. */
export const STALE_AFTER_DAYS = 90;

/** The machine, region and market to look up a price for. */
export interface PriceQuery {
  /** Cloud of the machine. */
  readonly cloud: Cloud;
  /** Name of a machine in the table, or of a machine in `prices`. */
  readonly machine: string;
  /** Region of the machine, as the cloud writes it. */
  readonly region: string;
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Length of the commitment, in years. @default - the shortest commitment that has a price */
  readonly termYears?: number;
  /** Your own prices, and the day that the age of a price is counted from. @default - the prices of the table, as of its newest price */
  readonly prices?: Prices;
}

/** The price of a machine for an hour. */
export interface Price {
  /** Price in USD per hour, for the whole machine. */
  readonly usdPerHour: number;
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Region of the query. */
  readonly region: string;
  /** Region that the price was listed for, if none is listed for `region`: the nearest region with a price. @default - `region` */
  readonly fromRegion?: string;
  /** Day on which the price was read. @default - not recorded */
  readonly date?: string;
  /** Days from `date` to the day of the query. @default - not recorded */
  readonly ageDays?: number;
  /** Whether the price is older than 90 days, or from the table and undated. */
  readonly stale: boolean;
  /** Source of the price. */
  readonly source: string;
  /** How reliable the price is. `given` marks your own price. */
  readonly confidence: PriceConfidence | 'given';
  /** Remark about the price. @default - no remark */
  readonly note?: string;
  /** Length of the commitment, in years. @default - no commitment */
  readonly termYears?: number;
  /** Whether it is your own price. */
  readonly overridden: boolean;
}

/** A price, or the reason why it is unknown. */
export type PriceAnswer =
  { readonly price: Price; readonly reason?: undefined } | { readonly price?: undefined; readonly reason: string };

/**
 * Returns the price of a machine in a region and market: your own price, or that of your price file, or that of the table. A region without
 * a price gets the price of the nearest region that has one, with `fromRegion`.
 *
 * @throws AiInfraError with code `PriceQuery`, `PriceInvalid` or `MachineUnknown`
 */
export function priceOf(query: PriceQuery): PriceAnswer {
  check(query);
  const { cloud, machine: name, region, market, prices } = query;
  const overrides = prices?.overrides ?? [];
  const asOf = priceDay(prices);
  const override = overrides.find((one) => matches(one, query));
  if (override) return { price: ofOverride(override, query, asOf) };
  const listed = listedFor(prices, cloud, name);
  if (listed.length === 0 && !findMachine(cloud, name) && overrides.some((one) => matchesMachine(one, query))) {
    return { reason: `no price override of ${name} is ${BUY[market]} in ${region}: add one` };
  }
  const machine = findMachine(cloud, name) ?? (listed.length > 0 ? { cloud, name } : machineNamed(cloud, name));
  const offered = quotesOf(machine, listed).filter((quote) => isFor(quote, query));
  const exact = cheapestOf(offered.filter((quote) => quote.region === region));
  if (exact) return { price: ofQuote(exact, region, asOf) };
  const near = isSold(machine, market) ? nearestRegion(cloud, region, offered.map((quote) => quote.region)) : undefined;
  const quote = near === undefined ? undefined : cheapestOf(offered.filter((one) => one.region === near));
  if (quote) return { price: ofQuote(quote, region, asOf) };
  return { reason: reasonOf(machine, query, offered) };
}

/**
 * Returns the regions that have a price of the machine in the table or in a price file, in any market.
 *
 * @throws AiInfraError with code `MachineUnknown`
 */
export function pricedRegions(cloud: Cloud, machine: string, prices?: Prices): readonly string[] {
  const listed = listedFor(prices, cloud, machine);
  const found = findMachine(cloud, machine) ?? (listed.length > 0 ? { cloud, name: machine } : machineNamed(cloud, machine));
  return regionsIn(quotesOf(found, listed));
}

/** Returns whether the price file has a price of the machine. */
export function isListed(prices: Prices | undefined, cloud: Cloud, machine: string): boolean {
  return listedFor(prices, cloud, machine).length > 0;
}

/** Returns whether a region is in the table of regions of a cloud, or has an own price or a price in a price file. */
export function isRegion(cloud: Cloud, region: string, prices?: Prices): boolean {
  if (regionNames(cloud).includes(region)) return true;
  const own = prices?.overrides.some((one) => one.region === region && (one.cloud ?? cloud) === cloud) ?? false;
  return own || (prices?.listed?.some((one) => one.region === region && one.cloud === cloud) ?? false);
}

/** Returns the day that the age of prices is counted from: that of `prices`, or of the newest price that it or the table has. */
export function priceDay(prices?: Prices): string {
  return prices?.asOf ?? [newestPriceDay(), ...listedDays(prices?.listed ?? [])].sort().at(-1)!;
}

let newestDay: string | undefined;

/** Returns the day of the newest price in the table. */
export function newestPriceDay(): string {
  newestDay ??= Object.values<PriceSource>(PRICE_SOURCES)
    .flatMap(({ date }) => date ?? [])
    .sort()
    .at(-1)!;
  return newestDay;
}

/** A machine of the table, or a machine that only a price file has. */
type Priced = Pick<Machine, 'cloud' | 'name'> & Partial<Pick<Machine, 'chip' | 'accelerators'>>;

/** A price of a whole machine, from a price file or the table. */
type Quote = Pick<PriceRow, 'region' | 'market' | 'usdPerHour' | 'termYears' | 'note'> & {
  readonly source: string;
  readonly date?: string;
  readonly confidence: PriceConfidence;
};

/** Quotes by price file and machine. A ranking asks for each machine in each region and market. */
const quotes = new WeakMap<readonly ListedPrice[], Map<string, readonly Quote[]>>();

/** Returns the prices of a machine. Those of a price file come first. */
function quotesOf(machine: Priced, listed: readonly ListedPrice[]): readonly Quote[] {
  const known = quotes.get(listed) ?? new Map<string, readonly Quote[]>();
  quotes.set(listed, known);
  const key = `${machine.cloud} ${machine.name}`;
  const found = known.get(key) ?? newQuotes(machine, listed);
  known.set(key, found);
  return found;
}

function newQuotes(machine: Priced, listed: readonly ListedPrice[]): readonly Quote[] {
  const rows = rowsOf(machine).filter(({ per }) => !per);
  return [
    ...listed.map((price): Quote => ({ ...price, confidence: 'read' })),
    ...rows.map((row): Quote => {
      const { text, date }: PriceSource = PRICE_SOURCES[row.source];
      const usdPerHour = row.machine === undefined ? row.usdPerHour * (machine.accelerators ?? 1) : row.usdPerHour;
      return { ...row, usdPerHour, source: text, ...(date !== undefined && { date }), confidence: row.confidence ?? 'read' };
    }),
  ];
}

function isFor({ market, termYears }: Quote, query: PriceQuery): boolean {
  return market === query.market && (query.termYears === undefined || query.termYears === termYears);
}

/** Returns the first price of the shortest term. A price file has a row for each kind of commitment, so the cheapest of them is used. */
function cheapestOf(quotes: readonly Quote[]): Quote | undefined {
  const [first] = quotes;
  if (first?.market !== 'committed') return first;
  return [...quotes].sort((a, b) => (a.termYears ?? 0) - (b.termYears ?? 0) || a.usdPerHour - b.usdPerHour)[0];
}

function regionsIn(quotes: readonly Quote[]): readonly string[] {
  return [...new Set(quotes.map(({ region }) => region))].sort();
}

let byKey: ReadonlyMap<string, readonly PriceRow[]> | undefined;

/** Returns the rows that price a machine, by its name or by its chip. */
function rowsOf({ cloud, name, chip }: Priced): readonly PriceRow[] {
  byKey ??= grouped(PRICES, ({ machine, chip: priced }) => machine ?? priced ?? '');
  return byKey.get(`${cloud} ${name}`) ?? byKey.get(`${cloud} ${chip}`) ?? [];
}

const NONE: readonly ListedPrice[] = Object.freeze([]);
const listedByKey = new WeakMap<readonly ListedPrice[], ReadonlyMap<string, readonly ListedPrice[]>>();

/** Returns the prices of a machine in a price file. */
function listedFor(prices: Prices | undefined, cloud: Cloud, machine: string): readonly ListedPrice[] {
  // Prices from an older copy of the package have no list.
  const all = prices?.listed ?? [];
  if (all.length === 0) return NONE;
  const groups = listedByKey.get(all) ?? grouped(all, (one) => one.machine);
  listedByKey.set(all, groups);
  return groups.get(`${cloud} ${machine}`) ?? NONE;
}

/** Returns rows by their cloud and name. */
function grouped<Row extends { readonly cloud: Cloud }>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.cloud} ${nameOf(row)}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const daysByList = new WeakMap<readonly ListedPrice[], readonly string[]>();

/** Returns the days of a price file. */
function listedDays(listed: readonly ListedPrice[]): readonly string[] {
  const days = daysByList.get(listed) ?? [...new Set(listed.map(({ date }) => date))];
  daysByList.set(listed, days);
  return days;
}

function ofQuote(quote: Quote, region: string, asOf: string): Price {
  const { usdPerHour, market, date, source, confidence, note, termYears } = quote;
  const ageDays = date === undefined ? undefined : daysBetween(date, asOf);
  return {
    usdPerHour,
    market,
    region,
    ...(quote.region !== region && { fromRegion: quote.region }),
    ...(date !== undefined && { date, ageDays }),
    stale: ageDays === undefined || ageDays > STALE_AFTER_DAYS,
    source,
    confidence: quote.region === region ? confidence : 'inferred',
    ...(note !== undefined && { note }),
    ...(termYears !== undefined && { termYears }),
    overridden: false,
  };
}

/** Converts a price of the user. Without a date, it is a price of the day of the query. */
function ofOverride({ usdPerHour, date, source }: PriceOverride, { market, region }: PriceQuery, asOf: string): Price {
  const ageDays = date === undefined ? undefined : daysBetween(date, asOf);
  return {
    usdPerHour,
    market,
    region,
    ...(date !== undefined && { date, ageDays }),
    stale: ageDays !== undefined && ageDays > STALE_AFTER_DAYS,
    source: source ?? 'given',
    confidence: 'given',
    overridden: true,
  };
}

function matches(one: PriceOverride, query: PriceQuery): boolean {
  return matchesMachine(one, query) && one.market === query.market && (one.region ?? query.region) === query.region;
}

/** Returns whether a price is for the machine of the query, in any market and region. */
function matchesMachine(one: PriceOverride, { cloud, machine }: PriceQuery): boolean {
  return one.machine === machine && (one.cloud ?? cloud) === cloud;
}

const BUY = { 'on-demand': 'on demand', spot: 'as spot', committed: 'as a commitment' } as const satisfies Record<
  PriceMarket,
  string
>;

function reasonOf(machine: Priced, { region, market }: PriceQuery, offered: readonly Quote[]): string {
  const { cloud, name } = machine;
  const advice = `add your own price of ${name}`;
  if (!isSold(machine, market)) return `${cloud} does not sell ${name} ${BUY[market]}: ${advice} if you have one`;
  // Regions have names of one cloud, so a list for several clouds has regions that one of them does not have.
  if (offered.length > 0) {
    const similar = similarRegions(region, [cloud]);
    const hint = similar.length > 0 ? `: did you mean ${similar.join(', ')}?` : '';
    return `${cloud} has no region ${region} in the table${hint}`;
  }
  const partial = rowsOf(machine).find((row) => row.per !== undefined && row.region === region && row.market === market);
  if (partial) {
    return `only the accelerators of ${name} are priced in ${region}, at ${partial.usdPerHour} USD/h without the host: ${advice}`;
  }
  return `the table has no ${market} price of ${name} in any region: ${advice}`;
}

const AWS_ROWS: Readonly<Record<string, AwsMachineRow>> = AWS_MACHINES;
const GOOGLE_ROWS: Readonly<Record<string, GoogleMachineRow>> = GOOGLE_MACHINES;

/** Returns whether the table of the cloud lists this purchase option. The tables do not list commitments. */
export function isSold({ cloud, name }: Priced, market: PriceMarket): boolean {
  if (market === 'committed') return true;
  if (cloud === 'aws') {
    const row = AWS_ROWS[name];
    return (row?.markets?.includes(market) ?? true) && !(market === 'on-demand' && row?.onDemandPriced === false);
  }
  if (cloud === 'google') {
    const row = GOOGLE_ROWS[name];
    return [...(row?.provisioning ?? [market]), ...(row?.allowlisted ?? [])].includes(market);
  }
  return true;
}

function check(query: PriceQuery): void {
  const problems = new ProblemCollector();
  if (typeof query !== 'object' || query === null) {
    problems.add(queryProblem('query', 'an object with cloud, machine, region and market', query));
    problems.throwIfAny();
  }
  const { cloud, machine, region, market, prices } = query;
  if (typeof region !== 'string') problems.add(queryProblem('region', 'the name of a region', region));
  if (query.termYears !== undefined && !(query.termYears > 0)) {
    problems.add(queryProblem('termYears', 'a number greater than 0', query.termYears));
  }
  if (!Object.keys(BUY).includes(market)) {
    problems.add(queryProblem('market', `one of ${Object.keys(BUY).join(', ')}`, market));
  }
  if (PRICES_PROP.validate(problems, 'prices', prices) && prices !== undefined && prices.overrides.length > 0) {
    // A price file is newer than the table, so its on-demand prices are the limit of spot prices.
    const table = PRICES.filter((row) => row.cloud === cloud && row.machine === machine && !row.per);
    const listed = listedFor(prices, cloud, machine);
    const priced = listed.length > 0 ? listed : table;
    checkOverrides(problems.within('prices'), prices.overrides, priced, {
      acceleratorsOf: (name) => findMachine(cloud, name)?.accelerators,
      canonicalName: (one) => namesOf(one.cloud ?? cloud).get(lowered(one.machine)),
      clouds: CLOUDS,
    });
  }
  problems.throwIfAny();
}

const names = new Map<Cloud, ReadonlyMap<string, string>>();

/** Returns the machine names of a cloud, keyed by the name in lower case. */
function namesOf(cloud: Cloud): ReadonlyMap<string, string> {
  const found =
    names.get(cloud) ??
    new Map(
      allMachines()
        .filter((machine) => machine.cloud === cloud)
        .map(({ name }) => [name.toLowerCase(), name]),
    );
  names.set(cloud, found);
  return found;
}

function lowered(name: unknown): string {
  return typeof name === 'string' ? name.toLowerCase() : '';
}

function queryProblem(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PriceQuery', prop, allowed, got, fix: "Query like { cloud: 'aws', machine: 'p5.48xlarge', region: 'us-east-1', market: 'on-demand' }." };
}

/** Returns the whole days from one day to another, or 0 if the second day is earlier. */
function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000));
}
