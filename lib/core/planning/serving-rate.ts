import { FITTED_SERVING } from './catalog/fitted-serving';
import {
  classOf,
  type Evidence,
  hasFeature,
  lowerQuartile,
  type Nearest,
  type RangeGround,
  weigh,
} from './fitted-model';
import { isMixture } from './model-shape';
import { servingContext } from './serving-context';
import { fittedEfficiency, IDEAL_EFFICIENCY, servingRegime } from './serving-efficiency';
import { servedModel, servingClass, servingFeatures } from './serving-features';
import { servingRoofline } from './serving-roofline';
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
  /** What the other classes say where this one has no run. @default - it has */
  readonly nearest?: Nearest;
}

/**
 * The throughput of a replica, fitted to published runs; absent where chip, model or precision are unknown. The roofline
 * is corrected by what runs like it missed; a class without a run gets its bound, and what other classes say apart.
 */
export function servingRate(run: ServingRun): ServingRate | undefined {
  const context = servingContext(run);
  if (!context) return undefined;
  const { shape, hardware, request } = context;
  const efficiency = fittedEfficiency(servingRegime(hardware, shape));
  const roofline = servingRoofline(shape, hardware, request, efficiency);
  const bound = servingRoofline(shape, hardware, request, IDEAL_EFFICIENCY).outputTokensPerSecond;
  const name = servingClass(run, context);
  const correction = Math.exp(weigh(FITTED_SERVING, servingFeatures(run, context, roofline)));
  const median = Math.min(bound, roofline.outputTokensPerSecond * correction);
  const rangeOn = (ground: RangeGround) => ({
    p25: median * lowerQuartile(FITTED_SERVING, ground, isMixture(shape) ? 'moe' : 'dense'),
    median,
  });
  const about = {
    class: name,
    bound,
    batch: Math.floor(roofline.batch),
    prefillSeconds: roofline.prefillSeconds / correction,
    stepSeconds: roofline.stepSeconds / correction,
  };
  const measured = classOf(FITTED_SERVING, name);
  if (!measured) return { evidence: 'bound', runs: 0, ...about, nearest: rangeOn('nearest') };
  const evidence = hasFeature(FITTED_SERVING, servedModel(run)) ? 'measured' : 'modelled';
  return { evidence, runs: measured.rows, ...rangeOn('class'), ...about };
}
