import { describe, expect, it } from 'vitest';
import { type EmulatedApi, emulatedApi } from '../../support/emulated-api.ts';

const MODEL = '/models/mdl_radiology';
const SECOND = 1_000;
const VERSIONS = ['1.0.0', '2.0.0', '3.0.0'];

const rollBack = (api: EmulatedApi, body: object) => api.call('POST', `${MODEL}/rollback`, body);
const rollouts = (api: EmulatedApi) =>
  (
    api.call('GET', `${MODEL}/rollouts`).json.rollouts as { version: string; status: string; group: string }[]
  ).map(({ version, status, group }) => `${version} ${status}${group === null ? '' : ` ${group}`}`);
const onVersion = (api: EmulatedApi) => api.call('GET', '/_emulator/state').json.devices.onVersion;

describe('a rollback', () => {
  it('ends the candidate at once, and completes when 95% of the reachable devices are back', () => {
    const api = emulatedApi({ syncMs: 100 * SECOND });
    const path = api.rollOut(40);
    api.wait(100 * SECOND);
    const answer = rollBack(api, { to_version: '1.0.0', reason: 'errors' });
    expect(answer.json).toEqual({
      rollout_id: expect.stringMatching(/^rol_/),
      status: 'rolling_back',
      from_version: '2.0.0',
      to_version: '1.0.0',
      affected_devices: 50,
    });
    expect(rollouts(api)).toEqual(['1.0.0 rolling_back', '2.0.0 rolled_back', '1.0.0 completed']);
    expect(onVersion(api)).toEqual({ '1.0.0': 74, '2.0.0': 50 });
    api.wait(100 * SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 124 });
    expect(rollouts(api)[0]).toBe('1.0.0 completed');
    const history = api.call('GET', `${path}/status-history`).json.history;
    expect(history.at(-1)).toMatchObject({ status: 'rolled_back', reason: 'errors' });
  });

  it('takes back a rollout that was completed', () => {
    const api = emulatedApi();
    api.rollOut(100);
    api.wait(SECOND);
    expect(rollBack(api, { to_version: '1.0.0' }).json.affected_devices).toBe(124);
    expect(rollouts(api)).toEqual(['1.0.0 rolling_back', '2.0.0 rolled_back', '1.0.0 completed']);
  });

  it('can go to any version that was deployed before, not only to the last one', () => {
    const api = emulatedApi({ versions: VERSIONS });
    api.rollOut(100);
    api.wait(SECOND);
    api.rollOut(10, { version: '3.0.0' });
    expect(rollBack(api, { to_version: '1.0.0' }).json).toMatchObject({
      from_version: '3.0.0',
      to_version: '1.0.0',
    });
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 124 });
  });

  it.each([
    { title: 'a version that does not exist', to: '9.9.9', status: 404, error: 'version_not_found' },
    { title: 'a version that was never deployed', to: '3.0.0', status: 404, error: 'version_not_found' },
    { title: 'the version in force', to: '2.0.0', status: 409, error: 'conflict' },
  ])('to $title is refused and changes nothing', ({ to, status, error }) => {
    const api = emulatedApi({ versions: VERSIONS });
    api.rollOut(10);
    expect(rollBack(api, { to_version: to })).toMatchObject({ status, json: { error } });
    expect(rollouts(api)).toEqual(['2.0.0 active', '1.0.0 completed']);
  });

  it('to a version whose only rollout never started is refused', () => {
    const api = emulatedApi({ versions: VERSIONS });
    api.call('DELETE', api.rollOut(50, { version: '3.0.0', start_immediately: false }));
    api.rollOut(10);
    expect(rollBack(api, { to_version: '3.0.0' })).toMatchObject({
      status: 404,
      json: { error: 'version_not_found' },
    });
  });

  it('by a person goes to the version of the whole fleet, not to that of a group', () => {
    const api = emulatedApi({ versions: VERSIONS, groups: [{ name: 'beta', count: 20 }] });
    api.rollOut(100, { group: 'beta' });
    api.wait(SECOND);
    api.rollOut(10, { version: '3.0.0' });
    api.call('POST', '/_emulator/rollouts/current', { action: 'rollback' });
    expect(rollouts(api)[0]).toBe('1.0.0 rolling_back');
  });

  it('that is repeated is refused, because the version is in force already', () => {
    const api = emulatedApi();
    api.rollOut(10);
    rollBack(api, { to_version: '1.0.0' });
    expect(rollBack(api, { to_version: '1.0.0' }).status).toBe(409);
  });

  it('of a group leaves the rest of the fleet alone', () => {
    const api = emulatedApi({ groups: [{ name: 'beta', count: 20 }] });
    api.rollOut(100, { group: 'beta' });
    api.wait(SECOND);
    expect(rollBack(api, { to_version: '1.0.0', group: 'grp_beta' }).json.affected_devices).toBe(20);
    expect(rollouts(api)).toEqual([
      '1.0.0 rolling_back grp_beta',
      '2.0.0 rolled_back grp_beta',
      '1.0.0 completed',
    ]);
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 124 });
  });

  it('of a group takes its devices out of a rollout of the whole fleet, which goes on', () => {
    const api = emulatedApi({ groups: [{ name: 'beta', count: 20 }] });
    api.rollOut(100);
    api.wait(SECOND);
    expect(rollBack(api, { to_version: '1.0.0', group: 'beta' }).json.affected_devices).toBe(20);
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 20, '2.0.0': 104 });
    expect(rollouts(api)[1]).toBe('2.0.0 completed');
  });

  it('does not confirm itself by devices that are offline', () => {
    const api = emulatedApi({ scenario: 'offline', syncMs: 100 * SECOND });
    api.rollOut(100);
    api.wait(100 * SECOND);
    const { rollout_id: id } = rollBack(api, { to_version: '1.0.0' }).json;
    const counts = api.call('GET', `${MODEL}/rollouts/${id}/affected-devices`).json;
    expect(counts).toEqual({ affected_devices: 124, on_version: 0, reachable: 87, total: 124 });
  });
});

