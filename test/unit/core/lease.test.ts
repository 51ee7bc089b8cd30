/** Two runs do not take turns at one rollout: the one that acted last goes on, the other waits. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { leaseOf } from '../../../src/core/lease.ts';
import type { MemoryTag } from '../../../src/core/memory-tag.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aLook,
  anEntry,
  aPlan,
  aRemoteRollout,
  aTaggedEntry,
  aWatching,
  readingThatIs,
  T0,
} from '../../support/core-builders.ts';

const UNTIL = T0 + 10 * MINUTE_MS;
const HELD: Partial<MemoryTag> = { run: '900.12.1', leaseUntil: UNTIL };

describe('a lease', () => {
  it.each<{ fact: string; tag: Partial<MemoryTag>; run: string; now: number; gives: unknown }>([
    {
      fact: 'of another run holds',
      tag: HELD,
      run: '901.13.1',
      now: T0,
      gives: { runId: '900', until: UNTIL },
    },
    { fact: 'ends with its time', tag: HELD, run: '901.13.1', now: UNTIL, gives: null },
    {
      fact: 'is no obstacle to another attempt of its run',
      tag: HELD,
      run: '900.12.2',
      now: T0,
      gives: null,
    },
    {
      fact: 'ends when its run pauses',
      tag: { ...HELD, pausing: 'cancel' },
      run: '901.13.1',
      now: T0,
      gives: null,
    },
    {
      fact: 'is not held by a tick',
      tag: { run: '900.12.1', leaseUntil: null },
      run: '901.13.1',
      now: T0,
      gives: null,
    },
  ])('$fact', ({ tag, run, now, gives }) => {
    expect(leaseOf([aTaggedEntry(tag)], { run, now })).toEqual(gives);
  });

  it('that nobody can read is none', () => {
    const history = [
      anEntry({ reason: 'stage 10% [octomil-rollout 1 plan=x stage=1/3 run=900.12.1 at=soon until=later]' }),
    ];
    expect(leaseOf(history, { run: '901.13.1', now: T0 })).toBeNull();
    expect(leaseOf([], { run: '901.13.1', now: T0 })).toBeNull();
  });

  it('of the newest tag counts', () => {
    const history = [aTaggedEntry(HELD), aTaggedEntry({ run: '901.13.1', leaseUntil: UNTIL })];
    expect(leaseOf(history, { run: '901.13.1', now: T0 })).toBeNull();
  });
});

describe('while another run holds the lease', () => {
  const LEASED = aWatching({ lease: { runId: '900', until: T0 + HOUR_MS } });
  const window = { from: T0, to: T0 + 20 * MINUTE_MS };
  const at = window.to;

  it('a stage that is due is left to it', () => {
    const look = aLook({ at, readings: [readingThatIs('pass', window)] });
    expect(decide(aPlan(), LEASED, look)).toMatchObject({
      command: { kind: 'wait' },
      reason: 'lease_held',
      detail: 'run 900 acted last; its lease ends in 40m',
    });
  });

  it('a pending rollout is left to it', () => {
    const server = { kind: 'rollout', rollout: aRemoteRollout({ status: 'pending' }) } as const;
    expect(decide(aPlan(), LEASED, aLook({ at, server })).reason).toBe('lease_held');
  });

  it('proven harm is acted on all the same', () => {
    const look = aLook({ at, readings: [readingThatIs('fail', window)] });
    expect(decide(aPlan(), LEASED, look).command).toEqual({
      kind: 'roll_back',
      cause: 'gate_failed',
      toVersion: '1.9.0',
    });
  });

  it('nothing is held once it has ended', () => {
    const state = aWatching({ lease: { runId: '900', until: at } });
    const look = aLook({ at, readings: [readingThatIs('pass', window)] });
    expect(decide(aPlan(), state, look).command).toMatchObject({ kind: 'raise' });
  });
});
