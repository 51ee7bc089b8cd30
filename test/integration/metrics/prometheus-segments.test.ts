/** What Prometheus says of each part of the fleet: one grouped query for each text, taken apart by label. */
import { describe, expect, it } from 'vitest';
import type { HealthQuery, SegmentAnswer } from '../../../src/core/ports.ts';
import { divide, pool } from '../../../src/core/segments.ts';
import type { SeriesShape } from '../../../src/core/series.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { createPrometheusSource } from '../../../src/metrics/prometheus/prometheus-source.ts';
import { createSeriesHealth } from '../../../src/metrics/series-health.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { failed, success } from '../../support/asked-prometheus.ts';
import { aLatencyGate, aRateGate } from '../../support/core-builders.ts';
import { type AskedNumbers, type NumbersReply, startNumbersServer } from '../../support/numbers-server.ts';
import { SCOPE_END } from '../../support/series-scopes.ts';

const COUNTS: SeriesShape = {
  kind: 'counts',
  events: 'sum by ({{by}}) (failed{v="{{version}}"}[{{window}}])',
  trials: 'sum by ({{by}}) (all{v="{{version}}"}[{{window}}])',
  devices: 'sum by ({{by}}) (devices{v="{{version}}"})',
  devicesWithEvents: null,
};
const BUCKETS: SeriesShape = {
  kind: 'buckets',
  buckets: 'sum by (le, {{by}}) (took{v="{{version}}"}[{{window}}])',
  unit: 'ms',
  devices: null,
};
const FIVE_MINUTES = { from: SCOPE_END - 5 * MINUTE_MS, to: SCOPE_END };
const TOKEN = 'tok-5ecret-value';

type Labels = Readonly<Record<string, string>>;
type Rows = readonly (readonly [Labels, number])[];

interface Setting {
  readonly reply: (query: string) => Rows | NumbersReply;
  readonly shapes?: Readonly<Record<string, SeriesShape>>;
  readonly by?: readonly string[];
  readonly query?: Partial<HealthQuery>;
}

interface Told {
  readonly answer: SegmentAnswer;
  readonly asked: readonly AskedNumbers[];
}

/** Asks for the parts of the fleet once, in virtual time. */
async function askSegments({ reply, shapes, by = ['os'], query }: Setting): Promise<Told> {
  const server = await startNumbersServer(({ fields }) => {
    const said = reply(fields['query'] ?? '');
    return isRows(said) ? vector(said) : said;
  });
  const source = createPrometheusSource({
    url: server.origin,
    token: TOKEN,
    clock: createVirtualClock(SCOPE_END),
    userAgent: 'test',
    deadlineMs: 5_000,
  });
  const series = Object.entries(shapes ?? { error_rate: COUNTS }).map(
    ([name, shape]) => [name, { source: 'prometheus', shape }] as const,
  );
  const health = createSeriesHealth({ source, series: new Map(series), model: 'radiology-v1' });
  try {
    const answer = await health.readSegments?.(
      {
        modelId: 'm1',
        rolloutId: 'r2',
        version: '2.0.0',
        baselineVersion: '1.9.0',
        group: null,
        window: FIVE_MINUTES,
        gates: [aRateGate()],
        ...query,
      },
      by,
    );
    if (answer === undefined) throw new Error('the source cannot tell parts apart');
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
    return { answer, asked: server.asked };
  } finally {
    await server.close();
  }
}

function isRows(said: Rows | NumbersReply): said is Rows {
  return Array.isArray(said);
}

function vector(rows: Rows): NumbersReply {
  return success(
    'vector',
    rows.map(([metric, value]) => ({ metric, value: [1, String(value)] })),
  );
}

/** One row for each system: failed, all and devices of the version that is asked about. */
const SYSTEMS: Readonly<Record<string, Readonly<Record<string, readonly [number, number, number]>>>> = {
  '2.0.0': { ios: [30, 300, 8], android: [5, 700, 15] },
  '1.9.0': { ios: [3, 310, 9], android: [4, 690, 14] },
};

function bySystem(query: string): Rows {
  const version = /v="([^"]*)"/.exec(query)?.[1] ?? '';
  const column = query.includes('(failed') ? 0 : query.includes('(all') ? 1 : 2;
  return Object.entries(SYSTEMS[version] ?? {}).map(([os, row]) => [{ os }, row[column]]);
}

