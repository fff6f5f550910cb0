/** Returns the median. For an even count it is the mean of the middle two values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: no values');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A cost at a size. */
export interface Point {
  readonly n: number;
  readonly cost: number;
}

/**
 * Returns the exponent k of cost ~ n^k: the least-squares slope of the logarithms. 1 is linear, 2 quadratic.
 *
 * A fixed cost lowers the exponent, so leave out startup.
 */
export function growthExponent(points: readonly Point[]): number {
  const logs = points.map(({ n, cost }) => [Math.log(n), Math.log(cost)] as const);
  const meanOf = (axis: 0 | 1) => logs.reduce((sum, log) => sum + log[axis], 0) / logs.length;
  const [meanN, meanCost] = [meanOf(0), meanOf(1)];
  const spread = logs.reduce((sum, [n]) => sum + (n - meanN) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('growthExponent: needs costs at two sizes or more');
  return logs.reduce((sum, [n, cost]) => sum + (n - meanN) * (cost - meanCost), 0) / spread;
}
