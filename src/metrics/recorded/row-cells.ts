/** The numbers and histograms in the cells of a recorded row. Pure. */
import { boundIn, inOrder } from '../cumulative-buckets.ts';
import { describeJson } from '../describe-json.ts';
import { bucketsOf, numberOf } from '../json-leaf.ts';
import type { Bucket } from '../series-source.ts';
import type { RecordedLines } from './line-values.ts';
import { RecordedError, shownNames } from './recorded-error.ts';
import type { RecordedRow } from './recorded-rows.ts';

/** How the cells of a file are written. */
export type CellFormat = Pick<RecordedLines, 'format' | 'columns'>;

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const BUCKET_INFIX = '_le_';

/** Returns the number in a column, or null for an empty cell. Errors: RecordedError for anything else. */
export function numberIn(file: CellFormat, row: RecordedRow, column: string): number | null {
  requireColumn(file, column);
  const value = cell(row, column);
  if (value === null) return null;
  const isDecimal = file.format === 'csv' && typeof value === 'string' && DECIMAL.test(value);
  const answer = numberOf(isDecimal ? Number(value) : value);
  if (answer.kind === 'number') return answer.value;
  const expected = file.format === 'csv' ? 'a number such as 12.5' : 'a JSON number, without quotes';
  throw new RecordedError(`line ${row.line}: ${column} is ${describeJson(value)}; expected ${expected}`);
}

/** Returns the number in a column as `numberIn` does. Errors: RecordedError also for a negative one. */
export function countIn(file: CellFormat, row: RecordedRow, column: string): number | null {
  const count = numberIn(file, row, column);
  if (count === null || count >= 0) return count;
  throw new RecordedError(
    `line ${row.line}: ${column} is ${count}; expected what was counted in the time of the row, at least 0`,
  );
}

/** Returns the number in a column as `numberIn` does. Errors: RecordedError also for one that is not in 0..1. */
export function shareIn(file: CellFormat, row: RecordedRow, column: string): number | null {
  const share = numberIn(file, row, column);
  if (share === null || (share >= 0 && share <= 1)) return share;
  throw new RecordedError(`line ${row.line}: ${column} is ${share}; expected a mean from 0 to 1`);
}

/**
 * Returns the cumulative histogram in a row, or null where it has none: in JSON lines the buckets in a column, in
 * CSV one column for each bound, named `<column>_le_<bound>`. Errors: RecordedError for anything else.
 */
export function bucketsIn(file: CellFormat, row: RecordedRow, column: string): readonly Bucket[] | null {
  const answer = file.format === 'csv' ? csvBuckets(file, row, column) : jsonBuckets(file, row, column);
  if (answer === null || answer.kind === 'none') return null;
  if (answer.kind === 'buckets') return answer.buckets;
  const why = answer.kind === 'error' ? answer.why : 'is no histogram';
  throw new RecordedError(`line ${row.line}: ${column}: ${why}`);
}

function jsonBuckets(
  file: CellFormat,
  row: RecordedRow,
  column: string,
): ReturnType<typeof bucketsOf> | null {
  requireColumn(file, column);
  const value = cell(row, column);
  return value === null ? null : bucketsOf(value);
}

function csvBuckets(file: CellFormat, row: RecordedRow, column: string): ReturnType<typeof inOrder> | null {
  const prefix = `${column}${BUCKET_INFIX}`;
  const names = [...file.columns].filter((name) => name.startsWith(prefix));
  if (names.length === 0) throw missing(file, `${prefix}100, …, ${prefix}+Inf`);
  const counts = names.map((name) => countIn(file, row, name));
  if (counts.every((count) => count === null)) return null;
  return inOrder(
    names.map((name, index) => {
      const upTo = boundIn(name.slice(prefix.length));
      if (upTo === undefined)
        throw new RecordedError(`the column ${name} ends with no bound; expected a number or +Inf`);
      const count = counts[index];
      if (count == null) throw new RecordedError(`line ${row.line}: ${name} is empty beside other buckets`);
      return { upTo, count };
    }),
  );
}

function requireColumn(file: CellFormat, column: string): void {
  if (!file.columns.has(column)) throw missing(file, column);
}

function missing({ columns }: CellFormat, column: string): RecordedError {
  return new RecordedError(`the file has no column ${column}; it has ${shownNames(columns)}`);
}

function cell({ values }: RecordedRow, column: string): unknown {
  return Object.hasOwn(values, column) ? (values[column] ?? null) : null;
}
