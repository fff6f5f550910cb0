import { styled, type Terminal } from './terminal';

/** A column of a table of text: its name, and whether its cells are numbers, which stand to the right. */
export interface TextColumn {
  readonly name: string;
  readonly number?: boolean;
}

/** A table as lines of text, its head in bold; nothing where it has no rows. Columns that are empty throughout are left out. */
export function textTable(
  terminal: Pick<Terminal, 'colour'>,
  columns: readonly TextColumn[],
  cells: readonly (readonly string[])[],
): string {
  if (cells.length === 0) return '';
  const rows = cells.map((row) => row.map(printable));
  const kept = columns.map((_, at) => at).filter((at) => rows.some((row) => (row[at] ?? '') !== ''));
  const widths = kept.map((at) =>
    rows.reduce((most, row) => Math.max(most, (row[at] ?? '').length), columns[at]!.name.length),
  );
  const line = (cells: readonly string[]) =>
    kept
      .map((at, place) => pad(cells[at] ?? '', widths[place]!, columns[at]!.number))
      .join('  ')
      .trimEnd();
  const head = line(columns.map(({ name }) => name));
  return [styled(terminal, 'bold', head), ...rows.map(line)].map((text) => `${text}\n`).join('');
}

/** Text of a file without signs that would move the cursor or end the line. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function pad(text: string, width: number, number = false): string {
  return number ? text.padStart(width) : text.padEnd(width);
}
