import { FITTED_SERVING } from './catalog/fitted-serving';
import { classOf, type Evidence, hasFeature, lowerQuartile, weigh } from './fitted-model';
import { isMixture } from './model-shape';
import { servingContext } from './serving-context';
import { servedModel, servingClass, servingFeatures } from './serving-features';
import { IDEAL_EFFICIENCY, servingRoofline } from './serving-roofline';
import type { ServingRun } from './serving-run';

/** Output tokens a second of a replica that always has work. A limit on latency costs part of it. */
export interface ServingRate {
  readonly evidence: Evidence;
  /** Chip, precision and kind of model. */
  readonly class: string;
  /** Published runs of the class. */
  readonly runs: number;
  /** A quarter of runs are slower. Absent where nothing was measured. */
  readonly p25?: number;
  readonly median?: number;
  /** The roofline at full bandwidth and peak, without any overhead: what no software beats. */
  readonly bound: number;
  /** Sequences that run at once. */
  readonly batch: number;
  /** Seconds of a prompt alone, and of one token of each sequence, as the corrected roofline has them. */
  readonly prefillSeconds: number;
  readonly stepSeconds: number;
}

/**
 * The throughput of a replica, fitted to published runs; absent where chip, model or precision are unknown. The roofline
 * is corrected by what runs like it missed; a class without a run gets its bound only.
 */
export function servingRate(run: ServingRun): ServingRate | undefined {
  const context = servingContext(run);
  if (!context) return undefined;
  const roofline = servingRoofline(context.shape, context.hardware, context.request);
  const { batch } = roofline;
  const bound = servingRoofline(
    context.shape,
    context.hardware,
    context.request,
    IDEAL_EFFICIENCY,
  ).outputTokensPerSecond;
  const name = servingClass(run, context);
  const measured = classOf(FITTED_SERVING, name);
  if (!measured)
    return {
      evidence: 'bound',
      class: name,
      runs: 0,
      bound,
      batch,
      prefillSeconds: roofline.prefillSeconds,
      stepSeconds: roofline.stepSeconds,
    };

  const evidence = hasFeature(FITTED_SERVING, servedModel(run)) ? 'measured' : 'modelled';
  const correction = Math.exp(weigh(FITTED_SERVING, servingFeatures(run, context, roofline)));
  const median = Math.min(bound, roofline.outputTokensPerSecond * correction);
  const p25 = median * lowerQuartile(FITTED_SERVING, evidence, isMixture(context.shape) ? 'moe' : 'dense');
  const seconds = {
    prefillSeconds: roofline.prefillSeconds / correction,
    stepSeconds: roofline.stepSeconds / correction,
  };
  return { evidence, class: name, runs: measured.rows, p25, median, bound, batch, ...seconds };
}
