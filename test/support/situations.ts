/** A watched rollout some time after it entered its stage, and what the core decides about it. */
import { decide } from '../../src/core/decide.ts';
import type { Reading, Verdict } from '../../src/core/evidence.ts';
import type { Decision, Look, ServerView } from '../../src/core/look.ts';
import type { Plan, Severity } from '../../src/core/plan.ts';
import type { RemoteRollout, Watching } from '../../src/core/rollout.ts';
import type { DurationMs } from '../../src/core/units.ts';
import { aLook, aPlan, aRemoteRollout, aWatching, readingThatIs } from './core-builders.ts';

/** One gate of a situation: how it is judged, and its severity where that is not `critical`. */
export type GateIs = readonly [Exclude<Verdict, 'not_applicable'>, Severity?];

/** What differs from a healthy rollout of `aPlan` at 1%. */
export interface Situation {
  /** Time since the stage was entered. */
  readonly afterMs: DurationMs;
  readonly plan?: Partial<Plan>;
  readonly state?: Partial<Watching>;
  /** What the API shows; the percentage is that of the state unless it is said here. */
  readonly rollout?: Partial<RemoteRollout>;
  /** What the API says where it shows no rollout. */
  readonly server?: Exclude<ServerView, { kind: 'rollout' }>;
  /** The gates in their order; one that passes unless said here. */
  readonly gates?: readonly GateIs[];
  /** Readings that are no plain error rate; they come after `gates`. */
  readonly readings?: readonly Reading[];
  readonly look?: Partial<Look>;
}

/** The part of a decision that a table states; the verdicts are tested apart. */
export type Essence = Pick<Decision, 'command' | 'reason' | 'detail'>;

/** Returns the whole decision on a situation. */
export function decideOn(situation: Situation): Decision {
  const state = aWatching(situation.state);
  const at = state.stageEnteredAt + situation.afterMs;
  const window = { from: state.stageEnteredAt, to: at };
  const gates = situation.gates ?? [['pass']];
  const readings = gates.map(([verdict, severity]) => readingThatIs(verdict, window, severity));
  const rollout = aRemoteRollout({ percentage: state.percentage, ...situation.rollout });
  const look = aLook({
    at,
    server: situation.server ?? { kind: 'rollout', rollout },
    readings: [...readings, ...(situation.readings ?? [])],
    ...situation.look,
  });
  return decide(aPlan(situation.plan), state, look);
}

/** Returns the command, the reason and the detail of the decision on a situation. */
export function essenceOf(situation: Situation): Essence {
  const { command, reason, detail } = decideOn(situation);
  return { command, reason, detail };
}
