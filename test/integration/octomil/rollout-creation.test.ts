/** Creating a rollout: once, however often it has to be asked for. */
import { afterEach, describe, expect, it } from 'vitest';
import type { NewRollout } from '../../../src/core/ports.ts';
import { scriptedOctomil, stopScriptedServers, wireRollout } from '../../support/scripted-octomil.ts';
import type { Reply, Script } from '../../support/scripted-server.ts';

afterEach(stopScriptedServers);

const LIST = 'GET /models/mdl_1/rollouts';
const CREATE = 'POST /models/mdl_1/rollouts';
const READ = 'GET /models/mdl_1/rollouts/rol_1';
const cut: Reply = (request) => request.socket.resetAndDestroy();
const none: Reply = { body: { rollouts: [] } };
const listed = (...rollouts: object[]): Reply => ({ body: { rollouts } });
const CONFLICT: Reply = {
  status: 409,
  body: { error: 'conflict', message: 'a rollout is active', status_code: 409 },
};

const NEW: NewRollout = {
  version: '2.0.0',
  percentage: 1,
  targetPercentage: 100,
  incrementStep: 9,
  group: null,
};

async function apiOf(script: Script) {
  const octomil = await scriptedOctomil(script);
  return { ...octomil, api: octomil.client.forModel('mdl_1') };
}

const countOf = (asked: readonly string[], call: string): number =>
  asked.filter((one) => one === call).length;

describe('createRollout', () => {
  it('sends absolute percentages and an explicit start, and returns what is read back', async () => {
    const { api, server } = await apiOf({
      [LIST]: none,
      [CREATE]: { status: 201, body: wireRollout({ percentage: undefined, rollout_percentage: 1 }) },
      [READ]: { body: wireRollout({ percentage: 1, status: 'pending' }) },
    });
    expect(await api.createRollout(NEW)).toMatchObject({ id: 'rol_1', percentage: 1, status: 'pending' });
    expect(server.requests.find(({ method }) => method === 'POST')?.body).toEqual({
      version: '2.0.0',
      rollout_percentage: 1,
      target_percentage: 100,
      increment_step: 9,
      start_immediately: true,
    });
  });

  it('passes the id of a group on', async () => {
    const { api, server } = await apiOf({
      [LIST]: none,
      [CREATE]: { body: { id: 'rol_1' } },
      [READ]: { body: wireRollout() },
    });
    await api.createRollout({ ...NEW, group: { id: 'grp_1', name: 'beta', deviceCount: 3 } });
    expect(server.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({ group: 'grp_1' });
  });

  it.each([
    ['the connection is cut after the rollout was created', cut],
    ['the API fails after the rollout was created', { status: 500 }],
    ['the answer is not readable', { body: '<html>' }],
    ['the answer is empty', { status: 204 }],
    ['somebody was faster', CONFLICT],
  ] satisfies [string, Reply][])('does not create a second one when %s', async (_title, reply) => {
    const { api, server } = await apiOf({
      [LIST]: [none, listed(wireRollout({ percentage: 1 }))],
      [CREATE]: reply,
      [READ]: { body: wireRollout({ percentage: 1 }) },
    });
    expect(await api.createRollout(NEW)).toMatchObject({ id: 'rol_1' });
    expect(countOf(server.asked(), CREATE)).toBe(1);
  });

  it('recognises one that completed at once', async () => {
    const old = wireRollout({ rollout_id: 'rol_0', status: 'completed', percentage: 100 });
    const fresh = wireRollout({ status: 'completed', percentage: 100 });
    const { api } = await apiOf({
      [LIST]: [listed(old), listed(old, fresh)],
      [CREATE]: cut,
      [READ]: { body: fresh },
    });
    expect(await api.createRollout({ ...NEW, percentage: 100 })).toMatchObject({ id: 'rol_1' });
  });

  it('asks again when the rollout is not there after a failure', async () => {
    const { api, server } = await apiOf({
      [LIST]: none,
      [CREATE]: [cut, { status: 503 }, { body: { rollout_id: 'rol_1' } }],
      [READ]: { body: wireRollout() },
    });
    expect(await api.createRollout(NEW)).toMatchObject({ id: 'rol_1' });
    expect(server.asked()).toEqual([LIST, CREATE, LIST, CREATE, LIST, CREATE, READ, LIST]);
  });

  it('does not ask again when it cannot tell whether the rollout was created', async () => {
    const { api, server } = await apiOf({ [LIST]: [none, { status: 401 }], [CREATE]: cut });
    await expect(api.createRollout(NEW)).rejects.toMatchObject({
      reasonCode: 'api_unavailable',
      uncertain: true,
    });
    expect(countOf(server.asked(), CREATE)).toBe(1);
  });

  it('adopts a live rollout of the same version without writing', async () => {
    const { api, server } = await apiOf({ [LIST]: listed(wireRollout({ status: 'paused' })) });
    expect(await api.createRollout(NEW)).toMatchObject({ id: 'rol_1', status: 'paused' });
    expect(server.asked()).toEqual([LIST]);
  });

  it.each([
    ['is over', { status: 'rolled_back' }],
    ['is of another version', { version: '1.9.0' }],
    ['says another group', { group: 'grp_2' }],
  ])('does not adopt a rollout that %s', async (_title, fields) => {
    const { api, server } = await apiOf({
      [LIST]: listed(wireRollout({ rollout_id: 'rol_0', ...fields })),
      [CREATE]: CONFLICT,
    });
    await expect(api.createRollout(NEW)).rejects.toMatchObject({ status: 409, reasonCode: 'api_refused' });
    expect(countOf(server.asked(), CREATE)).toBe(1);
  });

  it('waits for a replica that does not show the rollout yet', async () => {
    const { api } = await apiOf({
      [LIST]: none,
      [CREATE]: { body: { id: 'rol_1' } },
      [READ]: [{ status: 404, body: { error: 'not_found' } }, { body: wireRollout() }],
    });
    expect(await api.createRollout(NEW)).toMatchObject({ id: 'rol_1' });
  });

  it('refuses a rollout of another version than the one it asked for', async () => {
    const { api } = await apiOf({
      [LIST]: none,
      [CREATE]: { body: { id: 'rol_1' } },
      [READ]: { body: wireRollout({ version: '3' }) },
    });
    await expect(api.createRollout(NEW)).rejects.toMatchObject({ reasonCode: 'api_protocol' });
  });
});
