/** Where the public sources of the Octomil API differ, the client understands each of them in the same way. */

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { NOTHING_TOLD, type OrgPolicy } from '../../src/core/org-policy.ts';
import { HOUR_MS } from '../../src/core/units.ts';
import {
  ROUTE_UNKNOWN,
  scriptedOctomil,
  stopScriptedServers,
  wireRollout,
} from '../support/scripted-octomil.ts';
import type { Reply } from '../support/scripted-server.ts';

afterEach(stopScriptedServers);

/** Returns the shapes of one thing, as [name, value]. */
function shapesOf<T = unknown>(name: string): [string, T][] {
  const text = readFileSync(new URL(`../fixtures/octomil/${name}.json`, import.meta.url), 'utf8');
  return Object.entries(JSON.parse(text) as Record<string, T>);
}

async function clientOf(script: Record<string, Reply | readonly Reply[]>, orgId: string | null = null) {
  const { client, server } = await scriptedOctomil(script, { orgId });
  return { client, server, api: client.forModel('mdl_1') };
}

const PENDING_LIST: Reply = { body: { rollouts: [] } };
const RESUME = 'POST /models/mdl_1/rollouts/rol_1/resume';
const READ = 'GET /models/mdl_1/rollouts/rol_1';

describe('a rollout', () => {
  it.each(shapesOf<{ id?: unknown; rollout_id?: unknown }>('rollout-id'))(
    'has an opaque id: %s',
    async (_shape, body) => {
      const id = String(body.rollout_id ?? body.id);
      const { api } = await clientOf({ [`GET /models/mdl_1/rollouts/${id}`]: { body } });
      expect(await api.readRollout(id)).toMatchObject({ id, percentage: 10 });
    },
  );

  it.each(shapesOf('rollout-percentage'))('has one percentage: %s', async (_shape, body) => {
    const { api } = await clientOf({ [READ]: { body } });
    expect(await api.readRollout('rol_1')).toMatchObject({ percentage: 10 });
  });

  it.each(shapesOf('status-words'))('that is "%s" is %s', async (word, status) => {
    const { api } = await clientOf({ [READ]: { body: wireRollout({ status: word }) } });
    expect(await api.readRollout('rol_1')).toMatchObject({ status, statusText: word });
  });

  it.each(shapesOf('created-at'))('was created at ten in UTC: %s', async (_shape, created_at) => {
    const { api } = await clientOf({ [READ]: { body: wireRollout({ created_at }) } });
    expect(await api.readRollout('rol_1')).toMatchObject({ createdAt: Date.UTC(2026, 10, 20, 10) });
  });
});

describe('the rollouts of a model', () => {
  it.each(shapesOf('rollout-list'))('are a list: %s', async (_shape, body) => {
    const { api } = await clientOf({ 'GET /models/mdl_1/rollouts': { body } });
    expect(await api.listRollouts()).toMatchObject([{ id: 'rol_1', modelId: 'mdl_1', percentage: 10 }]);
  });

  const active = new Map(shapesOf('active-rollouts'));
  it.each([
    ['the model has such a route', { body: active.get('of the model') }],
    [
      'the route is taken for a rollout id, which is not found',
      { status: 404, body: { error: 'not_found' } },
    ],
    ['the route is taken for a rollout id, which is malformed', { status: 422, body: { detail: [] } }],
    ['there is no such route', ROUTE_UNKNOWN],
  ] satisfies [string, Reply][])(
    'are the active ones where there is no list and %s',
    async (_title, reply) => {
      const { api } = await clientOf({
        'GET /models/mdl_1/rollouts': { status: 405 },
        'GET /models/mdl_1/rollouts/active': reply,
        'GET /rollouts/active': { body: active.get('of the organisation') },
      });
      expect(await api.listRollouts()).toMatchObject([{ id: 'rol_1', modelId: 'mdl_1' }]);
    },
  );
});

