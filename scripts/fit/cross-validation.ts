import type { RooflineNumbers } from '../../lib/core/planning/serving/serving-efficiency';
import type { Evidence } from '../../lib/core/planning/time/fitted-model';
import type { Coefficients } from './ridge';

/** A row that a model is fitted to: its features, and the published value. */
export interface Observation {
  readonly id: string;
  /** Software or benchmark and model: runs of one family are similar. */
  readonly family: string;
  readonly suite: string;
  readonly chip: string;
  /** A row of a class without another run is predicted from other classes. */
  readonly class: string;
  /** Feature of runs of the same model in the class. A fit with this feature has measured the model. @default - no feature */
  readonly measured?: string;
}

/** Two predictions for a row: with all its values, and with the values that a user has before the first run. */
export interface Residual {
  readonly full: number;
  readonly bare: number;
}

/** The result of a fit. */
export interface Fitted<Row> {
  readonly coefficients: Coefficients;
  /** Numbers of the serving roofline. @default - a fit of training */
  readonly numbers?: RooflineNumbers;
  /** ln(published ÷ predicted). */
  readonly residual: (row: Row) => Residual;
}

/** Fits rows. Every choice is based only on these rows. */
export type Fitter<Row> = (rows: readonly Row[]) => Fitted<Row>;

/** The residual of a row outside the fit. */
export interface HeldOut<Row> extends Residual {
  readonly row: Row;
  /** Grade of the evidence that the fit has for the row. */
  readonly grade: Evidence;
}

/** For each group of rows, fits the other rows and predicts the group. */
export function crossValidate<Row extends Observation>(
  rows: readonly Row[],
  fitter: Fitter<Row>,
  groups: readonly string[],
): HeldOut<Row>[] {
  return [...new Set(groups)].sort().flatMap((group) => {
    const train = rows.filter((_, at) => groups[at] !== group);
    const classes = new Set(train.map((row) => row.class));
    const { residual, coefficients } = fitter(train);
    return rows
      .filter((_, at) => groups[at] === group)
      .map((row) => ({ row, ...residual(row), grade: gradeOf(row, classes, coefficients) }));
  });
}

function gradeOf(
  { class: name, measured }: Observation,
  classes: ReadonlySet<string>,
  coefficients: Coefficients,
): Evidence {
  if (!classes.has(name)) return 'nearest';
  return measured !== undefined && coefficients.has(measured) ? 'measured' : 'modelled';
}

/** Returns one of `count` groups for each key. Equal keys are always in the same group. */
export function groupsBy(keys: readonly string[], count: number): string[] {
  const shuffled = [...new Set(keys)].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  const group = new Map(shuffled.map((key, at) => [key, String(at % count)]));
  return keys.map((key) => group.get(key)!);
}

/** Groups of whole families, of rows regardless of their family, and of each chip and suite. */
export function groupings(rows: readonly Observation[], families: number, random: number) {
  return {
    family: groupsBy(
      rows.map(({ family }) => family),
      families,
    ),
    random: groupsBy(
      rows.map((row, at) => `${row.id} ${at}`),
      random,
    ),
    chip: rows.map(({ chip }) => chip),
    suite: rows.map(({ suite }) => suite),
  };
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

/** Returns the weighted quantile, or 0 without values. */
export function weightedQuantile(values: readonly number[], weights: readonly number[], share: number): number {
  const sorted = values.map((value, at) => ({ value, weight: weights[at]! })).sort((a, b) => a.value - b.value);
  const wanted = share * sorted.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  return sorted.find(({ weight }) => (passed += weight) >= wanted)?.value ?? 0;
}
