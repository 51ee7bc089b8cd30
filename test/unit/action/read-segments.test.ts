import { describe, expect, it } from 'vitest';
import { readSegments } from '../../../src/action/read-segments.ts';
import type { SegmentReadings } from '../../../src/core/evidence.ts';
import type { HealthQuery, HealthSource, SegmentAnswer } from '../../../src/core/ports.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aRateGate, countsOf, evidenceOf, T0 } from '../../support/core-builders.ts';

const PAST = { from: T0, to: T0 + HOUR_MS };
const NOW = { from: T0 + HOUR_MS, to: T0 + 2 * HOUR_MS };

function queryOf(window: HealthQuery['window']): HealthQuery {
  const of = { modelId: 'm', rolloutId: 'r', version: '2.0.0', baselineVersion: '1.0.0', group: null };
  return { ...of, window, gates: [aRateGate()] };
}

const TOLD: SegmentAnswer = {
  kind: 'segments',
  segments: [
    {
      segment: { by: 'os', value: 'ios' },
      devices: 40,
      evidence: [evidenceOf(countsOf(1, 100), NOW)],
    },
  ],
};
const UNAVAILABLE: SegmentAnswer = { kind: 'unavailable', why: 'the source does not tell os apart' };
const FAILED: SegmentAnswer = { kind: 'error', why: 'HTTP 503' };

function readOf(now: SegmentAnswer, before: SegmentAnswer): Promise<readonly SegmentReadings[] | null> {
  const health: HealthSource = {
    name: 'scripted',
    probe: () => Promise.reject(new Error('not asked')),
    read: () => Promise.reject(new Error('not asked')),
    readPercentile: () => Promise.reject(new Error('not asked')),
    readSegments: ({ window }) => Promise.resolve(window === NOW ? now : before),
  };
  const windows = { current: queryOf(NOW), past: [queryOf(PAST)] };
  const { signal } = new AbortController();
  return readSegments(health, { by: ['os'], minDevices: 20 }, { windows, signal });
}

describe('the parts of the fleet at one look', () => {
  it('are left to the whole fleet where the source has never told them apart', async () => {
    expect(await readOf(UNAVAILABLE, UNAVAILABLE)).toBeNull();
  });

  it('are unread, which blocks a pass, where the source told them apart in a stage before and no longer does', async () => {
    expect(await readOf(UNAVAILABLE, TOLD)).toEqual([
      { kind: 'unread', why: 'the source does not tell os apart, and it did for the stages before' },
    ]);
  });

  it('are unread where the source fails', async () => {
    expect(await readOf(FAILED, TOLD)).toEqual([{ kind: 'unread', why: 'HTTP 503' }]);
  });

  it('are read without a stage before that cannot be read again', async () => {
    const [reading] = (await readOf(TOLD, FAILED)) ?? [];
    expect(reading).toMatchObject({
      kind: 'read',
      readings: [{ earlier: [{ kind: 'none', why: 'not seen in that stage' }] }],
    });
  });
});
