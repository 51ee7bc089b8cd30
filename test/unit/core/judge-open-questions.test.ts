import { describe, expect, it } from 'vitest';
import { aRateGate, aStage } from '../../support/core-builders.ts';
import {
  COMPARED,
  CRASHES,
  counted,
  judgedRow,
  PROVEN,
  type SentenceRow,
  SLOWER,
} from '../../support/judged-sentences.ts';

const NO_SOAK = { stage: aStage({ soakMs: 0 }) } as const;

const UNCERTAIN: readonly SentenceRow[] = [
  {
    fact: 'a previous version that serves nobody: the limit alone is judged',
    gate: COMPARED,
    counts: counted(1, 300, [1, 12]),
    baseline: counted(0, 0, [0, 0]),
    gives: 'pass',
    says: 'error rate 0.333% [0% to 2.7%], limit 5%, previous version without requests (1 of 300 requests, 1 of 12 devices, level 2): 1:41 that it is beyond its limit, all gates 1:1.9, rollback at 100:1',
  },
  {
    fact: 'a crash rate beside a previous version that serves nobody',
    gate: { ...CRASHES, margin: 0 },
    counts: counted(1, 300),
    baseline: counted(0, 0),
    gives: 'pass',
    says: 'crash rate 0.333% [0% to 2.55%], limit 1%, previous version without devices (1 of 300 devices): 1:8.6 that it is beyond its limit, all gates 1:1.7, rollback at 100:1',
  },
  {
    fact: 'no previous version where nothing but it is asked about',
    gate: SLOWER,
    counts: counted(20, 1000, [9, 50]),
    gives: 'no_data',
    says: 'p95 latency: 2% [0.458% to 5.22%] slower than its limit, no more than the previous version (20 of 1 000 requests, 9 of 50 devices, level 2) — the previous version sent too little that it could be compared with',
  },
  {
    fact: 'a previous version that the plan has emptied: no proof against it is asked for',
    gate: SLOWER,
    counts: counted(20, 1000, [9, 50]),
    at: { ...PROVEN, percentage: 100, nextShare: 1 },
    gives: 'not_applicable',
    says: 'p95 latency: 2% [0.458% to 5.22%] slower than its limit, no more than the previous version (20 of 1 000 requests, 9 of 50 devices, level 2) — no other version serves that it could be compared with',
  },
  {
    fact: 'too few requests without a soak: how many are missing and how long they take',
    counts: counted(0, 12),
    at: NO_SOAK,
    gives: 'inconclusive',
    says: 'error rate 0% [0% to 76.1%], limit 5% (0 of 12 requests, level 0): 1:2.9 that it is beyond its limit, all gates 1:2.9, rollback at 100:1; about 73 more requests (6h5m at this pace) needed',
  },
  {
    fact: 'a fraction of a request missing: rounded up',
    counts: counted(0, 84.5),
    at: NO_SOAK,
    gives: 'inconclusive',
    says: 'error rate 0% [0% to 17%], limit 5% (0 of 84.5 requests, level 0): 1:6.3 that it is beyond its limit, all gates 1:6.3, rollback at 100:1; about 1 more request (43s at this pace) needed',
  },
  {
    fact: 'too few devices by the plan',
    gate: CRASHES,
    counts: counted(0, 12),
    at: { stage: aStage({ minSamples: 40 }) },
    gives: 'inconclusive',
    says: 'crash rate 0% [0% to 35.9%], limit 1% (0 of 12 devices): 1:2.7 that it is beyond its limit, all gates 1:2.7, rollback at 100:1; about 28 more devices needed',
  },
  {
    fact: 'one device: more requests of it prove as much as they can',
    counts: counted(0, 25, [0, 1]),
    gives: 'pass',
    says: 'error rate 0% [0% to 19%], limit 5% (0 of 25 requests, 0 of 1 devices, level 2): 1:5.9 that it is beyond its limit, all gates 1:5.9, rollback at 100:1; proof that 10% is safe takes about 4 devices',
  },
  {
    fact: 'few devices beside the whole fleet: more of them are needed, not more requests',
    counts: counted(0, 2000, [0, 3]),
    at: { ...PROVEN, percentage: 50, nextShare: 1 },
    gives: 'inconclusive',
    says: 'error rate 0% [0% to 0.259%], limit 5% (0 of 2 000 requests, 0 of 3 devices, level 2): 1:1 127 that it is beyond its limit, all gates 1:1 127, rollback at 100:1; proof that 100% is safe takes about 5 devices',
  },
  {
    fact: 'crashes of few devices: more devices, which no time brings',
    gate: CRASHES,
    counts: counted(1, 12),
    gives: 'pass',
    says: 'crash rate 8.33% [0% to 49.9%], limit 1% (1 of 12 devices): 1:1 that it is beyond its limit, all gates 1:1, rollback at 100:1; proof that 10% is safe takes about 3 141 more devices',
  },
  {
    fact: 'a rate that no amount of evidence will prove safe',
    counts: counted(60, 1000),
    at: { ...PROVEN, nextShare: 1 },
    gives: 'inconclusive',
    says: 'error rate 6% [2.77% to 10.9%], limit 5% (60 of 1 000 requests, level 0): 1:4.4 that it is beyond its limit, all gates 1:4.4, rollback at 100:1; not proven safe for 100%, and more of the same will not prove it',
  },
  {
    fact: 'a gate that holds and must be proven',
    gate: aRateGate({ severity: 'hold' }),
    counts: counted(0, 20),
    at: { ...PROVEN, nextShare: 1 },
    gives: 'inconclusive',
    says: 'error rate 0% [0% to 56%], limit 5% (0 of 20 requests, level 0): 1:3.3 that it is beyond its limit, alone, holds at 10:1; proof that 100% is safe takes about 235 more requests (11h45m at this pace)',
  },
  {
    fact: 'a limit of zero: what that would take',
    gate: aRateGate({ maxRatio: 0 }),
    counts: counted(0, 1000),
    gives: 'pass',
    says: 'error rate 0% [0% to 1.54%], limit 0% (0 of 1 000 requests, level 0): 1:2 that it is beyond its limit, all gates 1:2, rollback at 100:1; proof that 10% is safe takes about 1 301 977 more requests (54d5h at this pace)',
  },
  {
    fact: 'an earlier stage that could not be read again',
    counts: counted(3, 1000),
    reading: { earlier: [{ kind: 'error', why: 'HTTP 503' }] },
    gives: 'pass',
    says: 'error rate 0.3% [0% to 2.3%], limit 5% (3 of 1 000 requests, level 0): 1:50 that it is beyond its limit, all gates 1:50, rollback at 100:1; an earlier stage could not be read again',
  },
  {
    fact: 'an earlier stage without data: nothing to say about it',
    counts: counted(3, 1000),
    reading: { earlier: [{ kind: 'none', why: 'no rows' }] },
    gives: 'pass',
    says: 'error rate 0.3% [0% to 2.3%], limit 5% (3 of 1 000 requests, level 0): 1:50 that it is beyond its limit, all gates 1:50, rollback at 100:1',
  },
];

describe('the sentence of an open question tells of', () => {
  it.each(UNCERTAIN)('$fact', (row) => {
    const { verdict, sentence } = judgedRow(row);
    expect([verdict, sentence]).toEqual([row.gives, row.says]);
  });
});
