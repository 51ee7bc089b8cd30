/** Markdown tables of cells that are safe already. Pure. */

/** A table as it is written: a header cell per column; `right` aligns numbers. */
export interface Table {
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

/** Returns a left-aligned column. */
export function textColumn(title: string): Table['columns'][number] {
  return { title, align: 'left' };
}

/** Returns a right-aligned column, for numbers. */
export function numberColumn(title: string): Table['columns'][number] {
  return { title, align: 'right' };
}

/**
 * Returns the Markdown of a table, at most `maxRows` around the row `focus`, and a line that says what is left out.
 *
 * Cells must be sanitised by the caller; an empty table is an empty text. Never throws.
 */
export function renderTable(table: Table, limit: { maxRows: number; focus: number; more: string }): string {
  if (table.rows.length === 0) return '';
  const first = Math.max(
    0,
    Math.min(limit.focus - Math.floor(limit.maxRows / 2), table.rows.length - limit.maxRows),
  );
  const shown = table.rows.slice(first, first + limit.maxRows);
  const rule = table.columns.map(({ align }) => (align === 'right' ? '---:' : ':---'));
  const lines = [table.columns.map(({ title }) => title), rule, ...shown].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  const hidden = table.rows.length - shown.length;
  const note = hidden === 0 ? [] : ['', `_${hidden} more ${limit.more} not shown._`];
  return [...lines, ...note].join('\n');
}
