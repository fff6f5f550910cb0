import { crossValidate, type Fitter, groupsBy, meanAbsolute, type Observation } from './cross-validation';

/** How much more strongly than usual effects of single models and suites are drawn to nought. */
const STRENGTHS = [0.4, 1, 2.5, 6];
const FOLDS = 5;

/** A fit of one strength; a quick one may be rougher. */
export type FitterAt<Row> = (strength: number, quick: boolean) => Fitter<Row>;

/**
 * A fit whose strength is chosen by cross-validation among the very rows that it is fitted to, so an outer cross-validation
 * is honest about the choice. Whole families are left out, for runs of families that nobody saw are the harder to meet.
 */
export function withChosenStrength<Row extends Observation>(fitterOf: FitterAt<Row>): Fitter<Row> {
  return (rows) => fitterOf(strengthFor(rows, fitterOf), false)(rows);
}

function strengthFor<Row extends Observation>(rows: readonly Row[], fitterOf: FitterAt<Row>): number {
  const families = groupsBy(
    rows.map(({ family }) => family),
    FOLDS,
  );
  const errors = STRENGTHS.map((strength) =>
    meanAbsolute(crossValidate(rows, fitterOf(strength, true), families).map(({ full }) => full)),
  );
  return STRENGTHS[errors.indexOf(Math.min(...errors))]!;
}
