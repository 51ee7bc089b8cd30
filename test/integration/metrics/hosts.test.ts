/** Whatever a plan, a version or a server says, a source asks the server of its own input and no other (INV-12). */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Series, SeriesShape } from '../../../src/core/series.ts';
import { createDatadogSource } from '../../../src/metrics/datadog/datadog-source.ts';
import { createHttpJsonSource } from '../../../src/metrics/http-json/http-json-source.ts';
import { createOctomilHealth } from '../../../src/metrics/octomil-health.ts';
import { createPrometheusSource } from '../../../src/metrics/prometheus/prometheus-source.ts';
import { createFileSource } from '../../../src/metrics/recorded/file-source.ts';
import type { SeriesScope, SeriesSource } from '../../../src/metrics/series-source.ts';
import { createOctomilClient } from '../../../src/octomil/client.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type DialledHosts, recordDialledHosts } from '../../support/dialled-hosts.ts';
import { GATES } from '../../support/health-answers.ts';
import { hostileTextTo } from '../../support/hostile-addresses.ts';
import { type NumbersReply, type NumbersServer, startNumbersServer } from '../../support/numbers-server.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

const TOKEN = 'tok-5ecret';
const TELL_WINDOW = 'from={{from}}&to={{to}}';

let own: NumbersServer;
let other: NumbersServer;
let dialled: DialledHosts;
let reply: NumbersReply;

beforeEach(async () => {
  reply = { body: { count: 1 } };
  [own, other] = await Promise.all([
    startNumbersServer(() => reply),
    startNumbersServer(() => ({ body: { count: 1 } })),
  ]);
  dialled = recordDialledHosts();
});
afterEach(async () => {
  dialled.stop();
  await Promise.all([own.close(), other.close()]);
});

function expectOnly({ origin }: NumbersServer): void {
  expect([...dialled.origins]).toEqual([origin]);
  expect([...dialled.peers]).toEqual([new URL(origin).host]);
}

const common = () => ({ clock: createVirtualClock(SCOPE_END), userAgent: 'test', deadlineMs: 60_000 });

function sources(): readonly SeriesSource[] {
  return [
    createPrometheusSource({ ...common(), url: own.origin, token: TOKEN }),
    createDatadogSource({
      ...common(),
      site: 'datadoghq.eu',
      apiKey: TOKEN,
      appKey: TOKEN,
      standIn: new URL(own.origin),
    }),
    createHttpJsonSource({ ...common(), url: `${own.origin}/base`, token: TOKEN }),
    createFileSource({ workspace: '.' }),
  ];
}

/** One series for each source in which every text is the same. */
function seriesOf(text: string, shape: SeriesShape): readonly Series[] {
  const inBody = JSON.stringify({ text, window: TELL_WINDOW });
  return [
    { source: 'prometheus', shape },
    { source: 'datadog', shape },
    { source: 'http-json', method: 'GET', path: text, body: null, shape },
    { source: 'http-json', method: 'GET', path: `/${text}?${TELL_WINDOW}`, body: null, shape },
    { source: 'http-json', method: 'POST', path: `/q?to=${text}`, body: inBody, shape },
    { source: 'file', path: text, shape },
  ];
}

async function askAll(text: string, scope: SeriesScope): Promise<void> {
  const shape: SeriesShape = { kind: 'value', value: text, unit: 'number', devices: null };
  for (const source of sources()) {
    for (const series of seriesOf(text, shape)) {
      if (series.source !== source.name) continue;
      const answer = await source.ask(series, scope);
      expect(JSON.stringify(answer)).not.toContain(TOKEN);
    }
  }
}

describe('a series', () => {
  it('is asked of the server of its input, whatever its texts and the names of versions are', async () => {
    const text = hostileTextTo(other.origin);
    await fc.assert(
      fc.asyncProperty(text, text, text, async (texts, version, group) => {
        await askAll(texts, seriesScope({ version, group, model: version, baselineVersion: group }));
      }),
      { numRuns: 120 },
    );
    expectOnly(own);
    expect(own.asked.length).toBeGreaterThan(200);
    expect(other.asked).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('is not taken elsewhere by a redirect of status %s', async (status) => {
    reply = { status, headers: { location: `${other.origin}/take?token=1` }, body: '' };
    await askAll(`/q?${TELL_WINDOW}`, seriesScope());
    expectOnly(own);
    expect(other.asked).toEqual([]);
  });

  it('shows the token to the server of its input', async () => {
    await askAll(`/q?${TELL_WINDOW}`, seriesScope());
    const shown = own.asked.map(({ headers }) => headers['authorization'] ?? headers['dd-api-key']);
    expect(new Set(shown)).toEqual(new Set([`Bearer ${TOKEN}`, TOKEN]));
  });
});

describe('the health route of the API', () => {
  it('is asked of the API, whatever the names of versions and groups are', async () => {
    const text = hostileTextTo(other.origin);
    const client = createOctomilClient({
      baseUrl: new URL(`${own.origin}/api/v1`),
      apiKey: TOKEN,
      orgId: null,
      clock: createVirtualClock(SCOPE_END),
      random: () => 0.5,
      userAgent: 'test',
    });
    const healthPath = '/models/{model_id}/{version}/{group}/health';
    await fc.assert(
      fc.asyncProperty(text, text, async (version, group) => {
        const health = createOctomilHealth({ client, modelId: 'mdl_1', healthPath });
        const { window } = seriesScope();
        const query = { modelId: 'mdl_1', rolloutId: 'ro_1', version, baselineVersion: null, group, window };
        await health.read({ ...query, gates: [GATES.error_rate] });
      }),
      { numRuns: 60 },
    );
    expectOnly(own);
    expect(own.asked.length).toBeGreaterThan(30);
  });
});

describe('the record of requests', () => {
  it('holds a request to another server', async () => {
    const series: Series = {
      source: 'http-json',
      method: 'GET',
      path: `/q?${TELL_WINDOW}`,
      body: null,
      shape: { kind: 'value', value: '/count', unit: 'number', devices: null },
    };
    await createHttpJsonSource({ ...common(), url: other.origin, token: TOKEN }).ask(series, seriesScope());
    expectOnly(other);
  });
});
