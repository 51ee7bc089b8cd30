import { describe, expect, it } from 'vitest';
import { settleOptions } from '../../../src/emulator/emulator-options.ts';
import {
  PROFILES,
  parseSwitch,
  SWITCH_NAMES,
  SWITCHES,
  type Switches,
} from '../../../src/emulator/switches.ts';
import { emulatedApi } from '../../support/emulated-api.ts';

const MODEL = '/models/mdl_radiology';
const SECOND = 1_000;

interface Row {
  readonly conflicts: Partial<Switches>;
  readonly shows: string;
  /** What is asked, after a rollout at 10% has reached its devices. */
  readonly ask: (api: ReturnType<typeof emulatedApi>, path: string) => unknown;
  readonly gives: unknown;
}

const field =
  (name: string) =>
  (api: ReturnType<typeof emulatedApi>, path: string): unknown =>
    api.call('GET', path).json[name];
const statusOf =
  (method: string, route: string, body?: object) =>
  (api: ReturnType<typeof emulatedApi>, path: string): unknown => {
    const { status, json } = api.call(method, route.replace('{rollout}', path), body);
    return { status, json };
  };
const healthOf =
  // biome-ignore lint/suspicious/noExplicitAny: an arm of any shape is what the rows are about.
    (pick: (candidate: any) => unknown) =>
    (api: ReturnType<typeof emulatedApi>, path: string): unknown => {
      api.wait(10 * SECOND);
      return pick(api.call('GET', `${path}/health`).json.versions[0]);
    };
const NOT_FOUND = { status: 404, json: { detail: 'Not Found' } };

