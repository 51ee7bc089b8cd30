/** Series that somebody recorded: rows of a JSON-lines or CSV file of the workspace. Adapter. */
import type { Window } from '../../core/evidence.ts';
import type { Series, SeriesShape } from '../../core/series.ts';
import { oneLine } from '../../runtime/untrusted-text.ts';
import { locateInWorkspace, readLocated, stampOf, WorkspaceFileError } from '../../runtime/workspace-file.ts';
import { leavesOf, unanswered } from '../series-leaves.ts';
import type { LeafAnswer, SeriesAnswer, SeriesScope, SeriesSource } from '../series-source.ts';
import { isoTime } from '../whole-seconds.ts';
import { linesOf, type RecordedLines } from './line-values.ts';
import { RecordedError } from './recorded-error.ts';
import { type RecordedRow, rowOf, rowsOfArm } from './recorded-rows.ts';
import { totalsOf } from './row-totals.ts';

/** The largest file that is read; a month of rows by the minute for two versions is half of it. */
export const MAX_RECORDED_BYTES = 16 * 1024 * 1024;

/** Where recorded files are. */
export interface FileSourceOptions {
  /** The folder that every path is relative to and stays in. */
  readonly workspace: string;
}

type FileSeries = Extract<Series, { source: 'file' }>;

interface RecordedFile extends Pick<RecordedLines, 'format' | 'columns'> {
  readonly stamp: string;
  readonly rows: readonly RecordedRow[];
}

const MAX_WHY_CHARS = 600;

/**
 * Returns the source `file`, which reads a file anew whenever it was written to.
 *
 * Each row is of one `version`, of one `group` or the whole fleet, and of the time `from`..`to`; a row that only
 * has `at` counts since the row before it. Only rows that lie within the window count: one that straddles its begin
 * would count what happened before the stage (INV-1). What is covered is from the first such row to the last. A
 * file that is missing or unreadable in any line is `error`; no row is `none`.
 */
export function createFileSource({ workspace }: FileSourceOptions): SeriesSource {
  const kept = new Map<string, RecordedFile>();
  const read = (name: string): RecordedFile => {
    const file = locateInWorkspace(workspace, name);
    const before = kept.get(file);
    if (before !== undefined && before.stamp === stampOf(name, file)) return before;
    const { text, stamp } = readLocated(name, file, MAX_RECORDED_BYTES);
    const { format, columns, lines } = linesOf(name, text);
    const recorded = { format, columns, stamp, rows: lines.map(rowOf) };
    kept.set(file, recorded);
    return recorded;
  };
  return {
    name: 'file',
    async ask(series, scope, signal) {
      signal?.throwIfAborted();
      if (series.source !== 'file') {
        const why = `the series is for ${series.source}, and file was asked`;
        return unanswered(series.shape, scope, { kind: 'error', why });
      }
      const asked = askedText(series, scope);
      try {
        return { ...answerFrom(read(series.path), series.shape, scope), asked };
      } catch (thrown) {
        const isOurs = thrown instanceof RecordedError || thrown instanceof WorkspaceFileError;
        if (!isOurs) throw thrown;
        const why = thrown instanceof RecordedError ? `${series.path}: ${thrown.message}` : thrown.message;
        return {
          ...unanswered(series.shape, scope, { kind: 'error', why: oneLine(why, MAX_WHY_CHARS) }),
          asked,
        };
      }
    },
  };
}

function answerFrom(file: RecordedFile, shape: SeriesShape, scope: SeriesScope): SeriesAnswer {
  const arm = rowsOfArm(file.rows, scope);
  if (arm.kind === 'none') return unanswered(shape, scope, none(arm.why));
  const { window } = scope;
  const inside = arm.rows.filter((row) => isWithin(row, window, shape));
  const totals = totalsOf(file, inside, shape);
  const newestAt = arm.rows.findLast(({ to }) => to <= window.to)?.to ?? null;
  if (totals.used.length === 0) {
    const why =
      inside.length > 0
        ? 'the rows within the window have no numbers'
        : `none of the ${arm.rows.length} rows of version ${scope.version} lies within the window asked`;
    return { ...unanswered(shape, scope, none(why)), newestAt };
  }
  return {
    covered: coveredBy(totals.used, window),
    leaves: totals.leaves,
    warnings: totals.used.length > 1 ? deviceWarning(shape, totals.used.length) : [],
    asked: '',
    found: totals.used.length,
    newestAt,
  };
}

// A bare value is of one moment; everything else is counted over a row's whole time.
function isWithin({ from, to, values }: RecordedRow, window: Window, shape: SeriesShape): boolean {
  const isMoment = shape.kind === 'value' && typeof values['at'] === 'string';
  if (isMoment) return to > window.from && to <= window.to;
  return from !== null && from >= window.from && to <= window.to;
}

function coveredBy(used: readonly RecordedRow[], window: Window): Window {
  const from = used[0]?.from ?? window.from;
  return { from: Math.max(from, window.from), to: used.at(-1)?.to ?? window.to };
}

function deviceWarning(shape: SeriesShape, rows: number): readonly string[] {
  if (shape.devices === null) return [];
  return [
    `devices do not add up over ${rows} rows: the most in one row is taken, which is at most those of the window; ` +
      'write one row for the whole window to be exact',
  ];
}

function askedText({ path, shape }: FileSeries, { version, group, window }: SeriesScope): string {
  const columns = leavesOf(shape).map(({ name, text }) => `${name}: ${text}`);
  const whose = `version ${version}${group === null ? '' : `, group ${group}`}`;
  const span = `${isoTime(window.from)} to ${isoTime(window.to)}`;
  return oneLine(`${path}, ${whose}, ${span}; ${columns.join('; ')}`, 2_000);
}

function none(why: string): LeafAnswer {
  return { kind: 'none', why: oneLine(why, MAX_WHY_CHARS) };
}
