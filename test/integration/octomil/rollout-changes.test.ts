/** Changing a rollout: every write is read back and is safe to repeat. */
import { afterEach, describe, expect, it } from 'vitest';
import { scriptedOctomil, stopScriptedServers, wireRollout } from '../../support/scripted-octomil.ts';
import type { Reply, Script } from '../../support/scripted-server.ts';

afterEach(stopScriptedServers);

const READ = 'GET /models/mdl_1/rollouts/rol_1';
const SET = 'POST /models/mdl_1/rollouts/rol_1/update-percentage';
const cut: Reply = (request) => request.socket.resetAndDestroy();
const CONFLICT: Reply = {
  status: 409,
  body: { error: 'conflict', message: 'a rollout is active', status_code: 409 },
};

async function apiOf(script: Script) {
  const octomil = await scriptedOctomil(script);
  return { ...octomil, api: octomil.client.forModel('mdl_1') };
}

const countOf = (asked: readonly string[], call: string): number =>
  asked.filter((one) => one === call).length;

describe('setPercentage', () => {
  it('sends the absolute percentage with its reason and returns what is read back', async () => {
    const { api, server } = await apiOf({
      [SET]: { status: 204 },
      [READ]: { body: wireRollout({ percentage: 12.5 }) },
    });
    expect(await api.setPercentage('rol_1', 12.5, 'stage 2')).toMatchObject({ percentage: 12.5 });
    expect(server.requests[0]?.body).toEqual({ percentage: 12.5, reason: 'stage 2' });
    expect(server.asked().join()).not.toContain('/advance');
  });

  it('is repeated after a failure, because it is absolute', async () => {
    const { api, server } = await apiOf({
      [SET]: [cut, { status: 503 }, {}],
      [READ]: { body: wireRollout() },
    });
    expect(await api.setPercentage('rol_1', 10, 'r')).toMatchObject({ percentage: 10 });
    expect(countOf(server.asked(), SET)).toBe(3);
  });

  it('succeeds when the first try took effect and the repetition is refused', async () => {
    const { api } = await apiOf({
      [SET]: [cut, CONFLICT],
      [READ]: { body: wireRollout({ percentage: 100, status: 'completed' }) },
    });
    expect(await api.setPercentage('rol_1', 100, 'r')).toMatchObject({ status: 'completed' });
  });

  it('fails with the refusal when the percentage is not there', async () => {
    const { api } = await apiOf({
      [SET]: [cut, CONFLICT],
      [READ]: { body: wireRollout({ percentage: 10 }) },
    });
    await expect(api.setPercentage('rol_1', 50, 'r')).rejects.toMatchObject({
      reasonCode: 'advance_refused',
    });
  });

  it('takes a plain refusal as one, even at the percentage that is there, because the reason was not kept', async () => {
    const { api } = await apiOf({ [SET]: CONFLICT, [READ]: { body: wireRollout() } });
    await expect(api.setPercentage('rol_1', 10, 'tag')).rejects.toMatchObject({
      reasonCode: 'advance_refused',
    });
  });

  it.each([
    [
      'a policy',
      403,
      { error: 'forbidden', message: 'Policy: max rollout step is 25%' },
      'policy_step_too_large',
    ],
    ['an approval', 403, { detail: 'approval required' }, 'approval_required'],
    [
      'too little time',
      409,
      { error: 'conflict', message: 'min_rollout_duration not reached' },
      'policy_minimum_duration',
    ],
    ['a key without the scope', 403, { error: 'forbidden', message: 'missing scope' }, 'unauthorized'],
  ])('says why when %s refuses it', async (_title, status, body, reasonCode) => {
    const { api } = await apiOf({ [SET]: { status, body } });
    await expect(api.setPercentage('rol_1', 50, 'r')).rejects.toMatchObject({ reasonCode });
  });

  it('waits for a replica that shows the change late', async () => {
    const { api } = await apiOf({
      [SET]: {},
      [READ]: [{ body: wireRollout({ percentage: 10 }) }, { body: wireRollout({ percentage: 50 }) }],
    });
    expect(await api.setPercentage('rol_1', 50, 'r')).toMatchObject({ percentage: 50 });
  });

  it('returns what the API shows when it keeps another percentage', async () => {
    const { api } = await apiOf({ [SET]: {}, [READ]: { body: wireRollout({ percentage: 10 }) } });
    expect(await api.setPercentage('rol_1', 50, 'r')).toMatchObject({ percentage: 10 });
  });

  it.each([-1, 101, Number.NaN])('sends nothing for %d', async (percentage) => {
    const { api, server } = await apiOf({});
    await expect(api.setPercentage('rol_1', percentage, 'r')).rejects.toThrow(RangeError);
    expect(server.requests).toEqual([]);
  });
});

describe.each([
  { verb: 'pauseRollout', path: 'pause', before: 'active', after: 'paused' },
  { verb: 'resumeRollout', path: 'resume', before: 'paused', after: 'active' },
  { verb: 'startRollout', path: 'start', before: 'pending', after: 'started' },
] as const)('$verb', ({ verb, path, before, after }) => {
  const CALL = `POST /models/mdl_1/rollouts/rol_1/${path}`;

  it('returns what is read back', async () => {
    const { api, server } = await apiOf({
      [CALL]: { status: 204 },
      [READ]: { body: wireRollout({ status: after }) },
    });
    expect(await api[verb]('rol_1')).toMatchObject({ statusText: after });
    expect(server.requests[0]?.body).toEqual({});
  });

  it.each([
    ['a cut', cut],
    ['a refusal', CONFLICT],
    ['an HTML page', { body: '<html>' }],
  ] satisfies [string, Reply][])('is a success after %s when the effect is there', async (_title, reply) => {
    const { api, server } = await apiOf({ [CALL]: reply, [READ]: { body: wireRollout({ status: after }) } });
    expect(await api[verb]('rol_1')).toMatchObject({ statusText: after });
    expect(countOf(server.asked(), CALL)).toBe(1);
  });

  it('is sent again after a cut only when the effect is not there', async () => {
    const { api, server } = await apiOf({
      [CALL]: [cut, {}],
      [READ]: [{ body: wireRollout({ status: before }) }, { body: wireRollout({ status: after }) }],
    });
    await api[verb]('rol_1');
    expect(server.asked()).toEqual([CALL, READ, CALL, READ]);
  });

  it('fails with the refusal when the effect is not there', async () => {
    const { api } = await apiOf({ [CALL]: CONFLICT, [READ]: { body: wireRollout({ status: before }) } });
    await expect(api[verb]('rol_1')).rejects.toMatchObject({ reasonCode: 'advance_refused', status: 409 });
  });
});
