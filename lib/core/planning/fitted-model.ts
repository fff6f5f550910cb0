import type { FeatureList } from './run-classes';

/** A model fitted to published runs; its literals are generated. */
export interface FittedModel {
  /** Mean |ln(published ÷ predicted)|: see `scripts/fit/report.ts`. */
  readonly errors: Readonly<
    Record<'rows' | 'inSample' | 'family' | 'familyRows' | 'familyBare' | 'random' | 'randomBare', number>
  >;
  /**
   * The lower quartile of ln(published ÷ predicted) of runs left out, with runs of the same model in the fit or without,
   * for dense models and for mixtures of experts.
   */
  readonly residuals: Readonly<Record<'measured' | 'modelled', { readonly dense: number; readonly moe: number }>>;
  /** Classes with runs, and the accelerators of the largest. */
  readonly classes: Readonly<Record<string, { readonly rows: number; readonly mostAccelerators: number }>>;
  readonly coefficients: Readonly<Record<string, number>>;
}

/** How good the ground of a prediction is: runs of this very model, runs of its class, or physics alone. */
export type Evidence = 'measured' | 'modelled' | 'bound';

/** The class of a model, where it has runs. */
export function classOf({ classes }: FittedModel, name: string): FittedModel['classes'][string] | undefined {
  return Object.hasOwn(classes, name) ? classes[name] : undefined;
}

/** What a quarter of runs stay below, as a share of the prediction. */
export function lowerQuartile(model: FittedModel, evidence: 'measured' | 'modelled', kind: 'dense' | 'moe'): number {
  return Math.exp(Math.min(0, model.residuals[evidence][kind]));
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
