import type { Cloud, Machine } from '../../core/catalog/machines';
import type { ListedPrice, PriceFileSource } from '../../core/catalog/price-file';
import type { PriceMarket } from '../../core/catalog/prices';
import type { PriceClient } from './price-client';

/** The prices to fetch from one cloud. */
export interface PriceRequest {
  readonly client: PriceClient;
  /** Machines of the cloud. */
  readonly machines: readonly Machine[];
  /** Regions of the cloud. @default - every region, or for AWS the regions of the price table */
  readonly regions?: readonly string[];
  readonly markets: readonly PriceMarket[];
  /** Day of the request, as `YYYY-MM-DD`. */
  readonly today: string;
  /** API key. Google requires one. @default - none */
  readonly key?: string;
  /** Reports progress in one line. */
  readonly progress: (text: string) => void;
}

/** The prices of one cloud. */
export interface FetchedPrices {
  readonly sources: Readonly<Record<string, PriceFileSource>>;
  readonly prices: readonly ListedPrice[];
  /** Prices that the list does not have, and why. */
  readonly missing: readonly string[];
}

/** Returns an address of an environment variable, or the default. Tests set them. */
export function addressOf(variable: string, usual: string): string {
  return (process.env[variable] ?? usual).replace(/\/$/, '');
}

/** Returns a row of a price file, without fields that have no value. */
export function listed(
  cloud: Cloud,
  fields: Omit<ListedPrice, 'cloud' | 'termYears' | 'note'> & { readonly termYears?: number; readonly note?: string },
): ListedPrice {
  const { machine, region, market, termYears, usdPerHour, date, source, note } = fields;
  return {
    cloud,
    machine,
    region,
    market,
    ...(termYears !== undefined && { termYears }),
    usdPerHour: rounded(usdPerHour),
    date,
    source,
    ...(note !== undefined && { note }),
  };
}

/** Rounds to a millionth of a dollar: sums of units have digits that no list has. */
function rounded(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}

/** Returns a field of an object of a list, or `undefined` if the value is not an object. */
export function field(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((part, key) => (Object(part) as Readonly<Record<string | number, unknown>>)[key], value);
}
