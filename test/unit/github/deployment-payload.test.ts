/** Only a payload of ours is read, and only for the rollout that it names. */
import { describe, expect, it } from 'vitest';
import { isAbout, readPayload } from '../../../src/github/deployment-payload.ts';

const PAYLOAD = {
  schema: 1 as const,
  model_id: 'mdl_1',
  version: '2.0.0',
  group_id: null,
  rollout_id: 'rol_1',
  plan: '0123456789ab',
  previous_version: '1.0.0',
};

describe('readPayload', () => {
  it('reads an object and JSON text alike, and drops what it does not know', () => {
    const sent = { ...PAYLOAD, api_url: 'https://elsewhere.test' };
    expect(readPayload(sent)).toEqual(PAYLOAD);
    expect(readPayload(JSON.stringify(sent))).toEqual(PAYLOAD);
  });

  it.each([
    null,
    '',
    '{',
    '[]',
    'https://elsewhere.test',
    { ...PAYLOAD, schema: 2 },
    { ...PAYLOAD, rollout_id: 7 },
    { ...PAYLOAD, version: '' },
    { ...PAYLOAD, previous_version: 'x'.repeat(201) },
    { ...PAYLOAD, group_id: undefined },
  ])('refuses %j', (payload) => {
    expect(readPayload(payload)).toBeNull();
  });
});

describe('isAbout', () => {
  it.each(['model_id', 'version', 'group_id', 'rollout_id'] as const)('tells another %s', (key) => {
    expect(isAbout(PAYLOAD, PAYLOAD)).toBe(true);
    expect(isAbout(PAYLOAD, { ...PAYLOAD, [key]: 'another' })).toBe(false);
  });
});
