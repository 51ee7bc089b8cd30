import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/core/evidence.ts';
import type { QualityGate, ValueGate } from '../../../src/core/plan.ts';
import type { SeriesShape } from '../../../src/core/series.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { evidenceOfSeries, type SeriesGate } from '../../../src/metrics/series-evidence.ts';
import type { LeafAnswer, LeafName, SeriesAnswer } from '../../../src/metrics/series-source.ts';
import { aLatencyGate, aRateGate } from '../../support/core-builders.ts';

const TO = Date.UTC(2026, 2, 1, 12);
const WINDOW = { from: TO - 15 * MINUTE_MS, to: TO };
const RATE = aRateGate();
const CRASHES = aRateGate({ name: 'crash_rate' });
const LATENCY = aLatencyGate({ maxMs: 400 });
const QUALITY: QualityGate = {
  kind: 'quality',
  name: 'quality',
  minRatio: 0.9,
  severity: 'critical',
  shadow: false,
};
const valueGate = (unit: ValueGate['unit']): ValueGate => ({
  kind: 'value',
  name: 'heat',
  direction: 'at_most',
  limit: 80,
  unit,
  severity: 'critical',
  shadow: false,
});

const text = { devices: null, devicesWithEvents: null };
const COUNTS: SeriesShape = { kind: 'counts', events: 'e', trials: 't', ...text };
const WITH_DEVICES: SeriesShape = { ...COUNTS, devices: 'd', devicesWithEvents: 'w' };
const MEAN: SeriesShape = { kind: 'mean', mean: 'm', n: 'n', devices: null };
const valueIn = (unit: Extract<SeriesShape, { kind: 'value' }>['unit']): SeriesShape => ({
  kind: 'value',
  value: 'v',
  unit,
  devices: null,
});
const bucketsIn = (unit: 'ms' | 's'): SeriesShape => ({ kind: 'buckets', buckets: 'b', unit, devices: null });

type Leaves = Readonly<Partial<Record<LeafName, number | LeafAnswer>>>;

function answer(leaves: Leaves, over: Partial<SeriesAnswer> = {}): SeriesAnswer {
  const told = Object.entries(leaves).map(([name, leaf]) => [
    name,
    typeof leaf === 'number' ? { kind: 'number', value: leaf } : leaf,
  ]);
  const rest = { covered: WINDOW, warnings: [], asked: '', found: null, newestAt: null };
  return { ...rest, leaves: Object.fromEntries(told), ...over };
}

function evidence(
  gate: SeriesGate,
  shape: SeriesShape,
  leaves: Leaves,
  baseline: Leaves | null = null,
): Evidence {
  const both = { candidate: answer(leaves), baseline: baseline === null ? null : answer(baseline) };
  return evidenceOfSeries({ gate, shape, window: WINDOW }, both);
}

const NONE: LeafAnswer = { kind: 'none', why: 'no rows' };
const FAILED: LeafAnswer = { kind: 'error', why: 'HTTP 503' };
const histogram = (...counts: readonly [number, number, number]): LeafAnswer => ({
  kind: 'buckets',
  buckets: [
    { upTo: 0.2, count: counts[0] },
    { upTo: 0.6, count: counts[1] },
    { upTo: Number.POSITIVE_INFINITY, count: counts[2] },
  ],
});
const counted = (events: number, trials: number, over: object = {}) => ({ events, trials, ...text, ...over });

