import { escapeHtml, isShort, phrase } from './escape';

/** A column: its name, and the layout of its cells. */
export interface Column {
  readonly name: string;
  readonly kind?: 'number' | 'bar' | 'short';
}

/** A cell: text, which is escaped, or markup. `long` allows markup to wrap. */
export type Cell = string | { readonly html: string; readonly long?: boolean };

/** A row, and whether it belongs to the plan. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly chosen?: boolean;
}

/**
 * Returns a table whose first column contains row headers. On a narrow screen, each row becomes a card, so that nothing is cut off. The
 * ARIA roles keep it a table for screen readers.
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
  // One element, because on a narrow screen a cell is a flex row. Text next to markup would become several boxes.
  const inner = typeof cell !== 'string' ? cell.html : cell === '' ? '' : `<span>${phrase(cell)}</span>`;
  const style = OVERLONG.test(inner.replace(/<[^>]*>/g, '')) ? 'long' : long && kind === 'short' ? undefined : kind;
  if (at === 0) return `<th role="rowheader" scope="row"${className(style)}>${inner}</th>`;
  return `<td role="cell" data-name="${escapeHtml(name)}"${className(style)}>${inner}</td>`;
}

/** A word that is too long for any column. */
const OVERLONG = /\S{28}/u;

function className(name: string | undefined): string {
  return name === undefined ? '' : ` class="${name}"`;
}
