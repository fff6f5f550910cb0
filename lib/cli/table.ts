import { styled, type Terminal } from './terminal';

/** A column of a table. Numbers are aligned to the right. */
export interface TextColumn {
  readonly name: string;
  readonly number?: boolean;
}

/** Formats a table as text with a bold header. Returns an empty string without rows, and leaves out empty columns. */
export function textTable(
  terminal: Pick<Terminal, 'color'>,
  columns: readonly TextColumn[],
  cells: readonly (readonly string[])[],
): string {
  if (cells.length === 0) return '';
  const rows = cells.map((row) => row.map(printable));
  const kept = columns.map((_, at) => at).filter((at) => rows.some((row) => (row[at] ?? '') !== ''));
  const widths = kept.map((at) =>
    rows.reduce((max, row) => Math.max(max, (row[at] ?? '').length), columns[at]!.name.length),
  );
  const line = (cells: readonly string[]) =>
    kept
      .map((at, place) => pad(cells[at] ?? '', widths[place]!, columns[at]!.number))
      .join('  ')
      .trimEnd();
  const head = line(columns.map(({ name }) => name));
  return [styled(terminal, 'bold', head), ...rows.map(line)].map((text) => `${text}\n`).join('');
}

/** Removes control characters that would move the cursor or end the line. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function pad(text: string, width: number, number = false): string {
  return number ? text.padStart(width) : text.padEnd(width);
}
