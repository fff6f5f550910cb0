import type { Evidence, ModelKind } from '../../lib/core/planning/time/fitted-model';
import type { Spread } from '../../lib/core/planning/range';
import { type HeldOut, type Observation, weightedQuantile } from './cross-validation';

/** Spreads of published ÷ predicted, by grade of evidence and kind of model. */
export type Spreads = Record<Evidence, Record<ModelKind, Spread>>;

/** Grades from strong to weak. */
export const GRADES: readonly Evidence[] = ['measured', 'modelled', 'nearest'];
export const KINDS: readonly ModelKind[] = ['dense', 'moe'];

/** A cell with fewer families than this takes its spread from more rows. */
const MIN_FAMILIES = 8;

/** Rows left out with their suite, and rows left out with their suite or their chip. */
export interface Samples<Row> {
  readonly suite: readonly HeldOut<Row>[];
  readonly chip: readonly HeldOut<Row>[];
}

/**
 * The spread of published ÷ predicted for each grade of evidence. Ranges hold 80% of the rows of a suite that the fit has not seen.
 * The percentiles of other suites alone are too narrow, because the rows of a suite have a common error. So they are widened.
 */
export function spreadsOf<Row extends Observation>(samples: Samples<Row>): Spreads {
  return widened(percentiles(poolOf(samples)), wideningOf(placed(samples)));
}

const poolOf = <Row>({ suite, chip }: Samples<Row>) => [...suite, ...chip];

/**
 * The 10th and 90th percentile of published ÷ predicted for each grade that the fit without the row had. A cell with few families takes
 * the spread of both kinds of models, or that of the next weaker grade. Weaker evidence never has a narrower range.
 */
function percentiles<Row extends Observation>(held: readonly HeldOut<Row>[]): Spreads {
  const raw = (at: number, kind: ModelKind): Spread => {
    const grade = held.filter((one) => one.grade === GRADES[at]);
    const cell = [ofKind(grade, kind), grade].find((rows) => families(rows) >= MIN_FAMILIES);
    if (cell) return spreadIn(cell);
    return at + 1 < GRADES.length ? raw(at + 1, kind) : spreadIn(held);
  };
  const byGrade = GRADES.map((_, at) => ({ dense: raw(at, 'dense'), moe: raw(at, 'moe') }));
  const [measured, modelled, nearest] = byGrade as [Spreads['measured'], Spreads['measured'], Spreads['measured']];
  const second = wider(modelled, measured);
  return { measured, modelled: second, nearest: wider(nearest, second) };
}

function wider(one: Spreads['measured'], other: Spreads['measured']): Spreads['measured'] {
  const widest = (kind: ModelKind) => ({
    p10: Math.min(one[kind].p10, other[kind].p10),
    p90: Math.max(one[kind].p90, other[kind].p90),
  });
  return { dense: widest('dense'), moe: widest('moe') };
}

const families = <Row extends Observation>(held: readonly HeldOut<Row>[]) =>
  new Set(held.map(({ row }) => row.family)).size;

/** The kind of model of a row. */
export function kindOf({ class: name }: Observation): ModelKind {
  return name.split(' ').includes('moe') ? 'moe' : 'dense';
}

/** Rows of dense models or of mixtures. */
export function ofKind<Row extends Observation>(held: readonly HeldOut<Row>[], kind: ModelKind): HeldOut<Row>[] {
  return held.filter(({ row }) => kindOf(row) === kind);
}

/** The 10th and the 90th percentile. Families have equal weight, regardless of their number of rows. */
function spreadIn<Row extends Observation>(held: readonly HeldOut<Row>[]): Spread {
  const misses = held.map(({ full }) => full);
  const weights = familyWeights(held);
  return {
    p10: Math.min(0, weightedQuantile(misses, weights, 0.1)),
    p90: Math.max(0, weightedQuantile(misses, weights, 0.9)),
  };
}

