import { describe, expect, it } from 'vitest';
import type { Reading, Verdict } from '../../../src/core/evidence.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import {
  aLatencyGate,
  aPlan,
  aStage,
  countsOf,
  evidenceOf,
  readingThatIs,
  stagesOf,
  T0,
} from '../../support/core-builders.ts';
import { decideOn, type Essence, essenceOf, type Situation } from '../../support/situations.ts';

const BROKEN =
  'error rate 30% [22.4% to 38.4%], limit 5% (300 of 1 000 requests, level 0): over 1 000 000:1 that it is beyond its limit (99.9% sure), all gates over 1 000 000:1, rollback at 100:1';
const HARM: Pick<Situation, 'gates'> = { gates: [['fail']] };
const ROLLED_BACK: Essence = {
  command: { kind: 'roll_back', cause: 'gate_failed', toVersion: '1.9.0' },
  reason: 'gate_failed',
  detail: BROKEN,
};
const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;

const ANYWHERE: readonly { fact: string; situation: Omit<Situation, 'gates'> }[] = [
  { fact: 'a second after the stage was entered', situation: { afterMs: SECOND_MS } },
  {
    fact: 'during warm-up',
    situation: { afterMs: MINUTE_MS, plan: { stages: [aStage({ warmupMs: HOUR_MS }), ...stagesOf(100)] } },
  },
  { fact: 'during the soak', situation: { afterMs: 14 * MINUTE_MS } },
  { fact: 'after the soak', situation: { afterMs: 16 * MINUTE_MS } },
  { fact: 'after every deadline', situation: { afterMs: 9 * DAY_MS } },
  { fact: 'during the bake', situation: { afterMs: MINUTE_MS, state: AT_TARGET } },
  {
    fact: 'when the server calls the rollout completed',
    situation: { afterMs: MINUTE_MS, state: AT_TARGET, rollout: { status: 'completed' } },
  },
  {
    fact: "while somebody's pause is in force",
    situation: { afterMs: MINUTE_MS, rollout: { status: 'paused' } },
  },
  {
    fact: 'in a status that nobody documents',
    situation: { afterMs: MINUTE_MS, rollout: { status: 'unknown' } },
  },
  {
    fact: 'before the API calls it started',
    situation: { afterMs: MINUTE_MS, rollout: { status: 'pending' } },
  },
  {
    fact: 'while the API is not readable',
    situation: { afterMs: MINUTE_MS, server: { kind: 'unreadable', why: 'HTTP 503' } },
  },
  {
    fact: 'even when the API was not readable for hours',
    situation: { afterMs: 9 * HOUR_MS, server: { kind: 'unreadable', why: 'HTTP 503' } },
  },
  {
    fact: 'when somebody raised the percentage',
    situation: { afterMs: MINUTE_MS, rollout: { percentage: 50 } },
  },
  {
    fact: 'when somebody lowered the percentage',
    situation: { afterMs: MINUTE_MS, state: { stageIndex: 1, percentage: 10 }, rollout: { percentage: 5 } },
  },
];

describe('INV-3: proven harm is acted on at the look that proves it', () => {
  it.each(ANYWHERE)('$fact', ({ situation }) => {
    expect(essenceOf({ ...situation, ...HARM })).toEqual(ROLLED_BACK);
  });

  it.each<{ verdict: Exclude<Verdict, 'fail' | 'not_applicable'> }>([
    { verdict: 'error' },
    { verdict: 'no_data' },
    { verdict: 'inconclusive' },
    { verdict: 'pass' },
  ])('although another gate is $verdict', ({ verdict }) => {
    expect(essenceOf({ afterMs: 9 * HOUR_MS, gates: [[verdict], ['fail']] })).toEqual(ROLLED_BACK);
  });

  it('although its evidence began before the stage', () => {
    const window = { from: T0 - HOUR_MS, to: T0 + MINUTE_MS };
    const readings = [readingThatIs('fail', window)];
    expect(essenceOf({ afterMs: MINUTE_MS, gates: [], readings })).toEqual(ROLLED_BACK);
  });

  it('and the gate with the most evidence is the one that is named', () => {
    const window = { from: T0, to: T0 + MINUTE_MS };
    const broken = (errors: number): Reading => ({
      ...readingThatIs('fail', window),
      evidence: evidenceOf(countsOf(errors, 1000), window),
    });
    const readings = [broken(250), broken(300), broken(200)];
    expect(essenceOf({ afterMs: MINUTE_MS, gates: [], readings })).toEqual(ROLLED_BACK);
  });

  it('and of gates that are as bad the first one is named', () => {
    const window = { from: T0, to: T0 + MINUTE_MS };
    const crashes = { ...readingThatIs('fail', window), gate: aLatencyGate() };
    expect(essenceOf({ afterMs: MINUTE_MS, gates: [['fail']], readings: [crashes] })).toEqual(ROLLED_BACK);
  });
});