const both = (one: number, other: number): Rows => [
  [{ os: 'ios' }, one],
  [{ os: 'android' }, other],
];

/** Replies alike to every query but those that contain `part`. */
const but =
  (part: string, said: Rows | NumbersReply): Setting['reply'] =>
  (query) =>
    query.includes(part) ? said : bySystem(query);

describe('the parts of a fleet in Prometheus', () => {
  it('are told by one query for each text and version, for both versions side by side', async () => {
    const { answer, asked } = await askSegments({ reply: bySystem });
    expect(asked.map(({ fields }) => fields['query']).sort()).toEqual(
      ['1.9.0', '2.0.0']
        .flatMap((version) => [`sum by (os) (all{v="${version}"}[300s])`])
        .concat(
          ['1.9.0', '2.0.0'].map((version) => `sum by (os) (devices{v="${version}"})`),
          ['1.9.0', '2.0.0'].map((version) => `sum by (os) (failed{v="${version}"}[300s])`),
        ),
    );
    expect(answer).toMatchObject({
      kind: 'segments',
      segments: [
        {
          segment: { by: 'os', value: 'ios' },
          devices: 17,
          evidence: [
            {
              kind: 'counts',
              candidate: { events: 30, trials: 300, devices: 8 },
              baseline: { events: 3, trials: 310, devices: 9 },
              covered: FIVE_MINUTES,
            },
          ],
        },
        {
          segment: { by: 'os', value: 'android' },
          devices: 29,
          evidence: [{ kind: 'counts', candidate: { events: 5, trials: 700 } }],
        },
      ],
    });
  });

  it('that are small are taken together by the devices of both versions', async () => {
    const { answer } = await askSegments({ reply: bySystem });
    const segments = answer.kind === 'segments' ? answer.segments : [];
    expect(pool(segments, divide(segments, 20)).map(({ segment }) => segment.value)).toEqual([
      '(others)',
      'android',
    ]);
  });

  it('stand by themselves where no text tells devices, or one that is not grouped', async () => {
    for (const devices of [null, 'sum(devices{v="{{version}}"})']) {
      const shapes = { error_rate: { ...COUNTS, devices } };
      const { answer } = await askSegments({ reply: bySystem, shapes });
      expect(answer).toMatchObject({
        kind: 'segments',
        segments: [
          { devices: null, evidence: [{ candidate: { trials: 300, devices: null } }] },
          { devices: null },
        ],
      });
    }
  });

  it('have histograms of their own', async () => {
    const { answer } = await askSegments({
      shapes: { latency_p95: BUCKETS },
      query: { gates: [aLatencyGate({ maxMs: 100 })] },
      reply: () => [
        [{ os: 'ios', le: '100' }, 90],
        [{ os: 'ios', le: '+Inf' }, 100],
        [{ os: 'android', le: '100' }, 400],
        [{ os: 'android', le: '+Inf' }, 400],
      ],
    });
    expect(answer).toMatchObject({
      segments: [
        { segment: { value: 'ios' }, evidence: [{ candidate: { events: 10, trials: 100 } }] },
        { segment: { value: 'android' }, evidence: [{ candidate: { events: 0, trials: 400 } }] },
      ],
    });
  });

  it('that have nothing new for ten minutes have no data, and the others keep theirs', async () => {
    const { answer } = await askSegments({
      query: { window: { from: SCOPE_END - 60 * MINUTE_MS, to: SCOPE_END } },
      reply: (query) => (query.includes('[600s]') ? [[{ os: 'android' }, 9]] : bySystem(query)),
    });
    expect(answer).toMatchObject({
      segments: [
        {
          segment: { value: 'ios' },
          evidence: [{ kind: 'none', why: expect.stringMatching(/last 10 min/) }],
        },
        { segment: { value: 'android' }, evidence: [{ kind: 'counts' }] },
      ],
    });
  });

  it('are not made of the zero that or vector(0) adds', async () => {
    const { answer } = await askSegments({
      reply: but('(failed', [
        [{ os: 'ios' }, 30],
        [{}, 0],
      ]),
    });
    expect(answer).toMatchObject({
      segments: [
        { segment: { value: 'ios' }, evidence: [{ kind: 'counts' }] },
        { segment: { value: 'android' }, evidence: [{ kind: 'none' }] },
      ],
    });
  });

  it('show values of labels on one line, cut, and never the token', async () => {
    const hostile = `a\n\u202eb ${TOKEN} ${'x'.repeat(200)}`;
    const { answer } = await askSegments({
      reply: () => [
        [{ os: hostile }, 5],
        [{}, 1],
      ],
    });
    const values = answer.kind === 'segments' ? answer.segments.map(({ segment }) => segment.value) : [];
    expect(values).toEqual([expect.stringMatching(/^a b \*\*\* x{70,}…$/), '(none)']);
    expect(values[0]).toHaveLength(80);
  });

  it('leave a gate whose query is not grouped to the whole fleet', async () => {
    const { answer } = await askSegments({
      shapes: { error_rate: COUNTS, latency_p95: { ...BUCKETS, buckets: 'took[{{window}}]' } },
      query: { gates: [aRateGate(), aLatencyGate()] },
      reply: bySystem,
    });
    expect(answer).toMatchObject({
      segments: [
        {
          evidence: [
            { kind: 'counts' },
            { kind: 'none', why: expect.stringMatching(/^latency_p95: buckets/) },
          ],
        },
        { evidence: [{ kind: 'counts' }, { kind: 'none' }] },
      ],
    });
  });
});

