/** Looking up what the organisation has, over every page and with the nearest names when it is not there. */

import { afterEach, describe, expect, it } from 'vitest';
import { NOTHING_TOLD } from '../../../src/core/org-policy.ts';
import { scriptedOctomil, stopScriptedServers } from '../../support/scripted-octomil.ts';
import type { Reply } from '../../support/scripted-server.ts';

afterEach(stopScriptedServers);

const NOT_FOUND: Reply = { status: 404, body: { code: 'not_found', message: 'no such thing' } };
const models = (...names: string[]): Reply => ({
  body: {
    models: names.map((name) => ({ id: `mdl_${name}`, name })),
    total: names.length,
    limit: 100,
    offset: 0,
  },
});

describe('findModel', () => {
  it('finds a name on a later page', async () => {
    const { client, server } = await scriptedOctomil({
      'GET /models': [
        { body: { models: [{ id: 'a', name: 'one' }], total: 3, limit: 1, offset: 0 } },
        { body: { models: [{ id: 'b', name: 'two' }], total: 3, limit: 1, offset: 1 } },
        { body: { models: [{ id: 'c', name: 'three' }], total: 3, limit: 1, offset: 2 } },
      ],
    });
    expect(await client.findModel('three')).toEqual({ id: 'c', name: 'three' });
    expect(server.requests.map(({ query }) => query)).toEqual([
      { limit: '100', offset: '0' },
      { limit: '100', offset: '1' },
      { limit: '100', offset: '2' },
    ]);
  });

  it('refuses a list that repeats itself before its total is reached', async () => {
    const { client } = await scriptedOctomil({
      'GET /models': { body: { models: [{ id: 'a' }], total: 3 } },
    });
    await expect(client.findModel('b')).rejects.toMatchObject({ reasonCode: 'api_protocol' });
  });

  it('prefers the exact name, then the id, then the name before a colon', async () => {
    const { client } = await scriptedOctomil({
      'GET /models': {
        body: [
          { id: '1', name: 'phi' },
          { id: '2', name: 'phi:4b' },
          { id: 'phi', name: 'x' },
        ],
      },
    });
    expect(await client.findModel('phi:4b')).toMatchObject({ id: '2' });
    expect(await client.findModel('phi')).toMatchObject({ id: '1' });
    expect(await client.findModel('2')).toMatchObject({ id: '2' });
    expect(await client.findModel('phi:8b')).toMatchObject({ id: '1' });
  });

  it('refuses a name that two models have and lists their ids', async () => {
    const { client } = await scriptedOctomil({
      'GET /models': {
        body: [
          { id: 7, name: 'a' },
          { id: 8, name: 'a' },
        ],
      },
    });
    await expect(client.findModel('a')).rejects.toMatchObject({
      reasonCode: 'model_ambiguous',
      message: '2 models are named "a": 7, 8; expected one.',
    });
  });

  it('asks for a model by its id when no list shows it', async () => {
    const { client } = await scriptedOctomil({
      'GET /models': models('radiology'),
      'GET /models/mdl_hidden': { body: { id: 'mdl_hidden' } },
    });
    expect(await client.findModel('mdl_hidden')).toEqual({ id: 'mdl_hidden', name: null });
  });

  it.each([404, 422])(
    'says which names are near when there is none and the API answers %d',
    async (status) => {
      const { client } = await scriptedOctomil({
        'GET /models': models('radiology', 'cardiology', 'speech', 'vision'),
        'GET /models/radioogy': { ...NOT_FOUND, status },
      });
      await expect(client.findModel('radioogy')).rejects.toMatchObject({
        reasonCode: 'model_not_found',
        message: expect.stringContaining('the API has radiology, cardiology or'),
      });
    },
  );

  it('names the organisation only when it is given', async () => {
    const without = await scriptedOctomil({ 'GET /models': models('a') });
    await without.client.findModel('a');
    expect(without.server.requests[0]?.query).not.toHaveProperty('org_id');
    const given = await scriptedOctomil({ 'GET /models': models('a') }, { orgId: 'org_1' });
    await given.client.findModel('a');
    expect(given.server.requests[0]?.query).toMatchObject({ org_id: 'org_1' });
  });
});

