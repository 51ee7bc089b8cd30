/** What a recorded file says about a window: only rows that lie within it, and no half-read file. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SeriesShape } from '../../../src/core/series.ts';
import { MAX_RECORDED_BYTES } from '../../../src/metrics/recorded/file-source.ts';
import type { LeafAnswer, SeriesScope } from '../../../src/metrics/series-source.ts';
import { createWorkspace, jsonLinesOf, minute, type Workspace } from '../../support/recorded-files.ts';

const COUNTS: SeriesShape = {
  kind: 'counts',
  events: 'failed',
  trials: 'all',
  devices: null,
  devicesWithEvents: null,
};
const WITH_DEVICES: SeriesShape = { ...COUNTS, devices: 'active', devicesWithEvents: 'failing' };
const MEAN: SeriesShape = { kind: 'mean', mean: 'rating', n: 'ratings', devices: null };
const BUCKETS: SeriesShape = { kind: 'buckets', buckets: 'ms', unit: 'ms', devices: null };
const VALUE: SeriesShape = { kind: 'value', value: 'p95', unit: 'ms', devices: 'active' };

const num = (value: number): LeafAnswer => ({ kind: 'number', value });
const span = (from: number, to: number) => ({ from: minute(from), to: minute(to) });

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

interface Row {
  readonly text: string;
  readonly name?: string;
  readonly shape?: SeriesShape;
  readonly scope?: Partial<SeriesScope>;
  readonly gives: Readonly<Record<string, LeafAnswer>>;
  readonly covers: readonly [from: number, to: number];
}

const NUMBERS: Readonly<Record<string, Row>> = {
  'rows of counts are added': {
    text: jsonLinesOf({ ...span(0, 5), failed: 1, all: 100 }, { ...span(5, 10), failed: 2.5, all: 99.5 }),
    gives: { events: num(3.5), trials: num(199.5) },
    covers: [0, 10],
  },
  'a row that straddles the begin of the window is left out': {
    text: jsonLinesOf({ ...span(-1, 4), failed: 90, all: 100 }, { ...span(4, 9), failed: 1, all: 100 }),
    gives: { events: num(1), trials: num(100) },
    covers: [4, 9],
  },
  'a row that straddles the end of the window is left out': {
    text: jsonLinesOf({ ...span(0, 10), failed: 1, all: 100 }, { ...span(10, 16), failed: 90, all: 100 }),
    gives: { events: num(1), trials: num(100) },
    covers: [0, 10],
  },
  'a row with at counts since the row before it, in any order of lines': {
    text: jsonLinesOf(
      { at: minute(9), failed: 2, all: 20 },
      { at: minute(0), failed: 90, all: 100 },
      { at: minute(4), failed: 1, all: 10 },
    ),
    gives: { events: num(3), trials: num(30) },
    covers: [0, 9],
  },
  'a row with at that began before the window is left out': {
    text: jsonLinesOf(
      { at: minute(-2), failed: 0, all: 1 },
      { at: minute(1), failed: 90, all: 90 },
      { at: minute(3), failed: 1, all: 10 },
    ),
    gives: { events: num(1), trials: num(10) },
    covers: [1, 3],
  },
  'rows of other versions and groups are not counted': {
    text: jsonLinesOf(
      { ...span(0, 5), failed: 1, all: 100, group: 'wards' },
      { ...span(0, 5), failed: 90, all: 100 },
      { ...span(0, 5), failed: 90, all: 100, group: 'labs' },
      { ...span(0, 5), failed: 90, all: 100, group: 'wards', version: '1.9.0' },
    ),
    scope: { group: 'wards' },
    gives: { events: num(1), trials: num(100) },
    covers: [0, 5],
  },
  'the whole fleet is the rows without a group': {
    text: jsonLinesOf(
      { ...span(0, 5), failed: 90, all: 100, group: 'wards' },
      { ...span(0, 5), failed: 1, all: 100, group: null },
    ),
    gives: { events: num(1), trials: num(100) },
    covers: [0, 5],
  },
  'devices do not add up: the most of any row is taken': {
    text: jsonLinesOf(
      { ...span(0, 5), failed: 1, all: 9, active: 30, failing: 1 },
      { ...span(5, 9), failed: 3, all: 9, active: 20, failing: 3 },
    ),
    shape: WITH_DEVICES,
    gives: { events: num(4), trials: num(18), devices: num(30), devicesWithEvents: num(3) },
    covers: [0, 9],
  },
  'a row without devices tells none': {
    text: jsonLinesOf({ ...span(0, 5), failed: 1, all: 9, active: null, failing: 1 }),
    shape: WITH_DEVICES,
    gives: {
      events: num(1),
      trials: num(9),
      devices: { kind: 'none', why: 'line 1: active is empty' },
      devicesWithEvents: num(1),
    },
    covers: [0, 5],
  },
  'a row in which nothing was measured is skipped': {
    text: jsonLinesOf({ ...span(0, 5), failed: null, all: null }, { ...span(5, 9), failed: 1, all: 9 }),
    gives: { events: num(1), trials: num(9) },
    covers: [5, 9],
  },
  'a mean is weighed by its n': {
    text: jsonLinesOf(
      { ...span(0, 5), rating: 1, ratings: 30 },
      { ...span(5, 9), rating: 0.5, ratings: 10 },
      { ...span(9, 10), ratings: 0 },
    ),
    shape: MEAN,
    gives: { mean: num(0.875), n: num(40) },
    covers: [0, 10],
  },
  'a mean of nothing is nothing': {
    text: jsonLinesOf({ ...span(0, 5), rating: null, ratings: 0 }),
    shape: MEAN,
    gives: { mean: { kind: 'none', why: 'nothing measured: n is 0' }, n: num(0) },
    covers: [0, 5],
  },
  'histograms are added bound by bound': {
    text: jsonLinesOf(
      { ...span(0, 5), ms: { '100': 5, '+Inf': 9 } },
      {
        ...span(5, 9),
        ms: [
          { le: 100, count: 1 },
          { le: null, count: 2 },
        ],
      },
    ),
    shape: BUCKETS,
    gives: {
      buckets: {
        kind: 'buckets',
        buckets: [
          { upTo: 100, count: 6 },
          { upTo: Number.POSITIVE_INFINITY, count: 11 },
        ],
      },
    },
    covers: [0, 9],
  },
  'a histogram of CSV has a column for each bound': {
    name: 'r.csv',
    text: `version,from,to,ms_le_+Inf,ms_le_100\n2.0.0,${minute(0)},${minute(5)},9,5\n`,
    shape: BUCKETS,
    gives: {
      buckets: {
        kind: 'buckets',
        buckets: [
          { upTo: 100, count: 5 },
          { upTo: Number.POSITIVE_INFINITY, count: 9 },
        ],
      },
    },
    covers: [0, 5],
  },
  'a value is that of the newest row that has one': {
    text: jsonLinesOf(
      { at: minute(5), p95: 300, active: 7 },
      { at: minute(10), p95: 310, active: 8 },
      { at: minute(12), p95: null, active: 9 },
      { at: minute(16), p95: 999, active: 9 },
    ),
    shape: VALUE,
    gives: { value: num(310), devices: num(8) },
    covers: [5, 10],
  },
  'CSV is read with quotes, empty cells, Windows line ends and a byte-order mark': {
    name: 'r.csv',
    text: `\ufeff"version",from,to,group,failed,all\r\n"2.0.0",${minute(0)},${minute(5)},"wards, ""north""",1,1e2\r\n`,
    scope: { group: 'wards, "north"' },
    gives: { events: num(1), trials: num(100) },
    covers: [0, 5],
  },
};

describe('a recorded file', () => {
  it.each(Object.entries(NUMBERS))('%s', async (_title, row) => {
    const { text, name = 'r.jsonl', shape = COUNTS, scope = {}, gives, covers } = row;
    workspace.write(name, text);
    const answer = await workspace.ask(name, shape, scope);
    expect(answer.leaves).toEqual(gives);
    expect([answer.covered.from, answer.covered.to].map((at) => new Date(at).toISOString())).toEqual(
      covers.map(minute),
    );
  });

  it('says that devices do not add up, how many rows were used and which is the newest', async () => {
    const row = { failed: 0, all: 9, active: 3, failing: 0 };
    workspace.write('r.jsonl', jsonLinesOf({ ...span(0, 5), ...row }, { ...span(5, 9), ...row }));
    const answer = await workspace.ask('r.jsonl', WITH_DEVICES);
    expect(answer.warnings).toEqual([expect.stringContaining('devices do not add up over 2 rows')]);
    expect(answer).toMatchObject({ found: 2, newestAt: Date.parse(minute(9)) });
    expect(answer.asked).toContain('r.jsonl, version 2.0.0, 2026-03-01T11:45:00Z to 2026-03-01T12:00:00Z');
  });

  it('is read anew when it was written to', async () => {
    workspace.write('r.jsonl', jsonLinesOf({ ...span(0, 5), failed: 1, all: 9 }));
    await workspace.ask('r.jsonl', COUNTS);
    const more = jsonLinesOf({ ...span(0, 5), failed: 1, all: 9 }, { ...span(5, 9), failed: 10, all: 90 });
    workspace.write('r.jsonl', more);
    expect((await workspace.ask('r.jsonl', COUNTS)).leaves.trials).toEqual(num(99));
  });

  it('rejects with the reason of an aborted signal', async () => {
    const series = { source: 'file', path: 'r.jsonl', shape: COUNTS } as const;
    const asking = workspace.source.ask(series, expect.anything(), AbortSignal.abort(new Error('over')));
    await expect(asking).rejects.toThrow('over');
  });
});

interface Refusal {
  readonly text: string;
  readonly name?: string;
  readonly shape?: SeriesShape;
  readonly scope?: Partial<SeriesScope>;
  readonly kind: 'none' | 'error';
  readonly says: RegExp;
}

const good = { ...span(0, 5), failed: 1, all: 9 };
const csv = (header: string, ...rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;
const times = `${minute(0)},${minute(5)}`;

const NO_NUMBERS: Readonly<Record<string, Refusal>> = {
  'an empty file has no rows': { text: '', kind: 'none', says: /has no rows/ },
  'an empty CSV has no rows': { name: 'r.csv', text: '', kind: 'none', says: /has no rows/ },
  'no row of the version names the versions there': {
    text: jsonLinesOf({ ...good, version: '1.9.0' }),
    kind: 'none',
    says: /no row of version 2\.0\.0, only of "1\.9\.0"/,
  },
  'no row of the group names the groups there': {
    text: jsonLinesOf({ ...good, group: 'labs' }),
    scope: { group: 'wards' },
    kind: 'none',
    says: /are of group "labs", and asked is group "wards"/,
  },
  'rows of the fleet are not those of a group': {
    text: jsonLinesOf(good),
    scope: { group: 'wards' },
    kind: 'none',
    says: /are of the whole fleet, and asked is group "wards"/,
  },
  'rows outside of the window are nothing': {
    text: jsonLinesOf({ ...good, ...span(-10, -5) }),
    kind: 'none',
    says: /none of the 1 rows of version 2\.0\.0 lies within the window/,
  },
  'the first row with at says nothing of when it began': {
    text: jsonLinesOf({ at: minute(5), failed: 1, all: 9 }),
    kind: 'none',
    says: /none of the 1 rows/,
  },
  'empty cells are nothing': {
    name: 'r.csv',
    text: csv('version,from,to,failed,all', `2.0.0,${times},,`),
    kind: 'none',
    says: /have no numbers/,
  },
  'a cut line is an error': {
    text: `${jsonLinesOf(good)}{"version":"2.0.0","fro`,
    kind: 'error',
    says: /r\.jsonl: line 2 is not JSON.*or the file is cut/,
  },
  'a CSV that may be cut within its last number is an error': {
    name: 'r.csv',
    text: csv('version,from,to,failed,all', `2.0.0,${times},1,9`).trimEnd(),
    kind: 'error',
    says: /no line break at its end, so the file may be cut/,
  },
  'NaN is an error': {
    text: `{"version":"2.0.0","from":"${minute(0)}","to":"${minute(5)}","failed":NaN,"all":9}\n`,
    kind: 'error',
    says: /line 1 is not JSON/,
  },
  'NaN in CSV is an error': {
    name: 'r.csv',
    text: csv('version,from,to,failed,all', `2.0.0,${times},NaN,9`),
    kind: 'error',
    says: /line 2: failed is the text "NaN"; expected a number such as 12\.5/,
  },
  'a number in quotes is an error': {
    text: jsonLinesOf({ ...good, failed: '1' }),
    kind: 'error',
    says: /line 1: failed is the text "1"; expected a JSON number, without quotes/,
  },
  'a running total that went back is an error': {
    text: jsonLinesOf({ ...good, failed: -4 }),
    kind: 'error',
    says: /failed is -4; expected what was counted in the time of the row/,
  },
  'a column that is not there names those that are': {
    text: jsonLinesOf({ ...good, all: undefined, total: 9 }),
    kind: 'error',
    says: /no column all; it has "version", "from", "to", "failed", "total"/,
  },
  'half a row is an error': {
    text: jsonLinesOf(good, { ...good, ...span(5, 9), failed: null }),
    kind: 'error',
    says: /line 2: failed is empty beside numbers; write 0/,
  },
  'two rows of the same time are an error': {
    text: jsonLinesOf(good, { ...good, ...span(4, 9) }),
    kind: 'error',
    says: /lines 1 and 2 are of the same time, version and group/,
  },
  'a row without a time is an error': {
    text: jsonLinesOf({ failed: 1, all: 9 }),
    kind: 'error',
    says: /line 1 has no time; expected from and to, or at/,
  },
  'a time without an offset is an error': {
    text: jsonLinesOf({ ...good, from: '2026-03-01T12:00:00' }),
    kind: 'error',
    says: /line 1: from is the text "2026-03-01T12:00:00"; expected a time in RFC 3339/,
  },
  'a row that ends before it begins is an error': {
    text: jsonLinesOf({ ...good, ...span(5, 0) }),
    kind: 'error',
    says: /line 1 ends before it begins/,
  },
  'a row without a version is an error': {
    text: jsonLinesOf({ ...good, version: undefined }),
    kind: 'error',
    says: /line 1 has no version/,
  },
  'a version that is a number is an error': {
    text: jsonLinesOf({ ...good, version: 2 }),
    kind: 'error',
    says: /version is number 2; expected text/,
  },
  'a list is no row': {
    text: '[1]\n',
    kind: 'error',
    says: /line 1 is a list of 1; expected one JSON object/,
  },
  'quotes that are not closed are an error': {
    name: 'r.csv',
    text: csv('version,from,to,failed,all', `"2.0.0,${times},1,9`),
    kind: 'error',
    says: /is no CSV: Quote Not Closed/,
  },
  'a short row is an error': {
    name: 'r.csv',
    text: csv('version,from,to,failed,all', `2.0.0,${times},1`),
    kind: 'error',
    says: /line 2 has 4 cells; expected 5, as the header has/,
  },
  'a column named twice is an error': {
    name: 'r.csv',
    text: csv('version,from,to,failed,failed', `2.0.0,${times},1,9`),
    kind: 'error',
    says: /names a column twice: "failed"/,
  },
  'a mean above 1 is an error': {
    text: jsonLinesOf({ ...span(0, 5), rating: 4.5, ratings: 3 }),
    shape: MEAN,
    kind: 'error',
    says: /rating is 4\.5; expected a mean from 0 to 1/,
  },
  'histograms with different bounds are an error': {
    text: jsonLinesOf(
      { ...span(0, 5), ms: { '100': 5, '+Inf': 9 } },
      { ...span(5, 9), ms: { '200': 5, '+Inf': 9 } },
    ),
    shape: BUCKETS,
    kind: 'error',
    says: /line 2: the buckets end at 200, \+Inf, and those before at 100, \+Inf/,
  },
  'a histogram that falls is an error': {
    text: jsonLinesOf({ ...span(0, 5), ms: { '100': 10, '+Inf': 9 } }),
    shape: BUCKETS,
    kind: 'error',
    says: /line 1: ms: the buckets are not cumulative/,
  },
};

describe('a recorded file gives no numbers:', () => {
  it.each(Object.entries(NO_NUMBERS))('%s', async (_title, row) => {
    const { text, name = 'r.jsonl', shape = COUNTS, scope = {}, kind, says } = row;
    workspace.write(name, text);
    const { leaves } = await workspace.ask(name, shape, scope);
    expect(Object.values(leaves).map((leaf) => leaf.kind)).toEqual(Object.values(leaves).map(() => kind));
    expect(Object.values(leaves)[0]).toMatchObject({ why: expect.stringMatching(says) });
  });
});

describe('a path that is no file of the workspace', () => {
  const rows: Readonly<Record<string, { readonly path: string; readonly says: RegExp }>> = {
    'is missing': { path: 'gone.jsonl', says: /"gone\.jsonl" is not in the workspace; does an earlier step/ },
    'is absolute': { path: '/etc/passwd.csv', says: /is no path relative to the workspace/ },
    'has a drive': { path: 'C:\\r.csv', says: /is no path relative to the workspace/ },
    climbs: { path: 'a/../../r.csv', says: /leaves the workspace/ },
    'is a link to outside': { path: 'link/r.jsonl', says: /leaves the workspace/ },
    'is a folder': { path: 'folder.csv', says: /is no regular file/ },
    'has a NUL': { path: 'a\0.csv', says: /cannot be read/ },
  };

  it.each(Object.entries(rows))('%s', async (_title, { path, says }) => {
    const outside = createWorkspace();
    try {
      outside.write('r.jsonl', jsonLinesOf(good));
      symlinkSync(outside.folder, join(workspace.folder, 'link'));
      mkdirSync(join(workspace.folder, 'folder.csv'));
      const { leaves } = await workspace.ask(path, COUNTS);
      expect(leaves.trials).toMatchObject({ kind: 'error', why: expect.stringMatching(says) });
    } finally {
      outside.remove();
    }
  });

  it('is followed through a link that stays inside', async () => {
    workspace.write('r.jsonl', jsonLinesOf(good));
    symlinkSync(join(workspace.folder, 'r.jsonl'), join(workspace.folder, 'link.jsonl'));
    expect((await workspace.ask('link.jsonl', COUNTS)).leaves.trials).toEqual(num(9));
  });

  it('is too large above 16 MiB', async () => {
    writeFileSync(join(workspace.folder, 'big.jsonl'), Buffer.alloc(MAX_RECORDED_BYTES + 1, '\n'));
    expect((await workspace.ask('big.jsonl', COUNTS)).leaves.trials).toMatchObject({
      kind: 'error',
      why: expect.stringMatching(/has more than 16 MiB/),
    });
  });

  it('is no UTF-8', async () => {
    writeFileSync(join(workspace.folder, 'latin.csv'), Buffer.from([0x61, 0xe4, 0x0a]));
    expect((await workspace.ask('latin.csv', COUNTS)).leaves.trials).toMatchObject({
      kind: 'error',
      why: expect.stringMatching(/is not UTF-8/),
    });
  });
});
