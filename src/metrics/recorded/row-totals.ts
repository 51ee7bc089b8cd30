/** What the rows within a window say together: sums, weighted means, histograms, the newest value. Pure. */
import type { SeriesShape } from '../../core/series.ts';
import { boundText } from '../cumulative-buckets.ts';
import type { Bucket, LeafAnswer, SeriesAnswer } from '../series-source.ts';
import { RecordedError } from './recorded-error.ts';
import type { RecordedRow } from './recorded-rows.ts';
import { bucketsIn, type CellFormat, countIn, numberIn, shareIn } from './row-cells.ts';

/** What rows say, and which of them say something. */
export interface Totals {
  readonly leaves: SeriesAnswer['leaves'];
  /** Rows with numbers, oldest first; empty where nothing was measured. */
  readonly used: readonly RecordedRow[];
}

type Leaves = Record<string, LeafAnswer>;

/**
 * Returns what rows say of a shape.
 *
 * Events, trials, `n` and buckets are sums over the rows; a mean is weighed by `n`; a value is the newest row's. A
 * device is active in many rows, so devices do not add up: the most in any row is taken, which are at most those
 * of the whole window, and fewer devices are weaker evidence. Errors: RecordedError for a cell that is no such
 * number, a row that has only a part of what is asked, and histograms with different bounds.
 */
export function totalsOf(file: CellFormat, rows: readonly RecordedRow[], shape: SeriesShape): Totals {
  switch (shape.kind) {
    case 'counts':
      return countTotals(file, rows, shape);
    case 'mean':
      return meanTotals(file, rows, shape);
    case 'buckets':
      return bucketTotals(file, rows, shape);
    case 'value':
      return newestValue(file, rows, shape);
  }
}

type Of<Kind extends SeriesShape['kind']> = Extract<SeriesShape, { kind: Kind }>;

function countTotals(file: CellFormat, rows: readonly RecordedRow[], shape: Of<'counts'>): Totals {
  const events = new Map(rows.map((row) => [row, countIn(file, row, shape.events)]));
  const trials = new Map(rows.map((row) => [row, countIn(file, row, shape.trials)]));
  const used = measured(rows, { [shape.events]: events, [shape.trials]: trials });
  const leaves: Leaves = {
    events: number(sum(used, events)),
    trials: number(sum(used, trials)),
    ...devicesOf(file, used, { devices: shape.devices, devicesWithEvents: shape.devicesWithEvents }),
  };
  return { leaves, used };
}

function meanTotals(file: CellFormat, rows: readonly RecordedRow[], shape: Of<'mean'>): Totals {
  const ns = new Map(rows.map((row) => [row, countIn(file, row, shape.n)]));
  // Of nothing there is no mean, so such a row may leave it out.
  const means = new Map(
    rows.map((row) => [row, shareIn(file, row, shape.mean) ?? (ns.get(row) === 0 ? 0 : null)]),
  );
  const used = measured(rows, { [shape.mean]: means, [shape.n]: ns });
  const n = sum(used, ns);
  const weighed = used.reduce((total, row) => total + (means.get(row) ?? 0) * (ns.get(row) ?? 0), 0);
  const mean: LeafAnswer = n > 0 ? number(weighed / n) : { kind: 'none', why: 'nothing measured: n is 0' };
  return { leaves: { mean, n: number(n), ...devicesOf(file, used, { devices: shape.devices }) }, used };
}

function bucketTotals(file: CellFormat, rows: readonly RecordedRow[], shape: Of<'buckets'>): Totals {
  let total: readonly Bucket[] | null = null;
  const used: RecordedRow[] = [];
  for (const row of rows) {
    const buckets = bucketsIn(file, row, shape.buckets);
    if (buckets === null) continue;
    used.push(row);
    total = total === null ? buckets : added(total, buckets, row);
  }
  const buckets: LeafAnswer = { kind: 'buckets', buckets: total ?? [] };
  return { leaves: { buckets, ...devicesOf(file, used, { devices: shape.devices }) }, used };
}

function newestValue(file: CellFormat, rows: readonly RecordedRow[], shape: Of<'value'>): Totals {
  const values = rows.map((row) => numberIn(file, row, shape.value));
  const index = values.findLastIndex((value) => value !== null);
  const row = rows[index];
  const used = row === undefined ? [] : [row];
  const leaves = { value: number(values[index] ?? 0), ...devicesOf(file, used, { devices: shape.devices }) };
  return { leaves, used };
}

function added(total: readonly Bucket[], more: readonly Bucket[], { line }: RecordedRow): readonly Bucket[] {
  const bounds = (buckets: readonly Bucket[]): string =>
    buckets.map(({ upTo }) => boundText(upTo)).join(', ');
  if (bounds(total) !== bounds(more)) {
    throw new RecordedError(
      `line ${line}: the buckets end at ${bounds(more)}, and those before at ${bounds(total)}; expected the same`,
    );
  }
  return total.map(({ upTo, count }, index) => ({ upTo, count: count + (more[index]?.count ?? 0) }));
}

type Column = ReadonlyMap<RecordedRow, number | null>;

/** Rows in which every column has a number; one that has only some of them would count for half. */
function measured(
  rows: readonly RecordedRow[],
  columns: Readonly<Record<string, Column>>,
): readonly RecordedRow[] {
  return rows.filter((row) => {
    const missing = Object.keys(columns).filter((name) => columns[name]?.get(row) == null);
    if (missing.length === 0) return true;
    if (missing.length === Object.keys(columns).length) return false;
    throw new RecordedError(
      `line ${row.line}: ${missing.join(', ')} is empty beside numbers; write 0, or leave the row out`,
    );
  });
}

function devicesOf(
  file: CellFormat,
  used: readonly RecordedRow[],
  columns: Readonly<Record<string, string | null>>,
): Leaves {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) =>
      column === null ? [] : [[name, mostIn(file, used, column)]],
    ),
  );
}

function mostIn(file: CellFormat, used: readonly RecordedRow[], column: string): LeafAnswer {
  const counts = used.map((row) => countIn(file, row, column));
  const index = counts.indexOf(null);
  if (index >= 0) return { kind: 'none', why: `line ${used[index]?.line}: ${column} is empty` };
  return number(counts.reduce<number>((most, count) => Math.max(most, count ?? 0), 0));
}

function sum(rows: readonly RecordedRow[], column: Column): number {
  return rows.reduce((total, row) => total + (column.get(row) ?? 0), 0);
}

function number(value: number): LeafAnswer {
  return { kind: 'number', value };
}
