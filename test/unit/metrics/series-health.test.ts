import { describe, expect, it } from 'vitest';
import type { HealthQuery, HealthSource } from '../../../src/core/ports.ts';
import type { Series } from '../../../src/core/series.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { routeHealth } from '../../../src/metrics/routed-health.ts';
import { createSeriesHealth } from '../../../src/metrics/series-health.ts';
import { aLatencyGate, anAdoptionGate, aRateGate, T0 } from '../../support/core-builders.ts';
import { type ScriptedSeries, scriptedSeries } from '../../support/scripted-series.ts';

const WINDOW = { from: T0, to: T0 + HOUR_MS };
const COUNTS: Series = {
  source: 'prometheus',
  shape: { kind: 'counts', events: 'e', trials: 't', devices: null, devicesWithEvents: null },
};
const BUCKETS: Series = {
  source: 'prometheus',
  shape: { kind: 'buckets', buckets: 'b', unit: 's', devices: null },
};

const query = (over: Partial<HealthQuery> = {}): HealthQuery => ({
  modelId: 'm1',
  rolloutId: 'r2',
  version: '2.0.0',
  baselineVersion: '1.9.0',
  group: null,
  window: WINDOW,
  gates: [aRateGate()],
  ...over,
});

function healthOf(
  source: ScriptedSeries,
  series: Readonly<Record<string, Series>> = { error_rate: COUNTS },
): HealthSource {
  return createSeriesHealth({ source, series: new Map(Object.entries(series)), model: 'radiology-v1' });
}

const healthy = () =>
  scriptedSeries((_series, { version }) => ({ events: version === '2.0.0' ? 3 : 1, trials: 1000 }));

describe('health from the series of a plan', () => {
  it('asks for both versions, and once for gates that share a series', async () => {
    const source = healthy();
    const gates = [aRateGate(), aRateGate({ severity: 'warn' })];
    const [first, second] = await healthOf(source).read(query({ gates }));
    expect(
      source.scopes.map(({ version, baselineVersion, model }) => [version, baselineVersion, model]),
    ).toEqual([
      ['2.0.0', '1.9.0', 'radiology-v1'],
      ['1.9.0', '1.9.0', 'radiology-v1'],
    ]);
    expect(first).toMatchObject({ kind: 'counts', candidate: { events: 3 }, baseline: { events: 1 } });
    expect(second).toEqual(first);
  });

  it('cannot tell parts of the fleet apart where its source cannot', () => {
    expect(healthOf(healthy()).readSegments).toBeUndefined();
  });

  it('asks for the candidate alone where nothing is replaced', async () => {
    const source = healthy();
    const [evidence] = await healthOf(source).read(query({ baselineVersion: null }));
    expect(source.scopes).toHaveLength(1);
    expect(evidence).toMatchObject({ kind: 'counts', baseline: null });
  });

  it('turns a source that throws into an error of the gate', async () => {
    const source = scriptedSeries(() => Promise.reject(new Error('socket closed')));
    expect(await healthOf(source).read(query())).toEqual([{ kind: 'error', why: 'socket closed' }]);
    const percentile = await healthOf(source, { latency_p95: BUCKETS }).readPercentile({
      ...query(),
      slowRatio: 0.05,
    });
    expect(percentile).toEqual({ kind: 'error', why: 'socket closed' });
  });

  it('rejects with the reason of its own aborted signal', async () => {
    const job = new AbortController();
    const source = scriptedSeries(() => {
      job.abort(new Error('cancelled'));
      return Promise.reject(new Error('socket closed'));
    });
    await expect(healthOf(source).read(query(), job.signal)).rejects.toThrow('cancelled');
  });

  it('reads a percentile out of a histogram, or takes a bare time as one', async () => {
    const buckets = [
      { upTo: 0.2, count: 900 },
      { upTo: 0.4, count: 1000 },
      { upTo: Number.POSITIVE_INFINITY, count: 1000 },
    ];
    const histogram = healthOf(
      scriptedSeries(() => ({ buckets: { kind: 'buckets', buckets } })),
      { latency_p95: BUCKETS },
    );
    const asked = { ...query(), version: '1.9.0', slowRatio: 0.05 };
    expect(await histogram.readPercentile(asked)).toEqual({ kind: 'percentile', ms: 300, trials: 1000 });
    const bare: Series = {
      source: 'prometheus',
      shape: { kind: 'value', value: 'v', unit: 's', devices: null },
    };
    const value = healthOf(
      scriptedSeries(() => ({ value: 0.25 })),
      { latency_p95: bare },
    );
    expect(await value.readPercentile(asked)).toEqual({ kind: 'percentile', ms: 250, trials: null });
    expect(await value.readPercentile({ ...asked, slowRatio: 0.5 })).toMatchObject({ kind: 'none' });
  });
});

describe('several places', () => {
  const octomil: HealthSource = {
    name: 'octomil',
    probe: async () => ({ kind: 'missing', detail: 'no route' }),
    read: async ({ gates }) =>
      gates.map(({ name }) => ({ kind: 'none', why: `octomil was asked for ${name}` })),
    readPercentile: async () => ({ kind: 'none', why: 'octomil' }),
  };
  const gates = [anAdoptionGate(), aRateGate(), aLatencyGate()];

  it('each answer their own gates, in the order of the query', async () => {
    const places = [{ source: healthOf(healthy()), gates: new Set(['error_rate']) }];
    const routed = routeHealth(octomil, places);
    const kinds = await routed.read(query({ gates }));
    expect(kinds.map(({ kind }) => kind)).toEqual(['none', 'counts', 'none']);
    expect(gates.map((gate) => routed.placeOf?.(gate))).toEqual(['octomil', 'prometheus', 'octomil']);
  });

  it('fail by themselves', async () => {
    const broken: HealthSource = {
      ...octomil,
      name: 'broken',
      read: () => Promise.reject(new Error('gone')),
    };
    const routed = routeHealth(octomil, [{ source: broken, gates: new Set(['error_rate']) }]);
    const answers = await routed.read(query({ gates }));
    expect(answers.map(({ kind }) => kind)).toEqual(['none', 'error', 'none']);
  });
});