describe('auto-rollback', () => {
  const policy = { autoRollbackEnabled: true };

  it('acts by itself some seconds after the errors, at a time that does not depend on who looks', () => {
    const rolledBackAt = (stepMs: number) => {
      const api = emulatedApi({ scenario: 'auto-rollback' });
      const path = api.rollOut(25);
      for (let passed = 0; passed < 60 * SECOND; passed += stepMs) {
        api.wait(stepMs);
        api.call('GET', path);
      }
      return api.call('GET', `${path}/status-history`).json.history.at(-1);
    };
    const entry = rolledBackAt(60 * SECOND);
    expect(entry).toMatchObject({
      status: 'rolled_back',
      reason: expect.stringMatching(/^auto-rollback: error rate/),
    });
    const seconds = (Date.parse(entry.created_at) - Date.UTC(2026, 10, 20, 10)) / SECOND;
    expect(seconds).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(15);
    expect(rolledBackAt(SECOND)).toEqual(entry);
  });

  it.each([
    { title: 'a healthy candidate', options: { scenario: 'healthy', policy }, gives: 'active' },
    { title: 'errors while the policy is off', options: { scenario: 'error-spike' }, gives: 'active' },
    {
      title: 'errors while the policy is on',
      options: { scenario: 'error-spike', policy },
      gives: 'rolled_back',
    },
    {
      title: 'crashes while the policy is on',
      options: { scenario: 'crash-spike', policy },
      gives: 'rolled_back',
    },
    {
      title: 'errors below a threshold of its own',
      options: { scenario: 'error-spike', policy: { ...policy, errorThreshold: 0.5 } },
      gives: 'active',
    },
  ] as const)('leaves $title $gives', ({ options, gives }) => {
    const api = emulatedApi({ ...options, seed: 3 });
    const path = api.rollOut(50);
    api.wait(120 * SECOND);
    expect(api.call('GET', path).json.status).toBe(gives);
  });

  it('never takes back what restores a version, however bad that is', () => {
    const api = emulatedApi({ scenario: 'auto-rollback' });
    api.rollOut(50);
    api.wait(30 * SECOND);
    api.call('POST', '/_emulator/policy', { error_threshold_percent: 0 });
    api.wait(120 * SECOND);
    expect(rollouts(api)).toEqual(['1.0.0 completed', '2.0.0 rolled_back', '1.0.0 completed']);
  });

  it('takes back the fleet also after a person took back one group', () => {
    const groups = [{ name: 'beta', count: 20 }];
    const api = emulatedApi({ scenario: 'error-spike', groups });
    api.rollOut(100);
    api.wait(SECOND);
    rollBack(api, { to_version: '1.0.0', group: 'beta' });
    api.wait(SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 20, '2.0.0': 104 });
    api.call('POST', '/_emulator/policy', { auto_rollback_enabled: true });
    api.wait(120 * SECOND);
    expect(onVersion(api)).toEqual({ '1.0.0': 124 });
  });

  it('leaves things as they are when the version to go back to is gone', () => {
    const api = emulatedApi({ scenario: 'auto-rollback' });
    const path = api.rollOut(50);
    api.application.plane.replace({
      ...api.application.plane.listRollouts()[0],
      previousVersion: '0.0.0',
    } as never);
    api.wait(120 * SECOND);
    expect(api.call('GET', path).json.status).toBe('active');
  });

  it('never acts without a version to go back to', () => {
    const api = emulatedApi({ scenario: 'auto-rollback', firstEver: true });
    const path = api.rollOut(50);
    api.wait(120 * SECOND);
    expect(api.call('GET', path).json.status).toBe('active');
  });
});
