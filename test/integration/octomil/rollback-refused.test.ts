/** A rollback that cannot be done says what was tried and what still serves. */
import { afterEach, describe, expect, it } from 'vitest';
import type { RollbackRequest } from '../../../src/core/ports.ts';
import { stopScriptedServers, wireRollout } from '../../support/scripted-octomil.ts';
import {
  CANDIDATE,
  CONFLICT,
  CREATE,
  DELETE,
  FALLBACK,
  GROUPED,
  OLD,
  OLD_VERSION,
  PAUSE,
  REQUEST,
  ROLLBACK,
  restoring,
  rollBackWith,
} from '../../support/scripted-rollback.ts';
import type { Script } from '../../support/scripted-server.ts';

afterEach(stopScriptedServers);

interface Refusal {
  readonly title: string;
  readonly script: Script;
  readonly request?: RollbackRequest;
  readonly says: readonly string[];
  readonly never: readonly string[];
}

const REFUSALS: readonly Refusal[] = [
  {
    title: 'the old version is retired',
    script: {
      ...FALLBACK,
      [CREATE]: CONFLICT,
      [OLD_VERSION]: { body: { version: '1.0.0', status: 'retired' } },
    },
    says: ['2.0.0 still serves 10% in rollout rol_1 (paused)', 'is retired', 'HTTP 409'],
    never: [DELETE],
  },
  {
    title: 'the old version is not there',
    script: {
      ...FALLBACK,
      [CREATE]: CONFLICT,
      [OLD_VERSION]: { status: 404, body: { code: 'version_not_found', message: 'x' } },
      'GET /models/mdl_1/versions': { body: [{ version: '2.0.0' }] },
    },
    says: ['there is no version "1.0.0"', 'still serves 10%'],
    never: [DELETE],
  },
  {
    title: 'the key is refused',
    script: { [ROLLBACK]: { status: 401 } },
    says: ['2.0.0 may still serve', 'HTTP 401'],
    never: [PAUSE, CREATE],
  },
  {
    title: 'nothing can be created after the delete',
    script: {
      ...FALLBACK,
      [CREATE]: CONFLICT,
      [OLD_VERSION]: { body: { version: '1.0.0' } },
      [DELETE]: {},
    },
    says: ['the rollout of 2.0.0 was deleted'],
    never: [],
  },
  {
    title: 'the API never shows that it knows groups',
    script: FALLBACK,
    request: GROUPED,
    says: [
      'for the group beta',
      'still serves 10% in rollout rol_1 (paused)',
      'limits a rollout to the group',
    ],
    never: [CREATE, DELETE],
  },
  {
    title: 'the restoring rollout is not limited to the group',
    script: {
      ...FALLBACK,
      [CANDIDATE]: [
        { body: wireRollout({ group: 'grp_1' }) },
        { body: wireRollout({ group: 'grp_1', status: 'paused' }) },
      ],
      [OLD]: [{ body: restoring() }, { body: restoring({ status: 'paused' }) }],
      'POST /models/mdl_1/rollouts/rol_2/pause': {},
    },
    request: GROUPED,
    says: ['rollout rol_2 of 1.0.0 is not limited to the group beta, so it was paused'],
    never: [DELETE],
  },
  {
    title: 'it would return to the version that does the harm',
    script: {},
    request: { ...REQUEST, toVersion: '2.0.0' },
    says: ['2.0.0 is the version to roll back from'],
    never: [ROLLBACK],
  },
];

describe('rollBack that cannot be done', () => {
  it.each(REFUSALS)(
    'says what was tried and what still serves when $title',
    async ({ script, request, says, never }) => {
      const { result, asked } = await rollBackWith(script, request);
      expect(result).toMatchObject({ name: 'OctomilError', reasonCode: 'rollback_refused' });
      for (const part of says) expect((result as Error).message).toContain(part);
      for (const call of never) expect(asked).not.toContain(call);
    },
  );

  it('limits the restoring rollout to the group where the API shows groups', async () => {
    const { result, bodyOf } = await rollBackWith(
      {
        ...FALLBACK,
        [CANDIDATE]: { body: wireRollout({ group: 'grp_1', status: 'paused' }) },
        [OLD]: { body: restoring({ group: 'grp_1' }) },
      },
      GROUPED,
    );
    expect(result).toMatchObject({ via: 'rollout' });
    expect(bodyOf(CREATE)).toMatchObject({ group: 'grp_1' });
  });
});
