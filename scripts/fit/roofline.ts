import type { RooflineNumbers } from '../../lib/core/planning/serving/serving-efficiency';

/** The largest batch is copied from the rows, and is not fitted. */
type FittedNumber = Exclude<keyof RooflineNumbers, 'neuronMaxSequences'>;

/** Prior of a number: a typical value, and the standard deviation of its logarithm. */
interface Prior {
  readonly usual: number;
  readonly spread: number;
}

// Rounded values from experience. The prior of a mixture equals that of a dense model.
const PRIORS: Readonly<Record<FittedNumber, Prior>> = {
  bandwidth: { usual: 0.7, spread: 0.06 },
  decodePeak: { usual: 0.3, spread: 0.09 },
  prefillPeak: { usual: 0.55, spread: 0.09 },
  fourBitBoth: { usual: 0.6, spread: 0.09 },
  fourBitWeights: { usual: 0.8, spread: 0.2 },
  link: { usual: 0.6, spread: 0.12 },
  stepSeconds: { usual: 2e-3, spread: 0.15 },
  sequenceSeconds: { usual: 1.25e-7, spread: 0.2 },
  collectiveSeconds: { usual: 1e-5, spread: 0.15 },
  outputHeld: { usual: 0.95, spread: 0.03 },
  moeBandwidth: { usual: 0.7, spread: 0.15 },
  moeDecodePeak: { usual: 0.7, spread: 0.2 },
  moePrefillPeak: { usual: 0.7, spread: 0.2 },
  moeStepSeconds: { usual: 1, spread: 0.25 },
  moeSequenceSeconds: { usual: 1, spread: 0.35 },
  moeMaxSequences: { usual: 2048, spread: 0.35 },
  neuronBandwidth: { usual: 0.4, spread: 0.05 },
  neuronStepSeconds: { usual: 3.5e-3, spread: 0.05 },
};
const NAMES = Object.keys(PRIORS) as FittedNumber[];

/** Returns ln(published) − ln(roofline) of each row. */
export type Misses = (numbers: RooflineNumbers) => readonly number[];

const SCALE = 0.12;
const STEPS = 12;
const NUDGE = 1e-4;

/** Fits the numbers of the roofline with the Gauss-Newton method: robust, in logarithms, with priors. */
export function fitRoofline(misses: Misses, neuronMaxSequences: number): RooflineNumbers {
  const numbersOf = (logarithms: readonly number[]) => rooflineAt(logarithms, neuronMaxSequences);
  const missesAt = (logarithms: readonly number[]) => misses(numbersOf(logarithms));
  let at = NAMES.map((name) => Math.log(PRIORS[name].usual));
  for (let step = 0; step < STEPS; step += 1) at = improved(at, missesAt);
  return numbersOf(at);
}

function rooflineAt(logarithms: readonly number[], neuronMaxSequences: number): RooflineNumbers {
  const fitted = NAMES.map((name, at) => [name, Math.exp(logarithms[at]!)] as const);
  return { ...(Object.fromEntries(fitted) as Record<FittedNumber, number>), neuronMaxSequences };
}

function improved(at: readonly number[], misses: (at: readonly number[]) => readonly number[]): number[] {
  const now = misses(at);
  const slopes = at.map((_, name) => {
    const nudged = misses(at.map((value, other) => (other === name ? value + NUDGE : value)));
    return nudged.map((miss, row) => (miss - now[row]!) / NUDGE);
  });
  // Soft L1: a row with a large error counts only with its sign.
  const weights = now.map((miss) => 1 / Math.sqrt(1 + (miss / SCALE) ** 2));
  const dot = (a: readonly number[], b: readonly number[]) =>
    weights.reduce((sum, weight, row) => sum + (weight * a[row]! * b[row]!) / SCALE ** 2, 0);
  const system = slopes.map((slope, name) => [
    ...slopes.map((other, column) => dot(slope, other) + (name === column ? prior(name).precision : 0)),
    -dot(slope, now) - prior(name).precision * (at[name]! - prior(name).mean),
  ]);
  const move = solved(system);
  return at.map((value, name) => value + Math.max(-0.5, Math.min(0.5, move[name]!)));
}

function prior(name: number): { readonly mean: number; readonly precision: number } {
  const { usual, spread } = PRIORS[NAMES[name]!];
  return { mean: Math.log(usual), precision: 1 / spread ** 2 };
}

/** Gaussian elimination. The last column is the right side. */
function solved(system: number[][]): number[] {
  const n = system.length;
  for (let pivot = 0; pivot < n; pivot += 1) {
    for (let row = pivot + 1; row < n; row += 1) {
      const factor = system[row]![pivot]! / system[pivot]![pivot]!;
      for (let column = pivot; column <= n; column += 1) system[row]![column]! -= factor * system[pivot]![column]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = system[row]![n]!;
    for (let column = row + 1; column < n; column += 1) sum -= system[row]![column]! * x[column]!;
    x[row] = sum / system[row]![row]!;
  }
  return x;
}