describe('a series that was answered', () => {
  it.each([
    {
      fact: 'counts of requests',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: 3.5, trials: 100.25 },
      gives: counted(3.5, 100.25),
    },
    {
      fact: 'counts with devices',
      gate: RATE,
      shape: WITH_DEVICES,
      leaves: { events: 3, trials: 100, devices: 20, devicesWithEvents: 2 },
      gives: counted(3, 100, { devices: 20, devicesWithEvents: 2 }),
    },
    {
      fact: 'no device with an event where there is no event',
      gate: RATE,
      shape: WITH_DEVICES,
      leaves: { events: 0, trials: 100, devices: 20, devicesWithEvents: NONE },
      gives: counted(0, 100, { devices: 20, devicesWithEvents: 0 }),
    },
    {
      fact: 'devices that nobody told',
      gate: RATE,
      shape: WITH_DEVICES,
      leaves: { events: 3, trials: 100, devices: NONE, devicesWithEvents: NONE },
      gives: counted(3, 100),
    },
    {
      fact: 'crashes as counts of devices',
      gate: CRASHES,
      shape: COUNTS,
      leaves: { events: 3, trials: 100 },
      gives: counted(3, 100, { devices: 100, devicesWithEvents: 3 }),
    },
    {
      fact: 'crashes as counts of app runs',
      gate: { ...CRASHES, unit: 'trials' as const },
      shape: { ...COUNTS, devices: 'd' },
      leaves: { events: 3, trials: 100, devices: 40 },
      gives: counted(3, 100, { devices: 40 }),
    },
    {
      fact: 'events a little above trials, evened out',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: 100.4, trials: 100 },
      gives: counted(100, 100),
    },
    {
      fact: 'slow requests that the source counted',
      gate: LATENCY,
      shape: COUNTS,
      leaves: { events: 7, trials: 100 },
      gives: counted(7, 100),
    },
    {
      fact: 'slow requests out of buckets in seconds',
      gate: LATENCY,
      shape: bucketsIn('s'),
      leaves: { buckets: histogram(80, 100, 100) },
      gives: counted(10, 100),
    },
    {
      fact: 'what a mean lacks of 1',
      gate: QUALITY,
      shape: MEAN,
      leaves: { mean: 0.75, n: 40 },
      gives: counted(10, 40),
    },
  ])('is $fact', ({ gate, shape, leaves, gives }) => {
    expect(evidence(gate, shape, leaves)).toEqual({
      kind: 'counts',
      candidate: gives,
      baseline: null,
      covered: WINDOW,
    });
  });

  it.each([
    { fact: 'a ratio of a percentage', gate: RATE, shape: valueIn('percent'), value: 2.5, gives: 0.025 },
    { fact: 'milliseconds of seconds', gate: LATENCY, shape: valueIn('s'), value: 0.25, gives: 250 },
    { fact: 'a mean quality', gate: QUALITY, shape: valueIn('ratio'), value: 0.93, gives: 0.93 },
    { fact: 'a time of the author’s', gate: valueGate('ms'), shape: valueIn('s'), value: 2, gives: 2_000 },
    {
      fact: 'a number of the author’s, which may be negative',
      gate: valueGate('number'),
      shape: valueIn('number'),
      value: -70,
      gives: -70,
    },
  ])('is a bare value: $fact', ({ gate, shape, value, gives }) => {
    expect(evidence(gate, shape, { value })).toEqual({
      kind: 'value',
      value: gives,
      devices: null,
      covered: WINDOW,
    });
  });

  it('has a baseline only where that was measured', () => {
    const beside = (baseline: Leaves) => {
      const told = evidence(RATE, COUNTS, { events: 3, trials: 100 }, baseline);
      return told.kind === 'counts' ? told.baseline : told;
    };
    expect(beside({ events: 1, trials: 900 })).toEqual(counted(1, 900));
    expect(beside({ events: 0, trials: 0 })).toBeNull();
    expect(beside({ events: NONE, trials: NONE })).toBeNull();
    expect(beside({ events: FAILED, trials: 900 })).toBeNull();
  });

  it('covers no more than was asked', () => {
    const candidate = answer(
      { events: 3, trials: 100 },
      { covered: { from: WINDOW.from, to: TO + MINUTE_MS } },
    );
    const told = evidenceOfSeries(
      { gate: RATE, shape: COUNTS, window: WINDOW },
      { candidate, baseline: null },
    );
    expect(told).toMatchObject({ covered: WINDOW });
  });
});

describe('a series that measured nothing', () => {
  it.each([
    {
      fact: 'no rows',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: NONE, trials: NONE },
      why: 'trials: no rows',
    },
    {
      fact: 'zero trials',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: 0, trials: 0 },
      why: 'nothing measured: no requests',
    },
    {
      fact: 'no series of events, with what to write',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: NONE, trials: 100 },
      why: 'events: no rows, of 100 trials; where no event means no series, let the query end in a zero, as `or vector(0)` does in PromQL',
    },
    {
      fact: 'zero answers',
      gate: QUALITY,
      shape: MEAN,
      leaves: { mean: 0, n: 0 },
      why: 'nothing measured: zero answers',
    },
    {
      fact: 'an empty histogram',
      gate: LATENCY,
      shape: bucketsIn('s'),
      leaves: { buckets: histogram(0, 0, 0) },
      why: 'nothing measured: no requests',
    },
    {
      fact: 'a share of no device',
      gate: RATE,
      shape: { ...valueIn('ratio'), devices: 'd' },
      leaves: { value: 0, devices: 0 },
      why: 'nothing measured: no active device',
    },
  ])('is no evidence: $fact', ({ gate, shape, leaves, why }) => {
    expect(evidence(gate, shape, leaves)).toEqual({ kind: 'none', why });
  });
});

