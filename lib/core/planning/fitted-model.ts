import type { FeatureList } from './run-classes';

/** A model fitted to published runs; its literals are generated. */
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
   * The lower quartile of ln(published ÷ predicted) of runs whose whole family took no part, known no better than before
   * a first run, each family counting alike: with runs of the class in the fit, or of neither class nor chip.
   */
  readonly residuals: Readonly<Record<RangeGround, { readonly dense: number; readonly moe: number }>>;
  /** Classes with runs, and the accelerators of the largest. */
  readonly classes: Readonly<Record<string, { readonly rows: number; readonly mostAccelerators: number }>>;
  readonly coefficients: Readonly<Record<string, number>>;
}

/** What a range is told from: runs of the class, or other classes alone. */
export type RangeGround = 'class' | 'nearest';

/** How good the ground of a prediction is: runs of this very model, runs of its class, or physics alone. */
export type Evidence = 'measured' | 'modelled' | 'bound';

/** What other classes say of one that has no run: no measurement, and never shown as one. */
export interface Nearest {
  readonly p25: number;
  readonly median: number;
}

const MOST_NEAREST = 3;

/** Classes with runs that share most with one that has none, those with more runs first: whom its estimate is told from. */
export function nearestClasses({ classes }: FittedModel, name: string): readonly string[] {
  const parts = partsOf(name);
  const alike = Object.entries(classes).map(([other, { rows }]) => {
    const shared = partsOf(other).filter((part, at) => part === parts[at]).length;
    return { other, rows, shared };
  });
  const most = Math.max(...alike.map(({ shared }) => shared));
  const close = alike.filter(({ shared }) => shared === most).sort((a, b) => b.rows - a.rows);
  return close.slice(0, MOST_NEAREST).map(({ other }) => other);
}

/** The precision of most runs on a chip with that kind of model; nothing where it has no run of one precision alone. */
export function usualPrecision({ classes }: FittedModel, chip: string, kind: 'dense' | 'moe'): string | undefined {
  const own = Object.entries(classes).flatMap(([name, { rows }]) => {
    const [ofChip, precision, ofKind] = partsOf(name);
    return ofChip === chip && ofKind === kind && precision !== undefined && precision !== 'mixed'
      ? [{ precision, rows }]
      : [];
  });
  return own.sort((a, b) => b.rows - a.rows)[0]?.precision;
}

/** The parts of a class: its chip, whose name may have a space, its precision, its kind of model, and the kind of training. */
function partsOf(name: string): readonly string[] {
  const [, chip = '', rest = ''] = /^(.*?) (\S+ (?:dense|moe)(?: \S+)?)$/.exec(name) ?? [];
  return [chip, ...rest.split(' ')];
}

/** The class of a model, where it has runs. */
export function classOf({ classes }: FittedModel, name: string): FittedModel['classes'][string] | undefined {
  return Object.hasOwn(classes, name) ? classes[name] : undefined;
}

/** What a quarter of runs stay below, as a share of the prediction. */
export function lowerQuartile(model: FittedModel, ground: RangeGround, kind: 'dense' | 'moe'): number {
  return Math.exp(Math.min(0, model.residuals[ground][kind]));
}

/** Whether the fit saw runs that share this feature. */
export function hasFeature({ coefficients }: FittedModel, feature: string | undefined): boolean {
  return feature !== undefined && Object.hasOwn(coefficients, feature);
}

/** The sum of coefficients times features. */
export function weigh(model: FittedModel, features: FeatureList): number {
  return features.reduce(
    (sum, [name, value]) => sum + (hasFeature(model, name) ? model.coefficients[name]! * value : 0),
    0,
  );
}
