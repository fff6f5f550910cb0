/**
 * Reads `data/`: the published figures that the planner is fitted to and the tables are checked against.
 *
 * `tsx scripts/data.ts` writes every file of `data/` with one row a line, so that a diff shows the rows that changed. It changes no value.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder with the published figures. */
export const DATA = join(__dirname, '../data');

type AnyRow = Readonly<Record<string, unknown>>;

/** A file of `data/`. */
export interface DataFile<Row = AnyRow> {
  /** Month in which the sources were read. */
  readonly read: string;
  /** Rows, each with its source. */
  readonly rows: readonly Row[];
}

/** Returns a parsed file of `data/`. */
export function dataFile<Row = AnyRow>(name: string): DataFile<Row> {
  return JSON.parse(readFileSync(join(DATA, name), 'utf8')) as DataFile<Row>;
}

/** Returns the names of the files of `data/`. */
export function dataFiles(): string[] {
  return readdirSync(DATA).filter((name) => name.endsWith('.json'));
}

/** Formats a file of `data/`, with one row a line. */
export function dataText({ read, rows }: DataFile): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  return `{\n  "read": ${JSON.stringify(read)},\n  "rows": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

if (require.main === module) {
  for (const name of dataFiles()) writeFileSync(join(DATA, name), dataText(dataFile(name)));
}