describe('a series that cannot be used', () => {
  it.each([
    {
      fact: 'a failed query',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: 1, trials: FAILED },
      why: 'trials: HTTP 503',
    },
    {
      fact: 'failed devices',
      gate: RATE,
      shape: WITH_DEVICES,
      leaves: { events: 1, trials: 2, devices: FAILED },
      why: 'devices: HTTP 503',
    },
    {
      fact: 'no number',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: Number.NaN, trials: 9 },
      why: 'events: NaN is no number',
    },
    {
      fact: 'a negative count',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: -1, trials: 9 },
      why: 'events: -1; expected 0 or more',
    },
    {
      fact: 'more events than trials',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: 9.1, trials: 9 },
      why: 'events: 9.1 of 9 trials; events are a part of the trials',
    },
    {
      fact: 'more devices with events than devices',
      gate: RATE,
      shape: WITH_DEVICES,
      leaves: { events: 5, trials: 9, devices: 3, devicesWithEvents: 4 },
      why: 'devices_with_events: 4 of 3 devices; they are a part of the devices',
    },
    {
      fact: 'a quality above 1',
      gate: QUALITY,
      shape: MEAN,
      leaves: { mean: 93, n: 9 },
      why: 'mean: 93; a ratio is from 0 to 1; is its unit percent?',
    },
    {
      fact: 'a bare quality above 1',
      gate: QUALITY,
      shape: valueIn('ratio'),
      leaves: { value: 93 },
      why: 'value: 93; a ratio is from 0 to 1; is its unit percent?',
    },
    {
      fact: 'a percentage above 100',
      gate: RATE,
      shape: valueIn('percent'),
      leaves: { value: 101 },
      why: 'value: 101; a percentage is from 0 to 100',
    },
    {
      fact: 'a number where buckets are',
      gate: LATENCY,
      shape: bucketsIn('s'),
      leaves: { buckets: 5 },
      why: 'buckets: a single number where a histogram is expected',
    },
    {
      fact: 'buckets where a number is',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: histogram(1, 2, 3), trials: 9 },
      why: 'events: a histogram where a number is expected',
    },
    {
      fact: 'a text that was not answered',
      gate: RATE,
      shape: COUNTS,
      leaves: { events: 1 },
      why: 'trials: not answered',
    },
    {
      fact: 'another unit',
      gate: LATENCY,
      shape: valueIn('number'),
      leaves: { value: 1 },
      why: 'a series of value cannot measure latency_p95',
    },
    {
      fact: 'a mean for a rate',
      gate: RATE,
      shape: MEAN,
      leaves: { mean: 1, n: 1 },
      why: 'a series of mean cannot measure error_rate',
    },
    {
      fact: 'a limit beyond the largest bucket',
      gate: aLatencyGate({ maxMs: 900 }),
      shape: bucketsIn('s'),
      leaves: { buckets: histogram(1, 2, 3) },
      why: 'the largest latency bucket ends at 600 ms, below the limit of 900 ms',
    },
  ])('is an error of the measurement: $fact', ({ gate, shape, leaves, why }) => {
    expect(evidence(gate, shape, leaves)).toEqual({ kind: 'error', why });
  });

  it('is one that reaches to before the window', () => {
    const candidate = answer(
      { events: 1, trials: 9 },
      { covered: { from: WINDOW.from - SECOND_MS, to: TO } },
    );
    expect(
      evidenceOfSeries({ gate: RATE, shape: COUNTS, window: WINDOW }, { candidate, baseline: null }),
    ).toEqual({
      kind: 'error',
      why: 'the health source answered for a window that starts before the one asked',
    });
  });
});