/** Weights that add up to one for each family. */
export function familyWeights<Row extends Observation>(held: readonly HeldOut<Row>[]): number[] {
  const rows = new Map<string, number>();
  for (const { row } of held) rows.set(row.family, (rows.get(row.family) ?? 0) + 1);
  return held.map(({ row }) => 1 / rows.get(row.family)!);
}

/** A row whose suite was left out, and a spread that its suite did not affect. */
export interface Judged<Row> extends HeldOut<Row> {
  readonly spread: Spread;
  readonly place: 'below' | 'within' | 'above';
}

/** Compares rows whose suite was left out with the ranges that the other suites give. No suite affects its own range. */
export function judged<Row extends Observation>(samples: Samples<Row>): Judged<Row>[] {
  const rows = placed(samples);
  const factors = new Map(
    suitesOf(rows).map((suite) => [suite, wideningOf(rows.filter(({ row }) => row.suite !== suite))]),
  );
  return rows.map((one) => withSpread(one, scaledBy(one.spread, factors.get(one.row.suite)![one.grade])));
}

/** The same without widening. */
function placed<Row extends Observation>(samples: Samples<Row>): Judged<Row>[] {
  const pool = poolOf(samples);
  const spreads = new Map(
    suitesOf(samples.suite).map((suite) => [suite, percentiles(pool.filter(({ row }) => row.suite !== suite))]),
  );
  return samples.suite.map((one) => withSpread(one, spreads.get(one.row.suite)![one.grade][kindOf(one.row)]));
}

function withSpread<Row>(one: HeldOut<Row>, spread: Spread): Judged<Row> {
  const place = one.full < spread.p10 ? 'below' : one.full > spread.p90 ? 'above' : 'within';
  return { ...one, spread, place };
}

const suitesOf = <Row extends Observation>(held: readonly HeldOut<Row>[]) => [
  ...new Set(held.map(({ row }) => row.suite)),
];

/** Share of published rows that a range should hold. */
const REQUIRED = 0.8;
const FACTORS = Array.from({ length: 17 }, (_, step) => 1 + step / 20);
/** A grade of fewer suites than this takes the factor of all grades. */
const MIN_SUITES = 5;

/** The smallest factor for each grade with which the ranges hold the required share. A suite with many rows counts less than its rows. */
function wideningOf<Row extends Observation>(rows: readonly Judged<Row>[]): Record<Evidence, number> {
  const counts = new Map<string, number>();
  for (const { row } of rows) counts.set(row.suite, (counts.get(row.suite) ?? 0) + 1);
  const factorFor = (some: readonly Judged<Row>[]) =>
    FACTORS.find((factor) => shareWithin(some, counts, factor) >= REQUIRED) ?? FACTORS.at(-1)!;
  const every = factorFor(rows);
  const ofGrade = (grade: Evidence) => {
    const some = rows.filter((one) => one.grade === grade);
    return suitesOf(some).length < MIN_SUITES ? every : factorFor(some);
  };
  return { measured: ofGrade('measured'), modelled: ofGrade('modelled'), nearest: ofGrade('nearest') };
}

function shareWithin<Row extends Observation>(
  rows: readonly Judged<Row>[],
  counts: ReadonlyMap<string, number>,
  factor: number,
): number {
  let [within, all] = [0, 0];
  for (const { row, full, spread } of rows) {
    const weight = 1 / Math.sqrt(counts.get(row.suite)!);
    all += weight;
    if (full >= spread.p10 * factor && full <= spread.p90 * factor) within += weight;
  }
  return within / all;
}

const scaledBy = ({ p10, p90 }: Spread, factor: number): Spread => ({ p10: p10 * factor, p90: p90 * factor });

function widened(spreads: Spreads, factors: Record<Evidence, number>): Spreads {
  const of = (grade: Evidence) => ({
    dense: scaledBy(spreads[grade].dense, factors[grade]),
    moe: scaledBy(spreads[grade].moe, factors[grade]),
  });
  const modelled = wider(of('modelled'), of('measured'));
  return { measured: of('measured'), modelled, nearest: wider(of('nearest'), modelled) };
}
