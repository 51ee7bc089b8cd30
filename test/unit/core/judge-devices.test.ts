import { describe, expect, it } from 'vitest';
import type { Evidence, Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import type { AssignmentGate, Gate } from '../../../src/core/plan.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  anAdoptionGate,
  aReading,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const WINDOW: Window = { from: T0, to: NOW };
const ASSIGNMENT: AssignmentGate = {
  kind: 'assignment',
  name: 'assignment',
  severity: 'hold',
  shadow: false,
};

interface Row {
  readonly fact: string;
  readonly gate?: Gate;
  readonly counts: readonly [number, number];
  readonly window?: Window;
  readonly percentage?: number;
  readonly gives: Verdict;
  readonly says: string;
}

const ADOPTION: readonly Row[] = [
  {
    fact: 'enough passes',
    counts: [90, 100],
    gives: 'pass',
    says: 'adoption 90% (90 of 100 reachable devices), at least 90%',
  },
  {
    fact: 'enough in binary fractions passes',
    gate: anAdoptionGate({ minRatio: 0.55 }),
    counts: [55, 100],
    gives: 'pass',
    says: 'adoption 55% (55 of 100 reachable devices), at least 55%',
  },
  {
    fact: 'too little fails',
    counts: [1079, 1200],
    gives: 'fail',
    says: 'adoption 89.9% (1 079 of 1 200 reachable devices), at least 90%',
  },
  {
    fact: 'less than one device short of a million fails',
    counts: [899_999.5, 1_000_000],
    gives: 'fail',
    says: 'adoption 89.9999% (899 999.5 of 1 000 000 reachable devices), at least 90%',
  },
  {
    fact: 'none of the few devices fails',
    gate: anAdoptionGate({ minRatio: 0.001 }),
    counts: [0, 1],
    gives: 'fail',
    says: 'adoption 0% (0 of 1 reachable devices), at least 0.1%',
  },
  {
    fact: 'no reachable device is no data',
    counts: [0, 0],
    gives: 'no_data',
    says: 'adoption unknown (0 of 0 reachable devices), at least 90%',
  },
  {
    fact: 'more adopters than devices is impossible',
    counts: [120, 100],
    gives: 'error',
    says: 'adoption 120% (120 of 100 reachable devices), at least 90% — impossible numbers',
  },
  {
    fact: 'impossible numbers in a stale window are impossible',
    counts: [120, 100],
    window: { from: T0, to: T0 + MINUTE_MS },
    gives: 'error',
    says: 'adoption 120% (120 of 100 reachable devices), at least 90% — impossible numbers',
  },
  {
    fact: 'a stale count is no data',
    counts: [100, 100],
    window: { from: T0, to: T0 + MINUTE_MS },
    gives: 'no_data',
    says: 'adoption 100% (100 of 100 reachable devices), at least 90% — stale, measured 59m ago',
  },
  {
    fact: 'a low count from before the stage fails',
    counts: [10, 100],
    window: { from: T0 - 1, to: NOW },
    gives: 'fail',
    says: 'adoption 10% (10 of 100 reachable devices), at least 90%',
  },
];

const ASSIGNED: readonly Row[] = [
  {
    fact: 'the share of the stage passes',
    counts: [11, 1000],
    gives: 'pass',
    says: 'assignment: 11 of 1 000 devices have the candidate, 1% would be about 10',
  },
  {
    fact: 'the share of the percentage that is served counts, not that of the stage',
    counts: [260, 1000],
    percentage: 25,
    gives: 'pass',
    says: 'assignment: 260 of 1 000 devices have the candidate, 25% would be about 250',
  },
  {
    fact: 'many more than the share hold',
    counts: [40, 1000],
    gives: 'fail',
    says: 'assignment: 40 of 1 000 devices have the candidate, 1% would be about 10, which chance explains in fewer than 1 of 1 000 rollouts',
  },
  {
    fact: 'no device at all is no data',
    counts: [0, 0],
    gives: 'no_data',
    says: 'assignment: no device is counted',
  },
  {
    fact: 'more devices than all is an error that says what to check',
    counts: [12, 10],
    gives: 'error',
    says: 'assignment: 12 of 10 devices assigned: expected 0 to all of them; check that both count the same group',
  },
  {
    fact: 'a stale count is no data',
    counts: [40, 1000],
    window: { from: T0, to: T0 + MINUTE_MS },
    gives: 'no_data',
    says: 'assignment: 40 of 1 000 devices have the candidate, 1% would be about 10, which chance explains in fewer than 1 of 1 000 rollouts — stale, measured 59m ago',
  },
  {
    fact: 'a count from before the stage does not pass it',
    counts: [11, 1000],
    window: { from: T0 - 1, to: NOW },
    gives: 'inconclusive',
    says: 'assignment: 11 of 1 000 devices have the candidate, 1% would be about 10 — measured from before the stage or its warm-up, which never passes it',
  },
];

const WITHOUT_COUNTS: readonly { fact: string; evidence: Evidence; gives: Verdict; says: string }[] = [
  {
    fact: 'devices that cannot be counted do not block',
    evidence: { kind: 'unavailable', why: 'the API does not count devices' },
    gives: 'not_applicable',
    says: 'unavailable, the API does not count devices',
  },
  {
    fact: 'devices that could not be read are an error',
    evidence: { kind: 'error', why: 'HTTP 503' },
    gives: 'error',
    says: 'HTTP 503',
  },
  {
    fact: 'no device yet is no data',
    evidence: { kind: 'none', why: 'nothing assigned yet' },
    gives: 'no_data',
    says: 'nothing assigned yet',
  },
  {
    fact: 'a value instead of counts is an error',
    evidence: { kind: 'value', value: 0.95, devices: null, covered: WINDOW },
    gives: 'error',
    says: 'the source answered with another kind of number than asked',
  },
];

function readingOf(row: Row, gate: Gate): Reading {
  return aReading({ gate, evidence: evidenceOf(countsOf(...row.counts), row.window ?? WINDOW) });
}

describe('adoption:', () => {
  it.each(ADOPTION)('$fact', (row) => {
    const { verdict, sentence } = judgeAlone(readingOf(row, row.gate ?? anAdoptionGate()));
    expect([verdict, sentence]).toEqual([row.gives, row.says]);
  });

  it('says nothing of trials that a pass would need, and shows what was counted', () => {
    const reading = readingOf({ fact: '', counts: [95, 100], gives: 'pass', says: '' }, anAdoptionGate());
    expect(judgeAlone(reading)).toMatchObject({
      events: 95,
      trials: 100,
      observed: 0.95,
      trialsNeeded: null,
    });
  });
});

describe('assignment:', () => {
  it.each(ASSIGNED)('$fact', (row) => {
    const at = aJudging({ percentage: row.percentage ?? 1 });
    const { verdict, sentence, trials } = judgeAlone(readingOf(row, ASSIGNMENT), at);
    expect([verdict, sentence, trials]).toEqual([row.gives, row.says, row.counts[1]]);
  });
});

describe.each([
  { name: 'adoption', gate: anAdoptionGate() },
  { name: 'assignment', gate: ASSIGNMENT },
])('$name without counts:', ({ name, gate }) => {
  it.each(WITHOUT_COUNTS)('$fact', ({ evidence, gives, says }) => {
    const { verdict, sentence } = judgeAlone(aReading({ gate, evidence }));
    expect([verdict, sentence]).toEqual([gives, `${name}: ${says}`]);
  });
});
