/** The lines of a recorded file as values by column: JSON lines, or CSV with a header. Pure. */
import { type CsvError, parse } from 'csv-parse/sync';
import { describeJson } from '../describe-json.ts';
import { RecordedError, shownNames } from './recorded-error.ts';

/** One line's values by column. */
export interface LineValues {
  /** Number of the line in the file, from 1; for messages. */
  readonly line: number;
  /** A cell of CSV is text, and null where it is empty. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Everything that a file has. */
export interface RecordedLines {
  readonly format: 'json-lines' | 'csv';
  readonly columns: ReadonlySet<string>;
  readonly lines: readonly LineValues[];
}

/** Returns the lines of a file by the end of its name: `.csv`, else JSON lines. Errors: RecordedError. */
export function linesOf(path: string, text: string): RecordedLines {
  return /\.csv$/i.test(path) ? csvLines(text) : jsonLines(text);
}

/**
 * Returns the lines of JSON lines; blank ones are skipped.
 *
 * Errors: RecordedError for a line that is no JSON object, which is also what a cut file ends with.
 */
export function jsonLines(text: string): RecordedLines {
  const columns = new Set<string>();
  const lines: LineValues[] = [];
  for (const [index, each] of text.split('\n').entries()) {
    if (each.trim() === '') continue;
    const value = parsed(each, index + 1);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new RecordedError(`line ${index + 1} is ${describeJson(value)}; expected one JSON object a line`);
    }
    for (const name of Object.keys(value)) columns.add(name);
    lines.push({ line: index + 1, values: value as Record<string, unknown> });
  }
  return { format: 'json-lines', columns, lines };
}

/**
 * Returns the rows of CSV (RFC 4180) below its header; blank lines are skipped, cells are trimmed.
 *
 * Errors: RecordedError for quotes that are not closed, rows longer or shorter than the header, a column without a
 * name or named twice, and a file that does not end with a line break: its last number may be cut.
 */
export function csvLines(text: string): RecordedLines {
  const [header, ...rows] = records(text);
  if (header === undefined) return { format: 'csv', columns: new Set(), lines: [] };
  const names = header.cells;
  if (names.includes('')) throw new RecordedError('the header has a column without a name');
  const columns = new Set(names);
  if (columns.size < names.length) {
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    throw new RecordedError(`the header names a column twice: ${shownNames(new Set(twice))}`);
  }
  if (!text.endsWith('\n') && !text.endsWith('\r')) {
    throw new RecordedError(
      'the last line has no line break at its end, so the file may be cut; write one after every row',
    );
  }
  const lines = rows.map(({ line, cells }) => ({ line, values: byColumn(names, cells) }));
  return { format: 'csv', columns, lines };
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Returns every row of CSV with the number of its last line; a blank line is none. Errors: RecordedError. */
export function records(text: string): readonly CsvRecord[] {
  const isPlain = !text.includes('"') && !/\r(?!\n)/.test(text);
  const all = isPlain ? plainRecords(text) : quotedRecords(text);
  const rows = all.filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  const width = rows[0]?.cells.length ?? 0;
  const odd = rows.find(({ cells }) => cells.length !== width);
  if (odd === undefined) return rows;
  throw new RecordedError(
    `line ${odd.line} has ${odd.cells.length} cells; expected ${width}, as the header has`,
  );
}

// Without quotes a row is a line. That is three times as fast, and while it reads, no other source is heard.
function plainRecords(text: string): readonly CsvRecord[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((each, index) => ({ line: index + 1, cells: each.split(',').map((cell) => cell.trim()) }));
}

function quotedRecords(text: string): readonly CsvRecord[] {
  const found: CsvRecord[] = [];
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record(cells: string[], { lines }) {
        found.push({ line: lines, cells });
        return null;
      },
    });
  } catch (thrown) {
    throw new RecordedError(`the file is no CSV: ${(thrown as CsvError).message}`, { cause: thrown });
  }
  return found;
}

function byColumn(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [index, name] of names.entries()) values[name] = cells[index] === '' ? null : cells[index];
  return values;
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordedError(
      `line ${line} is not JSON; expected one JSON object a line (a number that is NaN is none), or the file is cut`,
    );
  }
}
