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
  bandwidth: { usual: 0.75, spread: 0.08 },
  decodePeak: { usual: 0.45, spread: 0.15 },
  prefillPeak: { usual: 0.75, spread: 0.12 },
  fourBitBoth: { usual: 0.6, spread: 0.15 },
  fourBitWeights: { usual: 0.8, spread: 0.2 },
  scaleUp: { usual: 0.6, spread: 0.2 },
  pcie: { usual: 0.4, spread: 0.3 },
  host: { usual: 0.1, spread: 0.5 },
  mixedOverlap: { usual: 1.5, spread: 0.3 },
  activationPasses: { usual: 20, spread: 0.5 },
  narrowWidth: { usual: 1000, spread: 0.7 },
  stepSeconds: { usual: 2e-3, spread: 0.3 },
  layerSeconds: { usual: 1e-5, spread: 0.4 },
  sequenceSeconds: { usual: 1.25e-7, spread: 0.4 },
  collectiveSeconds: { usual: 1e-5, spread: 0.2 },
  pcieSeconds: { usual: 2e-5, spread: 0.3 },
  stageLoss: { usual: 0.05, spread: 0.5 },
  outputHeld: { usual: 0.75, spread: 0.2 },
  maxSequences: { usual: 2048, spread: 0.35 },
  reserveGB: { usual: 4, spread: 0.3 },
  moeBandwidth: { usual: 0.8, spread: 0.2 },
  moeDecodePeak: { usual: 0.8, spread: 0.2 },
  moePrefillPeak: { usual: 0.9, spread: 0.2 },
  moeLayerSeconds: { usual: 2, spread: 0.4 },
  moeSequenceSeconds: { usual: 1, spread: 0.35 },
  amdBandwidth: { usual: 0.85, spread: 0.2 },
  amdDecodePeak: { usual: 0.85, spread: 0.2 },
  amdPrefillPeak: { usual: 0.85, spread: 0.2 },
  amdCollectiveSeconds: { usual: 2, spread: 0.3 },
  neuronBandwidth: { usual: 0.6, spread: 0.15 },
  neuronPrefillPeak: { usual: 0.8, spread: 0.2 },
  neuronStepSeconds: { usual: 3.5e-3, spread: 0.15 },
  neuronCollectiveSeconds: { usual: 1.5, spread: 0.3 },
  tpuBandwidth: { usual: 0.85, spread: 0.2 },
  tpuPrefillPeak: { usual: 0.8, spread: 0.2 },
};
const NAMES = Object.keys(PRIORS) as FittedNumber[];

/** A row of the fit. */
export interface RooflineRow {
  /** Software of the row. Each has its own offset, so that a slow one does not change the numbers. */
  readonly group: string;
  readonly weight: number;
  /** Whether a number can change the prediction for the row. */
  readonly affectedBy: (name: string) => boolean;
  /** Returns ln(published) − ln(roofline). */
  readonly miss: (numbers: RooflineNumbers) => number;
}

const SCALE = 0.12;
const STEPS = 7;
const NUDGE = 1e-4;
/** Standard deviation of the offset of a group. */
const OFFSET = 0.15;

/** Fits the numbers of the roofline with the Gauss-Newton method: robust, in logarithms, with priors. */
export function fitRoofline(rows: readonly RooflineRow[], neuronMaxSequences: number): RooflineNumbers {
  const numbersOf = (logarithms: readonly number[]) => rooflineAt(logarithms, neuronMaxSequences);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const offsets = new Map(groups.map((group) => [group, 0]));
  let at = NAMES.map((name) => Math.log(PRIORS[name].usual));
  for (let step = 0; step < STEPS; step += 1) {
    const numbers = numbersOf(at);
    const misses = rows.map(({ miss }) => miss(numbers));
    const slopes = NAMES.map((name, which) => {
      const nudged = numbersOf(at.map((value, other) => (other === which ? value + NUDGE : value)));
      return rows.map(({ miss, affectedBy }, row) => (affectedBy(name) ? (miss(nudged) - misses[row]!) / NUDGE : 0));
    });
    const rest = misses.map((miss, row) => miss - offsets.get(rows[row]!.group)!);
    const ofGroups = groups.map((name) => rows.map(({ group }) => (group === name ? -1 : 0)));
    const priors = [
      ...NAMES.map((name, which) => toward(Math.log(PRIORS[name].usual) - at[which]!, PRIORS[name].spread)),
      ...groups.map((group) => toward(-offsets.get(group)!, OFFSET)),
    ];
    const move = moves([...slopes, ...ofGroups], rest, rows, priors);
    at = at.map((value, which) => value + move[which]!);
    groups.forEach((group, which) => offsets.set(group, offsets.get(group)! + move[NAMES.length + which]!));
  }
  return numbersOf(at);
}

function rooflineAt(logarithms: readonly number[], neuronMaxSequences: number): RooflineNumbers {
  const fitted = NAMES.map((name, at) => [name, Math.exp(logarithms[at]!)] as const);
  return { ...(Object.fromEntries(fitted) as Record<FittedNumber, number>), neuronMaxSequences };
}

/** Distance to the mean of a prior, and its precision. */
function toward(distance: number, spread: number): { readonly distance: number; readonly precision: number } {
  return { distance, precision: 1 / spread ** 2 };
}

/** Returns how far each number moves in one step. */
function moves(
  slopes: readonly (readonly number[])[],
  misses: readonly number[],
  rows: readonly RooflineRow[],
  priors: readonly ReturnType<typeof toward>[],
): number[] {
  // Soft L1: a row with a large error counts only with its sign.
  const weights = misses.map((miss, row) => rows[row]!.weight / Math.sqrt(1 + (miss / SCALE) ** 2) / SCALE ** 2);
  const dot = (a: readonly number[], b: readonly number[]) =>
    weights.reduce((sum, weight, row) => sum + weight * a[row]! * b[row]!, 0);
  const system = slopes.map((slope, name) => [
    ...slopes.map((other, column) => dot(slope, other) + (name === column ? priors[name]!.precision : 0)),
    priors[name]!.precision * priors[name]!.distance - dot(slope, misses),
  ]);
  return solved(system).map((move) => Math.max(-0.5, Math.min(0.5, move)));
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
