import { describe, expect, it } from 'vitest';
import type { Counts, Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import type { Judging } from '../../../src/core/judge.ts';
import type { QualityGate, RelativeLatencyGate } from '../../../src/core/plan.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  aLatencyGate,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from '../../support/core-builders.ts';

const WINDOW: Window = { from: T0, to: T0 + HOUR_MS };
const COMPARED = aRateGate({ margin: 0 });
const CRASHES = aRateGate({ name: 'crash_rate', maxRatio: 0.01 });
const base = { severity: 'critical', shadow: false } as const;
const QUALITY: QualityGate = { ...base, kind: 'quality', name: 'quality', minRatio: 0.9 };
const SLOWER: RelativeLatencyGate = {
  ...base,
  kind: 'relative_latency',
  name: 'latency_p95',
  slowRatio: 0.05,
  margin: 0.1,
};

/** Events of trials, on some of the devices. */
function counted(events: number, trials: number, devices?: readonly [number, number]): Counts {
  if (devices === undefined) return countsOf(events, trials);
  const [devicesWithEvents, all] = devices;
  return countsOf(events, trials, { devices: all, devicesWithEvents });
}

interface Row {
  readonly fact: string;
  readonly gate?: Reading['gate'];
  readonly counts: Counts;
  readonly baseline?: Counts;
  readonly reading?: Partial<Reading>;
  readonly at?: Partial<Judging>;
  readonly gives: Verdict;
  readonly says: string;
}

const PROVEN = { stage: aStage({ passWhen: 'proven' }) } as const;
const NO_SOAK = { stage: aStage({ soakMs: 0 }) } as const;

const DECIDED: readonly Row[] = [
  {
    fact: 'a healthy rate: what was seen, how sure that is, and how far from harm',
    counts: counted(3, 1000),
    gives: 'pass',
    says: 'error rate 0.3% [0% to 2.3%], limit 5% (3 of 1 000 requests, level 0): 1:50 that it is beyond its limit, all gates 1:50, rollback at 100:1',
  },
  {
    fact: 'a healthy rate beside the previous version: both, and the devices',
    gate: COMPARED,
    counts: counted(21, 1000, [18, 90]),
    baseline: counted(90, 9000, [85, 810]),
    gives: 'pass',
    says: 'error rate 2.1% [0.91% to 3.99%], limit 5%, previous version 1% (21 of 1 000 requests, 18 of 90 devices, level 2): 8.4:1 that it is worse than the previous version (88.1% sure), all gates 4.2:1, rollback at 100:1',
  },
  {
    fact: 'a rate far beyond its limit',
    counts: counted(300, 1000),
    gives: 'fail',
    says: 'error rate 30% [22.4% to 38.4%], limit 5% (300 of 1 000 requests, level 0): over 1 000 000:1 that it is beyond its limit (99.9% sure), all gates over 1 000 000:1, rollback at 100:1',
  },
  {
    fact: 'a rate within its limit and much worse than the previous version',
    gate: COMPARED,
    counts: counted(400, 10_000, [350, 900]),
    baseline: counted(90, 9000, [85, 810]),
    gives: 'fail',
    says: 'error rate 4% [3.32% to 4.76%], limit 5%, previous version 1% (400 of 10 000 requests, 350 of 900 devices, level 2): over 1 000 000:1 that it is worse than the previous version (99.9% sure), all gates over 1 000 000:1, rollback at 100:1',
  },
  {
    fact: 'odds just short of a rollback: rounded down',
    counts: counted(98, 1000),
    gives: 'inconclusive',
    says: 'error rate 9.8% [5.45% to 15.7%], limit 5% (98 of 1 000 requests, level 0): 84:1 that it is beyond its limit (98.8% sure), all gates 84:1, rollback at 100:1; leaning towards harm, so nothing advances',
  },
  {
    fact: 'odds that hold the stage',
    counts: counted(92, 1000),
    gives: 'inconclusive',
    says: 'error rate 9.2% [5.02% to 15%], limit 5% (92 of 1 000 requests, level 0): 21:1 that it is beyond its limit (95.2% sure), all gates 21:1, rollback at 100:1; leaning towards harm, so nothing advances',
  },
  {
    fact: 'an incident of the whole fleet: not the fault of the candidate, and no time to advance',
    gate: COMPARED,
    counts: counted(620, 6000, [330, 500]),
    baseline: counted(601, 6000, [325, 500]),
    gives: 'inconclusive',
    says: 'error rate 10.3% [8.58% to 12.3%], limit 5%, previous version 10% (620 of 6 000 requests, 330 of 500 devices, level 2): 1:3 that it is beyond its limit, all gates 1:4.9, rollback at 100:1; over 1 000 000:1 that it is beyond its limit with the whole fleet, so nothing advances',
  },
  {
    fact: 'an incident of the whole fleet on a gate that holds',
    gate: aRateGate({ margin: 0, severity: 'hold' }),
    counts: counted(620, 6000, [330, 500]),
    baseline: counted(601, 6000, [325, 500]),
    gives: 'inconclusive',
    says: 'error rate 10.3% [8.58% to 12.3%], limit 5%, previous version 10% (620 of 6 000 requests, 330 of 500 devices, level 2): 1:3 that it is beyond its limit, alone, holds at 10:1; over 1 000 000:1 that it is beyond its limit with the whole fleet, so nothing advances',
  },
  {
    fact: 'errors of one device: they count once',
    gate: COMPARED,
    counts: counted(25, 300, [1, 12]),
    baseline: counted(28, 2700, [24, 112]),
    gives: 'pass',
    says: 'error rate 8.33% [0% to 92.3%], limit 5%, previous version 1.04% (25 of 300 requests, 1 of 12 devices, level 2): 1:1.1 that it is worse than the previous version, all gates 1:1.5, rollback at 100:1; proof that 10% is safe takes about 17 303 devices',
  },
  {
    fact: 'devices whose events are not told',
    counts: countsOf(3, 1000, { devices: 90 }),
    gives: 'pass',
    says: 'error rate 0.3% [0.0172% to 1.22%], limit 5% (3 of 1 000 requests, 90 devices, level 1): 1:196 that it is beyond its limit, all gates 1:196, rollback at 100:1',
  },
  {
    fact: 'crashes: the devices are the trials and not said twice',
    gate: CRASHES,
    counts: counted(3, 400, [3, 400]),
    gives: 'pass',
    says: 'crash rate 0.75% [0.0477% to 2.92%], limit 1% (3 of 400 devices): 1:7 that it is beyond its limit, all gates 1:7, rollback at 100:1',
  },
  {
    fact: 'a latency: the limit in milliseconds and the share above it',
    gate: aLatencyGate({ maxMs: 1200 }),
    counts: counted(20, 1000, [9, 50]),
    gives: 'pass',
    says: 'p95 latency: 2% [0.458% to 5.22%] slower than 1 200 ms, limit 5% (20 of 1 000 requests, 9 of 50 devices, level 2): 1:34 that it is beyond its limit, all gates 1:34, rollback at 100:1',
  },
  {
    fact: 'a latency beside that of the previous version',
    gate: SLOWER,
    counts: counted(20, 1000, [9, 50]),
    baseline: counted(200, 10_000, [90, 500]),
    reading: { slowerThanMs: 330.4 },
    gives: 'pass',
    says: "p95 latency: 2% [0.37% to 5.65%] slower than 330.4 ms, no more than the previous version's 2% (20 of 1 000 requests, 9 of 50 devices, level 2): 1:3.8 that it is worse than the previous version, all gates 1:3.8, rollback at 100:1; proof that 10% is safe takes about 38 more requests (2m17s at this pace)",
  },
  {
    fact: 'a quality: what it is and not what it lacks',
    gate: QUALITY,
    counts: counted(50, 1000, [30, 50]),
    gives: 'pass',
    says: 'quality 95% [91.7% to 97.3%], at least 90% (1 000 answers, level 2): 1:114 that it is below its limit, all gates 1:114, rollback at 100:1',
  },
  {
    fact: 'a quality that falls short',
    gate: QUALITY,
    counts: counted(400, 1000, [45, 50]),
    gives: 'fail',
    says: 'quality 60% [45.2% to 73.7%], at least 90% (1 000 answers, level 2): over 1 000 000:1 that it is below its limit (99.9% sure), all gates over 1 000 000:1, rollback at 100:1',
  },
  {
    fact: 'a quality that falls short in both versions',
    gate: QUALITY,
    counts: counted(400, 1000, [45, 50]),
    baseline: counted(400, 1000, [45, 50]),
    gives: 'inconclusive',
    says: 'quality 60% [45.2% to 73.7%], at least 90% (1 000 answers, level 2): 1:2 that it is below its limit, all gates 1:2, rollback at 100:1; over 1 000 000:1 that it is below its limit with the whole fleet, so nothing advances',
  },
  {
    fact: 'a gate that holds: judged alone',
    gate: aRateGate({ severity: 'hold' }),
    counts: counted(100, 1000),
    gives: 'fail',
    says: 'error rate 10% [5.59% to 16%], limit 5% (100 of 1 000 requests, level 0): 137:1 that it is beyond its limit (99.2% sure), alone, holds at 10:1',
  },
  {
    fact: 'a healthy gate that warns: no proof is asked of it',
    gate: aRateGate({ severity: 'warn' }),
    counts: counted(0, 20),
    at: PROVEN,
    gives: 'pass',
    says: 'error rate 0% [0% to 56%], limit 5% (0 of 20 requests, level 0): 1:3.3 that it is beyond its limit, alone, holds at 10:1',
  },
];

const UNCERTAIN: readonly Row[] = [
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

function judged({ gate = aRateGate(), counts, baseline, reading, at }: Row) {
  const evidence = evidenceOf(counts, WINDOW, baseline ?? null);
  return judgeAlone(aReading({ gate, asked: WINDOW, evidence, ...reading }), aJudging(at));
}

describe('the sentence of a verdict tells of', () => {
  it.each(DECIDED)('$fact', (row) => {
    const { verdict, sentence } = judged(row);
    expect([verdict, sentence]).toEqual([row.gives, row.says]);
  });
});

describe('the sentence of an open question tells of', () => {
  it.each(UNCERTAIN)('$fact', (row) => {
    const { verdict, sentence } = judged(row);
    expect([verdict, sentence]).toEqual([row.gives, row.says]);
  });
});
