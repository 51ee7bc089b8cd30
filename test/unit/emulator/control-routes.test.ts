import { describe, expect, it } from 'vitest';
import { createApplication } from '../../../src/emulator/application.ts';
import { CONTROL_ROUTE_HELP } from '../../../src/emulator/control-routes.ts';
import { settleOptions } from '../../../src/emulator/emulator-options.ts';
import { emulatedApi } from '../../support/emulated-api.ts';

const SECOND = 1_000;

describe('the ground truth', () => {
  it('says what devices really run, offline ones too', () => {
    const api = emulatedApi({ scenario: 'offline' });
    api.rollOut(100);
    api.wait(SECOND);
    expect(api.call('GET', '/_emulator/state').json).toMatchObject({
      now: '2026-11-20T10:00:01.000Z',
      devices: {
        total: 124,
        reachable: 87,
        onVersion: { '1.0.0': 37, '2.0.0': 87 },
        reachableOnVersion: { '2.0.0': 87 },
      },
      rollouts: [
        { version: '2.0.0', status: 'completed' },
        { version: '1.0.0', status: 'completed' },
      ],
    });
  });
});

describe('the clock', () => {
  it('is moved by a control route', () => {
    const api = emulatedApi();
    api.rollOut(100);
    const state = api.call('POST', '/_emulator/clock', { advance_ms: 3_600_000 }).json;
    expect(state.now).toBe('2026-11-20T11:00:00.000Z');
    expect(state.devices.onVersion).toEqual({ '2.0.0': 124 });
  });

  it.each([{ advance_ms: -1 }, { advance_ms: 'soon' }, {}])('refuses %j', (body) => {
    expect(emulatedApi().call('POST', '/_emulator/clock', body).status).toBe(400);
  });

  it('that belongs to somebody else is left alone', () => {
    const { handle } = createApplication(settleOptions({ clock: { now: () => 0 } }));
    const request = {
      method: 'POST',
      path: '/_emulator/clock',
      query: new URLSearchParams(),
      headers: {},
      body: '{"advance_ms":1}',
    };
    expect(handle(request, 'req_1').status).toBe(409);
  });
});

describe('a person', () => {
  const act = (api: ReturnType<typeof emulatedApi>, body: object, id = 'current') =>
    api.call('POST', `/_emulator/rollouts/${id}`, body);

  it.each([
    { action: 'pause', status: 'paused' },
    { action: 'complete', status: 'completed' },
    { action: 'rollback', status: 'rolled_back' },
  ])('can $action the rollout', ({ action, status }) => {
    const api = emulatedApi();
    const path = api.rollOut(40);
    expect(act(api, { action }).status).toBe(200);
    expect(api.call('GET', path).json.status).toBe(status);
    const { reason } = api.call('GET', `${path}/status-history`).json.history.at(-1);
    expect(reason ?? '').not.toContain('[octomil');
  });

  it('can resume what was paused, by its id', () => {
    const api = emulatedApi();
    const path = api.rollOut(40);
    act(api, { action: 'pause' });
    act(api, { action: 'resume' }, path.split('/').at(-1));
    expect(api.call('GET', path).json.status).toBe('active');
  });

  it('can lower the percentage, which sends devices back', () => {
    const api = emulatedApi();
    const path = api.rollOut(40);
    api.wait(SECOND);
    act(api, { action: 'percentage', percentage: 10 });
    api.wait(SECOND);
    expect(api.call('GET', path).json.percentage).toBe(10);
    expect(api.call('GET', '/_emulator/state').json.devices.onVersion).toEqual({ '1.0.0': 112, '2.0.0': 12 });
  });

  it('can delete it', () => {
    const api = emulatedApi();
    const path = api.rollOut(40);
    act(api, { action: 'delete' });
    expect(api.call('GET', path).status).toBe(404);
  });

  it.each([
    { title: 'resume what runs', body: { action: 'resume' }, status: 409 },
    { title: 'set no percentage', body: { action: 'percentage' }, status: 400 },
    { title: 'do what nobody can', body: { action: 'explode' }, status: 400 },
  ])('can not $title', ({ body, status }) => {
    const api = emulatedApi();
    api.rollOut(40);
    expect(act(api, body).status).toBe(status);
  });

  it('can not touch a rollout that is not there', () => {
    expect(act(emulatedApi(), { action: 'pause' }, 'gone').status).toBe(404);
    expect(act(emulatedApi({ firstEver: true }), { action: 'pause' }).status).toBe(404);
  });
});

describe('the help', () => {
  it('names control routes that exist', () => {
    const api = emulatedApi();
    const absent = Object.keys(CONTROL_ROUTE_HELP).filter((name) => {
      const [method = '', path = ''] = name.split(' ');
      return api.call(method, path.replace('{id}', 'current'), { action: 'pause' }).status === 501;
    });
    // These two belong to the server, which has the log and the faults.
    expect(absent).toEqual(['GET /_emulator/requests', 'POST /_emulator/faults', 'DELETE /_emulator/faults']);
  });
});
