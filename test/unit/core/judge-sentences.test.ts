import { describe, expect, it } from 'vitest';
import { aLatencyGate, aRateGate, countsOf } from '../../support/core-builders.ts';
import {
  COMPARED,
  CRASHES,
  counted,
  judgedRow,
  PROVEN,
  QUALITY,
  type SentenceRow,
  SLOWER,
} from '../../support/judged-sentences.ts';

const DECIDED: readonly SentenceRow[] = [
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

describe('the sentence of a verdict tells of', () => {
  it.each(DECIDED)('$fact', (row) => {
    const { verdict, sentence } = judgedRow(row);
    expect([verdict, sentence]).toEqual([row.gives, row.says]);
  });
});
