/** Rollouts on the wire: every documented spelling is read, everything else is refused by its name. */
import { describe, expect, it } from 'vitest';
import { pageSchema } from '../../../src/octomil/wire-page.ts';
import { rolloutSchema, statusOf } from '../../../src/octomil/wire-rollout.ts';
import { time } from '../../../src/octomil/wire-scalars.ts';
import { checkRow, type Row } from '../../support/wire-rows.ts';

const full = {
  rollout_id: 'rol_1',
  model_id: 'mdl_1',
  version: '2.0.0',
  status: 'active',
  percentage: 10,
  target_percentage: 100,
};
const without = (...names: (keyof typeof full)[]): object =>
  Object.fromEntries(Object.entries(full).filter(([name]) => !names.includes(name as keyof typeof full)));

const ROLLOUTS: readonly Row[] = [
  {
    title: 'the documented object',
    json: full,
    gives: { id: 'rol_1', modelId: 'mdl_1', percentage: 10, targetPercentage: 100 },
  },
  { title: 'a number as id', json: { ...without('rollout_id'), id: 5 }, gives: { id: '5' } },
  { title: 'rollout_id before id', json: { ...full, id: 'other' }, gives: { id: 'rol_1' } },
  { title: 'null as not there', json: { ...full, rollout_id: null, id: 7 }, gives: { id: '7' } },
  {
    title: 'rollout_percentage',
    json: { ...without('percentage'), rollout_percentage: 12.5 },
    gives: { percentage: 12.5 },
  },
  {
    title: 'current_percentage',
    json: { ...without('percentage'), current_percentage: 0 },
    gives: { percentage: 0 },
  },
  { title: 'a version as a whole number', json: { ...full, version: 3 }, gives: { version: '3' } },
  { title: 'no model', json: without('model_id'), gives: { modelId: 'asked' } },
  { title: 'no group said', json: full, gives: { group: undefined } },
  { title: 'the whole fleet', json: { ...full, group: null }, gives: { group: null } },
  { title: 'a group', json: { ...full, group: 'grp_1' }, gives: { group: 'grp_1' } },
  {
    title: 'a group as an object',
    json: { ...full, device_group: { id: 'grp_1', name: 'b' } },
    gives: { group: 'grp_1' },
  },
  { title: 'no time', json: full, gives: { createdAt: null } },
  {
    title: 'an unknown word',
    json: { ...full, status: 'soaking' },
    gives: { status: 'unknown', statusText: 'soaking' },
  },
  {
    title: 'a word of the prototype',
    json: { ...full, status: 'constructor' },
    gives: { status: 'unknown' },
  },
  { title: 'no id', json: without('rollout_id'), throws: 'rollout_id is missing; expected an id' },
  { title: 'an empty id', json: { ...full, rollout_id: '' }, throws: 'rollout_id is ""; expected an id' },
  {
    title: 'an id over two lines',
    json: { ...full, rollout_id: 'a\nb' },
    throws: 'rollout_id is "a b"; expected an id',
  },
  {
    title: 'a fraction as id',
    json: { ...full, rollout_id: 1.5 },
    throws: 'rollout_id is 1.5; expected an id',
  },
  {
    title: 'no percentage',
    json: without('percentage'),
    throws: 'percentage is missing; expected a number from 0 to 100',
  },
  {
    title: 'more than everything',
    json: { ...full, percentage: 101 },
    throws: 'percentage is 101; expected a number',
  },
  {
    title: 'less than nothing',
    json: { ...full, percentage: -1 },
    throws: 'percentage is -1; expected a number',
  },
  { title: 'NaN', json: { ...full, percentage: Number.NaN }, throws: 'percentage is NaN; expected a number' },
  {
    title: 'a percentage as text',
    json: { ...full, percentage: '10' },
    throws: 'percentage is "10"; expected a number',
  },
  {
    title: 'a bad alias',
    json: { ...without('percentage'), rollout_percentage: 500 },
    throws: 'rollout_percentage is 500; expected',
  },
  { title: 'no version', json: without('version'), throws: 'version is missing; expected a version' },
  {
    title: 'a fraction as version',
    json: { ...full, version: 1.1 },
    throws: 'version is 1.1; expected a version',
  },
  { title: 'no status', json: without('status'), throws: 'status is missing; expected text' },
  {
    title: 'a bad time',
    json: { ...full, created_at: 'yesterday' },
    throws: 'created_at is "yesterday"; expected a time',
  },
  { title: 'a list', json: [full], throws: 'the answer is a list of 1; expected an object' },
];

describe('a rollout', () => {
  it.each(ROLLOUTS)('with $title', (row) => checkRow(rolloutSchema('asked'), row));
});

describe('statusOf', () => {
  it.each([
    ['pending', 'pending'],
    ['created', 'pending'],
    ['Active', 'active'],
    ['started', 'active'],
    ['canary', 'active'],
    ['paused', 'paused'],
    ['completed', 'completed'],
    ['rolling_back', 'rolling_back'],
    ['rolling-back', 'rolling_back'],
    ['rolled back', 'rolled_back'],
    ['canceled', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['deleted', 'cancelled'],
    ['failed', 'failed'],
    ['complete', 'unknown'],
    ['', 'unknown'],
  ])('of %s is %s', (word, status) => {
    expect(statusOf(word)).toBe(status);
  });
});

describe('a time', () => {
  const at = Date.UTC(2026, 10, 20, 10, 0, 0);
  it.each([
    ['2026-11-20T10:00:00Z', at],
    ['2026-11-20T11:00:00+01:00', at],
    ['2026-11-20 10:00:00+00', at],
    ['2026-11-20T10:00:00', at],
    ['2026-11-20T10:00:00.123456', at + 123],
    [at / 1_000, at],
    [at, at],
    [at / 1_000 + 0.25, at + 250],
  ])('%s is read, as UTC where it names no offset', (value, expected) => {
    expect(time.parse(value)).toBe(expected);
  });

  it.each(['', '2026-11-20', 'now', '2026-13-40T99:00:00Z', -1, Number.POSITIVE_INFINITY, true, {}])(
    '%s is refused',
    (value) => {
      expect(time.safeParse(value).success).toBe(false);
    },
  );
});

describe('a list', () => {
  const schema = pageSchema(['rollouts'], rolloutSchema('m'));
  it.each([
    { title: 'bare', json: [full], gives: { items: [{ id: 'rol_1' }], total: null } },
    {
      title: 'under its name',
      json: { rollouts: [full], total: 1 },
      gives: { items: [{ id: 'rol_1' }], total: 1 },
    },
    { title: 'under items', json: { items: [full] }, gives: { items: [{}] } },
    { title: 'under data', json: { data: [full] }, gives: { items: [{}] } },
    {
      title: 'under no known name',
      json: { results: [full] },
      throws: 'rollouts is missing; expected a list',
    },
    {
      title: 'that is an error in disguise',
      json: { error: 'x' },
      throws: 'rollouts is missing; expected a list',
    },
    { title: 'that is none', json: { rollouts: 'x' }, throws: 'rollouts is "x"; expected a list' },
    {
      title: 'with one bad entry',
      json: [full, { ...full, percentage: 101 }],
      throws: '[1].percentage is 101; expected',
    },
  ] satisfies Row[])('$title', (row) => checkRow(schema, row));
});
