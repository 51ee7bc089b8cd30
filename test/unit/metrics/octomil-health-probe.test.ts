/** Whether the API has a health route is found out before the first write. */
import { describe, expect, it } from 'vitest';
import type { HealthProbe } from '../../../src/core/ports.ts';
import { createOctomilHealth, type HealthRouteAnswer } from '../../../src/metrics/octomil-health.ts';
import { exampleHealth, healthWith } from '../../support/health-answers.ts';

const refused = (status: number, routeUnknown = false): HealthRouteAnswer => ({
  kind: 'refused',
  status,
  routeUnknown,
  message: `HTTP ${status}`,
});

interface Row {
  readonly title: string;
  readonly answer: HealthRouteAnswer | Error;
  readonly withoutRollout: HealthProbe['kind'];
  readonly withRollout: HealthProbe['kind'];
}

const ROWS: readonly Row[] = [
  {
    title: 'health',
    answer: { kind: 'json', body: exampleHealth() },
    withoutRollout: 'available',
    withRollout: 'available',
  },
  {
    title: 'something else',
    answer: { kind: 'json', body: { ok: true } },
    withoutRollout: 'error',
    withRollout: 'error',
  },
  {
    title: 'impossible numbers',
    answer: { kind: 'json', body: healthWith('versions.0.requests.failed', -1) },
    withoutRollout: 'error',
    withRollout: 'error',
  },
  { title: 'no such route', answer: refused(404, true), withoutRollout: 'missing', withRollout: 'missing' },
  { title: 'no such rollout', answer: refused(404), withoutRollout: 'available', withRollout: 'missing' },
  { title: 'a malformed id', answer: refused(422), withoutRollout: 'available', withRollout: 'error' },
  { title: 'not allowed', answer: refused(405), withoutRollout: 'missing', withRollout: 'missing' },
  { title: 'not implemented', answer: refused(501), withoutRollout: 'missing', withRollout: 'missing' },
  { title: 'a refused key', answer: refused(401), withoutRollout: 'error', withRollout: 'error' },
  { title: 'a missing scope', answer: refused(403), withoutRollout: 'error', withRollout: 'error' },
  { title: 'nothing', answer: new Error('cut'), withoutRollout: 'error', withRollout: 'error' },
];

async function probe(
  answer: HealthRouteAnswer | Error,
  rolloutId: string | null,
): Promise<HealthProbe & { path: string }> {
  let asked = '';
  const source = createOctomilHealth({
    client: {
      now: () => Date.UTC(2026, 10, 20, 10),
      readJson: async (path) => {
        asked = path;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    modelId: 'm',
  });
  return { ...(await source.probe(rolloutId)), path: asked };
}

describe('probing a health route that answers with', () => {
  it.each(ROWS)('$title', async ({ answer, withoutRollout, withRollout }) => {
    expect((await probe(answer, null)).kind).toBe(withoutRollout);
    expect((await probe(answer, 'rol_1')).kind).toBe(withRollout);
  });
});

describe('the probe', () => {
  it('asks for one second of the rollout, where there is one', async () => {
    const { path } = await probe(refused(404), 'rol_1');
    expect(path).toBe(
      '/models/m/rollouts/rol_1/health?from=2026-11-20T09%3A59%3A59Z&to=2026-11-20T10%3A00%3A00Z',
    );
  });
});

describe('createOctomilHealth', () => {
  const client = { now: () => 0, readJson: async () => refused(404) };

  it.each(['/x/{api_key}', '/x/{env}'])('refuses the placeholder of %s', (healthPath) => {
    expect(() => createOctomilHealth({ client, modelId: 'm', healthPath })).toThrow(
      /is unknown; expected \{model_id\}/,
    );
  });

  it.each(['https://evil.example/{model_id}', 'health'])('refuses %s, which is no path', (healthPath) => {
    expect(() => createOctomilHealth({ client, modelId: 'm', healthPath })).toThrow(/starts with \//);
  });
});
