/** How the state changes when something is confirmed to have happened. Pure and total. */
import type { GateVerdict } from './evidence.ts';
import type { Look } from './look.ts';
import type { Plan } from './plan.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { Outcome, PastStage, RollbackCause, RollingBack, RolloutState, Watching } from './rollout.ts';
import type { EpochMs, Percent } from './units.ts';

/** Something that has happened and is confirmed; a write that failed is not an event. */
export type RolloutEvent =
  | { readonly kind: 'adopted'; readonly state: Watching }
  | { readonly kind: 'started'; readonly at: EpochMs }
  | { readonly kind: 'raised'; readonly percentage: Percent; readonly at: EpochMs }
  /** Raised on the way to the next stage: the stage and its soak go on. */
  | { readonly kind: 'stepped'; readonly percentage: Percent; readonly at: EpochMs }
  | {
      readonly kind: 'raise_refused';
      readonly percentage: Percent;
      readonly reason: ReasonCode;
      readonly why: string;
      /** The largest raise that the API's text speaks of, or null. */
      readonly maxStep: Percent | null;
      readonly at: EpochMs;
    }
  | { readonly kind: 'looked'; readonly look: Look; readonly verdicts: readonly GateVerdict[] }
  | {
      readonly kind: 'rollback_accepted';
      readonly cause: RollbackCause;
      readonly toVersion: string | null;
      readonly restoringRolloutId: string | null;
      readonly at: EpochMs;
    }
  | {
      readonly kind: 'rollback_refused';
      readonly cause: RollbackCause;
      readonly toVersion: string;
      readonly why: string;
      readonly at: EpochMs;
    }
  | { readonly kind: 'ended'; readonly outcome: Outcome; readonly reason: ReasonCode };

/**
 * Returns the state after an event.
 *
 * Never throws; an event that does not fit the phase leaves the state as it is. Invariant: `ended` absorbs
 * everything, and a rollback that was decided is never undecided.
 */
export function evolve(plan: Plan, state: RolloutState, event: RolloutEvent): RolloutState {
  if (state.phase === 'ended') return state;
  switch (event.kind) {
    case 'adopted':
      return state.phase === 'absent' ? event.state : state;
    case 'ended':
      return { phase: 'ended', outcome: event.outcome, reason: event.reason };
    case 'started':
      return isWatching(state) ? enter(plan, state, { percentage: state.percentage, at: event.at }) : state;
    case 'raised':
      return isWatching(state)
        ? { ...enter(plan, { ...state, past: leave(state, event.at) }, event), ...told(state) }
        : state;
    case 'stepped':
      return isWatching(state) ? step(state, event) : state;
    case 'raise_refused':
      return isWatching(state) ? refuse(state, event) : state;
    case 'looked':
      return isWatching(state) ? remember(plan, state, event) : state;
    case 'rollback_accepted':
    case 'rollback_refused':
      return state.phase === 'absent' ? state : rollBack(state, event);
  }
}

/**
 * Returns a rollout that enters the stage of `percentage` at `at`.
 *
 * The stage is the highest one at or below the percentage, or the first; a percentage between two stages
 * soaks as the lower one. Invariant: evidence ages start again at the entry (INV-1).
 */
export function enter(
  plan: Plan,
  rollout: Pick<Watching, 'rolloutId' | 'previousVersion' | 'createdAt' | 'past'>,
  { percentage, at }: { readonly percentage: Percent; readonly at: EpochMs },
): Watching {
  const reached = plan.stages.findLastIndex((stage) => stage.percentage <= percentage);
  const stageIndex = Math.max(0, reached);
  return {
    phase: stageIndex === plan.stages.length - 1 && reached >= 0 ? 'baking' : 'soaking',
    rolloutId: rollout.rolloutId,
    previousVersion: rollout.previousVersion,
    createdAt: rollout.createdAt,
    stageIndex,
    stageEnteredAt: at,
    past: rollout.past,
    lease: null,
    percentage,
    lastEvidenceAt: at,
    lastMeasuredAt: at,
    lastServerAt: at,
  };
}

function leave({ past, stageIndex, stageEnteredAt }: Watching, at: EpochMs): readonly PastStage[] {
  return at > stageEnteredAt ? [...past, { stageIndex, enteredAt: stageEnteredAt, leftAt: at }] : past;
}

/** What the API said about the size of a raise stays true for every later stage. */
function told({ maxStepTold }: Watching): Pick<Watching, 'maxStepTold'> {
  return maxStepTold === undefined ? {} : { maxStepTold };
}

function step(
  { refusal: _answered, ...state }: Watching,
  { percentage, at }: Extract<RolloutEvent, { kind: 'stepped' }>,
): Watching {
  return { ...state, percentage, steppedAt: at };
}

function refuse(state: Watching, event: Extract<RolloutEvent, { kind: 'raise_refused' }>): Watching {
  const { percentage, reason, why, maxStep, at } = event;
  const same = state.refusal?.percentage === percentage;
  const times = same ? (state.refusal?.times ?? 0) + 1 : 1;
  const refusal = { percentage, reason, why, at, times };
  return { ...state, ...(maxStep === null ? {} : { maxStepTold: maxStep }), refusal };
}

function isWatching(state: RolloutState): state is Watching {
  return state.phase === 'soaking' || state.phase === 'baking';
}

function remember(
  plan: Plan,
  state: Watching,
  { look, verdicts }: Extract<RolloutEvent, { kind: 'looked' }>,
): Watching {
  const isPending = look.server.kind === 'rollout' && look.server.rollout.status === 'pending';
  // A stage is not entered before its rollout runs, also when the answer to the start is lost.
  if (isPending) return enter(plan, state, { percentage: state.percentage, at: look.at });
  const blocking = verdicts.filter((each) => each.gate.severity !== 'warn');
  const measured = blocking.every((each) => each.verdict !== 'error');
  const evident = measured && blocking.every((each) => each.verdict !== 'no_data');
  return {
    ...state,
    lastMeasuredAt: measured ? look.at : state.lastMeasuredAt,
    lastEvidenceAt: evident ? look.at : state.lastEvidenceAt,
    lastServerAt: look.server.kind === 'unreadable' ? state.lastServerAt : look.at,
  };
}

type RollbackEvent = Extract<RolloutEvent, { kind: 'rollback_accepted' | 'rollback_refused' }>;

/** Following what was found is no answer to what was asked for: the refusal stands until the API accepts. */
function lastRefusalAfter(decided: RollingBack | null, event: RollbackEvent): RollingBack['lastRefusal'] {
  if (event.kind === 'rollback_refused') return { at: event.at, why: event.why };
  return event.toVersion === null ? (decided?.lastRefusal ?? null) : null;
}

function rollBack(
  state: Exclude<RolloutState, { phase: 'absent' | 'ended' }>,
  event: RollbackEvent,
): RolloutState {
  const decided = state.phase === 'rolling_back' ? state : null;
  const accepted = event.kind === 'rollback_accepted';
  return {
    phase: 'rolling_back',
    rolloutId: state.rolloutId,
    previousVersion: state.previousVersion,
    createdAt: state.createdAt,
    cause: decided?.cause ?? event.cause,
    decidedAt: decided?.decidedAt ?? event.at,
    acceptedAt: accepted ? event.at : (decided?.acceptedAt ?? null),
    lastRefusal: lastRefusalAfter(decided, event),
    restoringRolloutId: accepted ? event.restoringRolloutId : (decided?.restoringRolloutId ?? null),
    toVersion: event.toVersion ?? decided?.toVersion ?? null,
  };
}
