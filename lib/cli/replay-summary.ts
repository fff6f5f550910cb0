import type { ReplayedRow } from './replay-rows';

/** How well a group of rows was predicted. */
export interface ReplaySummary {
  readonly suite: string;
  readonly rows: number;
  /** Rows with both a prediction and a published figure. */
  readonly compared: number;
  /** Rows that no published run speaks for. */
  readonly withoutMeasurement: number;
  /** Rows that publish no figure to compare with. */
  readonly unpublished: number;
  /** Of |ln(published ÷ predicted)|. @default - nothing could be compared */
  readonly medianError?: number;
  readonly meanError?: number;
}

/** A summary of each suite, in alphabetical order. */
export function bySuite(rows: readonly ReplayedRow[]): readonly ReplaySummary[] {
  const groups = new Map<string, ReplayedRow[]>();
  for (const row of rows) {
    const group = groups.get(row.suite);
    if (group) group.push(row);
    else groups.set(row.suite, [row]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([suite, group]) => summary(suite, group));
}

/** A summary of rows under a name. */
export function summary(suite: string, rows: readonly ReplayedRow[]): ReplaySummary {
  const errors = rows.flatMap(({ lnError }) => (lnError === undefined ? [] : [Math.abs(lnError)]));
  return {
    suite,
    rows: rows.length,
    compared: errors.length,
    withoutMeasurement: rows.filter(({ evidence }) => evidence === 'no measurement').length,
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
