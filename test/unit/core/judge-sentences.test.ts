import { describe, expect, it } from 'vitest';
import type { Counts, Evidence, Verdict, Window } from '../../../src/core/evidence.ts';
import { judge } from '../../../src/core/judge.ts';
import type { Gate } from '../../../src/core/plan.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import {
  aLatencyGate,
  anAdoptionGate,
  aRateGate,
  aStage,
  countsOf,
  evidenceOf,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const WINDOW: Window = { from: T0, to: NOW };

interface Row {
  readonly fact: string;
  readonly gate: Gate;
  readonly counts: Counts;
  readonly gives: Verdict;
  readonly says: string;
}

const LIMITS: readonly Row[] = [
  {
    fact: 'a failed rate: what was seen and the limit',
    gate: aRateGate(),
    counts: countsOf(71, 1240),
    gives: 'fail',
    says: 'error rate 5.73% (71 of 1 240 requests), limit 5%',
  },
  {
    fact: 'a rate whose errors come from one device: how they are spread',
    gate: aRateGate(),
    counts: countsOf(71, 1240, { devices: 1100, devicesWithEvents: 1 }),
    gives: 'fail',
    says: 'error rate 5.73% (71 of 1 240 requests, 1 of 1 100 devices), limit 5%',
  },
  {
    fact: 'devices whose events are not told: nothing about them',
    gate: aRateGate(),
    counts: countsOf(71, 1240, { devices: 1100 }),
    gives: 'fail',
    says: 'error rate 5.73% (71 of 1 240 requests), limit 5%',
  },
  {
    fact: 'devices with events of an unknown number: nothing about them',
    gate: aRateGate(),
    counts: countsOf(71, 1240, { devicesWithEvents: 3 }),
    gives: 'fail',
    says: 'error rate 5.73% (71 of 1 240 requests), limit 5%',
  },
  {
    fact: 'too few requests: how many are missing',
    gate: aRateGate(),
    counts: countsOf(0, 12),
    gives: 'inconclusive',
    says: 'error rate 0% (0 of 12 requests), limit 5%, about 47 more requests needed',
  },
  {
    fact: 'a fraction of a request missing: rounded up',
    gate: aRateGate(),
    counts: countsOf(0, 58.5),
    gives: 'inconclusive',
    says: 'error rate 0% (0 of 58.5 requests), limit 5%, about 1 more requests needed',
  },
  {
    fact: 'enough devices with too many crashes for a pass: no number is missing',
    gate: aRateGate({ name: 'crash_rate', maxRatio: 0.01 }),
    counts: countsOf(1, 12),
    gives: 'inconclusive',
    says: 'crash rate 8.33% (1 of 12 devices), limit 1%, above the limit but not proven',
  },
  {
    fact: 'the crash of the only device: no more of them are asked for',
    gate: aRateGate({ name: 'crash_rate', maxRatio: 0.01 }),
    counts: countsOf(1, 1),
    gives: 'inconclusive',
    says: 'crash rate 100% (1 of 1 devices), limit 1%, above the limit but not proven',
  },
  {
    fact: 'crashes: the devices are the trials and not said twice',
    gate: aRateGate({ name: 'crash_rate', maxRatio: 0.01 }),
    counts: countsOf(3, 400, { devices: 400, devicesWithEvents: 3 }),
    gives: 'pass',
    says: 'crash rate 0.75% (3 of 400 devices), limit 1%',
  },
  {
    fact: 'a latency: the limit in milliseconds and the share above it',
    gate: aLatencyGate({ maxMs: 1200 }),
    counts: countsOf(20, 1000),
    gives: 'pass',
    says: 'p95 latency: slower than 1 200 ms 2% (20 of 1 000 requests), limit 5%',
  },
  {
    fact: 'enough adoption: no window, no missing number',
    gate: anAdoptionGate(),
    counts: countsOf(90, 100),
    gives: 'pass',
    says: 'adoption 90% (90 of 100 reachable devices), at least 90%',
  },
  {
    fact: 'enough adoption in binary fractions',
    gate: anAdoptionGate({ minRatio: 0.55 }),
    counts: countsOf(55, 100),
    gives: 'pass',
    says: 'adoption 55% (55 of 100 reachable devices), at least 55%',
  },
  {
    fact: 'too little adoption',
    gate: anAdoptionGate(),
    counts: countsOf(1079, 1200),
    gives: 'fail',
    says: 'adoption 89.9% (1 079 of 1 200 reachable devices), at least 90%',
  },
  {
    fact: 'adoption of no reachable device: unknown',
    gate: anAdoptionGate(),
    counts: countsOf(0, 0),
    gives: 'no_data',
    says: 'adoption unknown (0 of 0 reachable devices), at least 90%',
  },
  {
    fact: 'more adopters than devices: impossible',
    gate: anAdoptionGate(),
    counts: countsOf(120, 100),
    gives: 'error',
    says: 'adoption 120% (120 of 100 reachable devices), at least 90% — impossible numbers',
  },
];

const WITHOUT_COUNTS: readonly { fact: string; evidence: Evidence; gives: Verdict; says: string }[] = [
  {
    fact: 'devices that cannot be counted do not block',
    evidence: { kind: 'unavailable', why: 'the API does not count devices' },
    gives: 'not_applicable',
    says: 'adoption: unavailable, the API does not count devices',
  },
  {
    fact: 'devices that could not be read are an error',
    evidence: { kind: 'error', why: 'HTTP 503' },
    gives: 'error',
    says: 'adoption: HTTP 503',
  },
  {
    fact: 'no device yet is no data',
    evidence: { kind: 'none', why: 'nothing assigned yet' },
    gives: 'no_data',
    says: 'adoption: nothing assigned yet',
  },
];

describe('the sentence of a verdict tells of', () => {
  it.each(LIMITS)('$fact', ({ gate, counts, gives, says }) => {
    const reading = { gate, asked: WINDOW, evidence: evidenceOf(counts, WINDOW) };
    const judged = judge(reading, { stage: aStage(), stageEnteredAt: T0, now: NOW });
    expect([judged.verdict, judged.sentence]).toEqual([gives, says]);
  });
});

describe('adoption without counts', () => {
  it.each(WITHOUT_COUNTS)('$fact', ({ evidence, gives, says }) => {
    const reading = { gate: anAdoptionGate(), asked: WINDOW, evidence };
    const judged = judge(reading, { stage: aStage(), stageEnteredAt: T0, now: NOW });
    expect([judged.verdict, judged.sentence]).toEqual([gives, says]);
  });

  it('says nothing of trials that a pass would need', () => {
    const reading = {
      gate: anAdoptionGate(),
      asked: WINDOW,
      evidence: evidenceOf(countsOf(95, 100), WINDOW),
    };
    expect(judge(reading, { stage: aStage(), stageEnteredAt: T0, now: NOW }).trialsNeeded).toBeNull();
  });
});
