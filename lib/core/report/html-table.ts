import { escapeHtml, isShort, phrase } from './escape';

/** A column: its name, and how its cells stand. */
export interface Column {
  readonly name: string;
  readonly kind?: 'number' | 'bar' | 'short';
}

/** A cell: text, which is escaped, or markup made here, of which `long` tells that it may not stay on one line. */
export type Cell = string | { readonly html: string; readonly long?: boolean };

/** A row, and whether it is the one that the plan is for. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly chosen?: boolean;
}

/**
 * A table whose first column heads its rows. On a narrow screen each row becomes a card, so that nothing is cut off; the
 * roles keep it a table to a screen reader then.
 */
export function htmlTable(caption: string, columns: readonly Column[], rows: readonly Row[]): string {
  const head = columns.map(
    ({ name, kind }) => `<th role="columnheader" scope="col"${className(kind)}>${escapeHtml(name)}</th>`,
  );
  const body = rows.map(
    ({ cells, chosen }) =>
      `<tr role="row"${className(chosen ? 'chosen' : undefined)}>${cells.map((cell, at) => cellOf(columns[at]!, cell, at)).join('')}</tr>`,
  );
  return `<table class="cards" role="table" aria-label="${escapeHtml(caption)}">
<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>
<tbody role="rowgroup">${body.join('\n')}</tbody>
</table>`;
}

function cellOf({ name, kind }: Column, cell: Cell, at: number): string {
  const long = typeof cell === 'string' ? !isShort(cell) : cell.long;
  // One element: on a narrow screen a cell is a row of boxes, and text beside markup would be several of them.
  const inner = typeof cell !== 'string' ? cell.html : cell === '' ? '' : `<span>${phrase(cell)}</span>`;
  const style = OVERLONG.test(inner.replace(/<[^>]*>/g, '')) ? 'long' : long && kind === 'short' ? undefined : kind;
  if (at === 0) return `<th role="rowheader" scope="row"${className(style)}>${inner}</th>`;
  return `<td role="cell" data-name="${escapeHtml(name)}"${className(style)}>${inner}</td>`;
}

/** A word that no column is wide enough for. */
const OVERLONG = /\S{28}/u;

function className(name: string | undefined): string {
  return name === undefined ? '' : ` class="${name}"`;
}
