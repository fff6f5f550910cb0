import { FITTED_SERVING } from '../catalog/fitted-serving';
import { classOf, type Evidence, hasFeature, rangeOf, weigh } from '../time/fitted-model';
import type { PlanRange } from '../range';
import { isMixture, type ModelShape } from '../memory/model-shape';
import type { MachinePart } from './serving-layout';
import { servingContext, type ServingContext } from './serving-context';
import type { ReplicaSpeed } from './replica-load';
import { fittedEfficiency, IDEAL_EFFICIENCY, type ServingEfficiency, servingRegime } from './serving-efficiency';
import { bestRoofline, servingRoofline, type Roofline } from './serving-roofline';
import type { ServingLoad } from '../../workload/serving-load';
import { type LatencyMs, medians, type ServingPlan } from './plan-serving';
import { categories, type FeatureList, isText, modelKey, precisionName } from '../time/run-classes';

/** A serving run, with the fields of published benchmark rows. */
export interface ServingRun {
  /** ID of the chip in the catalog, for example `H100`. */
  readonly chip: string;
  /** Accelerators per replica. */
  readonly count: number;
  /** Name of the model, as its publisher writes it. */
  readonly model: string;
  /** @default - the shape of the model in the table */
  readonly shape?: ModelShape | undefined;
  /** Precision of weights and arithmetic: `bf16`, `fp16`, `fp8`, `fp4`, `int8w`. @default bf16 */
  readonly precision?: string;
  /** Input and output tokens. */
  readonly isl: number;
  readonly osl: number;
  /** Number of concurrent sequences. @default - as many as fit in memory */
  readonly batch?: number;
  /** Number of requests in progress, if the batch is unknown. */
  readonly concurrency?: number;
  /** How the requests were sent, for example `offline-max` or `closed-batch`. */
  readonly scenario?: string;
  /** Tensor and pipeline parallelism. `tp` counts cores on AWS chips. @default - the split with the highest throughput */
  readonly tp?: number;
  readonly pp?: number;
  /** Bytes per cached value. @default - as usual with the precision */
  readonly kvBytes?: number;
  /** The machine. @default - a whole machine with the typical figures of the chip */
  readonly part?: MachinePart;
  /** Accelerators with data-parallel attention and distributed experts. @default - tensor parallelism only */
  readonly dep?: number;
  /** Software or benchmark of the run. */
  readonly suite?: string;
}

/** Output tokens per second of a replica: saturated, or at the stated concurrency. */
export interface ServingRate extends PlanRange {
  readonly evidence: Evidence;
  /** Class of the run: chip, precision and kind of model. */
  readonly class: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Upper bound: the roofline at full bandwidth and peak, without overhead. */
  readonly bound: number;
  /** Number of concurrent sequences. */
  readonly batch: number;
  /** Seconds of the replica per prompt, and per token of each sequence, from the corrected roofline. */
  readonly prefillSeconds: number;
  readonly stepSeconds: number;
  /** Seconds from the start of a prompt to its first token, without waiting. */
  readonly promptSeconds: number;
}

/**
 * Returns the throughput of a replica, fitted to published runs, or `undefined` if the chip, the model or the precision is unknown. The
 * roofline is corrected by the error of comparable runs. The range of a class without a run is wider.
 */
export function servingRate(run: ServingRun): ServingRate | undefined {
  const context = servingContext(run);
  return context && rateOf(run, context, bestRoofline(context, efficiencyFor(context)));
}

/** The throughput of a saturated replica, and its speed at any number of sequences. */
export interface ServingSpeed extends ServingRate {
  readonly speed: ReplicaSpeed;
}

/** Returns the throughput of a saturated replica, and its speed at any number of sequences. `undefined` as for `servingRate`. */
export function servingSpeed(run: ServingRun): ServingSpeed | undefined {
  const context = servingContext(run);
  if (!context) return undefined;
  const efficiency = efficiencyFor(context);
  const saturated = bestRoofline(context, efficiency);
  const rate = rateOf(run, context, saturated);
  const { shape, hardware, request } = context;
  const correction = saturated.stepSeconds / rate.stepSeconds;
  const stepAt = (batch: number) =>
    servingRoofline(shape, hardware, { ...request, batch, layout: saturated.layout }, efficiency).stepSeconds /
    correction;
  const { median: tokensPerSecond, prefillSeconds, promptSeconds } = rate;
  const maxSequences = Math.max(1, rate.batch);
  const stepSeconds = interpolated(stepAt, maxSequences);
  return { ...rate, speed: { tokensPerSecond, prefillSeconds, promptSeconds, maxSequences, stepSeconds } };
}