describe('findVersion', () => {
  it('tells a retired and a deprecated version from one that can be served', async () => {
    const { client } = await scriptedOctomil({
      'GET /models/m/versions/1': { body: { version: 1, status: 'retired' } },
      'GET /models/m/versions/2': { body: { version: '2', status: 'deprecated' } },
      'GET /models/m/versions/3': { body: { version: '3', status: 'published' } },
    });
    expect(await client.findVersion('m', '1')).toMatchObject({ version: '1', retired: true });
    expect(await client.findVersion('m', '2')).toMatchObject({ retired: false, deprecated: true });
    expect(await client.findVersion('m', '3')).toMatchObject({ retired: false, deprecated: false });
  });

  it('lists the newest five when there is no such version', async () => {
    const { client } = await scriptedOctomil({
      'GET /models/m/versions/9': NOT_FOUND,
      'GET /models/m/versions': { body: { versions: [6, 5, 4, 3, 2, 1].map((version) => ({ version })) } },
    });
    await expect(client.findVersion('m', '9')).rejects.toMatchObject({
      reasonCode: 'version_not_found',
      message: 'there is no version "9"; the API has 6, 5, 4, 3 or 2.',
    });
  });

  it('refuses an alias and names the version behind it', async () => {
    const { client } = await scriptedOctomil({
      'GET /models/m/versions/latest': { body: { version: '2.1.0' } },
    });
    await expect(client.findVersion('m', 'latest')).rejects.toMatchObject({
      reasonCode: 'version_not_found',
      advice: 'Set `version` to 2.1.0.',
    });
  });

  it('reads the versions of the model itself where there is no route for them', async () => {
    const { client } = await scriptedOctomil({
      'GET /models/m/versions/3': NOT_FOUND,
      'GET /models/m/versions': NOT_FOUND,
      'GET /models/m': { body: { id: 'm', versions: [{ version: 3, format: 'onnx' }] } },
    });
    expect(await client.findVersion('m', '3')).toMatchObject({ version: '3', retired: false });
  });
});

describe('findGroup', () => {
  const groups: Reply = {
    body: {
      groups: [
        { id: 'grp_1', name: 'beta', device_count: 12 },
        { id: 'grp_2', name: 'wards' },
      ],
      total: 2,
    },
  };

  it('finds a group by name or id with its size where it is told', async () => {
    const { client } = await scriptedOctomil({ 'GET /device-groups': groups });
    expect(await client.findGroup('beta')).toEqual({ id: 'grp_1', name: 'beta', deviceCount: 12 });
    expect(await client.findGroup('grp_2')).toEqual({ id: 'grp_2', name: 'wards', deviceCount: null });
  });

  it('says which names are near when there is none', async () => {
    const { client } = await scriptedOctomil({ 'GET /device-groups': groups });
    await expect(client.findGroup('Bta')).rejects.toMatchObject({
      reasonCode: 'group_not_found',
      message: 'there is no device group "Bta"; the API has beta or wards.',
    });
  });
});

describe('what the organisation tells of itself', () => {
  it('counts the fleet without reading it', async () => {
    const { client, server } = await scriptedOctomil({
      'GET /devices': { body: { devices: [{}], total: 1240, limit: 1 } },
    });
    expect(await client.countFleet()).toBe(1240);
    expect(server.requests[0]?.query).toMatchObject({ limit: '1' });
  });

  it.each([403, 404, 422, 501])('is not an error when the route answers %d', async (status) => {
    const { client } = await scriptedOctomil(
      { 'GET /devices': { status }, 'GET /settings/org_1': { status }, 'GET /experiments': { status } },
      { orgId: 'org_1' },
    );
    expect(await client.countFleet()).toBeNull();
    expect(await client.readSettings()).toEqual(NOTHING_TOLD);
    expect(await client.runningExperiments('m')).toBeNull();
  });

  it('reads whether auto-rollback is on, and never takes another value for on', async () => {
    const on = await scriptedOctomil(
      { 'GET /settings/o': { body: { auto_rollback_enabled: true } } },
      { orgId: 'o' },
    );
    expect(await on.client.readSettings()).toMatchObject({ autoRollback: true });
    const odd = await scriptedOctomil(
      { 'GET /settings/o': { body: { auto_rollback_enabled: 'yes' } } },
      { orgId: 'o' },
    );
    await expect(odd.client.readSettings()).rejects.toMatchObject({ reasonCode: 'api_protocol' });
    const none = await scriptedOctomil({}, { orgId: null });
    expect(await none.client.readSettings()).toEqual(NOTHING_TOLD);
    expect(none.server.requests).toEqual([]);
  });

  it('shows the experiments of this model that run, by either word for running', async () => {
    const { client } = await scriptedOctomil({
      'GET /experiments': {
        body: {
          experiments: [
            { id: 'e1', name: 'a', status: 'running', model_id: 'm' },
            { id: 'e2', name: 'b', status: 'active' },
            { id: 'e3', name: 'c', status: 'draft', model_id: 'm' },
            { id: 'e4', name: 'd', status: 'running', model_id: 'other' },
          ],
        },
      },
    });
    expect((await client.runningExperiments('m'))?.map(({ id }) => id)).toEqual(['e1', 'e2']);
  });
});
