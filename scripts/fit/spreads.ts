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

/**
 * The spread of published ÷ predicted of rows that were left out, for each grade of evidence that the fit without them had. A cell with few
 * families takes the spread of both kinds of models, or that of the next weaker grade. Weaker evidence never has a narrower range.
 */
export function spreadsOf<Row extends Observation>(held: readonly HeldOut<Row>[]): Spreads {
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

/** A row whose suite was left out, and the spread of its grade without its suite. */
export interface Judged<Row> extends HeldOut<Row> {
  readonly spread: Spread;
  readonly place: 'below' | 'within' | 'above';
}

/** Compares rows whose suite was left out with the ranges that the rows of the other suites give. No suite judges itself. */
export function judged<Row extends Observation>(
  bySuite: readonly HeldOut<Row>[],
  pool: readonly HeldOut<Row>[],
): Judged<Row>[] {
  const suites = [...new Set(bySuite.map(({ row }) => row.suite))];
  const spreads = new Map(suites.map((suite) => [suite, spreadsOf(pool.filter(({ row }) => row.suite !== suite))]));
  return bySuite.map((one) => {
    const spread = spreads.get(one.row.suite)![one.grade][kindOf(one.row)];
    const place = one.full < spread.p10 ? 'below' : one.full > spread.p90 ? 'above' : 'within';
    return { ...one, spread, place };
  });
}
