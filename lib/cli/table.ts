import { styled, type Terminal } from './terminal';

/** A column of a table of text: its name, and whether its cells are numbers, which stand to the right. */
export interface TextColumn {
  readonly name: string;
  readonly number?: boolean;
}

/** A table as lines of text, its head in bold. Columns that are empty throughout are left out. */
export function textTable(
  terminal: Pick<Terminal, 'colour'>,
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): string {
  const kept = columns.map((_, at) => at).filter((at) => rows.some((row) => (row[at] ?? '') !== ''));
  const widths = kept.map((at) => Math.max(columns[at]!.name.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]) =>
    kept
      .map((at, place) => pad(cells[at] ?? '', widths[place]!, columns[at]!.number))
      .join('  ')
      .trimEnd();
  const head = line(columns.map(({ name }) => name));
  return [styled(terminal, 'bold', head), ...rows.map(line)].map((text) => `${text}\n`).join('');
}

function pad(text: string, width: number, number = false): string {
  return number ? text.padStart(width) : text.padEnd(width);
}
