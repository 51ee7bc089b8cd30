/** What the server's rollouts mean for a plan before anything is written: create, adopt, or refuse. Pure and total. */
import { enter } from './evolve.ts';
import { readTag } from './memory-tag.ts';
import type { Plan } from './plan.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { HistoryEntry, Outcome, RemoteRollout, Watching } from './rollout.ts';
import type { EpochMs } from './units.ts';

/** The server's rollouts of one model, sorted out for one plan. */
export interface Landscape {
  /** The rollout in force of this version and group, if there is one. */
  readonly ours: RemoteRollout | null;
  /** Rollouts in force of other versions that reach the same devices. */
  readonly rivals: readonly RemoteRollout[];
  /** The newest ended rollout of this version that was rolled back, deleted or overtaken while paused. */
  readonly rolledBackBefore: RemoteRollout | null;
  /** The newest completed rollout of another version: what the fleet runs now. */
  readonly lastCompleted: RemoteRollout | null;
  /** Set when several completed rollouts exist whose order the API does not tell. */
  readonly lastCompletedUncertain: boolean;
}

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
}

const IN_FORCE: readonly RemoteRollout['status'][] = [
  'pending',
  'active',
  'paused',
  'rolling_back',
  'unknown',
  'failed',
];

/**
 * Returns the server's rollouts sorted out for a version and a group.
 *
 * `groupNames` are all names of the plan's group (name and id), empty for the whole fleet. A rollout whose
 * group the API does not tell counts as ours. A paused rollout that is older than a later completed one of
 * another version is not in force: it was overtaken.
 */
export function surveyRollouts(
  rollouts: readonly RemoteRollout[],
  version: string,
  groupNames: readonly string[],
): Landscape {
  const scope = rollouts.filter((each) => sharesDevices(each, groupNames));
  const completed = scope.filter((each) => each.status === 'completed');
  const overtaken = (each: RemoteRollout) =>
    completed.some((later) => later.version !== each.version && isLater(later, each));
  const inForce = scope.filter(
    (each) =>
      (IN_FORCE.includes(each.status) && !(each.status === 'paused' && overtaken(each))) ||
      (each.status === 'completed' && each.version === version && !overtaken(each)),
  );
  const mine = inForce.filter((each) => each.version === version);
  const undone = scope.filter(
    (each) =>
      each.version === version &&
      (each.status === 'rolled_back' ||
        each.status === 'cancelled' ||
        (each.status === 'paused' && overtaken(each))),
  );
  const others = completed.filter((each) => each.version !== version);
  const ours = mine.find((each) => each.status !== 'completed') ?? newest(mine);
  return {
    ours,
    rivals: inForce.filter((each) => each.version !== version),
    rolledBackBefore: newest(undone),
    lastCompleted: newest(others),
    lastCompletedUncertain:
      others.some((each) => each.createdAt === null) && new Set(others.map((each) => each.version)).size > 1,
  };
}

/**
 * Returns how a plan goes on from what the server shows.
 *
 * Never throws. Invariants: INV-5 (a rollout in force is adopted, never created twice), INV-6 (another
 * version is never touched), INV-8 (the version to return to is the given one, the recorded one, or the
 * last completed one before ours, and never a guess).
 */
export function reconcile(plan: Plan, facts: ReconcileFacts): Reconciliation {
  const { landscape } = facts;
  if (landscape.ours !== null) return adopt(plan, landscape.ours, facts);
  const rival = landscape.rivals[0];
  if (rival !== undefined) {
    if (plan.onSuperseded === 'replace') return { kind: 'replace', rival };
    const detail = `version ${rival.version} is ${rival.statusText} at ${rival.percentage}% (rollout ${rival.id})`;
    return refuse('superseded', 'another_version', detail);
  }
  const undone = landscape.rolledBackBefore;
  if (undone !== null && !facts.retry) {
    return refuse(
      'superseded',
      'version_was_rolled_back',
      `rollout ${undone.id} of ${undone.version} is ${undone.statusText}`,
    );
  }
  const previousVersion = previousVersionIn(facts, null);
  if (previousVersion === plan.version) {
    return refuse(
      'invalid_input',
      'previous_version_missing',
      `to-version is ${plan.version}, the candidate itself`,
    );
  }
  return needsTarget(plan, previousVersion)
    ? refuse('invalid_input', 'previous_version_missing', missingTarget(landscape))
    : { kind: 'create', previousVersion };
}

