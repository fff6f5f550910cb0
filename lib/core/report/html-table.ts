import { escapeHtml } from './escape';

/** A column: its name, and how its cells stand. */
export interface Column {
  readonly name: string;
  readonly kind?: 'number' | 'bar' | 'short';
}

/** A cell: text, which is escaped, or markup made here. */
export type Cell = string | { readonly html: string };

/**
 * A table whose first column heads its rows. On a narrow screen each row becomes a card, so that nothing is cut off; the
 * roles keep it a table to a screen reader then.
 */
export function htmlTable(caption: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const head = columns.map(
    ({ name, kind }) => `<th role="columnheader" scope="col"${className(kind)}>${escapeHtml(name)}</th>`,
  );
  const body = rows.map(
    (cells) => `<tr role="row">${cells.map((cell, at) => cellOf(columns[at]!, cell, at)).join('')}</tr>`,
  );
  return `<table class="cards" role="table" aria-label="${escapeHtml(caption)}">
<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>
<tbody role="rowgroup">${body.join('\n')}</tbody>
</table>`;
}

function cellOf({ name, kind }: Column, cell: Cell, at: number): string {
  const inner = typeof cell === 'string' ? escapeHtml(cell) : cell.html;
  if (at === 0) return `<th role="rowheader" scope="row"${className(kind)}>${inner}</th>`;
  return `<td role="cell" data-name="${escapeHtml(name)}"${className(kind)}>${inner}</td>`;
}

function className(kind: Column['kind']): string {
  return kind === undefined ? '' : ` class="${kind}"`;
}

/** Facts by name, without a head. */
export function factTable(
  caption: string,
  facts: readonly { readonly name: string; readonly value: string }[],
): string {
  const rows = facts.map(
    ({ name, value }) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table class="facts" aria-label="${escapeHtml(caption)}"><tbody>${rows.join('\n')}</tbody></table>`;
}
