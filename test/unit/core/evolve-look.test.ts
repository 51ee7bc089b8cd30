import { describe, expect, it } from 'vitest';
import type { GateVerdict, Verdict } from '../../../src/core/evidence.ts';
import { evolve, type RolloutEvent } from '../../../src/core/evolve.ts';
import type { Severity } from '../../../src/core/plan.ts';
import type { Watching } from '../../../src/core/rollout.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import {
  aLook,
  aPlan,
  aRemoteRollout,
  aWatching,
  judgeAlone,
  readingThatIs,
  T0,
} from '../../support/core-builders.ts';

const LATER = T0 + HOUR_MS;
const BAKING = aWatching({ phase: 'baking', stageIndex: 2, percentage: 100 });

type VerdictIs = Exclude<Verdict, 'not_applicable'>;

function verdicts(...gates: readonly (readonly [VerdictIs, Severity?])[]): readonly GateVerdict[] {
  return gates.map(([verdict, severity]) =>
    judgeAlone(readingThatIs(verdict, { from: T0, to: LATER }, severity)),
  );
}

const OLD = { lastMeasuredAt: T0 + 1, lastEvidenceAt: T0 + 2, lastServerAt: T0 + 3 } as const;
const NEW = { lastMeasuredAt: LATER, lastEvidenceAt: LATER, lastServerAt: LATER } as const;

describe('a look renews', () => {
  it.each<{ fact: string; seen: readonly GateVerdict[]; gives: Partial<Watching> }>([
    { fact: 'everything when every gate passes', seen: verdicts(['pass'], ['pass']), gives: NEW },
    { fact: 'everything without a gate', seen: [], gives: NEW },
    {
      fact: 'everything when gates fail or are uncertain: that is evidence',
      seen: verdicts(['fail', 'hold'], ['inconclusive']),
      gives: NEW,
    },
    {
      fact: 'no evidence when a gate has no data',
      seen: verdicts(['pass'], ['no_data']),
      gives: { ...NEW, lastEvidenceAt: OLD.lastEvidenceAt },
    },
    {
      fact: 'neither evidence nor measurement when a gate could not be measured',
      seen: verdicts(['pass'], ['error', 'hold']),
      gives: { ...OLD, lastServerAt: LATER },
    },
    {
      fact: 'everything when only a warning lacks data or measurement',
      seen: verdicts(['error', 'warn'], ['no_data', 'warn'], ['pass']),
      gives: NEW,
    },
  ])('$fact', ({ seen, gives }) => {
    const event: RolloutEvent = { kind: 'looked', look: aLook({ at: LATER }), verdicts: seen };
    expect(evolve(aPlan(), aWatching(OLD), event)).toEqual(aWatching({ ...OLD, ...gives }));
  });

  it('the entry of the stage as long as the rollout is pending', () => {
    const rollout = aRemoteRollout({ status: 'pending' });
    const look = aLook({ at: LATER, server: { kind: 'rollout', rollout } });
    const state = aWatching({ ...OLD, percentage: 10, stageIndex: 1 });
    expect(evolve(aPlan(), state, { kind: 'looked', look, verdicts: verdicts(['error']) })).toEqual(
      aWatching({ ...NEW, percentage: 10, stageIndex: 1, stageEnteredAt: LATER }),
    );
  });

  it('the age of the server only when it could be read', () => {
    const look = aLook({ at: LATER, server: { kind: 'unreadable', why: 'HTTP 503' } });
    expect(evolve(aPlan(), aWatching(OLD), { kind: 'looked', look, verdicts: [] })).toEqual(
      aWatching({ ...NEW, lastServerAt: OLD.lastServerAt }),
    );
  });

  it('the age of the server when it says that the rollout is gone', () => {
    const look = aLook({ at: LATER, server: { kind: 'gone' } });
    expect(evolve(aPlan(), BAKING, { kind: 'looked', look, verdicts: [] })).toEqual({ ...BAKING, ...NEW });
  });
});
