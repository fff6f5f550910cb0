import { InvalidArgumentError } from 'commander';
import { isDay } from '../core/catalog/price-override';
import { UsageError } from './usage-error';

/** A flag's value as a number; `300e9` and `1_000` are numbers, too. */
export function numberOf(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** A flag's value as a whole number of at least 1. */
export function countOf(text: string): number {
  const value = numberOf(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** A flag's value as a day. */
export function dayOf(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It must be a day such as 2026-11-25.');
  return text;
}

/** Reads a flag that takes several names, apart by spaces or commas: `--clouds aws google` or `--clouds aws,google`. */
export function listOf(choices?: readonly string[]) {
  return (text: string, before: readonly string[] = []): readonly string[] => {
    const names = text.split(',').filter((name) => name !== '');
    const unknown = names.find((name) => choices?.includes(name) === false);
    if (unknown !== undefined) throw new InvalidArgumentError(`'${unknown}' is none of ${choices?.join(', ') ?? ''}.`);
    return [...before, ...names];
  };
}

/** Today, as UTC has it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** An object of a file; anything else is an error that names its place. */
export function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`${place}: must be an object with keys`);
}
