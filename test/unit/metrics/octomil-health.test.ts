/** Health from the API: what each gate counts, of which version and over which window. */
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/core/plan.ts';
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
  readonly gate: Gate;
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
