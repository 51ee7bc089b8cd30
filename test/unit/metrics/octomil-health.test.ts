/** Health from the API: what each gate counts, of which version and over which window. */
import { describe, expect, it } from 'vitest';
import type { MeasurableGate } from '../../../src/core/ports.ts';
import {
  EXAMPLE_WINDOW,
  evidenceIn,
  exampleHealth,
  exampleQuery,
  GATES,
  healthSourceOf,
  healthWith,
  latencyGate,
} from '../../support/health-answers.ts';

interface CountRow {
  readonly gate: MeasurableGate;
  readonly candidate: object;
  readonly baseline: object;
}

const COUNTS: readonly CountRow[] = [
  {
    gate: GATES.error_rate,
    candidate: { events: 12, trials: 1960, devices: 11, devicesWithEvents: 3 },
    baseline: { events: 91, trials: 18312, devices: 103, devicesWithEvents: 41 },
  },
  {
    gate: GATES.crash_rate,
    candidate: { events: 0, trials: 11, devices: 11, devicesWithEvents: 0 },
    baseline: { events: 1, trials: 103, devices: 103, devicesWithEvents: 1 },
  },
  {
    gate: GATES.memory_rate,
    candidate: { events: 0, trials: 11, devices: 11, devicesWithEvents: 0 },
    baseline: { events: 0, trials: 103 },
  },
  {
    gate: GATES.quality,
    candidate: {
      events: expect.closeTo(1902 - 1789.4, 9),
      trials: 1902,
      devices: 11,
      devicesWithEvents: null,
    },
    baseline: { events: expect.closeTo(17790 - 16801.2, 9), trials: 17790, devices: 103 },
  },
  { gate: GATES.adoption, candidate: { events: 11, trials: 11 }, baseline: { events: 103, trials: 104 } },
  {
    gate: latencyGate(250),
    candidate: { events: 1960 - 1811, trials: 1960, devices: 11, devicesWithEvents: null },
    baseline: { events: 18312 - 16990, trials: 18312 },
  },
];

describe('reading health', () => {
  it.each(COUNTS)(
    'counts $gate.name of both versions in the covered window',
    async ({ gate, candidate, baseline }) => {
      expect(await evidenceIn(exampleHealth(), gate)).toMatchObject({
        kind: 'counts',
        candidate,
        baseline,
        covered: { from: EXAMPLE_WINDOW.from, to: Date.parse('2026-11-20T10:59:30Z') },
      });
    },
  );

  it('answers every gate in order', async () => {
    const { source, paths } = healthSourceOf({ kind: 'json', body: exampleHealth() });
    const gates = [GATES.adoption, GATES.error_rate, latencyGate(100)];
    const evidence = await source.read({ ...exampleQuery(GATES.adoption), gates });
    expect(evidence.map((one) => (one.kind === 'counts' ? one.candidate.trials : one))).toEqual([
      11, 1960, 1960,
    ]);
    expect(paths).toHaveLength(1);
  });

  it('asks for whole seconds inside the window, with every id in its place', async () => {
    const { source, paths } = healthSourceOf(
      { kind: 'json', body: exampleHealth() },
      '/m/{model_id}/{rollout_id}/{version}/{group}',
    );
    const window = { from: EXAMPLE_WINDOW.from + 1, to: EXAMPLE_WINDOW.to + 999 };
    await source.read(exampleQuery(GATES.error_rate, { window, group: 'a/b', version: '2.0.0+x' }));
    expect(paths).toEqual([
      '/m/mdl_radiology/rol_x7y8z9/2.0.0%2Bx/a%2Fb?from=2026-11-20T10%3A00%3A01Z&to=2026-11-20T11%3A00%3A00Z',
    ]);
  });

  it('counts the devices assigned to the candidate, of those assigned to any version', async () => {
    expect(await evidenceIn(exampleHealth(), GATES.assignment)).toEqual({
      kind: 'counts',
      candidate: { events: 12, trials: 124, devices: null, devicesWithEvents: null },
      baseline: null,
      covered: { from: EXAMPLE_WINDOW.from, to: Date.parse('2026-11-20T10:59:30Z') },
    });
  });

  it('takes a rounding error of a quality sum for its count', async () => {
    const body = healthWith('versions.0.quality', { sum: 1902.0000000001, count: 1902 });
    expect(await evidenceIn(body, GATES.quality)).toMatchObject({ candidate: { events: 0, trials: 1902 } });
  });

  it.each([
    { told: 'a rate of a number of requests', at: 'requests', value: { total: 1000, failure_rate: 0.012 } },
    {
      told: 'both, of which it takes the number',
      at: 'requests',
      value: { total: 1000, failed: 12, failure_rate: 0.5 },
    },
  ])('counts failures from $told', async ({ at, value }) => {
    const body = healthWith(`versions.0.${at}`, value);
    expect(await evidenceIn(body, GATES.error_rate)).toMatchObject({
      candidate: { events: expect.closeTo(12, 9), trials: 1000 },
    });
  });

  it('counts the quality that a mean of a number of answers lacks', async () => {
    const body = healthWith('versions.0.quality', { mean: 0.94, count: 100 });
    expect(await evidenceIn(body, GATES.quality)).toMatchObject({
      candidate: { events: expect.closeTo(6, 9), trials: 100 },
    });
  });

  it.each([
    { gate: GATES.error_rate, at: 'requests', value: { total: 0, failed: 0 } },
    { gate: GATES.quality, at: 'quality', value: { sum: 0, count: 0 } },
    { gate: latencyGate(100), at: 'latency_ms', value: { buckets: [{ le: null, count: 0 }] } },
    { gate: GATES.error_rate, at: 'requests', value: { failure_rate: 0.01 } },
    { gate: GATES.quality, at: 'quality', value: { mean: 0.9 } },
  ])('has no baseline for $gate.name where that has devices but $value', async ({ gate, at, value }) => {
    expect(await evidenceIn(healthWith(`versions.1.${at}`, value), gate)).toMatchObject({
      kind: 'counts',
      baseline: null,
    });
  });

  it('has no baseline when none is asked for, or when the answer has another one', async () => {
    const baselineOf = async (baselineVersion: string | null) =>
      evidenceIn(exampleHealth(), GATES.error_rate, { baselineVersion });
    expect(await baselineOf(null)).toMatchObject({ kind: 'counts', baseline: null });
    expect(await baselineOf('0.9.0')).toMatchObject({ kind: 'counts', baseline: null });
  });

  it('never makes evidence fresher than the window that was asked', async () => {
    const body = healthWith('window.covered_to', '2026-11-20T11:30:00Z');
    expect(await evidenceIn(body, GATES.error_rate)).toMatchObject({ covered: { to: EXAMPLE_WINDOW.to } });
  });

  it('does not count a device as missing that has gone offline since it was active', async () => {
    const body = healthWith('versions.0.devices.reachable', 10);
    expect(await evidenceIn(body, GATES.adoption)).toMatchObject({ candidate: { events: 10, trials: 10 } });
  });
});
