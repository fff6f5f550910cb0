import { isMixture } from './model-shape';
import { categories, doublings, type FeatureList, generation, modelKey, precisionName } from './run-classes';
import type { ServingContext } from './serving-context';
import { servingRegime } from './serving-efficiency';
import type { Roofline } from './serving-roofline';
import type { ServingRun } from './serving-run';

/** Returns the class of a run: chip, precision and kind of model. */
export function servingClass(run: ServingRun, context: ServingContext): string {
  return `${run.chip} ${precisionName(run.precision)} ${isMixture(context.shape) ? 'moe' : 'dense'}`;
}

/** Returns the feature of runs with the same model on the same chip. */
export function servedModel(run: ServingRun): string {
  return `model-chip ${modelKey(run.model)} ${run.chip}`;
}

/**
 * Returns the features that correct the roofline in each regime. Features for the software, for single chips and for sizes did not improve
 * the cross-validation and are left out.
 */
export function servingFeatures(run: ServingRun, context: ServingContext, roofline: Roofline): FeatureList {
  const regime = servingRegime(context.hardware, context.shape);
  const era = generation(run.chip);
  const model = `${regime} ${modelKey(run.model)}`;
  const decode = (run.osl * roofline.stepSeconds) / roofline.batch;
  const slopes = [
    ['context', doublings(run.isl + run.osl, 2048)],
    ['batch', doublings(roofline.batch, 64)],
    ['prefill', roofline.prefillSeconds / (roofline.prefillSeconds + decode)],
  ] as const;
  const shape = `${Math.round(doublings(run.isl, 1024))}/${Math.round(doublings(run.osl, 1024))}`;
  return [
    ...slopes.map(([name, value]) => [`slope ${model} ${era} ${name}`, value] as const),
    ...categories([
      `regime ${regime}`,
      ...((context.request.replicasOfAttention ?? 1) > 1 ? [`spread ${regime} ${era}`] : []),
      `model ${model}`,
      `model-generation ${model} ${era}`,
      servedModel(run),
      `shape-generation ${regime} ${era} ${shape}`,
    ]),
  ];
}