interface Row {
  readonly setting: Setting;
  readonly gives: SegmentAnswer | { readonly kind: string; readonly why: unknown };
}

const twoHundredAndOne: Rows = Array.from({ length: 201 }, (_, index) => [{ os: `v${index}` }, 1]);

const ROWS: Readonly<Record<string, Row>> = {
  'a query without {{by}}': {
    setting: {
      reply: bySystem,
      shapes: { error_rate: { ...COUNTS, trials: 'sum(all[{{window}}])' } },
    },
    gives: {
      kind: 'unavailable',
      why: 'error_rate: trials: sum(all[{{window}}]) cannot be split; group it with sum by ({{by}}) (…)',
    },
  },
  'a label that no series has': {
    setting: { reply: () => [[{}, 5]] },
    gives: { kind: 'unavailable', why: 'error_rate: no series that prometheus found has the label os' },
  },
  'a label with a name that every object has': {
    setting: { by: ['constructor'], reply: bySystem },
    gives: { kind: 'unavailable', why: expect.stringMatching(/the label constructor$/) },
  },
  'one of two labels that no series has': {
    setting: {
      by: ['os', 'region'],
      reply: (query) => (query.includes('(region)') ? [[{}, 5]] : bySystem(query)),
    },
    gives: { kind: 'unavailable', why: expect.stringMatching(/the label region$/) },
  },
  'no series at all': { setting: { reply: () => [] }, gives: { kind: 'segments', segments: [] } },
  'a label with more than 200 values': {
    setting: { reply: () => twoHundredAndOne },
    gives: { kind: 'error', why: expect.stringMatching(/has 201 values, expected at most 200/) },
  },
  'two values that read alike': {
    setting: {
      reply: () => [
        [{ os: 'a b' }, 1],
        [{ os: 'a\nb' }, 2],
      ],
    },
    gives: { kind: 'error', why: expect.stringMatching(/two values that read "a b"/) },
  },
  'a query of the candidate that fails': {
    setting: { reply: but('(all{v="2.0.0"', failed(503, { status: 'error', error: 'overloaded' })) },
    gives: { kind: 'error', why: expect.stringMatching(/^error_rate: trials: .*HTTP 503: overloaded/) },
  },
  'a query of the baseline that fails': {
    setting: { reply: but('(all{v="1.9.0"', failed(400, { status: 'error', error: 'nope' })) },
    gives: { kind: 'error', why: expect.stringMatching(/^error_rate: baseline: trials: .*HTTP 400: nope/) },
  },
};

describe('parts of a fleet that Prometheus cannot tell', () => {
  it.each(Object.entries(ROWS))('%s', async (_what, { setting, gives }) => {
    expect((await askSegments(setting)).answer).toEqual(gives);
  });

  it('two samples of one part are an error in that part alone', async () => {
    const { answer } = await askSegments({
      reply: but('(all', [...both(300, 700), [{ os: 'ios', region: 'eu' }, 1]]),
    });
    expect(answer).toMatchObject({
      segments: [
        { segment: { value: 'ios' }, evidence: [{ kind: 'error', why: expect.stringMatching(/2 series/) }] },
        { segment: { value: 'android' }, evidence: [{ kind: 'counts' }] },
      ],
    });
  });
});
