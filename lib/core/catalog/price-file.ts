import { readFileSync } from 'node:fs';
import { AiInfraError, type Problem } from '../errors';
import { isDay } from './day';
import type { Cloud } from './machines';
import type { PriceMarket } from './prices';

/** Name and version of the format of a price file. */
export const PRICE_FILE_FORMAT = 'ai-infra-prices/1';

/** A price of a price file, with the day on which it was read and the name of its source. */
export interface ListedPrice {
  /** Cloud of the machine. */
  readonly cloud: Cloud;
  /** Name of the machine type, as the machine table writes it. */
  readonly machine: string;
  /** Region of the price. */
  readonly region: string;
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Price in USD per hour, for the whole machine. */
  readonly usdPerHour: number;
  /** Day on which the price was read, as `YYYY-MM-DD`. */
  readonly date: string;
  /** Name of the source. */
  readonly source: string;
  /** Length of the commitment, in years. @default - no commitment for a term */
  readonly termYears?: number;
  /** Remark about the price, for example the kind of commitment. @default - no remark */
  readonly note?: string;
}

/** A source of a price file. */
export interface PriceFileSource {
  /** Name of the source, as reports show it. */
  readonly text: string;
  /** Address of the price list. */
  readonly url: string;
  /** Version of the price list, as the cloud writes it. @default - the list has no version */
  readonly version?: string;
}

/** The contents of a price file. `source` of a price is a key of `sources`. */
export interface PriceFile {
  /** Name and version of the format. */
  readonly format: typeof PRICE_FILE_FORMAT;
  /** Time at which the prices were fetched, in UTC. */
  readonly fetched: string;
  /** Currency of every price. */
  readonly currency: 'USD';
  /** Sources of the prices, by the name that a price uses. */
  readonly sources: Readonly<Record<string, PriceFileSource>>;
  /** Prices that the lists do not have, and why. */
  readonly missing: readonly string[];
  /** The prices. */
  readonly prices: readonly ListedPrice[];
}

/**
 * Reads the prices of a price file.
 *
 * @throws AiInfraError with code `PriceFile` if the file cannot be read or has another format
 */
export function readPriceFile(path: string): readonly ListedPrice[] {
  const { prices, sources } = contentsOf(path);
  const [first, ...rest] = prices.flatMap((row, index) => faultsOf(row, index, path)).slice(0, MAX_FAULTS);
  if (first) throw new AiInfraError([first, ...rest]);
  return (prices as readonly ListedPrice[]).map((row) =>
    Object.freeze({ ...row, source: sources?.[row.source]?.text ?? row.source }),
  );
}

/** Problems to report at once. A file of another program has thousands. */
const MAX_FAULTS = 5;

function contentsOf(path: string): {
  readonly prices: readonly unknown[];
  readonly sources?: Readonly<Record<string, Partial<PriceFileSource>>>;
} {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as { readonly code?: string };
    const allowed = code === undefined ? 'a JSON file' : 'a file that can be read';
    throw new AiInfraError([fault(path, allowed, code ?? 'other text')]);
  }
  const { format, prices, sources } = Object(value) as Partial<PriceFile>;
  if (format !== PRICE_FILE_FORMAT) throw new AiInfraError([fault(path, `a file with the format '${PRICE_FILE_FORMAT}'`, format)]);
  if (!Array.isArray(prices)) throw new AiInfraError([fault(`${path}: prices`, 'a list', prices)]);
  return { prices, ...(sources && { sources }) };
}

/** The clouds and markets, without their tables. */
const CLOUDS: Readonly<Record<Cloud, true>> = { aws: true, google: true, azure: true, alicloud: true };
const MARKETS: Readonly<Record<PriceMarket, true>> = { 'on-demand': true, spot: true, committed: true };

const isName = (value: unknown) => typeof value === 'string' && value !== '';
const isAmount = (value: unknown) => typeof value === 'number' && value > 0 && Number.isFinite(value);
const isKeyOf = (table: object) => (value: unknown) => typeof value === 'string' && Object.hasOwn(table, value);

/** What each field of a row must be. */
const FIELDS: readonly (readonly [field: keyof ListedPrice, allowed: string, fits: (value: unknown) => boolean])[] = [
  ['cloud', `one of ${Object.keys(CLOUDS).join(', ')}`, isKeyOf(CLOUDS)],
  ['machine', 'the name of a machine', isName],
  ['region', 'the name of a region', isName],
  ['market', `one of ${Object.keys(MARKETS).join(', ')}`, isKeyOf(MARKETS)],
  ['usdPerHour', 'a number greater than 0', isAmount],
  ['date', 'a day as YYYY-MM-DD', isDay],
  ['source', 'the name of a source', isName],
  ['termYears', 'a number greater than 0, or left out', (value) => value === undefined || isAmount(value)],
  ['note', 'a string, or left out', (value) => value === undefined || typeof value === 'string'],
];

function faultsOf(row: unknown, index: number, path: string): readonly Problem[] {
  const fields = Object(row) as Readonly<Record<string, unknown>>;
  return FIELDS.flatMap(([field, allowed, fits]) =>
    fits(fields[field]) ? [] : [fault(`${path}: prices[${index}].${field}`, allowed, fields[field])],
  );
}

function fault(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PriceFile', prop, allowed, got, fix: 'Write the file with `ai-infra prices update --out <file>`.' };
}
