/** Device counts and histories on the wire, whose fields no source documents. */
import { describe, expect, it } from 'vitest';
import { deviceCountSchema } from '../../../src/octomil/wire-devices.ts';
import { historySchema, oldestFirst } from '../../../src/octomil/wire-history.ts';
import { checkRow, type Row } from '../../support/wire-rows.ts';

const COUNTS: readonly Row[] = [
  {
    title: 'every number',
    json: { affected_devices: 12, on_version: 11, reachable: 11, total: 124 },
    gives: { assigned: 12, onVersion: 11, reachable: 11, total: 124 },
  },
  {
    title: 'a bare count',
    json: { count: 12 },
    gives: { assigned: 12, onVersion: null, reachable: null, total: null },
  },
  { title: 'device_count', json: { device_count: 3 }, gives: { assigned: 3 } },
  { title: 'only a total', json: { total: 7 }, gives: { assigned: 7, total: null } },
  { title: 'a number', json: 9, gives: { assigned: 9 } },
  { title: 'a list', json: [{}, {}], gives: { assigned: 2 } },
  { title: 'a list of devices', json: { devices: [{}, {}] }, gives: { assigned: 2 } },
  {
    title: 'a list under affected_devices',
    json: { affected_devices: ['a', 'b', 'c'] },
    gives: { assigned: 3 },
  },
  { title: 'a page with its total', json: { devices: [{}], total: 40, limit: 1 }, gives: { assigned: 40 } },
  {
    title: 'a negative count',
    json: { affected_devices: -1 },
    throws: 'affected_devices is -1; expected a number of at least 0',
  },
  {
    title: 'NaN',
    json: { affected_devices: 1, on_version: Number.NaN },
    throws: 'on_version is NaN; expected a number',
  },
  { title: 'a count as text', json: { count: '12' }, throws: 'count is "12"; expected a number' },
];

describe('a device count', () => {
  it.each(COUNTS)('with $title', (row) => checkRow(deviceCountSchema, row));

  it.each([
    ['nothing that counts', {}],
    ['a full page without its total', { devices: [{}, {}], limit: 2 }],
  ])('with %s counts nothing', (_title, json) => {
    expect(deviceCountSchema.parse(json)).toBeNull();
  });
});

describe('a history', () => {
  const read = (json: unknown) => oldestFirst(historySchema.parse(json).items);

  it.each([
    ['bare', (entries: unknown[]) => entries],
    ['under history', (entries: unknown[]) => ({ history: entries })],
    ['under items', (entries: unknown[]) => ({ items: entries })],
  ])('%s is sorted oldest first', (_title, wrap) => {
    const entries = read(
      wrap([
        { to_status: 'paused', note: 'b', changed_at: '2026-11-20T11:00:00Z' },
        { status: 'created', percentage: 1, reason: 'a', at: '2026-11-20T10:00:00Z' },
      ]),
    );
    expect(entries).toEqual([
      { status: 'pending', percentage: 1, reason: 'a', at: Date.UTC(2026, 10, 20, 10) },
      { status: 'paused', percentage: null, reason: 'b', at: Date.UTC(2026, 10, 20, 11) },
    ]);
  });

  it('without times stays in its order', () => {
    expect(read([{ status: 'active' }, { status: 'paused' }]).map(({ status }) => status)).toEqual([
      'active',
      'paused',
    ]);
  });

  it('refuses a percentage that is none, by its place', () => {
    const row = {
      title: '',
      json: { history: [{}, { percentage: 300 }] },
      throws: 'history[1].percentage is 300; expected',
    };
    checkRow(historySchema, row);
  });
});
