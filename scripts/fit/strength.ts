import { crossValidate, type Fitter, groupsBy, meanAbsolute, type Observation } from './cross-validation';

/** Factors on the penalty of effects of single models and suites. */
const STRENGTHS = [0.4, 1, 2.5, 6];
const FOLDS = 5;

/** A fit with one strength. A quick fit can be less precise. */
export type FitterAt<Row> = (strength: number, quick: boolean) => Fitter<Row>;

/**
 * A fit that chooses its strength by cross-validation within its own rows, so that an outer cross-validation includes the choice. It leaves
 * out whole families, because runs of unseen families are harder to predict.
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
