import { type Problem, Problems } from '../errors';
import { AWS_MACHINES, type AwsMachineRow } from './aws-machines';
import { GOOGLE_MACHINES, type GoogleMachineRow } from './google-machines';
import { allMachines, type Cloud, CLOUDS, findMachine, type Machine, machineNamed } from './machines';
import { checkOverrides, isDay, type PriceOverride } from './price-override';
import {
  PRICE_SOURCES,
  type PriceConfidence,
  type PriceMarket,
  type PriceRow,
  PRICES,
  type PriceSource,
} from './prices';

/** Days after which a price is stale. */
export const STALE_AFTER_DAYS = 90;

/** What to find the price of. */
export interface PriceQuery {
  readonly cloud: Cloud;
  /** A machine of the table, or one that an override prices. */
  readonly machine: string;
  readonly region: string;
  readonly market: PriceMarket;
  /** The day that the price is for, `2026-11-25`: staleness counts from it. */
  readonly asOf: string;
  /** Prices of the user's own, which come before the table. @default - none */
  readonly overrides?: readonly PriceOverride[];
}

/** The price of a machine for an hour. */
export interface Price {
  /** USD an hour, for the whole machine. */
  readonly usdPerHour: number;
  readonly market: PriceMarket;
  readonly region: string;
  /** The day that it was read. @default - not recorded */
  readonly date?: string;
  readonly ageDays?: number;
  /** Older than 90 days, or of the table and undated. */
  readonly stale: boolean;
  readonly source: string;
  readonly confidence: PriceConfidence | 'given';
  readonly note?: string;
  readonly termYears?: number;
  /** Whether it is the user's own. */
  readonly overridden: boolean;
}

/** A price, or why there is none. There is never a stand-in. */
export type PriceAnswer =
  { readonly price: Price; readonly reason?: undefined } | { readonly price?: undefined; readonly reason: string };

/** The price of a machine in a region and market, with its date; the user's own where there is one. */
export function priceOf(query: PriceQuery): PriceAnswer {
  check(query);
  const { cloud, machine: name, region, market, overrides = [] } = query;
  const own = overrides.find((one) => fits(one, query));
  if (own) return { price: ofOverride(own, query) };
  if (!findMachine(cloud, name) && overrides.some((one) => isOf(one, query))) {
    return { reason: `no price that was given of ${name} is ${BUY[market]} in ${region}: give one` };
  }
  const machine = machineNamed(cloud, name);
  const row = rowsOf(machine).find((one) => one.region === region && one.market === market);
  if (!row || row.per) return { reason: reasonOf(machine, query, row) };
  return { price: ofRow(row, machine, query.asOf) };
}

/** Regions for which the table has a price of a machine, in any market. */
export function pricedRegions(cloud: Cloud, machine: string): readonly string[] {
  return regionsWith(machineNamed(cloud, machine));
}

/** The day of the newest price of the table, `2026-08-03`: the day that ages count from where nobody tells one. */
export function newestPriceDay(): string {
  const days = Object.values<PriceSource>(PRICE_SOURCES).flatMap(({ date }) => date ?? []);
  return days.sort().at(-1)!;
}

function regionsWith(machine: Machine, market?: PriceMarket): readonly string[] {
  const rows = rowsOf(machine).filter((row) => !row.per && (market === undefined || row.market === market));
  return [...new Set(rows.map((row) => row.region))].sort();
}

let byKey: ReadonlyMap<string, readonly PriceRow[]> | undefined;

/** Rows that price a machine, by its own name or by its chip. */
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

/** The user's own price: undated, it is today's. */
function ofOverride({ usdPerHour, date, source }: PriceOverride, { market, region, asOf }: PriceQuery): Price {
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

function fits(one: PriceOverride, query: PriceQuery): boolean {
  return isOf(one, query) && one.market === query.market && (one.region ?? query.region) === query.region;
}

/** Whether a price is of the machine that is asked for, in whichever market and region. */
function isOf(one: PriceOverride, { cloud, machine }: PriceQuery): boolean {
  return one.machine === machine && (one.cloud ?? cloud) === cloud;
}

const BUY = { 'on-demand': 'on demand', spot: 'as spot', committed: 'for a term' } as const satisfies Record<
  PriceMarket,
  string
>;

function reasonOf(machine: Machine, { region, market }: PriceQuery, partial: PriceRow | undefined): string {
  const { cloud, name } = machine;
  const ask = `give the price of ${name} as an override`;
  if (!isSold(machine, market)) return `${cloud} does not sell ${name} ${BUY[market]}: ${ask} if you have one`;
  if (partial) {
    return `only the accelerators of ${name} are priced in ${region}, at ${partial.usdPerHour} USD/h without the host: ${ask}`;
  }
  const regions = regionsWith(machine, market);
  const where = regions.length > 0 ? ` in ${region}, only in ${regions.join(', ')}` : ' in any region';
  return `the table has no ${market} price of ${name}${where}: ${ask}`;
}

const AWS_ROWS: Readonly<Record<string, AwsMachineRow>> = AWS_MACHINES;
const GOOGLE_ROWS: Readonly<Record<string, GoogleMachineRow>> = GOOGLE_MACHINES;

/** Whether the cloud's own table says that a machine is sold so; commitments are not told there. */
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
  const problems = new Problems();
  if (typeof query !== 'object' || query === null) {
    problems.add(queryProblem('query', 'an object with cloud, machine, region, market and asOf', query));
    problems.throwIfAny();
  }
  const { cloud, machine, region, market, asOf, overrides } = query;
  if (typeof region !== 'string') problems.add(queryProblem('region', 'the name of a region', region));
  if (!Object.keys(BUY).includes(market)) {
    problems.add(queryProblem('market', `one of ${Object.keys(BUY).join(', ')}`, market));
  }
  if (!isDay(asOf)) problems.add(queryProblem('asOf', 'a day as of 2026-11-25', asOf));
  if (overrides !== undefined) {
    const priced = PRICES.filter((row) => row.cloud === cloud && row.machine === machine && !row.per);
    checkOverrides(problems, overrides, priced, {
      acceleratorsOf: (name) => findMachine(cloud, name)?.accelerators,
      writtenAs: (one) => namesOf(one.cloud ?? cloud).get(lowered(one.machine)),
      clouds: CLOUDS,
    });
  }
  problems.throwIfAny();
}

const names = new Map<Cloud, ReadonlyMap<string, string>>();

/** The names of the machines of a cloud, by the same in lower case. */
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
  return { code: 'PriceQuery', prop, allowed, got, fix: 'Ask for the price of a market on a day.' };
}

/** Whole days from one day to another; a day that is later counts as none. */
function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000));
}
