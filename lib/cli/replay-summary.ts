import type { RunKind } from './replay-fields';
import type { ReplayedRow } from './replay-rows';

/** How well a group of rows was predicted. */
export interface ReplaySummary {
  readonly suite: string;
  /** What its rows are of. @default - of training and of serving */
  readonly kind?: RunKind;
  readonly rows: number;
  /** Rows with both a prediction and a published figure. */
  readonly compared: number;
  /** Rows that have no prediction. */
  readonly unpredicted: number;
  /** Rows that publish no figure to compare with. */
  readonly unpublished: number;
  /** Of |ln(published ÷ predicted)|. @default - nothing could be compared */
  readonly medianError?: number;
  readonly meanError?: number;
}

/** A summary of each suite, in alphabetical order; training and serving never fall together. */
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

/** A summary of each kind of evidence: how far to trust a number that says it stands on so much. */
export function byEvidence(rows: readonly ReplayedRow[]): readonly ReplaySummary[] {
  const grounds = ['measured', 'modelled', 'nearest'] as const;
  return grounds
    .map((ground) => [ground, rows.filter(({ evidence }) => evidence === ground)] as const)
    .filter(([, group]) => group.length > 0)
    .map(([ground, group]) => summary(ground, group));
}

/** A summary of rows under a name. */
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
