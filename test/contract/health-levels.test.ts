/** What the health source makes of each way in which the emulator can tell health. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.ts';
import type { MeasurableGate } from '../../src/core/ports.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import { createOctomilHealth } from '../../src/metrics/octomil-health.ts';
import { API_START, emulatedApi } from '../support/emulated-api.ts';
import { GATES, latencyGate } from '../support/health-answers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MODEL_ID = 'mdl_radiology';

function rollout(options: Omit<EmulatorOptions, 'clock' | 'warn'>) {
  const api = emulatedApi({ devices: 1_000, requestsPerHour: 600, ...options });
  const rolloutId = api.rollOut(25).split('/').at(-1) ?? '';
  api.wait(20 * MINUTE);
  const health = createOctomilHealth({
    client: {
      now: () => API_START + 20 * MINUTE,
      readJson: async (path) => ({ kind: 'json', body: api.call('GET', path).json }),
    },
    modelId: MODEL_ID,
  });
  const common = { modelId: MODEL_ID, rolloutId, group: null };
  return {
    read: async (gate: MeasurableGate): Promise<Evidence | undefined> => {
      const window = { from: API_START, to: API_START + 20 * MINUTE };
      const query = { ...common, version: '2.0.0', baselineVersion: '1.0.0', window, gates: [gate] };
      return (await health.read(query))[0];
    },
    percentileBefore: (slowRatio: number) =>
      health.readPercentile({
        ...common,
        version: '1.0.0',
        window: { from: API_START - HOUR, to: API_START },
        slowRatio,
      }),
  };
}

/** 2 for devices with events, 1 for devices, 0 for neither; `bare` for a value; or why there is nothing. */
function levelOf(evidence: Evidence | undefined): string {
  if (evidence?.kind === 'value') return 'bare';
  if (evidence?.kind !== 'counts') return evidence?.kind ?? 'nothing';
  const { devices, devicesWithEvents } = evidence.candidate;
  if (devices === null) return '0';
  return devicesWithEvents === null ? '1' : '2';
}

interface Row {
  readonly conflicts: Partial<Switches>;
  readonly errors: string;
  readonly crashes: string;
  readonly p95: string;
  readonly quality: string;
  readonly adoption: string;
}

const LEVELS: readonly Row[] = [
  { conflicts: {}, errors: '2', crashes: '2', p95: '1', quality: '1', adoption: '2' },
  {
    conflicts: { 'health-devices': 'active' },
    errors: '1',
    crashes: '2',
    p95: '1',
    quality: '1',
    adoption: '2',
  },
  {
    conflicts: { 'health-devices': 'none' },
    errors: '0',
    crashes: 'none',
    p95: '0',
    quality: '0',
    adoption: 'unavailable',
  },
  {
    conflicts: { 'health-latency': 'percentiles' },
    errors: '2',
    crashes: '2',
    p95: '1',
    quality: '1',
    adoption: '2',
  },
  {
    conflicts: { 'health-latency': 'bare' },
    errors: 'bare',
    crashes: '2',
    p95: 'bare',
    quality: 'bare',
    adoption: '2',
  },
];

describe('health as the emulator tells it', () => {
  it.each(LEVELS)('$conflicts is evidence of every level', async ({ conflicts, ...levels }) => {
    const { read } = rollout({ conflicts });
    expect({
      errors: levelOf(await read(GATES.error_rate)),
      crashes: levelOf(await read(GATES.crash_rate)),
      p95: levelOf(await read(latencyGate(400))),
      quality: levelOf(await read(GATES.quality)),
      adoption: levelOf(await read(GATES.adoption)),
    }).toEqual(levels);
  });

  it('counts slow requests much alike from a histogram and from percentiles', async () => {
    const share = async (latency: Switches['health-latency']) => {
      const evidence = await rollout({ conflicts: { 'health-latency': latency } }).read(latencyGate(250));
      if (evidence?.kind !== 'counts') throw new Error(`expected counts, got ${evidence?.kind}`);
      return evidence.candidate.events / evidence.candidate.trials;
    };
    const [exact, told] = [await share('buckets'), await share('percentiles')];
    expect(exact).toBeCloseTo(0.08, 2);
    expect(Math.abs(told / exact - 1)).toBeLessThan(0.2);
  });

  it.each(['buckets', 'percentiles', 'bare'] as const)(
    'tells as %s how fast the baseline was before the rollout',
    async (latency) => {
      const { percentileBefore } = rollout({ conflicts: { 'health-latency': latency } });
      const answer = await percentileBefore(0.05);
      if (answer.kind !== 'percentile') throw new Error(answer.why);
      // 95% of log-normal times with median 80 ms and sigma 0.81 are below 303 ms.
      expect(answer.ms).toBeGreaterThan(280);
      expect(answer.ms).toBeLessThan(latency === 'buckets' ? 370 : 320);
      expect(answer.trials === null).toBe(latency === 'bare');
    },
  );

  it('tells nothing about the time before the rollout without a history', async () => {
    expect(await rollout({ historyMs: 0 }).percentileBefore(0.05)).toMatchObject({ kind: 'none' });
  });

  it('tells the share of the devices that the candidate was assigned', async () => {
    expect(await rollout({}).read(GATES.assignment)).toMatchObject({
      candidate: { events: 250, trials: 1_000 },
    });
  });
});
