import { InvalidArgumentError } from 'commander';
import { isDay } from '../core/catalog/price-override';
import { UsageError } from './usage-error';

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

/** Returns a value as an object. Throws an error with its position if it has another type. */
export function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`${place}: must be an object with keys`);
}
