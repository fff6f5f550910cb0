import { apply, type Features, fitRidge, type Penalty, type Sample } from './ridge';

/** A row that a model is fitted to: what it knows, and what was published. */
export interface Observation {
  readonly id: string;
  /** Software or benchmark and model: runs of one family resemble each other. */
  readonly family: string;
  readonly suite: string;
  /** Without another run of its class, a row gets no prediction. */
  readonly class: string;
  readonly target: number;
  readonly features: Features;
  /** The same with what a user rarely knows left out; such a twin is fitted too, at `TWIN_WEIGHT`. */
  readonly bare?: Features;
}

const TWIN_WEIGHT = 0.3;

/** The residual of a row that took no part in the fit: ln(published ÷ predicted). */
export interface Residual {
  readonly row: Observation;
  readonly full: number;
  readonly bare: number;
  /** Whether the class of the row had runs among those fitted. */
  readonly covered: boolean;
}

export function fit(rows: readonly Observation[], penalty: Penalty): ReadonlyMap<string, number> {
  return fitRidge(rows.flatMap(samplesOf), penalty);
}

function samplesOf({ features, bare, target }: Observation): Sample[] {
  return [{ features, target }, ...(bare ? [{ features: bare, target, weight: TWIN_WEIGHT }] : [])];
}

/** Fits once for each group of rows without it, and predicts it. */
export function crossValidate(rows: readonly Observation[], penalty: Penalty, groups: readonly string[]): Residual[] {
  return [...new Set(groups)].sort().flatMap((group) => {
    const train = rows.filter((_, at) => groups[at] !== group);
    const classes = new Set(train.map((row) => row.class));
    const coefficients = fit(train, penalty);
    return rows
      .filter((_, at) => groups[at] === group)
      .map((row) => ({
        row,
        full: row.target - apply(coefficients, row.features),
        bare: row.target - apply(coefficients, row.bare ?? row.features),
        covered: classes.has(row.class),
      }));
  });
}

/** One of `count` groups for each key: the same every time, and the same for the same key. */
export function groupsBy(keys: readonly string[], count: number): string[] {
  const shuffled = [...new Set(keys)].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  const group = new Map(shuffled.map((key, at) => [key, String(at % count)]));
  return keys.map((key) => group.get(key)!);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return value;
}

export function meanAbsolute(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