function adopt(plan: Plan, ours: RemoteRollout, facts: ReconcileFacts): Reconciliation {
  if (ours.status === 'rolling_back') {
    return refuse(
      'superseded',
      'another_version',
      `the API is rolling back to ${ours.version} (rollout ${ours.id})`,
    );
  }
  const previousVersion = previousVersionIn(facts, ours);
  if (needsTarget(plan, previousVersion)) {
    return refuse('invalid_input', 'previous_version_missing', missingTarget(facts.landscape));
  }
  const entry = stageEntry(plan, ours, facts);
  const createdAt = ours.createdAt ?? entry.at;
  const state = enter(plan, { rolloutId: ours.id, previousVersion, createdAt }, ours.percentage, entry.at);
  // Nobody measured while no run was there, so the ages of the last reading start now.
  const watched = { ...state, lastEvidenceAt: facts.now, lastMeasuredAt: facts.now, lastServerAt: facts.now };
  const bakeMs = plan.stages[plan.stages.length - 1]?.soakMs ?? 0;
  const bakeOver =
    ours.status === 'completed' && state.phase === 'baking' && entry.known && facts.now >= entry.at + bakeMs;
  return {
    kind: 'adopt',
    state: watched,
    resume: ours.status === 'paused' && pausedByOurTime(facts.history),
    bakeOver,
    notes: [...entry.notes, ...drift(plan, facts.history)],
  };
}

/** When the stage that the rollout stands in was entered, best source first; never a bare `updated_at`. */
function stageEntry(
  plan: Plan,
  ours: RemoteRollout,
  facts: ReconcileFacts,
): { at: EpochMs; known: boolean; notes: readonly string[] } {
  const told = facts.history.filter((entry) => entry.percentage !== null && entry.at !== null);
  const before = told.findLastIndex((entry) => entry.percentage !== ours.percentage);
  const entered = told[before + 1]?.at;
  if (typeof entered === 'number') return { at: entered, known: true, notes: [] };
  const tag = facts.history.map((entry) => readTag(entry.reason)).findLast((each) => each !== null);
  const stageOfTag = tag ? plan.stages[tag.stage - 1] : undefined;
  if (tag && stageOfTag?.percentage === ours.percentage) return { at: tag.at, known: true, notes: [] };
  if (ours.createdAt !== null && ours.percentage <= plan.stages[0].percentage) {
    return { at: ours.createdAt, known: true, notes: [] };
  }
  const note = 'the API does not tell when this stage was entered; its soak starts again with this run';
  return { at: facts.now, known: false, notes: [note] };
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
  return ours === null || !isLater(lastCompleted, ours) ? lastCompleted.version : null;
}

function pausedByOurTime(history: readonly HistoryEntry[]): boolean {
  const beforePause = history.findLast((entry) => !(entry.status === 'paused' && entry.reason === null));
  const mark = readTag(beforePause?.reason ?? null)?.pausing ?? null;
  return mark === 'timeout' || mark === 'cancel';
}

function drift(plan: Plan, history: readonly HistoryEntry[]): readonly string[] {
  const tag = history.map((entry) => readTag(entry.reason)).findLast((each) => each !== null);
  if (!tag || tag.planDigest === plan.digest) return [];
  return [`the plan was edited since the last change of this rollout (${tag.planDigest} → ${plan.digest})`];
}

function needsTarget(plan: Plan, previousVersion: string | null): boolean {
  return previousVersion === null && (plan.onFail === 'rollback' || plan.onDeadline === 'rollback');
}

function missingTarget(landscape: Landscape): string {
  return landscape.lastCompletedUncertain
    ? 'the API does not tell in which order earlier rollouts were completed'
    : 'no completed rollout of another version was found for this model and group';
}

function sharesDevices(rollout: RemoteRollout, groupNames: readonly string[]): boolean {
  if (rollout.group === undefined) return true;
  return groupNames.length === 0
    ? rollout.group === null
    : rollout.group !== null && groupNames.includes(rollout.group);
}

function isLater(a: RemoteRollout, b: RemoteRollout): boolean {
  return a.createdAt !== null && b.createdAt !== null && a.createdAt > b.createdAt;
}

function newest(rollouts: readonly RemoteRollout[]): RemoteRollout | null {
  return rollouts.reduce<RemoteRollout | null>(
    (best, each) => (best === null || isLater(each, best) ? each : best),
    null,
  );
}

function isText(text: string | null): boolean {
  return text !== null;
}

function refuse(outcome: Outcome, reason: ReasonCode, detail: string): Reconciliation {
  return { kind: 'refuse', outcome, reason, detail };
}
