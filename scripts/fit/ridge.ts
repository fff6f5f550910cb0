/** The features of a row by name. A missing feature counts as 0. */
export type Features = ReadonlyMap<string, number>;

/** A row of a regression. */
export interface Sample {
  readonly features: Features;
  readonly target: number;
  /** @default 1 */
  readonly weight?: number;
}

/** A linear model: the sum of the coefficients times the features. */
export type Coefficients = ReadonlyMap<string, number>;

/** Penalty of a coefficient. Without a penalty (0), it is not shrunk. */
export type Penalty = (feature: string) => number;

/** Rounds of reweighting. */
export const ROUNDS = 4;
/** Residuals below this limit count with their square, larger ones with their size (Huber loss). */
const HUBER = 0.08;

/**
 * Ridge regression with Huber loss by iterated reweighting. Penalties per group of features make it a mixed model. Effects of a chip, a
 * suite or a model shrink toward the common effect, more so with fewer rows.
 */
export function fitRidge(samples: readonly Sample[], penalty: Penalty, rounds = ROUNDS): Coefficients {
  const names = commonNames(samples);
  const index = new Map(names.map((name, at) => [name, at]));
  const rows = samples.map(({ features, target, weight = 1 }) => {
    const used = [...features].filter(([name]) => index.has(name)).sort(([a], [b]) => index.get(a)! - index.get(b)!);
    return {
      at: Int32Array.from(used, ([name]) => index.get(name)!),
      value: Float64Array.from(used, ([, value]) => value),
      target,
      weight,
    };
  });
  const penalties = Float64Array.from(names, penalty);
  let robust = rows.map(() => 1);
  let solution = new Float64Array(names.length);
  for (let round = 0; round < rounds; round += 1) {
    solution = solve(normalEquations(rows, robust, penalties));
    robust = rows.map(({ at, value, target }) => {
      let residual = target;
      at.forEach((column, k) => (residual -= solution[column]! * value[k]!));
      return Math.min(1, HUBER / Math.max(Math.abs(residual), 1e-9));
    });
  }
  return new Map(names.map((name, at) => [name, solution[at]!]));
}

/** Returns the features of at least two rows, in order. A feature of a single row would only memorize it. */
function commonNames(samples: readonly Sample[]): string[] {
  const uses = new Map<string, Set<number>>();
  for (const { features, target } of samples) {
    for (const name of features.keys()) uses.set(name, (uses.get(name) ?? new Set()).add(target));
  }
  return [...uses].flatMap(([name, targets]) => (targets.size > 1 ? [name] : [])).sort();
}

interface Row {
  readonly at: Int32Array;
  readonly value: Float64Array;
  readonly target: number;
  readonly weight: number;
}

interface System {
  readonly matrix: Float64Array[];
  readonly right: Float64Array;
}

function normalEquations(rows: readonly Row[], robust: readonly number[], penalties: Float64Array): System {
  const matrix = Array.from(penalties, (penalty, at) => {
    const line = new Float64Array(at + 1);
    line[at] = penalty + 1e-9;
    return line;
  });
  const right = new Float64Array(penalties.length);
  rows.forEach(({ at, value, target, weight }, row) => {
    for (let i = 0; i < at.length; i += 1) {
      const scaled = weight * robust[row]! * value[i]!;
      right[at[i]!]! += scaled * target;
      const line = matrix[at[i]!]!;
      for (let j = 0; j <= i; j += 1) line[at[j]!]! += scaled * value[j]!;
    }
  });
  return { matrix, right };
}

/** Cholesky's method, on the lower triangle. */
function solve({ matrix, right }: System): Float64Array<ArrayBuffer> {
  const n = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i += 1) {
    const line = matrix[i]!;
    for (let j = 0; j <= i; j += 1) {
      const other = matrix[j]!;
      let sum = line[j]!;
      for (let k = 0; k < j; k += 1) sum -= line[k]! * other[k]!;
      line[j] = i === j ? Math.sqrt(sum) : sum / other[j]!;
    }
    for (let k = 0; k < i; k += 1) x[i]! -= line[k]! * x[k]!;
    x[i]! /= line[i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    x[i]! /= matrix[i]![i]!;
    for (let k = 0; k < i; k += 1) x[k]! -= matrix[i]![k]! * x[i]!;
  }
  return x;
}

/** Returns the prediction for a row. */
export function apply(coefficients: Coefficients, features: Features): number {
  let sum = 0;
  for (const [name, value] of features) sum += (coefficients.get(name) ?? 0) * value;
  return sum;
}