describe('nothing is rolled back', () => {
  it.each<{ fact: string; situation: Situation; gives: string }>([
    {
      fact: 'for a gate of severity hold',
      situation: { afterMs: MINUTE_MS, gates: [['fail', 'hold']] },
      gives: 'soaking',
    },
    {
      fact: 'for a gate of severity warn',
      situation: { afterMs: MINUTE_MS, gates: [['fail', 'warn']] },
      gives: 'soaking',
    },
    {
      fact: 'twice: who rolled it back already is followed',
      situation: { afterMs: MINUTE_MS, ...HARM, rollout: { status: 'rolled_back' } },
      gives: 'rolled_back_by_server',
    },
    {
      fact: 'of a rollout that is gone',
      situation: { afterMs: MINUTE_MS, ...HARM, server: { kind: 'gone' } },
      gives: 'rollout_gone',
    },
    {
      fact: 'that is another version under our id',
      situation: { afterMs: MINUTE_MS, ...HARM, rollout: { version: '2.0.1' } },
      gives: 'another_version',
    },
    {
      fact: 'for an error',
      situation: { afterMs: HOUR_MS, gates: [['error']] },
      gives: 'measurement_failed',
    },
    { fact: 'for no data', situation: { afterMs: HOUR_MS, gates: [['no_data']] }, gives: 'no_data' },
  ])('$fact', ({ situation, gives }) => {
    const { command, reason } = essenceOf(situation);
    expect(command.kind).not.toBe('roll_back');
    expect(reason).toBe(gives);
  });
});

describe('what harm does', () => {
  it.each<{ fact: string; situation: Omit<Situation, 'afterMs' | 'gates'>; gives: Essence }>([
    {
      fact: 'is a pause where the plan says on_fail: pause',
      situation: { plan: { onFail: 'pause' } },
      gives: {
        command: { kind: 'pause', mark: 'gate', outcome: 'held' },
        reason: 'gate_failed_paused',
        detail: BROKEN,
      },
    },
    {
      fact: 'is an alarm and no write where the plan says on_fail: alert',
      situation: { plan: { onFail: 'alert' } },
      gives: { command: { kind: 'finish', outcome: 'held' }, reason: 'gate_failed_alert', detail: BROKEN },
    },
    {
      fact: 'is a pause and a failed rollback where no version to return to is known',
      situation: { state: { previousVersion: null } },
      gives: {
        command: { kind: 'pause', mark: 'gate', outcome: 'rollback_failed' },
        reason: 'no_rollback_target',
        detail: BROKEN,
      },
    },
    {
      fact: 'is a pause of a first-ever rollout with on_fail: pause',
      situation: { plan: { onFail: 'pause' }, state: { previousVersion: null } },
      gives: {
        command: { kind: 'pause', mark: 'gate', outcome: 'held' },
        reason: 'gate_failed_paused',
        detail: BROKEN,
      },
    },
    {
      fact: 'is a rollback to the recorded version',
      situation: { state: { previousVersion: '1.8.7' } },
      gives: { ...ROLLED_BACK, command: { kind: 'roll_back', cause: 'gate_failed', toVersion: '1.8.7' } },
    },
  ])('$fact', ({ situation, gives }) => {
    expect(essenceOf({ ...situation, ...HARM, afterMs: MINUTE_MS })).toEqual(gives);
  });
});

describe('the verdicts of a look', () => {
  it.each<{ fact: string; situation: Situation }>([
    { fact: 'a rollback', situation: { afterMs: MINUTE_MS, gates: [['pass'], ['fail'], ['error']] } },
    { fact: 'a wait', situation: { afterMs: MINUTE_MS, gates: [['no_data'], ['pass', 'warn']] } },
    { fact: 'a raise', situation: { afterMs: HOUR_MS, gates: [['pass'], ['fail', 'warn']] } },
  ])('go with $fact, in the order of the gates', ({ situation }) => {
    expect(decideOn(situation).verdicts.map((each) => each.verdict)).toEqual(
      situation.gates?.map(([verdict]) => verdict),
    );
  });

  it('are those of the stage: its samples, its warm-up, its percentage', () => {
    const window = { from: T0, to: T0 + MINUTE_MS };
    const stages = [aStage({ percentage: 0, gates: [] }), ...stagesOf(100)] as const;
    const [verdict] = decideOn({
      afterMs: MINUTE_MS,
      plan: aPlan({ stages }),
      state: { percentage: 0 },
      gates: [],
      readings: [readingThatIs('fail', window)],
    }).verdicts;
    expect(verdict?.verdict).toBe('not_applicable');
  });
});