const ROWS: readonly Row[] = [
  { conflicts: { 'rollout-id': 'integer' }, shows: 'numbers as ids', ask: field('rollout_id'), gives: 2 },
  {
    conflicts: { 'rollout-id': 'string' },
    shows: 'text as ids',
    ask: field('rollout_id'),
    gives: expect.stringMatching(/^rol_[0-9a-f]{6}$/),
  },
  { conflicts: { 'id-field': 'id' }, shows: 'no rollout_id', ask: field('rollout_id'), gives: undefined },
  {
    conflicts: { 'percentage-field': 'rollout_percentage' },
    shows: 'the percentage under that name',
    ask: field('rollout_percentage'),
    gives: 10,
  },
  {
    conflicts: { 'percentage-field': 'current_percentage' },
    shows: 'no other percentage',
    ask: field('percentage'),
    gives: undefined,
  },
  ...(['rollouts', 'items', 'data'] as const).map(
    (list): Row => ({
      conflicts: { list },
      shows: 'the list in its envelope',
      ask: (api) => Object.keys(api.call('GET', `${MODEL}/rollouts`).json),
      gives: [list],
    }),
  ),
  {
    conflicts: { list: 'bare' },
    shows: 'the list itself',
    ask: (api) => api.call('GET', `${MODEL}/rollouts`).json.length,
    gives: 2,
  },
  {
    conflicts: { 'active-route': 'present' },
    shows: 'the unfinished rollouts',
    ask: (api) => api.call('GET', '/rollouts/active').json.rollouts.length,
    gives: 1,
  },
  {
    conflicts: { 'active-route': 'absent' },
    shows: 'a rollout called active that does not exist',
    ask: statusOf('GET', `${MODEL}/rollouts/active`),
    gives: { status: 404, json: expect.objectContaining({ error: 'not_found' }) },
  },
  {
    conflicts: { 'active-route': 'absent' },
    shows: 'no route for the organisation',
    ask: statusOf('GET', '/rollouts/active'),
    gives: NOT_FOUND,
  },
  {
    conflicts: { 'error-body': 'documented' },
    shows: 'error, message and status_code',
    ask: statusOf('GET', `${MODEL}/rollouts/gone`),
    gives: {
      status: 404,
      json: { error: 'not_found', message: 'rollout "gone" does not exist', status_code: 404 },
    },
  },
  {
    conflicts: { 'error-body': 'contract' },
    shows: 'the contract’s codes',
    ask: statusOf('GET', `${MODEL}/versions/9.9.9`),
    gives: {
      status: 404,
      json: { code: 'version_not_found', message: expect.any(String), request_id: 'req_1', retryable: false },
    },
  },
  {
    conflicts: { 'error-body': 'fastapi' },
    shows: 'detail alone',
    ask: statusOf('GET', `${MODEL}/rollouts/gone`),
    gives: { status: 404, json: { detail: 'rollout "gone" does not exist' } },
  },
  {
    conflicts: { 'error-body': 'text' },
    shows: 'plain text',
    ask: statusOf('GET', `${MODEL}/rollouts/gone`),
    gives: { status: 404, json: 'rollout "gone" does not exist' },
  },
  {
    conflicts: { 'rollback-route': 'absent' },
    shows: 'no rollback',
    ask: statusOf('POST', `${MODEL}/rollback`, { to_version: '1.0.0' }),
    gives: NOT_FOUND,
  },
  {
    conflicts: { 'health-route': 'absent' },
    shows: 'no health, also for a rollout that does not exist',
    ask: statusOf('GET', `${MODEL}/rollouts/gone/health`),
    gives: NOT_FOUND,
  },
  {
    conflicts: { 'health-latency': 'buckets' },
    shows: 'a histogram',
    ask: healthOf(({ latency_ms: latency }) => Object.keys(latency)),
    gives: ['buckets'],
  },
  {
    conflicts: { 'health-latency': 'percentiles' },
    shows: 'percentiles of a number of requests',
    ask: healthOf(({ latency_ms: latency, requests }) => ({ ...latency, total: requests.total })),
    gives: {
      p50: expect.any(Number),
      p95: expect.any(Number),
      p99: expect.any(Number),
      total: expect.any(Number),
    },
  },
  {
    conflicts: { 'health-latency': 'bare' },
    shows: 'rates and means alone',
    ask: healthOf(({ requests, quality }) => ({ requests, quality })),
    gives: { requests: { failure_rate: expect.any(Number) }, quality: { mean: expect.closeTo(0.94, 1) } },
  },
  {
    conflicts: { 'health-devices': 'all' },
    shows: 'devices with failures',
    ask: healthOf(({ devices, requests }) => [devices.active, requests.devices_with_failures]),
    gives: [12, expect.any(Number)],
  },
  {
    conflicts: { 'health-devices': 'active' },
    shows: 'active devices alone',
    ask: healthOf(({ devices, requests }) => [devices.active, requests.devices_with_failures]),
    gives: [12, undefined],
  },
  {
    conflicts: { 'health-devices': 'none' },
    shows: 'who is to run it and nothing that devices did',
    ask: healthOf(({ devices, requests }) => ({ devices, fields: Object.keys(requests) })),
    gives: { devices: { assigned: 12, reachable: 12 }, fields: ['total', 'failed'] },
  },
  {
    conflicts: { 'affected-devices': 'counts' },
    shows: 'all counts',
    ask: statusOf('GET', '{rollout}/affected-devices'),
    gives: { status: 200, json: { affected_devices: 12, on_version: 12, reachable: 12, total: 124 } },
  },
  {
    conflicts: { 'affected-devices': 'count' },
    shows: 'a bare count',
    ask: statusOf('GET', '{rollout}/affected-devices'),
    gives: { status: 200, json: { count: 12 } },
  },
  {
    conflicts: { 'affected-devices': 'list' },
    shows: 'the devices',
    ask: (api, path) => api.call('GET', `${path}/affected-devices`).json.devices.length,
    gives: 12,
  },
  {
    conflicts: { 'affected-devices': 'absent' },
    shows: 'no route',
    ask: statusOf('GET', '{rollout}/affected-devices'),
    gives: NOT_FOUND,
  },
  {
    conflicts: { history: 'bare' },
    shows: 'statuses alone',
    ask: statusOf('GET', '{rollout}/status-history'),
    gives: { status: 200, json: [{ status: 'active' }] },
  },
  {
    conflicts: { history: 'absent' },
    shows: 'no route',
    ask: statusOf('GET', '{rollout}/status-history'),
    gives: NOT_FOUND,
  },
  {
    conflicts: { verbs: 'empty' },
    shows: '204 and nothing',
    ask: statusOf('POST', '{rollout}/pause', {}),
    gives: { status: 204, json: null },
  },
  {
    conflicts: { verbs: 'object' },
    shows: 'the rollout',
    ask: (api, path) => api.call('POST', `${path}/pause`, {}).json.status,
    gives: 'paused',
  },
  { conflicts: { timestamps: 'absent' }, shows: 'no created_at', ask: field('created_at'), gives: undefined },
  { conflicts: { 'versions-as': 'integer' }, shows: 'numbers as versions', ask: field('version'), gives: 2 },
];

