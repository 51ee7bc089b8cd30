import { describe, expect, it } from 'vitest';
import { type EmulatedApi, emulatedApi } from '../../support/emulated-api.ts';

const MODEL = '/models/mdl_radiology';
const SECOND = 1_000;

const statuses = (api: EmulatedApi): readonly string[] =>
  api.call('GET', `${MODEL}/rollouts`).json.rollouts.map((one: { status: string; version: string }) => {
    return `${one.version} ${one.status}`;
  });
const onVersion = (api: EmulatedApi): Record<string, number> =>
  api.call('GET', '/_emulator/state').json.devices.onVersion;

describe('creating a rollout', () => {
  it('starts it at once when that is asked for, with the devices that its percentage reaches', () => {
    const api = emulatedApi();
    const path = api.rollOut(10);
    expect(api.call('GET', path).json).toMatchObject({
      status: 'active',
      percentage: 10,
      target_percentage: 100,
    });
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 112, '2.0.0': 12 });
  });

  it('leaves it pending otherwise, and serves nobody until it is started', () => {
    const api = emulatedApi();
    const path = api.rollOut(10, { start_immediately: false });
    api.wait(SECOND);
    expect(api.call('GET', path).json.status).toBe('pending');
    expect(onVersion(api)).toEqual({ '1.0.0': 124 });
    expect(api.call('POST', `${path}/start`, {}).json.status).toBe('active');
    api.wait(SECOND);
    expect(onVersion(api)['2.0.0']).toBe(12);
  });

  it.each([
    {
      title: 'a version that does not exist',
      body: { version: '9.9.9' },
      status: 404,
      error: 'version_not_found',
    },
    { title: 'a group that does not exist', body: { group: 'gone' }, status: 404, error: 'not_found' },
    { title: 'no version', body: { version: undefined }, status: 400, error: 'bad_request' },
    { title: 'no percentage', body: { rollout_percentage: undefined }, status: 400, error: 'bad_request' },
    { title: 'more than everybody', body: { rollout_percentage: 101 }, status: 400, error: 'bad_request' },
    { title: 'a target below it', body: { target_percentage: 5 }, status: 400, error: 'bad_request' },
    { title: 'no step', body: { increment_step: 0 }, status: 400, error: 'bad_request' },
    { title: 'a percentage in words', body: { rollout_percentage: '10' }, status: 400, error: 'bad_request' },
  ])('is refused with $title', ({ body, status, error }) => {
    const api = emulatedApi();
    const order = { version: '2.0.0', rollout_percentage: 10, start_immediately: true, ...body };
    const answer = api.call('POST', `${MODEL}/rollouts`, order);
    expect(answer).toMatchObject({ status, json: { error, status_code: status } });
    expect(statuses(api)).toEqual(['1.0.0 completed']);
  });

  it('is refused with a body that is no object', () => {
    expect(emulatedApi().call('POST', `${MODEL}/rollouts`, '[1').status).toBe(400);
  });

  it('is refused for a version that is retired', () => {
    const api = emulatedApi();
    api.call('POST', '/_emulator/versions', { version: '2.0.0', status: 'retired' });
    expect(() => api.rollOut(10)).toThrow(/409.*retired/);
  });
});

describe('a second rollout', () => {
  const versions = ['1.0.0', '2.0.0', '3.0.0'];
  it.each([
    { profile: 'full', conflicts: {}, first: 'active', status: 409 },
    { profile: 'full', conflicts: {}, first: 'paused', status: 409 },
    { profile: 'full', conflicts: { 'second-rollout': 'accepted' }, first: 'active', status: 201 },
    { profile: 'documented', conflicts: {}, first: 'active', status: 409 },
    { profile: 'documented', conflicts: {}, first: 'paused', status: 201 },
    { profile: 'documented', conflicts: { 'second-rollout': '409' }, first: 'paused', status: 409 },
  ] as const)(
    'beside a $first one answers $status on $profile with $conflicts',
    ({ first, status, ...options }) => {
      const api = emulatedApi({ ...options, versions });
      const path = api.rollOut(20);
      if (first === 'paused') api.call('POST', `${path}/pause`, {});
      const order = { version: '3.0.0', rollout_percentage: 100, start_immediately: true };
      expect(api.call('POST', `${MODEL}/rollouts`, order).status).toBe(status);
    },
  );

  it('decides what devices get, while the older one stays paused', () => {
    const api = emulatedApi({ profile: 'documented' });
    const path = api.rollOut(40);
    api.wait(SECOND);
    api.call('POST', `${path}/pause`, {});
    api.call('POST', `${MODEL}/rollouts`, {
      version: '1.0.0',
      rollout_percentage: 100,
      start_immediately: true,
    });
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 124 });
    expect(api.call('GET', path).json.status).toBe('paused');
  });

  it('is accepted once the first is completed', () => {
    const api = emulatedApi({ versions });
    api.rollOut(100);
    api.wait(SECOND);
    expect(statuses(api)[0]).toBe('2.0.0 completed');
    expect(api.rollOut(10, { version: '3.0.0' })).toContain('rol_');
  });
});

