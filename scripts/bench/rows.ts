/** One line of the result. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value to compare with. Null for a row without a comparison. */
  readonly baseline: number | null;
  /** `value / baseline`. Null for a row without a comparison. */
  readonly ratio: number | null;
  /** The goal, and whether the row meets it. Null for a row without a goal. */
  readonly goal: { readonly text: string; readonly met: boolean } | null;
}

/** The goal of a row. */
export interface Goal {
  readonly text: string;
  readonly holds: (value: number, baseline: number) => boolean;
}

export function row(name: string, unit: string, value: number, baseline?: number, goal?: Goal): Row {
  return {
    name,
    value: round(value),
    unit,
    baseline: baseline === undefined ? null : round(baseline),
    ratio: baseline === undefined ? null : round(value / baseline, 3),
    goal: goal ? { text: goal.text, met: goal.holds(value, baseline ?? Number.NaN) } : null,
  };
}

/** Formats the rows as a table of aligned columns. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['', 'value', 'unit', 'baseline', 'ratio', 'goal'],
    ...rows.map(({ name, value, unit, baseline, ratio, goal }) => [
      name,
      String(value),
      unit,
      baseline === null ? '' : String(baseline),
      ratio === null ? '' : ratio.toFixed(3),
      goal ? `${goal.text}: ${goal.met ? 'met' : 'MISSED'}` : '',
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const isNumber = (column: number) => [1, 3, 4].includes(column);
  const pad = (text: string, column: number) =>
    isNumber(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!);
  return cells.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
