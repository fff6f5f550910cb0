import type { Evidence, ModelKind } from '../../lib/core/planning/time/fitted-model';
import type { Spread } from '../../lib/core/planning/range';
import { type HeldOut, type Observation, weightedQuantile } from './cross-validation';

/** Spreads of published ÷ predicted, by grade of evidence and kind of model. */
export type Spreads = Record<Evidence, Record<ModelKind, Spread>>;

/** Grades from strong to weak. */
export const GRADES: readonly Evidence[] = ['measured', 'modelled', 'nearest'];
export const KINDS: readonly ModelKind[] = ['dense', 'moe'];

/** Share of published rows that a range should hold. */
const REQUIRED = 0.8;
/** Number of suites that the width of similar cells counts as. */
const PRIOR_SUITES = 1;

/**
 * The spread of published ÷ predicted for each grade of evidence and kind of model. Ranges hold 80% of the rows of a suite that the fit has not
 * seen (split conformal, arXiv 1604.04173). The rows of a suite have a common error. Its sign is unknown for the next suite, so a range is as wide
 * below the median as above. A cell with few suites takes a part of its width from its grade and its kind (partial pooling).
 */
export function spreadsOf<Row extends Observation>(held: readonly HeldOut<Row>[]): Spreads {
  const all = widthIn(held);
  const pooled = (rows: readonly HeldOut<Row>[], prior: number) => {
    const suites = effectiveSuites(rows);
    return suites === 0 ? prior : prior * (widthIn(rows) / prior) ** (suites / (suites + PRIOR_SUITES));
  };
  const ofGrade = (grade: Evidence) => held.filter((one) => one.grade === grade);
  const width = (grade: Evidence, kind: ModelKind) => {
    const similar = pooled(ofGrade(grade), all) * (pooled(ofKind(held, kind), all) / all);
    return pooled(ofKind(ofGrade(grade), kind), similar);
  };
  const widthsOf = (kind: ModelKind) => {
    const measured = width('measured', kind);
    // Weaker evidence never has a narrower range.
    const modelled = Math.max(measured, width('modelled', kind));
    return { measured, modelled, nearest: Math.max(modelled, width('nearest', kind)) };
  };
  const [dense, moe] = [widthsOf('dense'), widthsOf('moe')];
  const of = (grade: Evidence) => ({ dense: around(dense[grade]), moe: around(moe[grade]) });
  return { measured: of('measured'), modelled: of('modelled'), nearest: of('nearest') };
}

const around = (width: number): Spread => ({ p10: -width, p90: width });

/** The kind of model of a row. */
export function kindOf({ class: name }: Observation): ModelKind {
  return name.split(' ').includes('moe') ? 'moe' : 'dense';
}

/** Rows of dense models or of mixtures. */
export function ofKind<Row extends Observation>(held: readonly HeldOut<Row>[], kind: ModelKind): HeldOut<Row>[] {
  return held.filter(({ row }) => kindOf(row) === kind);
}

/** The smallest width that holds the required share of rows. A suite with many rows counts less than its rows. */
function widthIn<Row extends Observation>(held: readonly HeldOut<Row>[]): number {
  const counts = suiteCounts(held);
  return weightedQuantile(
    held.map(({ full }) => Math.abs(full)),
    held.map(({ row }) => counts.get(row.suite)! ** -0.5),
    REQUIRED,
  );
}

/** The number of suites with equal weight that are as much evidence (Kish 1965). */
function effectiveSuites<Row extends Observation>(held: readonly HeldOut<Row>[]): number {
  const weights = [...suiteCounts(held).values()].map(Math.sqrt);
  if (weights.length === 0) return 0;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return sum(weights) ** 2 / sum(weights.map((weight) => weight ** 2));
}

function suiteCounts<Row extends Observation>(held: readonly HeldOut<Row>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { row } of held) counts.set(row.suite, (counts.get(row.suite) ?? 0) + 1);
  return counts;
}

/** A row whose suite was left out, and a spread that its suite did not affect. */
export interface Judged<Row> extends HeldOut<Row> {
  readonly spread: Spread;
  readonly place: 'below' | 'within' | 'above';
}

/** Compares rows whose suite was left out with the ranges that the other suites give. No suite affects its own range. */
export function judged<Row extends Observation>(held: readonly HeldOut<Row>[]): Judged<Row>[] {
  const suites = [...new Set(held.map(({ row }) => row.suite))];
  const spreads = new Map(suites.map((suite) => [suite, spreadsOf(held.filter(({ row }) => row.suite !== suite))]));
  return held.map((one) => {
    const spread = spreads.get(one.row.suite)![one.grade][kindOf(one.row)];
    const place = one.full < spread.p10 ? 'below' : one.full > spread.p90 ? 'above' : 'within';
    return { ...one, spread, place };
  });
}
