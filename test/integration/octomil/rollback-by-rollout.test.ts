/** Rolling back where the API has no route for it: pause, and roll the old version out. */
import { afterEach, describe, expect, it } from 'vitest';
import { START, scriptedOctomil, stopScriptedServers } from '../../support/scripted-octomil.ts';
import {
  active,
  CANDIDATE,
  CONFLICT,
  CREATE,
  cut,
  DELETE,
  FALLBACK,
  LIST,
  listed,
  OLD,
  OLD_VERSION,
  PAUSE,
  REQUEST,
  restoring,
  rollBackWith,
} from '../../support/scripted-rollback.ts';

afterEach(stopScriptedServers);

describe('rollBack without the route', () => {
  it('pauses the candidate and rolls the old version out at 100%', async () => {
    const { result, bodyOf, asked } = await rollBackWith(FALLBACK);
    expect(result).toMatchObject({ via: 'rollout', restoringRolloutId: 'rol_2' });
    expect(bodyOf(CREATE)).toEqual({
      version: '1.0.0',
      rollout_percentage: 100,
      target_percentage: 100,
      increment_step: 100,
      start_immediately: true,
    });
    expect(asked.indexOf(PAUSE)).toBeLessThan(asked.indexOf(CREATE));
  });

  it('waits for the route to appear, and never for the rate limit', async () => {
    const { client, clock } = await scriptedOctomil(FALLBACK, { rateLimitPerMinute: 1 });
    await client.forModel('mdl_1').rollBack(REQUEST);
    expect(clock.now() - START).toBe(3_000);
  });

  it('goes on when the candidate cannot be paused', async () => {
    const { result } = await rollBackWith({ ...FALLBACK, [CANDIDATE]: active, [PAUSE]: CONFLICT });
    expect(result).toMatchObject({ via: 'rollout' });
  });

  it('starts the restoring rollout when it was only created', async () => {
    const START_OLD = 'POST /models/mdl_1/rollouts/rol_2/start';
    const { result, asked } = await rollBackWith({
      ...FALLBACK,
      [OLD]: [{ body: restoring({ status: 'created' }) }, { body: restoring() }],
      [START_OLD]: {},
    });
    expect(result).toMatchObject({ via: 'rollout' });
    expect(asked).toContain(START_OLD);
  });

  it('raises an unfinished rollout of the old version instead of creating another', async () => {
    const SET_OLD = 'POST /models/mdl_1/rollouts/rol_2/update-percentage';
    const { result, asked } = await rollBackWith({
      ...FALLBACK,
      [LIST]: listed(restoring({ percentage: 40 })),
      [SET_OLD]: {},
    });
    expect(result).toMatchObject({ via: 'rollout', restoringRolloutId: 'rol_2' });
    expect(asked).toContain(SET_OLD);
    expect(asked).not.toContain(CREATE);
  });

  it('creates one rollout when the answer to the first try is lost', async () => {
    const { result, asked } = await rollBackWith({
      ...FALLBACK,
      [LIST]: [listed(), listed(restoring())],
      [CREATE]: cut,
    });
    expect(result).toMatchObject({ via: 'rollout', restoringRolloutId: 'rol_2' });
    expect(asked.filter((call) => call === CREATE)).toHaveLength(1);
  });

  it('deletes the rollout in its way only once the old version can be served', async () => {
    const { result, asked, server } = await rollBackWith({
      ...FALLBACK,
      [CREATE]: [CONFLICT, { body: { rollout_id: 'rol_2' } }],
      [OLD_VERSION]: { body: { version: '1.0.0', status: 'active' } },
      [DELETE]: { status: 204 },
    });
    expect(result).toMatchObject({ via: 'rollout', restoringRolloutId: 'rol_2' });
    expect(asked.indexOf(OLD_VERSION)).toBeLessThan(asked.indexOf(DELETE));
    expect(server.requests.find(({ method }) => method === 'DELETE')?.query).toEqual({ force: 'true' });
  });

  it('restores the old version after the delete also when the answers make no sense for a while', async () => {
    const { result, asked } = await rollBackWith({
      ...FALLBACK,
      [CREATE]: [CONFLICT, { body: '<html></html>' }, { body: { rollout_id: 'rol_2' } }],
      [OLD_VERSION]: { body: { version: '1.0.0', status: 'active' } },
      [DELETE]: { status: 204 },
    });
    expect(result).toMatchObject({ via: 'rollout', restoringRolloutId: 'rol_2' });
    expect(asked.filter((call) => call === DELETE)).toHaveLength(1);
  });
});
