/** What the server's rollouts mean for a plan before anything is written: create, adopt, or refuse. Pure and total. */
import { enter } from './evolve.ts';
import { isLater, type Landscape } from './landscape.ts';
import { leaseOf } from './lease.ts';
import { readTag } from './memory-tag.ts';
import { pauseMarkIn } from './pause-mark.ts';
import type { Plan } from './plan.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { HistoryEntry, Outcome, PauseMark, RemoteRollout, Watching } from './rollout.ts';
import { lastTag, readStageHistory, type StageHistory } from './stage-history.ts';
import type { EpochMs } from './units.ts';

/** What is said where nothing tells when the stages before the present one were entered. */
export const PAST_UNTOLD =
  'the API does not tell when earlier stages were entered; only evidence of this stage is judged';

/** What a plan finds on the server and how to go on: create, adopt, take a rival's place first, or refuse. */
export type Reconciliation =
  | { readonly kind: 'create'; readonly previousVersion: string | null }
  | {
      readonly kind: 'adopt';
      readonly state: Watching;
      /** True when an earlier run of ours paused it because its time was over or it was cancelled. */
      readonly resume: boolean;
      /** True when the server had completed it and its bake was over before this run. */
      readonly bakeOver: boolean;
      /** True when it is known when the stage was entered; otherwise the state says that it was just now. */
      readonly entryKnown: boolean;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'replace'; readonly rival: RemoteRollout }
  | {
      readonly kind: 'refuse';
      readonly outcome: Outcome;
      readonly reason: ReasonCode;
      readonly detail: string;
    };

/** What `reconcile` needs to know beside the plan. */
export interface ReconcileFacts {
  readonly landscape: Landscape;
  /** History of our rollout, oldest first; empty when there is none. */
  readonly history: readonly HistoryEntry[];
  readonly now: EpochMs;
  /** Version given by the workflow or the plan; wins over every record. */
  readonly toVersion: string | null;
  /** True when the workflow says `force: retry`. */
  readonly retry: boolean;
  /** Label of the present run; null takes over whatever lease another run holds (`force: lease`). */
  readonly run: string | null;
}

/**
 * Returns how a plan goes on from what the server shows.
 *
 * Never throws. Invariants: INV-5 (a rollout in force is adopted, never created twice), INV-6 (another
 * version is never touched), INV-8 (the version to return to is the given one, the recorded one, or the
 * last completed one before ours, and never a guess).
 */
export function reconcile(plan: Plan, facts: ReconcileFacts): Reconciliation {
  const { ours, rivals, beyondGroup } = facts.landscape;
  const rival = rivals.find((each) => ours === null || !(each.status === 'paused' && isLater(ours, each)));
  if (rival !== undefined) return faceRival(plan, facts, rival);
  if (ours !== null) return adopt(plan, ours, facts);
  if (beyondGroup !== null) {
    const detail = `${serving(beyondGroup)}, and the API says it reaches the whole fleet`;
    return refuse('held', 'group_not_confirmed', detail);
  }
  const repeat = refuseRepeat(facts);
  if (repeat !== null) return repeat;
  const previousVersion = previousVersionIn(facts, null);
  return refuseTarget(plan, previousVersion, facts) ?? { kind: 'create', previousVersion };
}

function faceRival(plan: Plan, facts: ReconcileFacts, rival: RemoteRollout): Reconciliation {
  const { ours, restoring } = facts.landscape;
  if (plan.onSuperseded === 'replace' && ours === null && restoring.length === 0) {
    return refuseRepeat(facts) ?? { kind: 'replace', rival };
  }
  const beside = ours === null ? '' : ` beside ${ours.version} (rollout ${ours.id})`;
  const how = restoring.includes(rival) ? ', which brings back an earlier version' : '';
  return refuse('superseded', 'another_version', `${serving(rival)}${how}${beside}`);
}

function refuseRepeat({ landscape, retry, toVersion }: ReconcileFacts): Reconciliation | null {
  const undone = landscape.rolledBackBefore;
  if (retry) return null;
  if (undone === null) {
    const back = landscape.overtakenBy;
    if (back === null || back.version !== toVersion) return null;
    const detail = `${serving(back)} since then, the version to return to`;
    return refuse('superseded', 'version_was_rolled_back', detail);
  }
  const detail = `rollout ${undone.id} of ${undone.version} is ${undone.statusText}`;
  return refuse('superseded', 'version_was_rolled_back', detail);
}

function serving(rollout: RemoteRollout): string {
  return `rollout ${rollout.id} of ${rollout.version} is ${rollout.statusText} at ${rollout.percentage}%`;
}

