import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/core/evidence.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aDeviceCount,
  anAdoptionGate,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  readingThatIs,
  stagesOf,
  T0,
} from '../../support/core-builders.ts';
import { type Essence, essenceOf, type Situation } from '../../support/situations.ts';

const PASSED = 15 * MINUTE_MS;
const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;

describe('INV-4: a stage that passed is followed', () => {
  it.each<{ fact: string; situation: Omit<Situation, 'afterMs'>; to: [number, number] }>([
    { fact: 'by the second from the first', situation: {}, to: [1, 10] },
    {
      fact: 'by the last from the second',
      situation: { state: { stageIndex: 1, percentage: 10 } },
      to: [2, 100],
    },
    {
      fact: 'by the first live stage from mirrored traffic',
      situation: {
        plan: { stages: [aStage({ percentage: 0, gates: [] }), ...stagesOf(5, 100)] },
        state: { percentage: 0 },
        gates: [],
      },
      to: [1, 5],
    },
    {
      fact: 'by the next one up from a percentage between two stages',
      situation: { plan: { stages: stagesOf(1, 10, 50, 100) }, state: { stageIndex: 1, percentage: 25 } },
      to: [2, 50],
    },
    {
      fact: 'by the target and nothing above it',
      situation: { plan: { stages: stagesOf(1, 40) } },
      to: [1, 40],
    },
    {
      fact: 'by the target when the percentage is there already',
      situation: { state: { percentage: 100 } },
      to: [2, 100],
    },
  ])('$fact', ({ situation, to }) => {
    const [stageIndex, percentage] = to;
    expect(essenceOf({ afterMs: PASSED, ...situation })).toEqual({
      command: { kind: 'raise', stageIndex, percentage },
      reason: 'stage_passed',
      detail: null,
    } satisfies Essence);
  });
});

const WINDOW = { from: T0, to: T0 + HOUR_MS };

function adoption(evidence: Evidence): Situation {
  const readings = [aReading({ gate: anAdoptionGate(), asked: WINDOW, evidence })];
  return { afterMs: HOUR_MS, state: AT_TARGET, readings };
}

describe('INV-7: a bake that passed completes the rollout', () => {
  it.each<{ fact: string; situation: Situation; gives: Essence['reason'] }>([
    {
      fact: 'with its devices counted by the adoption gate',
      situation: adoption(evidenceOf(countsOf(95, 100), WINDOW)),
      gives: 'completed',
    },
    {
      fact: "with its devices counted by the rollout's own count",
      situation: { afterMs: PASSED, state: AT_TARGET, look: { devices: aDeviceCount() } },
      gives: 'completed',
    },
    {
      fact: 'and says so where devices are assigned but not counted',
      situation: { afterMs: PASSED, state: AT_TARGET, look: { devices: aDeviceCount({ onVersion: null }) } },
      gives: 'completed_unconfirmed_devices',
    },
    {
      fact: 'and says so where nothing can be counted',
      situation: { afterMs: PASSED, state: AT_TARGET },
      gives: 'completed_unconfirmed_devices',
    },
    {
      fact: 'and says so where the adoption gate is unavailable',
      situation: adoption({ kind: 'unavailable', why: 'the API does not count devices' }),
      gives: 'completed_unconfirmed_devices',
    },
    {
      fact: 'of the only stage of a plan',
      situation: {
        afterMs: PASSED,
        plan: { stages: stagesOf(100) },
        state: { phase: 'baking', stageIndex: 0, percentage: 100 },
      },
      gives: 'completed_unconfirmed_devices',
    },
    {
      fact: 'that the server completed long ago',
      situation: { afterMs: HOUR_MS, state: AT_TARGET, rollout: { status: 'completed' } },
      gives: 'completed_unconfirmed_devices',
    },
  ])('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual({
      command: { kind: 'finish', outcome: 'completed' },
      reason: gives,
      detail: null,
    } satisfies Essence);
  });

  it('not before its last moment is over', () => {
    expect(essenceOf({ afterMs: PASSED - 1, state: AT_TARGET }).reason).toBe('baking');
  });
});

describe('a stage passes', () => {
  it('by the gates that apply to it', () => {
    const stages = [aStage({ percentage: 0 }), ...stagesOf(100)] as const;
    const live = readingThatIs('fail', WINDOW);
    const mirrored = {
      ...readingThatIs('pass', WINDOW),
      gate: aRateGate({ name: 'crash_rate', shadow: true }),
    };
    const situation = { afterMs: HOUR_MS, plan: { stages }, state: { percentage: 0 }, gates: [] };
    expect(essenceOf({ ...situation, readings: [live, mirrored] }).reason).toBe('stage_passed');
  });

  it('only when every gate passes', () => {
    const gates = [['pass'], ['pass'], ['inconclusive']] as const;
    expect(essenceOf({ afterMs: PASSED, gates }).reason).toBe('more_evidence_needed');
  });
});
