/** A predicted quantity. Of comparable runs, 80% are between `p10` and `p90`. */
export interface PlanRange {
  /** A tenth of comparable runs are below. */
  readonly p10: number;
  /** Half of comparable runs are below. */
  readonly median: number;
  /** A tenth of comparable runs are above. */
  readonly p90: number;
}

/** The ends of a range, as natural logarithms of their ratio to the median. */
export interface Spread {
  readonly p10: number;
  readonly p90: number;
}

/** Standard deviations of a normal distribution from the median to the 90th percentile. */
const DEVIATIONS_TO_P90 = 1.2815515655446;

/** Returns the range around a median. No part of it exceeds the maximum. */
export function rangeAround(median: number, { p10, p90 }: Spread, max = Infinity): PlanRange {
  const capped = Math.min(median, max);
  return {
    p10: capped * Math.exp(Math.min(0, p10)),
    median: capped,
    p90: Math.min(max, capped * Math.exp(Math.max(0, p90))),
  };
}

/** Returns the spread of a range. */
export function spreadOf({ p10, median, p90 }: PlanRange): Spread {
  return { p10: Math.log(p10 / median), p90: Math.log(p90 / median) };
}

/** Returns the spread of the product of two independent quantities. */
export function combined(a: Spread, b: Spread): Spread {
  return { p10: -Math.hypot(a.p10, b.p10), p90: Math.hypot(a.p90, b.p90) };
}

/** Returns each value of a range times a factor. */
export function scaled({ p10, median, p90 }: PlanRange, factor: number): PlanRange {
  return { p10: p10 * factor, median: median * factor, p90: p90 * factor };
}

/** Returns an amount divided by a range of rates: the slowest rate takes longest. */
export function dividedBy(amount: number, { p10, median, p90 }: PlanRange): PlanRange {
  return { p10: amount / p90, median: amount / median, p90: amount / p10 };
}

/**
 * Returns the value that the quantity does not exceed with a probability between 0 and 1. The logarithm has a normal distribution. Its
 * deviation below the median can differ from the one above.
 */
export function atProbability({ p10, median, p90 }: PlanRange, probability: number): number {
  const end = probability < 0.5 ? median / p10 : p90 / median;
  return median * Math.exp((Math.log(end) * normalQuantile(probability)) / DEVIATIONS_TO_P90);
}

/** Returns the probability that the quantity does not exceed a limit. */
export function probabilityWithin({ p10, median, p90 }: PlanRange, limit: number): number {
  const distance = Math.log(limit / median);
  const end = distance < 0 ? Math.log(median / p10) : Math.log(p90 / median);
  if (end === 0) return distance < 0 ? 0 : 1;
  return normalShare((distance / end) * DEVIATIONS_TO_P90);
}

/** Share of a normal distribution below a number of deviations (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
function normalShare(deviations: number): number {
  const x = Math.abs(deviations) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const terms = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];
  const tail = terms.reduceRight((sum, term) => (sum + term) * t, 0) * Math.exp(-x * x);
  return deviations < 0 ? tail / 2 : 1 - tail / 2;
}

const quantiles = new Map<number, number>();

/** Standard deviations above the median that a share of a normal distribution does not exceed. A workload asks for the same probability on each machine. */
export function normalQuantile(share: number): number {
  const found = quantiles.get(share) ?? bisected(share);
  if (quantiles.size < MAX_QUANTILES) quantiles.set(share, found);
  return found;
}

const MAX_QUANTILES = 100;

function bisected(share: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