/** A rollback needs a version to return to, and never the candidate itself; null when there is no objection. */
function refuseTarget(
  plan: Plan,
  previousVersion: string | null,
  facts: ReconcileFacts,
): Reconciliation | null {
  if (previousVersion === plan.version) {
    const detail = `the version to return to is ${plan.version}, the candidate itself`;
    return refuse('invalid_input', 'previous_version_missing', detail);
  }
  const needed = plan.onFail === 'rollback' || plan.onDeadline === 'rollback';
  if (previousVersion !== null || !needed) return null;
  return refuse('invalid_input', 'previous_version_missing', missingTarget(facts.landscape));
}

function missingTarget({ ours, lastCompleted }: Landscape): string {
  const found =
    lastCompleted === null
      ? 'no completed rollout of another version was found for this model and group'
      : `${lastCompleted.version} was completed, and the API does not tell when or for whom`;
  return ours === null ? found : `${found}; ${serving(ours)}`;
}

// Pauses that say nothing about the rollout: a run's time was over, or it was cancelled.
const TIME_MARKS: readonly (PauseMark | null)[] = ['timeout', 'cancel'];

function adopt(plan: Plan, ours: RemoteRollout, facts: ReconcileFacts): Reconciliation {
  if (ours.status === 'rolling_back') {
    return refuse('superseded', 'version_was_rolled_back', serving(ours));
  }
  if (facts.landscape.oursUncertain && lastTag(facts.history) === null) {
    const detail = `${serving(ours)}, and the API does not tell whether another version was completed after it`;
    return refuse('superseded', 'another_version', detail);
  }
  const previousVersion = previousVersionIn(facts, ours);
  const refusal = refuseTarget(plan, previousVersion, facts);
  if (refusal !== null) return refusal;
  const entry = readStageHistory(plan, ours, facts);
  const at = entry.enteredAt;
  const state = enter(
    plan,
    { rolloutId: ours.id, previousVersion, createdAt: ours.createdAt ?? at, past: entry.past },
    { percentage: ours.percentage, at },
  );
  // Nobody measured while no run was there, so the ages of the last reading start now.
  const lease = facts.run === null ? null : leaseOf(facts.history, { run: facts.run, now: facts.now });
  const watched = {
    ...state,
    lease,
    lastEvidenceAt: facts.now,
    lastMeasuredAt: facts.now,
    lastServerAt: facts.now,
  };
  const bakeMs = plan.stages[plan.stages.length - 1]?.soakMs ?? 0;
  const bakeOver =
    ours.status === 'completed' && state.phase === 'baking' && entry.known && facts.now >= at + bakeMs;
  return {
    kind: 'adopt',
    state: watched,
    resume: ours.status === 'paused' && TIME_MARKS.includes(pauseMarkIn(facts.history)),
    bakeOver,
    entryKnown: entry.known,
    notes: [
      ...entry.notes,
      ...(ours.status === 'pending' ? [] : forgotten(state, entry)),
      ...drift(plan, facts.history),
    ],
  };
}

/**
 * Returns the version to return to: the given one, the recorded one, or the last completed one before ours.
 *
 * Null when none of them is known; never a guess (INV-8).
 */
export function previousVersionIn(
  facts: Pick<ReconcileFacts, 'landscape' | 'history' | 'toVersion'>,
  ours: RemoteRollout | null,
): string | null {
  if (facts.toVersion !== null) return facts.toVersion;
  const recorded = facts.history
    .map((entry) => readTag(entry.reason)?.previousVersion ?? null)
    .findLast(isText);
  if (recorded !== undefined && recorded !== null) return recorded;
  const { lastCompleted, lastCompletedUncertain } = facts.landscape;
  if (lastCompleted === null || lastCompletedUncertain) return null;
  return ours === null || isLater(ours, lastCompleted) ? lastCompleted.version : null;
}

/** Later stages are judged with the evidence of earlier ones; where their times are lost, that has to be said. */
function forgotten({ stageIndex }: Watching, { known, past }: StageHistory): readonly string[] {
  if (!known || stageIndex === 0 || past.some((each) => each.stageIndex < stageIndex)) return [];
  return [PAST_UNTOLD];
}

/** Returns what is said of a plan with another digest than the one that the rollout last followed. Never throws. */
export function planEdited(before: string, now: string): string {
  return `the plan was edited since the last change of this rollout (${before} → ${now})`;
}

function drift(plan: Plan, history: readonly HistoryEntry[]): readonly string[] {
  const tag = lastTag(history);
  if (!tag || tag.planDigest === plan.digest) return [];
  return [planEdited(tag.planDigest, plan.digest)];
}

function isText(text: string | null): boolean {
  return text !== null;
}

function refuse(outcome: Outcome, reason: ReasonCode, detail: string): Reconciliation {
  return { kind: 'refuse', outcome, reason, detail };
}
