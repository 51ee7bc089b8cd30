/** A workspace with one recorded file, and the source that reads it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeriesShape } from '../../src/core/series.ts';
import { createFileSource } from '../../src/metrics/recorded/file-source.ts';
import type { SeriesAnswer, SeriesScope, SeriesSource } from '../../src/metrics/series-source.ts';
import { SCOPE_END, seriesScope } from './series-scopes.ts';

const MINUTE = 60_000;

/** A folder that a test owns. */
export interface Workspace {
  readonly folder: string;
  readonly source: SeriesSource;
  write(name: string, text: string): void;
  ask(path: string, shape: SeriesShape, scope?: Partial<SeriesScope>): Promise<SeriesAnswer>;
  remove(): void;
}

/** Returns an empty workspace; `remove` deletes it. The scope asked is version 2.0.0 of the whole fleet. */
export function createWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  const source = createFileSource({ workspace: folder });
  return {
    folder,
    source,
    write: (name, text) => writeFileSync(join(folder, name), text),
    ask: (path, shape, scope = {}) =>
      source.ask({ source: 'file', path, shape }, seriesScope({ group: null, ...scope })),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Returns the time of day in RFC 3339, `minutes` after the begin of the window of `seriesScope`. */
export function minute(minutes: number): string {
  return new Date(SCOPE_END + (minutes - 15) * MINUTE).toISOString();
}

/** Returns the text of JSON lines, each of version 2.0.0 unless it says otherwise. */
export function jsonLinesOf(...rows: readonly Record<string, unknown>[]): string {
  return rows.map((row) => `${JSON.stringify({ version: '2.0.0', ...row })}\n`).join('');
}
