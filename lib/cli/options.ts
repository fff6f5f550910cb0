import { InvalidArgumentError } from 'commander';
import { isDay } from '../core/catalog/day';
import { Prices, type PriceOverride } from '../core/catalog/price-override';

/** Parses a flag value as a number. `300e9` and `1_000` are valid. */
export function numberOf(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** Parses a flag value as a whole number of at least 1. */
export function countOf(text: string): number {
  const value = numberOf(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}

/** Parses a flag value as a day. */
export function dayOf(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It must be a day, for example 2026-11-25.');
  return text;
}

/** Parses a flag with several names, separated by spaces or commas: `--clouds aws google` or `--clouds aws,google`. */
export function listOf(choices?: readonly string[]) {
  return (text: string, before: readonly string[] = []): readonly string[] => {
    const names = text.split(',').filter((name) => name !== '');
    const unknown = names.find((name) => choices?.includes(name) === false);
    if (unknown !== undefined)
      throw new InvalidArgumentError(`'${unknown}' is not one of ${choices?.join(', ') ?? ''}.`);
    return [...before, ...names];
  };
}

/** Returns the current day in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Returns the prices of a workload file and of a price file, with the day that their age is counted from. */
export function pricesOf({ prices = [], priceFile, asOf = today() }: Readonly<Record<string, unknown>>): Prices {
  const own = prices as readonly PriceOverride[];
  const day = asOf as string;
  return priceFile === undefined
    ? Prices.of(own, { asOf: day })
    : Prices.fromFile(priceFile as string, { overrides: own, asOf: day });
}

/** Returns the values that are set. */
export function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
