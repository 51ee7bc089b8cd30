import { describe, expect, it } from 'vitest';
import type { Counts, Verdict, Window } from '../../../src/core/evidence.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aReading, countsOf, evidenceOf, judgeAlone, T0 } from '../../support/core-builders.ts';

const STAGE_SO_FAR: Window = { from: T0, to: T0 + HOUR_MS };

describe('possible numbers at the edge', () => {
  it.each<{ fact: string; counts: Counts; gives: Verdict }>([
    { fact: 'events of every trial', counts: countsOf(1000, 1000), gives: 'fail' },
    { fact: 'one trial without an event', counts: countsOf(0, 1), gives: 'pass' },
    { fact: 'a fraction of a trial', counts: countsOf(0, 0.5), gives: 'inconclusive' },
    {
      fact: 'as many devices with events as devices',
      counts: countsOf(3, 100, { devices: 3, devicesWithEvents: 3 }),
      gives: 'pass',
    },
    {
      fact: 'no device at all',
      counts: countsOf(3, 100, { devices: 0, devicesWithEvents: 0 }),
      gives: 'pass',
    },
    {
      fact: 'one device that has every event',
      counts: countsOf(100, 100, { devices: 1, devicesWithEvents: 1 }),
      gives: 'pass',
    },
    {
      fact: 'devices with events of an unknown number',
      counts: countsOf(3, 100, { devicesWithEvents: 3 }),
      gives: 'pass',
    },
    { fact: 'a billion requests within the limit', counts: countsOf(1e7, 1e9), gives: 'pass' },
    { fact: 'a billion requests beyond the limit', counts: countsOf(1e8, 1e9), gives: 'fail' },
  ])('$fact: $gives', ({ counts, gives }) => {
    const judged = judgeAlone(aReading({ evidence: evidenceOf(counts, STAGE_SO_FAR) }));
    expect(judged.verdict).toBe(gives);
    expect(Number.isFinite(judged.evidence?.limit)).toBe(true);
  });
});