describe('a rollout', () => {
  it('keeps its devices while it is paused, and gains none', () => {
    const api = emulatedApi();
    const path = api.rollOut(10);
    api.wait(SECOND);
    api.call('POST', `${path}/pause`, {});
    expect(api.call('POST', `${path}/update-percentage`, { percentage: 50 }).status).toBe(409);
    api.wait(SECOND);
    expect(onVersion(api)['2.0.0']).toBe(12);
  });

  it.each([
    { completed: 'when-synced', at: 'create', gives: 'active' },
    { completed: 'when-synced', at: 'sync', gives: 'completed' },
    { completed: 'at-target', at: 'create', gives: 'completed' },
    { completed: 'never', at: 'sync', gives: 'active' },
  ] as const)('at 100% is $gives at its $at with completed=$completed', ({ completed, at, gives }) => {
    const api = emulatedApi({ conflicts: { completed } });
    const path = api.rollOut(100);
    if (at === 'sync') api.wait(SECOND);
    expect(api.call('GET', path).json.status).toBe(gives);
  });

  it('is completed although three in ten devices are offline', () => {
    const api = emulatedApi({ scenario: 'offline' });
    const path = api.rollOut(100);
    api.wait(SECOND);
    expect(api.call('GET', path).json.status).toBe('completed');
    expect(onVersion(api)).toEqual({ '1.0.0': 37, '2.0.0': 87 });
  });

  it('below 100% never completes, also at its target', () => {
    const api = emulatedApi({ profile: 'documented' });
    const path = api.rollOut(50, { target_percentage: 50 });
    api.wait(60 * SECOND);
    expect(api.call('GET', path).json.status).toBe('active');
  });

  it('that is completed is changed no more, not even by its own percentage', () => {
    const api = emulatedApi();
    const path = api.rollOut(100);
    api.wait(SECOND);
    expect(api.call('POST', `${path}/update-percentage`, { percentage: 100 }).status).toBe(409);
    expect(api.call('POST', `${path}/pause`, {}).status).toBe(409);
  });

  it('writes each change into its history, oldest first, with reason, percentage and time', () => {
    const api = emulatedApi();
    const path = api.rollOut(10);
    api.call('POST', `${path}/update-percentage`, { percentage: 10, reason: 'tag' });
    api.wait(2 * SECOND);
    api.call('POST', `${path}/update-percentage`, { percentage: 25, reason: 'stage 2' });
    api.call('POST', `${path}/pause`, {});
    const { history } = api.call('GET', `${path}/status-history`).json;
    expect(history).toEqual([
      { status: 'active', percentage: 10, reason: null, created_at: '2026-11-20T10:00:00.000Z' },
      { status: 'active', percentage: 10, reason: 'tag', created_at: '2026-11-20T10:00:00.000Z' },
      { status: 'active', percentage: 25, reason: 'stage 2', created_at: '2026-11-20T10:00:02.000Z' },
      { status: 'paused', percentage: 25, reason: null, created_at: '2026-11-20T10:00:02.000Z' },
    ]);
  });

  it('is deleted while it is active only by force; its devices keep the version', () => {
    const api = emulatedApi();
    const path = api.rollOut(40);
    api.wait(SECOND);
    expect(api.call('DELETE', `${path}?force=false`).status).toBe(409);
    expect(api.call('DELETE', `${path}?force=true`).status).toBe(200);
    expect(api.call('GET', path).status).toBe(404);
    api.wait(60 * SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 74, '2.0.0': 50 });
  });

  it('limited to a group reaches devices of that group, and says so', () => {
    const api = emulatedApi({ groups: [{ name: 'beta', count: 20 }] });
    const path = api.rollOut(50, { group: 'grp_beta' });
    api.wait(SECOND);
    expect(api.call('GET', path).json.group).toBe('grp_beta');
    expect(api.call('GET', `${path}/affected-devices`).json).toEqual({
      affected_devices: 10,
      on_version: 10,
      reachable: 10,
      total: 20,
    });
  });
});

describe('a first-ever rollout', () => {
  it('finds devices that run nothing, and no version to go back to', () => {
    const api = emulatedApi({ firstEver: true });
    expect(statuses(api)).toEqual([]);
    expect(onVersion(api)).toEqual({});
    const path = api.rollOut(10);
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '2.0.0': 12 });
    const answer = api.call('POST', `${MODEL}/rollback`, { to_version: '1.0.0' });
    expect(answer).toMatchObject({ status: 404, json: { error: 'version_not_found' } });
    expect(api.call('GET', `${path}/health`).json.versions).toHaveLength(1);
  });
});
