import type { FeatureList } from './run-classes';

/** A model fitted to published runs. Its literals are generated. */
export interface FittedModel {
  /** Mean |ln(published ÷ predicted)|: see `scripts/fit/report.ts`. */
  readonly errors: Readonly<
    Record<
      | 'rows'
      | 'inSample'
      | 'family'
      | 'familyClass'
      | 'familyNearest'
      | 'nearestRows'
      | 'familyBare'
      | 'random'
      | 'randomBare'
      | 'chip'
      | 'chipBare',
      number
    >
  >;
  /**
   * Lower quartile of ln(published ÷ predicted) for runs whose whole family was left out of the fit, predicted with the information before a
   * first run. Each family has the same weight. `class`: the fit has runs of the class. `nearest`: it has no runs of the class or the chip.
   */
  readonly residuals: Readonly<Record<RangeBasis, { readonly dense: number; readonly moe: number }>>;
  /** Classes with runs, and the accelerators of the largest run. */
  readonly classes: Readonly<Record<string, { readonly rows: number; readonly maxAccelerators: number }>>;
  readonly coefficients: Readonly<Record<string, number>>;
}

/** Basis of a range: runs of the class, or only other classes. */
export type RangeBasis = 'class' | 'nearest';

/** Basis of a prediction: runs of the same model, runs of its class, or only the limits of the hardware. */
export type Evidence = 'measured' | 'modelled' | 'bound';

/** Estimate from other classes. It is not a measurement, and is never shown as one. */
export interface Nearest {
  readonly p25: number;
  readonly median: number;
}

const MAX_NEAREST = 3;

/** Returns the classes that the estimate of a class without runs is based on: the most similar ones, those with more runs first. */
export function nearestClasses({ classes }: FittedModel, name: string): readonly string[] {
  const parts = partsOf(name);
  const alike = Object.entries(classes).map(([other, { rows }]) => {
    const shared = partsOf(other).filter((part, at) => part === parts[at]).length;
    return { other, rows, shared };
  });
  const max = Math.max(...alike.map(({ shared }) => shared));
  const close = alike.filter(({ shared }) => shared === max).sort((a, b) => b.rows - a.rows);
  return close.slice(0, MAX_NEAREST).map(({ other }) => other);
}

/** Returns the most frequent precision on a chip for a kind of model. `undefined` without a run in a single precision. */
export function usualPrecision({ classes }: FittedModel, chip: string, kind: 'dense' | 'moe'): string | undefined {
  const found = Object.entries(classes).flatMap(([name, { rows }]) => {
    const [ofChip, precision, ofKind] = partsOf(name);
    return ofChip === chip && ofKind === kind && precision !== undefined && precision !== 'mixed'
      ? [{ precision, rows }]
      : [];
  });
  return found.sort((a, b) => b.rows - a.rows)[0]?.precision;
}

/** Splits a class into chip (whose name can contain a space), precision, kind of model, and kind of training. */
function partsOf(name: string): readonly string[] {
  const [, chip = '', rest = ''] = /^(.*?) (\S+ (?:dense|moe)(?: \S+)?)$/.exec(name) ?? [];
  return [chip, ...rest.split(' ')];
}

/** Returns a class, or `undefined` without runs. */
export function classOf({ classes }: FittedModel, name: string): FittedModel['classes'][string] | undefined {
  return Object.hasOwn(classes, name) ? classes[name] : undefined;
}

/** Returns the lower quartile of runs, as a share of the prediction. */
export function lowerQuartile(model: FittedModel, basis: RangeBasis, kind: 'dense' | 'moe'): number {
  return Math.exp(Math.min(0, model.residuals[basis][kind]));
}

/** Returns whether the fit has runs with this feature. */
export function hasFeature({ coefficients }: FittedModel, feature: string | undefined): boolean {
  return feature !== undefined && Object.hasOwn(coefficients, feature);
}

/** Returns the sum of coefficients times features. */
export function weigh(model: FittedModel, features: FeatureList): number {
  return features.reduce(
    (sum, [name, value]) => sum + (hasFeature(model, name) ? model.coefficients[name]! * value : 0),
    0,
  );
}