describe('a write', () => {
  it.each(shapesOf<Reply>('write-answer'))('is read back whatever it answers: %s', async (_shape, reply) => {
    const { api } = await clientOf({ [RESUME]: reply, [READ]: { body: wireRollout() } });
    expect(await api.resumeRollout('rol_1')).toMatchObject({ status: 'active' });
  });

  it.each(shapesOf<Reply>('write-answer'))('that creates finds its rollout: %s', async (_shape, reply) => {
    const rollout = wireRollout({ percentage: 1 });
    const { api } = await clientOf({
      'GET /models/mdl_1/rollouts': [PENDING_LIST, { body: [rollout] }],
      'POST /models/mdl_1/rollouts': reply,
      [READ]: { body: rollout },
      'GET /models/mdl_1/rollouts/5': { body: { ...rollout, rollout_id: 5 } },
    });
    const created = await api.createRollout({
      version: '2.0.0',
      percentage: 1,
      targetPercentage: 100,
      incrementStep: 9,
      group: null,
    });
    expect(created).toMatchObject({ version: '2.0.0', percentage: 1 });
  });

  it('always says whether to start, because the default differs between callers', async () => {
    const { api, server } = await clientOf({
      'GET /models/mdl_1/rollouts': PENDING_LIST,
      'POST /models/mdl_1/rollouts': { body: { id: 'rol_1' } },
      [READ]: { body: wireRollout() },
    });
    await api.createRollout({
      version: '2.0.0',
      percentage: 1,
      targetPercentage: 100,
      incrementStep: 9,
      group: null,
    });
    expect(server.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      start_immediately: true,
    });
  });

  it.each(shapesOf<Reply>('error'))('that is refused says why: %s', async (_shape, reply) => {
    const { api } = await clientOf({ [RESUME]: reply, [READ]: { body: wireRollout({ status: 'paused' }) } });
    await expect(api.resumeRollout('rol_1')).rejects.toMatchObject({
      reasonCode: 'advance_refused',
      message: expect.stringContaining('The rollout is paused'),
    });
  });
});

describe('what surrounds a rollout', () => {
  it.each(shapesOf('status-history'))('its history is oldest first: %s', async (_shape, body) => {
    const { api } = await clientOf({ [`${READ}/status-history`]: { body } });
    expect(await api.readHistory('rol_1')).toEqual([
      { status: 'active', percentage: 1, reason: 'stage 1', at: Date.UTC(2026, 10, 20, 10) },
      { status: 'active', percentage: 10, reason: 'stage 2', at: Date.UTC(2026, 10, 20, 11) },
    ]);
  });

  it.each(shapesOf('affected-devices'))('its devices are counted: %s', async (_shape, body) => {
    const { api } = await clientOf({ [`${READ}/affected-devices`]: { body } });
    expect(await api.countDevices('rol_1')).toMatchObject({ assigned: 12 });
  });

  it.each([ROUTE_UNKNOWN, { status: 405 }, { status: 501 }])(
    'its history and devices may not be there: %j',
    async (reply) => {
      const { api } = await clientOf({
        [`${READ}/status-history`]: reply,
        [`${READ}/affected-devices`]: reply,
      });
      expect(await api.readHistory('rol_1')).toEqual([]);
      expect(await api.countDevices('rol_1')).toBeNull();
    },
  );

  it.each(shapesOf('version'))('its version: %s', async (_shape, body) => {
    const { client } = await clientOf({ 'GET /models/mdl_1/versions/3': { body } });
    expect(await client.findVersion('mdl_1', '3')).toMatchObject({ version: '3', retired: false });
  });

  it.each(shapesOf('model'))('its model, with a name or without: %s', async (_shape, body) => {
    const id = '6f1c2a34-0000-4000-8000-000000000001';
    const { client } = await clientOf({ 'GET /models': { body } });
    expect(await client.findModel(id)).toMatchObject({ id });
  });

  it.each(shapesOf('group'))('its group: %s', async (_shape, body) => {
    const { client } = await clientOf({ 'GET /device-groups': { body } });
    expect(await client.findGroup('beta')).toEqual({ id: 'grp_1', name: 'beta', deviceCount: 12 });
  });

  it.each(shapesOf('experiment'))('an experiment beside it: %s', async (_shape, body) => {
    const { client } = await clientOf({ 'GET /experiments': { body } });
    expect(await client.runningExperiments('mdl_1')).toMatchObject([{ id: 'exp_1' }]);
  });

  it.each(shapesOf('auto-rollback'))('the auto-rollback of its organisation: %s', async (_shape, body) => {
    const { client } = await clientOf({ 'GET /settings/org_1': { body } }, 'org_1');
    expect(await client.readSettings()).toMatchObject({ autoRollback: true });
  });

  const told: Readonly<Record<string, Partial<OrgPolicy>>> = {
    'docs policy': { errorThreshold: 0.05, minAdvanceMs: HOUR_MS, evaluationRequired: true },
    'python sdk': { approvalRequired: true },
    assumed: { crashThreshold: 0.005, maxStep: 25, approvalRequired: false },
    'assumed, as text': { maxStep: 25, minAdvanceMs: 1.5 * HOUR_MS },
    'forms that nobody shows': {},
  };

  it.each(shapesOf('org-policy'))('the policy of its organisation: %s', async (shape, body) => {
    const { client } = await clientOf({ 'GET /settings/org_1': { body } }, 'org_1');
    expect(await client.readSettings()).toEqual({ ...NOTHING_TOLD, autoRollback: true, ...told[shape] });
  });
});
