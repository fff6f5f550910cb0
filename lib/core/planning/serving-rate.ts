import { FITTED_SERVING } from './catalog/fitted-serving';
import {
  classOf,
  type Evidence,
  hasFeature,
  lowerQuartile,
  type Nearest,
  type RangeBasis,
  weigh,
} from './fitted-model';
import { isMixture } from './model-shape';
import { servingContext } from './serving-context';
import { fittedEfficiency, IDEAL_EFFICIENCY, servingRegime } from './serving-efficiency';
import { servedModel, servingClass, servingFeatures } from './serving-features';
import { servingRoofline } from './serving-roofline';
import type { ServingRun } from './serving-run';

/** Output tokens per second of a saturated replica. A latency target reduces it. */
export interface ServingRate {
  readonly evidence: Evidence;
  /** Class of the run: chip, precision and kind of model. */
  readonly class: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Pessimistic end: a quarter of runs are slower. @default - no measurement */
  readonly p25?: number;
  /** Median of comparable runs. @default - no measurement */
  readonly median?: number;
  /** Upper bound: the roofline at full bandwidth and peak, without overhead. */
  readonly bound: number;
  /** Number of concurrent sequences. */
  readonly batch: number;
  /** Seconds per prompt, and per token of each sequence, from the corrected roofline. */
  readonly prefillSeconds: number;
  readonly stepSeconds: number;
  /** Estimate from other classes. @default - the class has runs */
  readonly nearest?: Nearest;
}

/**
 * Returns the throughput of a replica, fitted to published runs, or `undefined` if the chip, the model or the precision is unknown. The
 * roofline is corrected by the error of comparable runs. A class without a run has only its bound, and an estimate in `nearest`.
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
  const rangeOn = (basis: RangeBasis) => ({
    p25: median * lowerQuartile(FITTED_SERVING, basis, isMixture(shape) ? 'moe' : 'dense'),
    median,
  });
  const base = {
    class: name,
    bound,
    batch: Math.floor(roofline.batch),
    prefillSeconds: roofline.prefillSeconds / correction,
    stepSeconds: roofline.stepSeconds / correction,
  };
  const measured = classOf(FITTED_SERVING, name);
  if (!measured) return { evidence: 'bound', runs: 0, ...base, nearest: rangeOn('nearest') };
  const evidence = hasFeature(FITTED_SERVING, servedModel(run)) ? 'measured' : 'modelled';
  return { evidence, runs: measured.rows, ...rangeOn('class'), ...base };
}
