import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { PriceFile } from '../../core/catalog/price-file';
import { UsageError } from '../exit';
import { withFileName } from '../data-file';

/** Returns the text of a price file, with one source and one price a line. */
export function priceFileText({ sources, missing, prices, ...head }: PriceFile): string {
  const lines = (rows: readonly string[]) => (rows.length === 0 ? '' : `\n    ${rows.join(',\n    ')}\n  `);
  const heads = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  const named = Object.entries(sources).map(([key, source]) => `${JSON.stringify(key)}: ${JSON.stringify(source)}`);
  const of = (rows: readonly unknown[]) => lines(rows.map((row) => JSON.stringify(row)));
  return `{\n${heads.join('')}  "sources": {${lines(named)}},\n  "missing": [${of(missing)}],\n  "prices": [${of(prices)}]\n}\n`;
}

/** Throws an error if a file cannot be written. Checked before prices are fetched, which takes minutes. */
export function checkWritable(path: string): void {
  withFileName(path, () => {
    accessSync(dirname(path), constants.W_OK);
  });
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${path}: is a folder, not a file`);
}

/** Writes a file as a whole: to another file first, which then gets the name. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  withFileName(path, () => {
    try {
      const file = openSync(temporary, 'wx');
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}
