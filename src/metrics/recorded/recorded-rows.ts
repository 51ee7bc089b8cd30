/** The rows of a recorded file: whose they are and which time they are of. Pure. */
import { z } from 'zod';
import type { EpochMs } from '../../core/units.ts';
import { describeJson } from '../describe-json.ts';
import type { SeriesScope } from '../series-source.ts';
import type { LineValues } from './line-values.ts';
import { RecordedError, shownNames } from './recorded-error.ts';

/** One row of one version and group. */
export interface RecordedRow extends LineValues {
  readonly version: string;
  /** Null for the whole fleet. */
  readonly group: string | null;
  /** Begin of what it counts; null for the first row that only says `at`. */
  readonly from: EpochMs | null;
  readonly to: EpochMs;
}

/** The rows of one version and group, oldest first, or why there are none. */
export type ArmRows =
  | { readonly kind: 'rows'; readonly rows: readonly RecordedRow[] }
  | { readonly kind: 'none'; readonly why: string };

const instant = z.iso.datetime({ offset: true });
const TIME = 'a time in RFC 3339 with its offset, as in 2026-03-01T12:00:00Z';

/** Returns a line as a row. Errors: RecordedError for a version or a time that is missing or unreadable. */
export function rowOf({ line, values }: LineValues): RecordedRow {
  const version = textIn(values, 'version', line);
  if (version === null) throw new RecordedError(`line ${line} has no version; expected the column version`);
  const group = textIn(values, 'group', line);
  const [at, from, to] = [
    timeIn(values, 'at', line),
    timeIn(values, 'from', line),
    timeIn(values, 'to', line),
  ];
  if (at !== null && from === null && to === null)
    return { line, values, version, group, from: null, to: at };
  if (at !== null || from === null || to === null) {
    throw new RecordedError(`line ${line} has no time; expected from and to, or at, ${TIME}`);
  }
  if (!(to > from)) throw new RecordedError(`line ${line} ends before it begins; expected to after from`);
  return { line, values, version, group, from, to };
}

/**
 * Returns the rows of the version and group that is asked about, oldest first.
 *
 * A row that only says `at` counts what happened since the row before it. Errors: RecordedError for two rows of
 * the same time, because what both count would be counted twice.
 */
export function rowsOfArm(all: readonly RecordedRow[], scope: SeriesScope): ArmRows {
  if (all.length === 0) return { kind: 'none', why: 'the file has no rows' };
  const ofVersion = all.filter(({ version }) => version === scope.version);
  if (ofVersion.length === 0) {
    const versions = shownNames(new Set(all.map(({ version }) => version)));
    return { kind: 'none', why: `the file has no row of version ${scope.version}, only of ${versions}` };
  }
  const rows = ofVersion
    .filter(({ group }) => group === scope.group)
    .toSorted((one, other) => one.to - other.to);
  return rows.length === 0
    ? { kind: 'none', why: otherGroup(ofVersion, scope) }
    : { kind: 'rows', rows: joined(rows) };
}

function joined(rows: readonly RecordedRow[]): readonly RecordedRow[] {
  return rows.map((row, index) => {
    const before = rows[index - 1];
    if (before === undefined) return row;
    if (before.to === row.to || (row.from !== null && row.from < before.to)) {
      throw new RecordedError(
        `lines ${before.line} and ${row.line} are of the same time, version and group; expected each time once`,
      );
    }
    return row.from === null ? { ...row, from: before.to } : row;
  });
}

function otherGroup(rows: readonly RecordedRow[], { version, group }: SeriesScope): string {
  const there = `the rows of version ${version} are of`;
  const groups = new Set(rows.flatMap((row) => row.group ?? []));
  const names = groups.size === 0 ? 'the whole fleet' : `group ${shownNames(groups)}`;
  const asked = group === null ? 'the whole fleet, without a group' : `group ${JSON.stringify(group)}`;
  return `${there} ${names}, and asked is ${asked}`;
}

function textIn(values: LineValues['values'], column: string, line: number): string | null {
  const value = Object.hasOwn(values, column) ? values[column] : null;
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  throw new RecordedError(`line ${line}: ${column} is ${describeJson(value)}; expected text`);
}

function timeIn(values: LineValues['values'], column: string, line: number): EpochMs | null {
  const text = textIn(values, column, line);
  if (text === null) return null;
  if (instant.safeParse(text).success) return Date.parse(text);
  throw new RecordedError(`line ${line}: ${column} is ${describeJson(text)}; expected ${TIME}`);
}