function efficiencyFor({ vendor, shape }: ServingContext): ServingEfficiency {
  return fittedEfficiency(servingRegime(vendor, shape));
}

function rateOf(run: ServingRun, context: ServingContext, roofline: Roofline): ServingRate {
  const bound = bestRoofline(context, IDEAL_EFFICIENCY).outputTokensPerSecond;
  const name = servingClass(run, context);
  const correction = Math.exp(weigh(FITTED_SERVING, servingFeatures(run, context)));
  const median = Math.min(bound, roofline.outputTokensPerSecond * correction);
  const measured = classOf(FITTED_SERVING, name);
  const evidence = !measured ? 'nearest' : hasFeature(FITTED_SERVING, servedModel(run)) ? 'measured' : 'modelled';
  const range = rangeOf(FITTED_SERVING, evidence, isMixture(context.shape) ? 'moe' : 'dense', { median, bound });
  return {
    evidence,
    class: name,
    runs: measured?.rows ?? 0,
    ...range,
    bound,
    batch: Math.floor(roofline.batch),
    prefillSeconds: roofline.prefillSeconds / correction,
    stepSeconds: roofline.stepSeconds / correction,
    promptSeconds: roofline.promptSeconds / correction,
  };
}

/** Each further point of the curve has this many times the sequences. A step is almost linear between them. */
const POINTS_APART = 8;

/** Returns a function that is evaluated at few points, once each, and is linear between them. */
export function interpolated(valueAt: (at: number) => number, max: number): (at: number) => number {
  const known: number[] = [];
  const pointAt = (index: number) => Math.min(max, POINTS_APART ** index);
  const value = (index: number) => (known[index] ??= valueAt(pointAt(index)));
  return (wanted) => {
    let from = 0;
    while (pointAt(from + 1) < Math.min(wanted, max)) from += 1;
    const [start, end] = [pointAt(from), pointAt(from + 1)];
    if (wanted <= start || start === end) return value(from);
    const share = (Math.min(wanted, max) - start) / (end - start);
    return value(from) + (value(from + 1) - value(from)) * share;
  };
}

/** Seconds from a request to the last token of its response. */
export interface ResponseSeconds {
  /** Lower bound that no software beats. */
  readonly floor: number;
  /** Expected time under the load, which the percentage of requests in the load does not exceed. */
  readonly likely: number;
}

/** Returns how long a response takes, or `undefined` if the plan has no latency. */
export function responseSeconds({ latency, load }: ServingPlan): ResponseSeconds | undefined {
  if (!latency) return undefined;
  const { floor, light, loaded } = latency;
  const seconds = ({ ttftMs, tpotMs }: LatencyMs) => (ttftMs + load.outputTokens * tpotMs) / 1000;
  return { floor: seconds(floor), likely: seconds(loaded ? medians(loaded) : light) };
}

/** Returns the milliseconds that a response can take within the latency targets, or `undefined` without both targets. */
export function maxResponseMs({ ttftMs, tpotMs, outputTokens }: ServingLoad): number | undefined {
  if (ttftMs === undefined || tpotMs === undefined) return undefined;
  return Math.ceil(ttftMs + outputTokens * tpotMs);
}

/** Returns the class of a run: chip, precision and kind of model. */
export function servingClass(run: ServingRun, context: ServingContext): string {
  return `${run.chip} ${servedPrecision(run.precision)} ${isMixture(context.shape) ? 'moe' : 'dense'}`;
}

/** Returns the name of a precision in classes. Both 16-bit formats have the same size and speed. */
function servedPrecision(precision: string | undefined): string {
  return precisionName(precision).replace(/^fp16/, 'bf16');
}

/** Returns the feature of runs with the same model on the same chip. */
export function servedModel(run: ServingRun): string {
  return `model-chip ${modelKey(run.model)} ${run.chip}`;
}

/** Returns the software of a suite: versions of one server have one name. */
function softwareOf(suite: string): string {
  return suite.toLowerCase().replace(/[-_ ]?v?\d+(\.\w+)*$/, '');
}

/**
 * Returns the features that correct the roofline: what a server, a chip or a model reaches beyond the numbers that all share. Features for
 * lengths, batch and parallelism did not improve the cross-validation and are left out.
 */
export function servingFeatures(run: ServingRun, { shape }: ServingContext): FeatureList {
  const kind = isMixture(shape) ? 'moe' : 'dense';
  const { suite, chip } = run;
  return categories([
    'all',
    `kind ${kind}`,
    `chip ${chip}`,
    `chip-precision ${chip} ${servedPrecision(run.precision)}`,
    `model ${modelKey(run.model)}`,
    servedModel(run),
    ...(isText(suite) ? [`suite ${suite}`, `software ${softwareOf(suite)}`] : []),
  ]);
}
