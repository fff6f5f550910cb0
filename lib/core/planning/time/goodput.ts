import { FULL_RUNS } from '../catalog/full-runs';
import { type PlanRange, scaled } from '../range';

/** What the goodput of a job depends on. */
export interface GoodputInput {
  /** Seconds of the job if every step runs at the median step rate and nothing fails. @default - unknown: a long run */
  readonly steppingSeconds?: number | undefined;
  /** Share of the time that checkpoints, repeated work and restarts take. */
  readonly loss: number;
  /** Share of the time that all nodes are available. @default 1 */
  readonly available?: number;
}

/**
 * Share of the step rate that short runs keep, from the first step to the last. In MLPerf Training v5.0, they keep 89% (LoRA) to 95%
 * (pre-training) of their logged step rate. These runs take minutes.
 * @see https://github.com/mlcommons/training_results_v5.0
 */
const SHORT_RUN = { seconds: 3600, pace: { p10: 0.89, median: 0.92, p90: 0.95 } } as const;

/** Share of the step rate that full runs keep, without the time that failures cost. The shortest of these runs took almost two days. */
const LONG_RUN = { seconds: 2 * 86_400, pace: FULL_RUNS.pace } as const;

/**
 * Returns the pace of a run: the share of the step rate that it keeps besides failures. Evaluations, slower phases and changes of the
 * configuration cost more in long runs. Between the two lengths with published runs, the pace follows the logarithm of the length.
 */
export function paceOf(steppingSeconds: number = LONG_RUN.seconds): PlanRange {
  const position = Math.log(steppingSeconds / SHORT_RUN.seconds) / Math.log(LONG_RUN.seconds / SHORT_RUN.seconds);
  const share = Math.min(1, Math.max(0, position));
  const between = (of: keyof PlanRange) => SHORT_RUN.pace[of] ** (1 - share) * LONG_RUN.pace[of] ** share;
  return { p10: between('p10'), median: between('median'), p90: between('p90') };
}

/** Returns the goodput of a job: the share of the step rate that it keeps over all hours. */
export function goodputOf({ steppingSeconds, loss, available = 1 }: GoodputInput): PlanRange {
  return scaled(paceOf(steppingSeconds), Math.max(0, 1 - loss) * available);
}
