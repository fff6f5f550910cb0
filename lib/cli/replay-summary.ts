import type { RunKind } from './published-run';
import type { ReplayedRow } from './replayed-row';

/** The prediction errors of a group of rows. */
export interface ReplaySummary {
  readonly suite: string;
  /** Kind of the rows. @default - both kinds */
  readonly kind?: RunKind;
  readonly rows: number;
  /** Rows with both a prediction and a published value. */
  readonly compared: number;
  /** Rows without a prediction. */
  readonly unpredicted: number;
  /** Rows without a published value to compare with. */
  readonly unpublished: number;
  /** Median of |ln(published ÷ predicted)|. @default - no row could be compared */
  readonly medianError?: number;
  /** Mean of |ln(published ÷ predicted)|. @default - no row could be compared */
  readonly meanError?: number;
}

/** Returns a summary of each suite, in alphabetical order. Training and serving are separate. */
export function bySuite(rows: readonly ReplayedRow[]): readonly ReplaySummary[] {
  const groups = new Map<string, ReplayedRow[]>();
  for (const row of rows) {
    const key = `${row.suite}\n${row.kind}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const summaries = [...groups.values()].map((group) => summary(group[0]!.suite, group));
  return summaries.sort((a, b) => a.suite.localeCompare(b.suite, 'en'));
}

/** Returns a summary of each evidence grade, which shows how far to trust predictions of that grade. */
export function byEvidence(rows: readonly ReplayedRow[]): readonly ReplaySummary[] {
  const grades = ['measured', 'modelled', 'nearest'] as const;
  return grades
    .map((grade) => [grade, rows.filter(({ evidence }) => evidence === grade)] as const)
    .filter(([, group]) => group.length > 0)
    .map(([grade, group]) => summary(grade, group));
}

/** Returns a summary of rows with a name. */
export function summary(suite: string, rows: readonly ReplayedRow[]): ReplaySummary {
  const errors = rows.flatMap(({ lnError }) => (lnError === undefined ? [] : [Math.abs(lnError)]));
  const kinds = new Set(rows.map(({ kind }) => kind));
  return {
    suite,
    ...(kinds.size === 1 && { kind: rows[0]!.kind }),
    rows: rows.length,
    compared: errors.length,
    unpredicted: rows.filter(({ predicted }) => predicted === undefined).length,
    unpublished: rows.filter(({ published }) => published === undefined).length,
    ...(errors.length > 0 && {
      medianError: median(errors),
      meanError: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    }),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
