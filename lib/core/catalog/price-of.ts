import { type Problem, ProblemCollector } from '../errors';
import { AWS_MACHINES, type AwsMachineRow } from './aws-machines';
import { GOOGLE_MACHINES, type GoogleMachineRow } from './google-machines';
import { allMachines, type Cloud, CLOUDS, findMachine, type Machine, machineNamed } from './machines';
import { type Prices, checkOverrides, type PriceOverride } from './price-override';
import { PRICE_SOURCES, type PriceConfidence, type PriceMarket, type PriceRow, PRICES, type PriceSource } from './prices';
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
  /** Your own prices, and the day that the age of a price is counted from. @default - the prices of the table, as of its newest price */
  readonly prices?: Prices;
}

/** The price of a machine for an hour. */
export interface Price {
  /** Price in USD per hour, for the whole machine. */
  readonly usdPerHour: number;
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Region of the price. */
  readonly region: string;
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

/** A price, or the reason why it is unknown. A missing price is never replaced by another. */
export type PriceAnswer =
  { readonly price: Price; readonly reason?: undefined } | { readonly price?: undefined; readonly reason: string };

/**
 * Returns the price of a machine in a region and market: your own price, or the price in the table.
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
  if (!findMachine(cloud, name) && overrides.some((one) => matchesMachine(one, query))) {
    return { reason: `no price override of ${name} is ${BUY[market]} in ${region}: add one` };
  }
  const machine = machineNamed(cloud, name);
  const row = rowsOf(machine).find((one) => one.region === region && one.market === market);
  if (!row || row.per) return { reason: reasonOf(machine, query, row) };
  return { price: ofRow(row, machine, asOf) };
}

/**
 * Returns the regions that have a price of the machine in the table, in any market.
 *
 * @throws AiInfraError with code `MachineUnknown`
 */
export function pricedRegions(cloud: Cloud, machine: string): readonly string[] {
  return regionsWith(machineNamed(cloud, machine));
}

/** Returns the day that the age of prices is counted from: of `prices`, or of the newest price in the table. */
export function priceDay(prices?: Prices): string {
  return prices?.asOf ?? newestPriceDay();
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

function regionsWith(machine: Machine, market?: PriceMarket): readonly string[] {
  const rows = rowsOf(machine).filter((row) => !row.per && (market === undefined || row.market === market));
  return [...new Set(rows.map((row) => row.region))].sort();
}

let byKey: ReadonlyMap<string, readonly PriceRow[]> | undefined;

/** Returns the rows that price a machine, by its name or by its chip. */
function rowsOf({ cloud, name, chip }: Machine): readonly PriceRow[] {
  byKey ??= grouped();
  return byKey.get(`${cloud} ${name}`) ?? byKey.get(`${cloud} ${chip}`) ?? [];
}

function grouped(): ReadonlyMap<string, readonly PriceRow[]> {
  const groups = new Map<string, PriceRow[]>();
  for (const row of PRICES) {
    const key = `${row.cloud} ${row.machine ?? row.chip ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

function ofRow(row: PriceRow, { accelerators }: Machine, asOf: string): Price {
  const { text, date }: PriceSource = PRICE_SOURCES[row.source];
  const ageDays = date === undefined ? undefined : daysBetween(date, asOf);
  return {
    usdPerHour: row.machine === undefined ? row.usdPerHour * accelerators : row.usdPerHour,
    market: row.market,
    region: row.region,
    ...(date !== undefined && { date, ageDays }),
    stale: ageDays === undefined || ageDays > STALE_AFTER_DAYS,
    source: text,
    confidence: row.confidence ?? 'read',
    ...(row.note !== undefined && { note: row.note }),
    ...(row.termYears !== undefined && { termYears: row.termYears }),
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

function reasonOf(machine: Machine, { region, market }: PriceQuery, partial: PriceRow | undefined): string {
  const { cloud, name } = machine;
  const advice = `add your own price of ${name}`;
  if (!isSold(machine, market)) return `${cloud} does not sell ${name} ${BUY[market]}: ${advice} if you have one`;
  if (partial) {
    return `only the accelerators of ${name} are priced in ${region}, at ${partial.usdPerHour} USD/h without the host: ${advice}`;
  }
  const regions = regionsWith(machine, market);
  const where = regions.length > 0 ? ` in ${region}, only in ${regions.join(', ')}` : ' in any region';
  return `the table has no ${market} price of ${name}${where}: ${advice}`;
}

const AWS_ROWS: Readonly<Record<string, AwsMachineRow>> = AWS_MACHINES;
const GOOGLE_ROWS: Readonly<Record<string, GoogleMachineRow>> = GOOGLE_MACHINES;

/** Returns whether the table of the cloud lists this purchase option. The tables do not list commitments. */
function isSold({ cloud, name }: Machine, market: PriceMarket): boolean {
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
  if (!Object.keys(BUY).includes(market)) {
    problems.add(queryProblem('market', `one of ${Object.keys(BUY).join(', ')}`, market));
  }
  if (PRICES_PROP.validate(problems, 'prices', prices) && prices !== undefined) {
    const priced = PRICES.filter((row) => row.cloud === cloud && row.machine === machine && !row.per);
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
