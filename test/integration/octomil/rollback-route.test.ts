/** Rolling back through the API's own route, and when that counts as accepted. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  ROUTE_UNKNOWN,
  START,
  scriptedOctomil,
  stopScriptedServers,
  wireRollout,
} from '../../support/scripted-octomil.ts';
import {
  active,
  CANDIDATE,
  CONFLICT,
  cut,
  FALLBACK,
  GROUPED,
  LIST,
  listed,
  REQUEST,
  ROLLBACK,
  restoring,
  rollBackWith,
} from '../../support/scripted-rollback.ts';
import type { Reply } from '../../support/scripted-server.ts';

afterEach(stopScriptedServers);

describe('rollBack through the route of the API', () => {
  it('names the version to return to and finds the rollout that restores it', async () => {
    const before = restoring({
      rollout_id: 'rol_0',
      status: 'completed',
      created_at: '2026-10-01T00:00:00Z',
    });
    const { result, asked, bodyOf } = await rollBackWith({
      [ROLLBACK]: { body: { status: 'rolling_back', affected_devices: 12 } },
      [LIST]: listed(restoring(), before, wireRollout({ status: 'rolled_back' })),
    });
    expect(result).toEqual({ via: 'endpoint', restoringRolloutId: 'rol_2', acceptedAt: START });
    expect(bodyOf(ROLLBACK)).toEqual({ to_version: '1.0.0', reason: REQUEST.reason });
    expect(asked).toEqual([ROLLBACK, LIST]);
  });

  it('judges by the clock of the server which rollout is new', async () => {
    const hourAhead = new Date(START + 3_600_000);
    const { result } = await rollBackWith({
      [ROLLBACK]: { headers: { date: hourAhead.toUTCString() } },
      [LIST]: listed(
        restoring({ rollout_id: 'rol_0', status: 'completed' }),
        restoring({ status: 'completed', created_at: hourAhead.toISOString() }),
      ),
    });
    expect(result).toMatchObject({ restoringRolloutId: 'rol_2' });
    const onlyOld = await rollBackWith({
      [ROLLBACK]: { headers: { date: hourAhead.toUTCString() } },
      [LIST]: listed(restoring({ rollout_id: 'rol_0', status: 'completed' })),
    });
    expect(onlyOld.result).toMatchObject({ restoringRolloutId: null });
  });

  it('never takes the rollout that served before the candidate for the one that restores', async () => {
    const before = restoring({ rollout_id: 'rol_0', status: 'completed', created_at: undefined });
    const { result } = await rollBackWith({ [ROLLBACK]: {}, [LIST]: listed(before) });
    expect(result).toMatchObject({ via: 'endpoint', restoringRolloutId: null });
  });

  it('is accepted even when the list cannot be read afterwards', async () => {
    const { result } = await rollBackWith({ [ROLLBACK]: {}, [LIST]: { status: 401 } });
    expect(result).toMatchObject({ via: 'endpoint', restoringRolloutId: null });
  });

  it('passes the group on', async () => {
    const { bodyOf } = await rollBackWith({ [ROLLBACK]: {}, [LIST]: listed() }, GROUPED);
    expect(bodyOf(ROLLBACK)).toMatchObject({ group: 'grp_1' });
  });

  it.each([
    ['a cut', cut],
    ['a 500', { status: 500 }],
    ['a 409', CONFLICT],
  ] satisfies [string, Reply][])(
    'is accepted after %s when the candidate is being rolled back',
    async (_title, reply) => {
      const { result, asked } = await rollBackWith({
        [ROLLBACK]: reply,
        [CANDIDATE]: { body: wireRollout({ status: 'rolling_back' }) },
        [LIST]: listed(restoring()),
      });
      expect(result).toMatchObject({ via: 'endpoint', restoringRolloutId: 'rol_2' });
      expect(asked).toEqual([ROLLBACK, CANDIDATE, LIST]);
    },
  );

  it('is asked again after a cut when nothing has happened', async () => {
    const { result, asked } = await rollBackWith({
      [ROLLBACK]: [cut, {}],
      [CANDIDATE]: active,
      [LIST]: listed(),
    });
    expect(result).toMatchObject({ via: 'endpoint' });
    expect(asked).toEqual([ROLLBACK, CANDIDATE, ROLLBACK, LIST]);
  });

  it('is asked at most three times within 5 s while the route is not there', async () => {
    const late = await rollBackWith({ [ROLLBACK]: [ROUTE_UNKNOWN, { status: 405 }, {}], [LIST]: listed() });
    expect(late.result).toMatchObject({ via: 'endpoint' });
    expect(late.clock.now() - START).toBeLessThanOrEqual(5_000);
    const never = await rollBackWith(FALLBACK);
    expect(never.asked.filter((call) => call === ROLLBACK)).toHaveLength(3);
  });

  it('does not wait for the rate limit', async () => {
    const { client, clock } = await scriptedOctomil(
      { [ROLLBACK]: {}, [LIST]: listed() },
      { rateLimitPerMinute: 1 },
    );
    const api = client.forModel('mdl_1');
    await api.listRollouts();
    await api.rollBack(REQUEST);
    expect(clock.now()).toBe(START);
  });
});
