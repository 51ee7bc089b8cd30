import { describe, expect, it } from 'vitest';
import type { Evidence, Window } from '../../../src/core/evidence.ts';
import type { SegmentEvidence } from '../../../src/core/ports.ts';
import { divide, POOLED, pool } from '../../../src/core/segments.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { countsOf, evidenceOf, T0 } from '../../support/core-builders.ts';

const WINDOW: Window = { from: T0, to: T0 + HOUR_MS };

function part(by: string, value: string, devices: number | null, evidence: Evidence): SegmentEvidence {
  return { segment: { by, value }, devices, evidence: [evidence] };
}

const counted = (events: number, trials: number): Evidence =>
  evidenceOf(
    countsOf(events, trials, { devices: 5, devicesWithEvents: 1 }),
    WINDOW,
    countsOf(1, 10, { devices: 2, devicesWithEvents: 1 }),
  );

describe('segments of few devices', () => {
  const large = part('os', 'ios', 20, counted(1, 100));
  const small = [part('os', 'qnx', 19, counted(2, 50)), part('os', 'vx', 3, counted(4, 30))];
  const other = part('region', 'eu', 3, counted(7, 70));

  it('are judged together, each attribute by itself', () => {
    const segments = [large, ...small, other];
    const parts = pool(segments, divide(segments, 20));
    expect(parts.map(({ segment, devices }) => [segment.by, segment.value, devices])).toEqual([
      ['os', 'ios', 20],
      ['os', POOLED, 22],
      ['region', POOLED, 3],
    ]);
    expect(parts[1]?.evidence).toEqual([
      evidenceOf(
        countsOf(6, 80, { devices: 10, devicesWithEvents: 2 }),
        WINDOW,
        countsOf(2, 20, { devices: 4, devicesWithEvents: 2 }),
      ),
    ]);
  });

  it('stand by themselves where nobody tells their devices', () => {
    const untold = [part('os', 'qnx', null, counted(2, 50)), part('os', 'vx', null, counted(4, 30))];
    expect(pool(untold, divide(untold, 20))).toHaveLength(2);
  });

  it('divide an earlier stage as they divide the present one', () => {
    const partOf = divide([large, ...small], 20);
    const before = [part('os', 'ios', 2, counted(1, 1)), part('os', 'vx', 90, counted(1, 9))];
    expect(pool(before, partOf).map(({ segment }) => segment.value)).toEqual(['ios', POOLED]);
  });

  it.each<{ fact: string; one: Evidence; other: Evidence; gives: Evidence }>([
    {
      fact: 'a failed measurement of one is one of all',
      one: counted(1, 10),
      other: { kind: 'error', why: 'NaN' },
      gives: { kind: 'error', why: 'NaN' },
    },
    {
      fact: 'one without data adds nothing',
      one: { kind: 'none', why: 'no rows' },
      other: counted(1, 10),
      gives: counted(1, 10),
    },
    {
      fact: 'without a baseline in one, none is compared',
      one: evidenceOf(countsOf(1, 10), WINDOW),
      other: evidenceOf(countsOf(2, 20), WINDOW, countsOf(0, 9)),
      gives: evidenceOf(countsOf(3, 30), WINDOW),
    },
  ])('$fact', ({ one, other: another, gives }) => {
    const segments = [part('os', 'a', 1, one), part('os', 'b', 1, another)];
    expect(pool(segments, divide(segments, 20))[0]?.evidence).toEqual([gives]);
  });
});
