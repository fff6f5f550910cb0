import type { FeatureList } from './run-classes';
import { type PlanRange, rangeAround, type Spread } from '../range';

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
      | 'chipBare'
      | 'suite'
      | 'suiteBare',
      number
    >
  >;
  /**
   * Spread of published ÷ predicted for each grade. It comes from runs whose suite was left out of the fit. See `scripts/fit/spreads.ts`.
   */
  readonly spreads: Readonly<Record<Evidence, Readonly<Record<ModelKind, Spread>>>>;
  /** Classes with runs, and the accelerators of the largest run. */
  readonly classes: Readonly<Record<string, { readonly rows: number; readonly maxAccelerators: number }>>;
  readonly coefficients: Readonly<Record<string, number>>;
}

/** Whether all parameters process each token, or only those of some experts. */
export type ModelKind = 'dense' | 'moe';

/** Basis of a prediction: runs of the same model, runs of its class, or only runs of the nearest classes. */
export type Evidence = 'measured' | 'modelled' | 'nearest';

const MAX_NEAREST = 3;

/** Returns the classes that the estimate of a class without runs is based on: the most similar ones, those with more runs first. A class of the same chip is more similar. */
export function nearestClasses({ classes }: FittedModel, name: string): readonly string[] {
  const parts = partsOf(name);
  const alike = Object.entries(classes).map(([other, { rows }]) => {
    const shared =
      partsOf(other).filter((part, at) => part === parts[at]).length + (partsOf(other)[0] === parts[0] ? 0.5 : 0);
    return { other, rows, shared };
  });
  const max = Math.max(...alike.map(({ shared }) => shared));
  const close = alike.filter(({ shared }) => shared === max).sort((a, b) => b.rows - a.rows);
  return close.slice(0, MAX_NEAREST).map(({ other }) => other);
}

/** Returns the most frequent precision on a chip for a kind of model. `undefined` without a run in a single precision. */
export function usualPrecision({ classes }: FittedModel, chip: string, kind: ModelKind): string | undefined {
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

/** Returns the range of a prediction, which never exceeds the bound of the hardware. */
export function rangeOf(
  { spreads }: FittedModel,
  evidence: Evidence,
  kind: ModelKind,
  { median, bound }: { readonly median: number; readonly bound: number },
): PlanRange {
  return rangeAround(median, spreads[evidence][kind], bound);
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