describe('a switch', () => {
  it.each(ROWS)('$conflicts shows $shows', ({ conflicts, ask, gives }) => {
    const api = emulatedApi({ conflicts });
    const path = api.rollOut(10);
    api.wait(SECOND);
    expect(ask(api, path)).toEqual(gives);
  });

  it('start-immediately=ignored leaves every new rollout pending', () => {
    const api = emulatedApi({ conflicts: { 'start-immediately': 'ignored' } });
    expect(api.call('GET', api.rollOut(10)).json.status).toBe('pending');
  });

  it.each([
    ['accepted', 201],
    ['refused', 400],
  ] as const)('zero-percent=%s answers a create at 0%% with %d', (value, status) => {
    const api = emulatedApi({ conflicts: { 'zero-percent': value } });
    const body = { version: '2.0.0', rollout_percentage: 0, start_immediately: true };
    expect(api.call('POST', `${MODEL}/rollouts`, body).status).toBe(status);
  });

  it.each([
    { group: 'echoed', total: 20, shown: 'grp_beta' },
    { group: 'silent', total: 20, shown: undefined },
    { group: 'ignored', total: 124, shown: null },
  ] as const)('group=$group serves $total devices and shows $shown', ({ group, total, shown }) => {
    const api = emulatedApi({ conflicts: { group }, groups: [{ name: 'beta', count: 20 }] });
    const path = api.rollOut(100, { group: 'beta' });
    api.wait(SECOND);
    expect(api.call('GET', path).json.group).toBe(shown);
    expect(api.call('GET', '/_emulator/state').json.devices.onVersion['2.0.0']).toBe(total);
  });
});

describe('health without a request', () => {
  it('has no percentile, rate or mean: they are not 0', () => {
    const api = emulatedApi({ scenario: 'no-data', conflicts: { 'health-latency': 'bare' } });
    const path = api.rollOut(10);
    api.wait(10 * SECOND);
    const from = Date.UTC(2026, 10, 20, 10) + 2 * SECOND;
    expect(api.call('GET', `${path}/health?from=${from}`).json.versions[0]).toMatchObject({
      requests: { failure_rate: null },
      latency_ms: { p50: null, p95: null, p99: null },
      quality: { mean: null },
    });
  });
});

describe('the profile documented', () => {
  it('shows nothing that no page documents', () => {
    const api = emulatedApi({ profile: 'documented', groups: [{ name: 'beta', count: 20 }] });
    const path = api.rollOut(100, { group: 'beta' });
    expect(Object.keys(api.call('GET', path).json)).not.toContain('group');
    expect(api.call('GET', path).json.status).toBe('completed');
    expect(Array.isArray(api.call('GET', `${MODEL}/rollouts`).json)).toBe(true);
    expect(api.call('GET', `${path}/status-history`).json).toEqual([
      { status: 'active' },
      { status: 'completed' },
    ]);
    expect(api.call('GET', `${path}/health`)).toMatchObject(NOT_FOUND);
    expect(api.call('POST', `${MODEL}/rollback`, { to_version: '1.0.0' })).toMatchObject(NOT_FOUND);
    expect(Object.keys(api.call('GET', `${path}/affected-devices`).json)).toEqual(['count']);
  });
});

describe('parseSwitch', () => {
  it.each(SWITCH_NAMES.flatMap((name) => SWITCHES[name].values.map((value) => ({ name, value }))))(
    'reads $name=$value',
    ({ name, value }) => {
      expect(parseSwitch(`${name}=${value}`)).toEqual({ [name]: value });
    },
  );

  it.each([
    { text: 'list', throws: /list=: expected list=bare or list=rollouts/ },
    { text: 'list=xml', throws: /list=xml: expected/ },
    { text: 'colour=red', throws: /no switch "colour"; expected one of rollout-id/ },
  ])('refuses $text', ({ text, throws }) => {
    expect(() => parseSwitch(text)).toThrow(throws);
  });

  it('knows a value of every switch for both profiles', () => {
    for (const profile of Object.values(PROFILES)) {
      for (const name of SWITCH_NAMES) expect(SWITCHES[name].values).toContain(profile[name]);
    }
  });
});

describe('options', () => {
  const clock = { now: () => 0 };
  it.each([
    {
      title: 'one version for both',
      options: { baseline: '2.0.0' },
      throws: /baseline and candidate are both/,
    },
    {
      title: 'a version in words where numbers are sent',
      options: { conflicts: { 'versions-as': 'integer' }, candidate: '2.0' },
      throws: /version "2.0" with versions-as=integer/,
    },
  ] as const)('are refused with $title', ({ options, throws }) => {
    expect(() => settleOptions({ clock, ...options })).toThrow(throws);
  });
});
